"""Phrases within their budget of positions: what is cut short is told, and never adds a hit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qsearch
from qsearch import LimitExceeded, Limits
from qsearch.options import EngineName, Sort
from tests.conftest import MakeIndex
from tests.helpers import QUERIES, article, articles, reopened, temporary_index, urls

TIGHT = Limits(positions=0)


def test_a_lone_phrase_is_answered_whatever_it_costs(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "ion channel"), article("/b", "channel ion")], limits=TIGHT)
    results = index.search('"ion channel"')
    assert [hit.url for hit in results] == ["/a"]
    assert results.total_exact
    assert not results.notes


@pytest.fixture
def tight(make_index: MakeIndex) -> qsearch.Index:
    collection = [
        article("/a", "ion channel", answer="gate opens"),
        article("/b", "channel ion", answer="opens gate"),
    ]
    return make_index(collection, limits=TIGHT)


def test_phrases_beyond_the_budget_find_nothing_and_a_note_says_so(tight: qsearch.Index) -> None:
    results = tight.search('"ion channel" "opens gate"')
    assert urls(tight, '"ion channel" "opens gate"') == ["/a"]
    assert "1 phrases of common words would take too long" in results.notes[0].message
    assert not results.total_exact
    assert len(results.notes) == 1


def test_the_same_phrase_again_costs_nothing(tight: qsearch.Index) -> None:
    assert not tight.search('"ion channel" neuron "ion channel"').notes


def test_in_strict_mode_it_is_an_error(tight: qsearch.Index) -> None:
    with pytest.raises(LimitExceeded, match="phrases of common words"):
        tight.search('"ion channel" "opens gate"', strict=True)


def test_what_may_have_been_excluded_is_no_hit(tight: qsearch.Index) -> None:
    # The second phrase is not looked up: all articles with its words are left out.
    assert urls(tight, 'gate "ion channel" -"opens gate"') == []


def test_a_search_that_takes_too_long_ends_with_what_it_has(make_index: MakeIndex) -> None:
    # The kernels would be done before they look at the clock.
    index = make_index([article("/a", "ion channel")])
    results = reopened(index, engine="numpy", limits=Limits(deadline=0)).search('ion "ion channel"')
    assert results.total <= 1
    assert not results.total_exact
    assert any("ended after 0 s" in note.message for note in results.notes)


@settings(max_examples=50)
@given(articles(), QUERIES, st.integers(0, 40))
def test_a_limit_never_adds_a_hit(
    engine: EngineName, collection: list[qsearch.Article], query: str, positions: int
) -> None:
    with temporary_index(collection, engine=engine) as index:
        whole = set(urls(index, query))
        cut = reopened(index, limits=Limits(positions=positions))
        assert set(urls(cut, query)) <= whole


@given(articles(), QUERIES, st.integers(0, 40), st.sampled_from(["relevance", "newest"]))
def test_either_engine_leaves_out_the_same(
    collection: list[qsearch.Article], query: str, positions: int, sort: Sort
) -> None:
    limits = Limits(positions=positions)

    def answer(engine: EngineName) -> object:
        with reopened(index, engine=engine, limits=limits) as cut:
            results = cut.search(query, limit=None, sort=sort)
            notes = [note.message for note in results.notes]
            return [(hit.url, hit.score) for hit in results], notes, results.total_exact

    with temporary_index(collection) as index:
        assert answer("kernels") == answer("numpy")
