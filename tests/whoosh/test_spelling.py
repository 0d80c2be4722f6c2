from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import highlight, query
from whoosh.qparser import QueryParser

import qsearch
from qsearch import Article
from qsearch.query.edit_distance import distance
from qsearch.whoosh_view.spelling import Suggested, near
from tests.conftest import MakeIndex

WORDS = st.text(alphabet="abcdé東", max_size=7)


@given(st.lists(WORDS, max_size=12), WORDS, st.integers(0, 3))
def test_near_words_are_those_within_the_distance(words: list[str], word: str, limit: int) -> None:
    expected = [
        (edits, place)
        for place, other in enumerate(words)
        if (edits := distance(word, other, limit)) <= limit
    ]
    assert near(words, word, limit) == sorted(expected)


def test_suggestions_are_words_not_stems(searcher: Any) -> None:
    assert searcher.suggest("answer", "nuerons") == ["neurons", "neuron"]
    assert searcher.suggest("answer", "NUERONS", limit=1) == ["neurons"]
    assert searcher.suggest("answer", "osmossis") == ["osmosis"]
    assert searcher.suggest("title", "pionter", maxdist=1) == ["pointer"]
    assert searcher.suggest("answer", "xyzxyzxyz") == []
    assert searcher.suggest("answer", "nuerons", prefix=2) == []
    assert searcher.suggest("answer", "nuerons", maxdist=1) == ["neurons"]


def test_a_word_of_another_field_or_of_a_deleted_article_is_not_suggested(searcher: Any) -> None:
    assert searcher.suggest("title", "osmossis") == ["osmosis"]
    assert searcher.suggest("keywords", "communicat") == []
    assert searcher.suggest("title", "obsolte") == []


def test_a_known_word_is_not_suggested_for_itself(searcher: Any) -> None:
    assert "osmosis" not in searcher.suggest("answer", "osmosis")


def test_of_equally_near_words_the_commoner_one_comes_first(make_index: MakeIndex) -> None:
    texts = ["cat bat", "cat", "cat hat", "hat", "bat"]
    index = make_index([Article(url=f"/{n}", answer=text) for n, text in enumerate(texts)])
    with index.whoosh.searcher() as searcher:
        assert searcher.suggest("answer", "zat") == ["cat", "bat", "hat"]
        assert searcher.suggest("answer", "zat", limit=2) == ["cat", "bat"]


def test_suggestions_of_other_fields_are_values(searcher: Any) -> None:
    assert searcher.suggest("subject", "Fysics") == ["physics"]
    assert searcher.suggest("subject", "phyiscs") == ["physics"]
    assert searcher.suggest("id", "10") == ["101", "102", "103", "201", "202"]
    assert searcher.suggest("date", "2024") == []


def test_near_terms_do_not_depend_on_the_segments(index: qsearch.Index) -> None:
    with index.whoosh.reader() as reader:
        assert list(reader.terms_within("answer", "osmoss", 1)) == ["osmosi"]
        # A swap is one edit: Damerau's distance, for one segment and for several.
        assert set(reader.terms_within("answer", "nueron", 1)) == {"neuron"}
        assert set(reader.terms_within("answer", "nueron", 1, prefix=1)) == {"neuron"}
        assert set(reader.terms_within("answer", "nueron", 1, prefix=2)) == set()
        assert set(reader.terms_within("answer", "ab", 1, prefix=5)) == set()
        assert set(reader.terms_within("subject", "PHYSIC", 1)) == {"physics"}


def test_a_query_is_corrected(searcher: Any) -> None:
    text = 'nuerons OR "calcuim ions" OR subject:biologie'
    asked = QueryParser("answer", searcher.schema).parse(text)
    assert len(searcher.search(asked)) == 0
    correction = searcher.correct_query(asked, text)
    assert correction.string == 'neuron OR "calcium ions" OR subject:biology'
    assert len(searcher.search(correction.query)) == 3
    marked = correction.format_string(highlight.UppercaseFormatter())
    assert marked == 'NEURON OR "CALCIUM ions" OR subject:BIOLOGY'
    hit = searcher.search(correction.query)[0]
    assert hit.highlights("answer")


def test_a_right_query_stays(searcher: Any) -> None:
    asked = QueryParser("answer", searcher.schema).parse("neurons date:2024")
    assert searcher.correct_query(asked, "neurons date:2024").string == "neurons date:2024"


def test_a_suggested_word_is_looked_up_by_its_term(index: qsearch.Index) -> None:
    word = Suggested("neurons", "neuron")
    assert word == "neurons"
    with index.whoosh.searcher() as searcher:
        assert len(searcher.search(query.Term("answer", word))) == 2
        assert len(searcher.search(query.Term("answer", "neurons"))) == 0


@pytest.mark.parametrize("count", [0, 1])
def test_small_indexes(make_index: MakeIndex, count: int) -> None:
    index = make_index([Article(url="/1", answer="neurons")][:count])
    with index.whoosh.searcher() as searcher:
        assert searcher.suggest("answer", "neurosn") == ["neurons"][:count]
        assert list(searcher.reader().terms_within("answer", "nueron", 1)) == ["neuron"][:count]
        asked = QueryParser("answer", searcher.schema).parse("neurosn")
        corrected = searcher.correct_query(asked, "neurosn").string
        assert corrected == ("neurons" if count else "neurosn")
