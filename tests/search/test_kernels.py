"""The compiled paths give what the plain ones give: same hits, same scores, same segments."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import qsearch
from qsearch import Article, Limits, Ranking
from qsearch.engine import postings_cache, scratch
from qsearch.engine.snapshot_answer import SnapshotAnswer
from qsearch.kernels import runtime
from qsearch.query.filters import Filters
from tests.conftest import MakeIndex
from tests.helpers import (
    ENGLISH,
    QUERIES,
    UNKNOWN,
    WORDS,
    article,
    articles,
    changed_index,
    defined_ranking,
    is_about,
    kernel_path,
    run_python,
    temporary_index,
)

pytestmark = pytest.mark.usefixtures("kernels")

PLAIN = st.lists(st.sampled_from(WORDS + UNKNOWN), min_size=1, max_size=9).map(" ".join)
SLOW_BUT_FINE = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
ODD = st.text(
    st.sampled_from(list("neuron a.-,'_+#=()[]{}~?!/:;%@`\\$<>&^*\"“«ANDORT\n\t\0é東²⁻"))
).map(lambda text: f"neuron {text}")


@pytest.fixture(scope="module")
def kernels() -> None:
    assert runtime.wait(), "Numba is a dependency, so the kernels can be had"


def best(index: qsearch.Index, query: str, limit: int = 10, **options: object) -> list[object]:
    results = index.search(query, limit=limit, **options)  # type: ignore[arg-type]
    return [(hit.article.url, hit.score) for hit in results]


def is_fast(index: qsearch.Index, query: str) -> bool:
    """Whether the compiled path takes a query."""
    return kernel_path(index)._best_of_words(query, Filters(), 10) is not None


# -- searching


@pytest.fixture(params=[(0, 4_096, 0), (16, 4_096, 2), (16, 0, 0), (10**9, 0, 256)])
def _layout(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take terms of small collections for rare or frequent, lists for long, hits for many."""
    frequent, short, few = request.param
    monkeypatch.setattr(postings_cache, "_FEW", few)
    monkeypatch.setattr(postings_cache, "_FREQUENT", frequent)
    monkeypatch.setattr(postings_cache, "_SHORT", short)


