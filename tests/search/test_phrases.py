"""Phrases within their budget of positions: what is cut short is told, and never adds a hit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsearch
from qsearch import LimitExceeded, Limits
from qsearch.kernels import runtime
from qsearch.options import Sort
from tests.conftest import MakeIndex
from tests.helpers import QUERIES, article, articles, temporary_index, urls

TIGHT = Limits(positions=0)


def test_a_lone_phrase_is_answered_whatever_it_costs(make_index: MakeIndex) -> None:
    path = make_index([article("/a", "ion channel"), article("/b", "channel ion")]).path
    results = qsearch.open(path, limits=TIGHT).search('"ion channel"')
    assert [hit.url for hit in results] == ["/a"]
    assert results.total_exact
    assert not results.notes


@pytest.fixture
def tight(make_index: MakeIndex) -> qsearch.Index:
    collection = [
        article("/a", "ion channel", answer="gate opens"),
        article("/b", "channel ion", answer="opens gate"),
    ]
    return qsearch.open(make_index(collection).path, limits=TIGHT)


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


def test_a_search_that_takes_too_long_ends_with_what_it_has(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The kernels would be done before they look at the clock.
    monkeypatch.setattr(runtime, "ready", lambda: False)
    path = make_index([article("/a", "ion channel")]).path
    results = qsearch.open(path, limits=Limits(deadline=0)).search('ion "ion channel"')
    assert results.total <= 1
    assert not results.total_exact
    assert any("ended after 0 s" in note.message for note in results.notes)


@given(articles(), QUERIES, st.integers(0, 40))
def test_a_limit_never_adds_a_hit(
    collection: list[qsearch.Article], query: str, positions: int
) -> None:
    with temporary_index(collection) as index:
        whole = set(urls(index, query))
        cut = qsearch.open(index.path, limits=Limits(positions=positions))
        assert set(urls(cut, query)) <= whole


@given(articles(), QUERIES, st.integers(0, 40), st.sampled_from(["relevance", "newest"]))
def test_the_kernels_leave_out_what_the_plain_path_leaves_out(
    collection: list[qsearch.Article], query: str, positions: int, sort: Sort
) -> None:
    assert runtime.wait()
    with temporary_index(collection) as index:
        limits = Limits(positions=positions)

        def answer() -> object:
            results = qsearch.open(index.path, limits=limits).search(query, limit=None, sort=sort)
            notes = [note.message for note in results.notes]
            return [(hit.url, hit.score) for hit in results], notes, results.total_exact

        quick = answer()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runtime, "ready", lambda: False)
            assert answer() == quick
