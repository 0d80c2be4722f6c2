"""Random queries find the same as in an index of Whoosh's own, with the same scores."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from whoosh import scoring

import qsearch
from qsearch.analysis.analyzer import Analyzer
from qsearch.api import create_in
from qsearch.storage import MemoryStorage
from tests.whoosh.queries import RandomQueries
from tests.whoosh.stock import random_articles, stock_index

RNG = random.Random(17)
ARTICLES = random_articles(60, RNG)
OTHERS = random_articles(40, RNG, "other/")
STALE = [
    qsearch.Article(url=article.url, title="alpha zeta", subject="Old", id="1", date=None)
    for article in ARTICLES
]


def one_segment(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add_many(ARTICLES)


def several_segments(index: qsearch.Index) -> None:
    for start in range(0, len(ARTICLES), 15):
        with index.writer() as writer:
            writer.add_many(ARTICLES[start : start + 15])


def one_segment_with_deletions(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add_many([*OTHERS[:20], *ARTICLES, *OTHERS[20:]])
    delete_others(index)


def several_segments_with_deletions(index: qsearch.Index) -> None:
    for start in range(0, len(STALE), 20):
        with index.writer() as writer:
            writer.add_many([*STALE[start : start + 20], *OTHERS])
    for start in range(0, len(ARTICLES), 30):
        with index.writer() as writer:
            writer.add_many(ARTICLES[start : start + 30])
    delete_others(index)


def merged(index: qsearch.Index) -> None:
    for start in range(0, len(ARTICLES), 3):
        with index.writer() as writer:
            writer.add_many([*ARTICLES[start : start + 3], OTHERS[start % 40]])
    delete_others(index)


def delete_others(index: qsearch.Index) -> None:
    with index.writer() as writer:
        for article in OTHERS:
            writer.delete(article.url)


HISTORIES = [
    one_segment,
    several_segments,
    one_segment_with_deletions,
    several_segments_with_deletions,
    merged,
]


@pytest.fixture(scope="module")
def stock() -> Any:
    return stock_index(ARTICLES)


Answers = list[tuple[Any, dict[str, float]]]
"""Queries, and what an index of Whoosh's own finds with them."""


History = Callable[[qsearch.Index], None]


@pytest.fixture(scope="module", params=HISTORIES)
def history(request: pytest.FixtureRequest) -> History:
    made: History = request.param
    return made


@pytest.fixture(scope="module")
def index(history: History) -> Iterator[qsearch.Index]:
    with create_in(MemoryStorage()) as made:
        history(made)
        yield made


@pytest.fixture(scope="module")
def answers(stock: Any, english: Analyzer, history: History) -> Answers:
    """Queries of each history's own."""
    queries = RandomQueries(random.Random(f"found {history.__name__}"), ARTICLES, english)
    with stock.searcher() as searcher:
        made = [queries.make(2 + number % 2) for number in range(60)]
        made += [queries.span() for _ in range(25)]
        return [(query, found(searcher, query)) for query in made]


@pytest.fixture(scope="module")
def scored_answers(stock: Any, english: Analyzer, history: History) -> Answers:
    rng = random.Random(f"scored {history.__name__}")
    queries = RandomQueries(rng, ARTICLES, english, plain=True)
    with stock.searcher(weighting=scoring.TF_IDF()) as searcher:
        made = [queries.make() for _ in range(40)]
        return [(query, found(searcher, query)) for query in made]


def found(searcher: Any, query: Any) -> dict[str, float]:
    results = searcher.search(query, limit=None, optimize=False)
    return {searcher.stored_fields(docnum)["url"]: score for docnum, score in results.items()}


def test_random_queries_find_the_same(index: qsearch.Index, answers: Answers) -> None:
    assert sum(len(expected) for _, expected in answers) > 500
    with index.whoosh.searcher() as searcher:
        for query, expected in answers:
            assert found(searcher, query).keys() == expected.keys(), query


def test_random_queries_get_the_same_scores(index: qsearch.Index, scored_answers: Answers) -> None:
    with index.whoosh.searcher(weighting=scoring.TF_IDF()) as searcher:
        for query, expected in scored_answers:
            assert found(searcher, query) == pytest.approx(expected), query


def test_the_first_hits_are_those_of_all(index: qsearch.Index, english: Analyzer) -> None:
    queries = RandomQueries(random.Random(5), ARTICLES, english)
    with index.whoosh.searcher() as searcher:
        for _ in range(30):
            query = queries.make(2)
            every = searcher.search(query, limit=None)
            first = searcher.search(query, limit=3)
            assert first.top_n == every.top_n[:3], query
            assert len(first) == len(every)


def test_statistics_are_those_of_an_index_in_which_nothing_was_ever_deleted(
    index: qsearch.Index, stock: Any
) -> None:
    with stock.reader() as theirs, index.whoosh.reader() as ours:
        assert ours.doc_count() == ours.doc_count_all() == theirs.doc_count() == len(ARTICLES)
        assert list(ours.all_doc_ids()) == list(range(len(ARTICLES)))
        assert not ours.has_deletions()
        assert not ours.is_deleted(0)
        assert list(ours.all_terms()) == list(theirs.all_terms())
        assert set(ours.indexed_field_names()) == set(theirs.indexed_field_names())
        for term in theirs.all_terms():
            assert term in ours
            info, expected = ours.term_info(*term), theirs.term_info(*term)
            assert info.doc_frequency() == expected.doc_frequency()
            assert info.weight() == expected.weight()
            assert info.max_weight() == expected.max_weight()
            assert ours.frequency(*term) == expected.weight()
            assert ours.doc_frequency(*term) == expected.doc_frequency()


def test_postings_and_positions_are_the_same(index: qsearch.Index, stock: Any) -> None:
    def postings(reader: Any) -> dict[tuple[str, bytes, str], tuple[float, list[int]]]:
        found = {}
        for name in ("title", "question", "answer", "keywords"):
            for text in reader.lexicon(name):
                matcher = reader.postings(name, text)
                while matcher.is_active():
                    url = reader.stored_fields(matcher.id())["url"]
                    assert matcher.supports("positions")
                    found[name, text, url] = (matcher.weight(), matcher.value_as("positions"))
                    matcher.next()
        return found

    with stock.reader() as theirs, index.whoosh.reader() as ours:
        assert postings(ours) == postings(theirs)
