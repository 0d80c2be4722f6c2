from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import gate
from benchmarks.collection import Collection
from benchmarks.engines import Ours
from benchmarks.engines.engine import Found
from benchmarks.queries import Query, draw
from benchmarks.synthetic import SyntheticCorpus
from qsearch import Article

COLLECTION = Collection("made up", list(SyntheticCorpus(40, words=40)))
QUERIES = [query for queries in draw(COLLECTION.articles, 2, seed=1).values() for query in queries]
MANY = next(query for query in QUERIES if query.kind == "9 words")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ours]:
    ours = Ours(tmp_path_factory.mktemp("gate") / "index")
    ours.build(COLLECTION)
    yield ours
    ours.close()


def test_qsearch_passes_with_every_kind_of_query(engine: Ours) -> None:
    assert gate.against_reference(engine.search, COLLECTION.articles, QUERIES) == []


def swapped(found: Found) -> Found:
    return [found[1], found[0], *found[2:]]


def rescored(found: Found) -> Found:
    (url, score), *others = found
    return [(url, score * 1.000001), *others]


def shortened(found: Found) -> Found:
    return found[:-1]


def lengthened(found: Found) -> Found:
    return [*found, ("/more", 0.1)]


@pytest.mark.parametrize("wrong", [swapped, rescored, shortened, lengthened])
def test_a_wrong_ranking_is_found(engine: Ours, wrong: object) -> None:
    assert callable(wrong)
    found = gate.against_reference(
        lambda query: wrong(engine.search(query)), COLLECTION.articles, [MANY]
    )
    assert [difference.query for difference in found] == [MANY]
    assert MANY.text in str(found[0])


def test_a_filter_that_lets_too_much_through_is_found(engine: Ours) -> None:
    text = f"{COLLECTION.articles[0].question} {COLLECTION.articles[1].question}"
    filtered = Query("filtered", text, COLLECTION.articles[1].subject)
    assert gate.against_reference(engine.search, COLLECTION.articles, [filtered]) == []
    found = gate.against_reference(
        lambda query: engine.search(Query("", query.text)), COLLECTION.articles, [filtered]
    )
    assert repr(filtered.subject) in str(found[0])


def test_ten_that_are_not_the_beginning_of_more_are_found(engine: Ours) -> None:
    assert gate.of_prefixes(engine.top, QUERIES) == []

    def forgetful(query: Query, limit: int) -> Found:
        found = engine.top(query, limit)
        return found[1:] if limit == 10 else found

    assert gate.of_prefixes(forgetful, [MANY])


def test_the_last_digit_that_rounding_can_move_is_no_difference() -> None:
    assert gate.same([("/a", 1.00000001)], [("/a", 1.00000001 * (1 + 1e-9))])
    assert not gate.same([("/a", 1.0)], [("/a", 1.0), ("/b", 0.5)])


def test_overlap_counts_copies_as_one_result() -> None:
    articles = [
        Article(url="/a", id="1", question="same"),
        Article(url="/b", id="1", question="same"),
        Article(url="/c", id="1", question="other"),
        Article(url="/d", question="same"),
    ]
    groups = gate.groups_of(articles)
    assert groups["/a"] == groups["/b"] != groups["/c"]

    def answer(*urls: str) -> gate.Search:
        return lambda query: [(url, 1.0) for url in urls]

    query = Query("question", "same")
    assert gate.overlap(answer("/a", "/d"), answer("/b", "/a", "/d"), [query], groups) == 1.0
    assert gate.overlap(answer("/a", "/d"), answer("/b", "/c"), [query], groups) == 0.5
    assert gate.overlap(answer(), answer(), [query], groups) == 1.0


def test_a_sample_is_spread_evenly_and_keeps_its_order() -> None:
    sample = COLLECTION.slice(8)
    assert sample.articles == COLLECTION.articles[::5]
    assert COLLECTION.slice(100) is COLLECTION


def test_the_folder_of_an_index_may_lie_deep(tmp_path: Path) -> None:
    ours = Ours(tmp_path / "a" / "b")
    ours.build(COLLECTION.slice(2))
    assert ours.size() > 0
    ours.close()