@pytest.mark.usefixtures("_layout")
@settings(SLOW_BUT_FINE, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_plain_queries_over_any_segments(data: st.DataObject) -> None:
    with changed_index(data, max_size=8) as (index, collection):
        for query in data.draw(st.lists(PLAIN, min_size=1, max_size=8)):
            whole = defined_ranking(collection, query)
            for limit in (1, 2, 10):
                assert best(index, query, limit) == whole[:limit]
            assert best(index, query, 2, offset=1) == whole[1:3]


@SLOW_BUT_FINE
@given(
    articles(), st.lists(PLAIN, min_size=1, max_size=5), st.sampled_from([0.0, 0.2, 1.0]), st.data()
)
def test_other_settings(
    collection: list[Article], queries: list[str], bonus: float, data: st.DataObject
) -> None:
    ranking = Ranking(
        question=data.draw(st.sampled_from([0.5, 3])),
        answer_b=data.draw(st.sampled_from([0, 0.5])),
        k1=data.draw(st.sampled_from([0.1, 9])),
        form_bonus=bonus,
        keyword_bonus=bonus,
        title_bonus=bonus,
    )
    with temporary_index(collection, ranking=ranking) as index:
        for query in queries:
            whole = defined_ranking(collection, query, ranking=ranking)
            assert best(index, query, 3) == whole[:3]


@SLOW_BUT_FINE
@given(articles(), st.lists(PLAIN, min_size=1, max_size=5))
def test_filters(collection: list[Article], queries: list[str]) -> None:
    left = list({one.url: one for one in collection}.values())
    passes = [is_about(one, "physics") and bool(one.date) for one in left]
    with temporary_index(collection) as index:
        for query in queries:
            whole = defined_ranking(collection, query, passes=passes)
            assert best(index, query, 3, subject="physics", until="2030-01-01") == whole[:3]


@pytest.mark.usefixtures("_layout")
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_query_over_any_segments(data: st.DataObject) -> None:
    batches = data.draw(st.lists(articles(max_size=8), min_size=1, max_size=3))
    gone = data.draw(st.sampled_from(["/a", "/b", "/none"]))
    with temporary_index(*batches) as index:
        with index.writer() as writer:
            writer.delete(gone)
        left = {one.url: one for one in itertools.chain(*batches) if one.url != gone}
        collection = list(left.values())
        passes = [is_about(one, "physics") and bool(one.date) for one in collection]
        for query in data.draw(st.lists(QUERIES, min_size=1, max_size=4)):
            whole = defined_ranking(collection, query)
            assert best(index, query, 3) == whole[:3]
            assert best(index, query, 2, offset=1) == whole[1:3]
            filtered = defined_ranking(collection, query, passes=passes)
            assert best(index, query, 3, subject="Physics", since="2020-01-01") == filtered[:3]
            for fields in (["answer"], ["question", "keywords"]):
                some = defined_ranking(collection, query, fields=fields)
                assert best(index, query, 3, fields=fields) == some[:3]
            for boost in (0, 4):
                boosted = defined_ranking(collection, query, keyword_boost=boost)
                assert best(index, query, 3, keyword_boost=boost) == boosted[:3]


def test_hits_that_score_nothing_come_by_url_whatever_segment_they_are_in(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a segment with few hits came before those of one with many."""
    monkeypatch.setattr(postings_cache, "_FEW", 2)
    many = [article(f"/a{number}", "neuron") for number in range(7)]
    index = make_index([*many, article("/b", "neuron", keywords="release")])
    with index.writer() as writer:
        writer.add_many([article("/c", "neuron"), article("/d", "neuron")])
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
    whole = index.search(query, limit=None, **options)  # type: ignore[arg-type]
    expected = [(hit.article.url, hit.score) for hit in whole]
    monkeypatch.setattr(SnapshotAnswer, "best", None)
    assert best(index, query, **options) == expected  # type: ignore[arg-type]


@SLOW_BUT_FINE
@given(articles(), st.one_of(QUERIES, ODD, st.text()))
@example([article("/a", "neuron")], "(NOT neuron)")
@example([article("/a", "neuron")], "(-neuron)")
@example([article("/a", "neuron"), article("/b", "ion")], "ion (AND neuron)")
@example([article("/a", "neuron"), article("/b", "ion")], "ion (neuron AND)")
@example([article("/a", "neuron"), article("/b", "ion")], "ion (NOT neuron)")
@example([article("/a", "x=5 a=b")], "x=5")
@example([article("/a", "neuron")], "neuron)")
def test_a_page_is_the_beginning_of_the_whole(collection: list[Article], query: str) -> None:
    """Whichever path answers: a page with a limit, or all results, which takes the plain one."""
    with temporary_index(collection) as index:
        whole = index.search(query, limit=None)
        page = index.search(query, limit=5)
        assert [(hit.article.url, hit.score, hit.rank) for hit in page] == [
            (hit.article.url, hit.score, hit.rank) for hit in whole[:5]
        ]
        assert [note.message for note in page.notes] == [note.message for note in whole.notes]
        assert page.total == whole.total
        assert page.facets == whole.facets
        assert [hit.urls for hit in page] == [hit.urls for hit in whole[:5]]


def test_more_forms_of_a_term_than_there_are_bits_for(make_index: MakeIndex) -> None:
    stems = [f"connect{ending}" for ending in "s ed ing ion ions ive ives ively ".split(" ")]
    forms = [form + end for end in ("", "'s") for form in stems]
    forms = [f for f in forms if [t.term for t in ENGLISH.tokens(f)] == ["connect"]]
    assert len(forms) > 8
    collection = [article(f"/{n}", form) for n, form in enumerate(forms * 2)]
    index = make_index(collection[:7], collection[7:])
    for query in [*forms, "connective connections connected", " ".join(forms)]:
        assert best(index, query) == defined_ranking(collection, query)[:10]


@pytest.mark.usefixtures("_layout")
def test_many_articles_and_long_queries(make_index: MakeIndex) -> None:
    rng = np.random.default_rng(7)
    words = [f"w{number}" for number in range(60)]
    weights = 1 / np.arange(1, 61)

    def text(size: int) -> str:
        return " ".join(rng.choice(words, size=size, p=weights / weights.sum()).tolist())

    collection = [
        article(
            f"/{number:04}",
            text(3),
            answer=text(int(rng.integers(0, 40))),
            keywords=[text(2)],
            id=str(number // 2),
            subject=f"s{number % 3}",
        )
        for number in range(300)
    ]
    index = make_index(collection[:200], collection[200:270], collection[270:])
    for size in (1, 2, 3, 9, 40):
        for _ in range(2):
            query = text(size)
            whole = defined_ranking(collection, query)
            assert is_fast(index, query)
            for limit in (1, 10, 128, 129):
                assert best(index, query, limit) == whole[:limit]


def test_scores_that_look_equal_are_ordered_by_url(make_index: MakeIndex) -> None:
    collection = [article(f"/{number:02}", "neuron ion") for number in range(40)]
    index = make_index(collection[20:], collection[:20])
    for limit in (1, 3, 10, 25):
        assert best(index, "neuron", limit) == defined_ranking(collection, "neuron")[:limit]


def test_more_equal_scores_than_there_is_room_for(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "_ROOM", 16)
    collection = [article(f"/{number:02}", "neuron") for number in range(40)]
    index = make_index(collection)
    assert best(index, "neuron", 5) == defined_ranking(collection, "neuron")[:5]
    assert best(index, "neuron", 30) == defined_ranking(collection, "neuron")[:30]


def test_a_query_without_room_leaves_nothing_for_the_next(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of the first one's articles were left where the second one's are added up."""
    monkeypatch.setattr(scratch, "_ROOM", 16)
    collection = [article(f"/{number:02}", "neuron") for number in range(40)]
    collection += [article("/x", "ion"), article("/y", "ion axon")]
    index = make_index(collection)
    assert best(index, "neuron", 30) == defined_ranking(collection, "neuron")[:30]
    assert best(index, "ion", 5) == defined_ranking(collection, "ion")


def test_what_is_kept_of_queries_may_be_thrown_away(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings_cache, "_OFTEN", 0)
    collection = [article(f"/{n}", " ".join(WORDS[n : n + 4])) for n in range(20)]
    index = qsearch.open(make_index(collection).path, limits=Limits(postings_bytes=0))
    for start in range(15):
        query = " ".join(WORDS[start : start + 5])
        assert best(index, query) == defined_ranking(collection, query)[:10]


def test_the_limit_of_words_holds_for_every_path(make_index: MakeIndex) -> None:
    path = make_index([article("/a", "neuron"), article("/b", "ion")]).path
    small = qsearch.open(path, limits=Limits(clauses=2))
    results = small.search("x1 neuron ion")
    assert [hit.article.url for hit in results] == ["/a"]
    assert results.total == 1
    assert results.notes


def test_the_limit_of_bytes_holds_for_every_path(make_index: MakeIndex) -> None:
    path = make_index([article("/a", "neuron"), article("/b", "ion")]).path
    small = qsearch.open(path, limits=Limits(query_bytes=7))
    assert [hit.article.url for hit in small.search("neuron ion")] == ["/a"]
    assert [hit.article.url for hit in small.search("東東neuron ion")] == []


def test_tiny_numbers_do_no_harm() -> None:
    """In a process of its own: an error here would write where it must not."""
    program = """
import sys, tempfile, qsearch
from qsearch import Article, Ranking
from qsearch.kernels import runtime
assert runtime.wait()
words = " ".join(f"w{n}" for n in range(200))
index = qsearch.create(tempfile.mkdtemp() + "/i", ranking=Ranking(
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
    expected = [defined_ranking(collection, query)[:10] for query in queries]
    wrong: list[object] = []

    def ask() -> None:
        try:
            again = qsearch.open(index.path) if not wrong else index
            for searched in (index, again):
                wrong.extend(
                    query
                    for query, right in zip(queries, expected, strict=True)
                    if best(searched, query) != right
                )
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# -- without Numba, or while it loads


@pytest.mark.parametrize("pause", [0.0, 0.1, 0.3])
def test_a_process_may_end_while_the_kernels_load(pause: float, make_index: MakeIndex) -> None:
    program = """
import sys, time, qsearch
index = qsearch.open(sys.argv[1])
for _ in range(5):
    assert index.search("neurons")[0].article.url == "/a"
time.sleep(float(sys.argv[2]))
"""
    done = run_python(program, str(make_index([article("/a", "neurons")]).path), str(pause))
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("broken", ["missing", "no cache"])
def test_without_numba_everything_works_with_one_line_in_the_log(
    broken: str, tmp_path: Path
) -> None:
    program = """
import logging, sys
if sys.argv[1] == "missing":
    sys.modules["numba"] = None
else:
    import numba.core.caching as caching
    def refuse(*_, **__):
        raise RuntimeError("cannot cache function: no locator available")
    caching.FunctionCache.__init__ = refuse
import qsearch
from qsearch.kernels import runtime
lines = []
handler = logging.Handler()
handler.emit = lambda record: lines.append(record.getMessage())
logging.getLogger("qsearch").addHandler(handler)
assert not runtime.wait(), "the kernels were to fail"
index = qsearch.create(sys.argv[2])
with index.writer() as writer:
    writer.add_many(qsearch.Article(url=f"/{n}", title=f"neuron {n}") for n in range(300))
for _ in range(5):
    results = index.search("neuron 7")
    assert results[0].article.url == "/7"
    assert results.total == 300
assert len(lines) == 1 and "kernels" in lines[0], lines
"""
    run_python(program, broken, str(tmp_path / "i"))
