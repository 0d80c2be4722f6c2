"""What only the kernels have: room that may be too small, what is kept of queries, threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from qsearch import Limits
from qsearch.engine import postings_cache, scratch
from qsearch.engine.snapshot_answer import SnapshotAnswer
from qsearch.options import EngineName
from qsearch.query.filters import Filters
from tests.conftest import MakeIndex
from tests.engine.test_definition import laid_out
from tests.helpers import (
    WORDS,
    Definition,
    article,
    defined_ranking,
    kernel_path,
    ranked,
    reopened,
    run_python,
)


@pytest.fixture(scope="module")
def engine() -> EngineName:
    return "kernels"


def test_hits_that_score_nothing_come_by_url_whatever_segment_they_are_in(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a segment with few hits came before those of one with many."""
    monkeypatch.setattr(postings_cache, "_FEW", 2)
    many = [article(f"/a{number}", "neuron") for number in range(7)]
    index = make_index(
        [*many, article("/b", "neuron", keywords="release")],
        [article("/c", "neuron"), article("/d", "neuron")],
    )
    assert [hit.url for hit in index.search("* release", limit=3)] == ["/b", "/a0", "/a1"]


@pytest.mark.parametrize(
    "query",
    [
        '"calcium release"',
        "neuron +calcium",
        "neuron -release",
        "neuron AND (calcium OR release)",
        "calcium^3 release",
        "$Ca^{2+}$",
        '"release the calcium" -"calcium release"',
    ],
)
@pytest.mark.parametrize("options", [{}, {"fields": "answer"}, {"keyword_boost": 5}])
def test_the_kernels_answer_queries_with_operators(
    query: str, options: dict[str, object], make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = [
        article(f"/{n}", "neuron calcium", answer=f"{text} Ca^{{2+}}", keywords=["neuron release"])
        for n, text in enumerate(["calcium release", "release the calcium", "neuron", "release"])
    ]
    index = make_index(collection[:2], collection[2:])
    expected = ranked(reopened(index, engine="numpy"), query, 10, **options)
    monkeypatch.setattr(SnapshotAnswer, "best", None)
    assert ranked(index, query, 10, **options) == expected


RNG = np.random.default_rng(7)
SIXTY = [f"w{number}" for number in range(60)]
CHANCES = 1 / np.arange(1, 61) / (1 / np.arange(1, 61)).sum()


def text(size: int) -> str:
    return " ".join(RNG.choice(SIXTY, size=size, p=CHANCES).tolist())


MANY = [
    article(
        f"/{number:04}",
        text(3),
        answer=text(int(RNG.integers(0, 40))),
        keywords=[text(2)],
        id=str(number // 2),
        subject=f"s{number % 3}",
    )
    for number in range(300)
]


@pytest.fixture(scope="module")
def defined() -> dict[str, list[tuple[str, float]]]:
    """By query what it has to find among many articles."""
    definition = Definition(MANY)
    queries = [text(size) for size in (1, 2, 3, 9, 40) for _ in range(2)]
    return {query: definition.ranked(query) for query in queries}


@pytest.mark.parametrize("layout", [(0, 4_096, 0), (16, 4_096, 2), (16, 0, 0), (10**9, 0, 256)])
def test_many_articles_and_long_queries(
    make_index: MakeIndex,
    layout: tuple[int, int, int],
    defined: dict[str, list[tuple[str, float]]],
) -> None:
    with laid_out(layout):
        index = make_index(MANY[:200], MANY[200:270], MANY[270:])
        for query, whole in defined.items():
            assert kernel_path(index)._best_of_words(query, Filters(), 10) is not None
            for limit in (1, 10, 128, 129):
                assert ranked(index, query, limit) == whole[:limit]


def test_scores_that_look_equal_are_ordered_by_url(make_index: MakeIndex) -> None:
    collection = [article(f"/{number:02}", "neuron ion") for number in range(40)]
    index = make_index(collection[20:], collection[:20])
    for limit in (1, 3, 10, 25):
        assert ranked(index, "neuron", limit) == defined_ranking(collection, "neuron")[:limit]


def test_more_equal_scores_than_there_is_room_for(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "_MOST_OUT", 16)
    collection = [article(f"/{number:02}", "neuron") for number in range(40)]
    index = make_index(collection)
    assert ranked(index, "neuron", 5) == defined_ranking(collection, "neuron")[:5]
    assert ranked(index, "neuron", 30) == defined_ranking(collection, "neuron")[:30]


def test_a_query_without_room_leaves_nothing_for_the_next(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of the first one's articles were left where the second one's are added up."""
    monkeypatch.setattr(scratch, "_MOST_OUT", 16)
    collection = [article(f"/{number:02}", "neuron") for number in range(40)]
    collection += [article("/x", "ion"), article("/y", "ion axon")]
    index = make_index(collection)
    assert ranked(index, "neuron", 30) == defined_ranking(collection, "neuron")[:30]
    assert ranked(index, "ion", 5) == defined_ranking(collection, "ion")


def test_what_is_kept_of_queries_may_be_thrown_away(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings_cache, "_OFTEN", 0)
    collection = [article(f"/{n}", " ".join(WORDS[n : n + 4])) for n in range(20)]
    index = make_index(collection, limits=Limits(postings_bytes=0))
    for start in range(15):
        query = " ".join(WORDS[start : start + 5])
        assert ranked(index, query, 10) == defined_ranking(collection, query)[:10]


def test_tiny_numbers_do_no_harm() -> None:
    """In a process of its own: an error here would write where it must not."""
    program = """
from qsearch import Article, Ranking
from qsearch.api import create_in
from qsearch.storage import MemoryStorage
words = " ".join(f"w{n}" for n in range(200))
index = create_in(MemoryStorage(), engine="kernels", ranking=Ranking(
    question=1e-300, answer=1e-300, keywords=1e-300, k1=1e300))
with index.writer() as writer:
    writer.add(Article(url="/a", title=words))
for _ in range(20):
    results = index.search(words)
    assert len(results) == results.total == 1, (len(results), results.total)
"""
    run_python(program)


def test_threads_share_the_kernels(make_index: MakeIndex) -> None:
    collection = [article(f"/{n}", " ".join(WORDS[n % 9 : n % 9 + 5])) for n in range(60)]
    index = make_index(collection[:30], collection[30:])
    queries = [" ".join(WORDS[n : n + 3]) for n in range(15)]
    definition = Definition(collection)
    expected = [definition.ranked(query)[:10] for query in queries]
    wrong: list[object] = []

    def ask() -> None:
        try:
            for searched in (index, reopened(index)):
                wrong.extend(
                    query
                    for query, right in zip(queries, expected, strict=True)
                    if ranked(searched, query, 10) != right
                )
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
