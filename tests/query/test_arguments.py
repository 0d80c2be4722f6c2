"""Wrong arguments, limits, strict mode, and queries that mean harm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import qsearch
from qsearch import ArgumentError, Limits, Ranking
from qsearch.api import create_in
from qsearch.options import EngineName
from qsearch.storage import MemoryStorage
from tests.conftest import MakeIndex
from tests.helpers import QUERIES, article, fill, reopened, urls


@pytest.fixture(scope="module")
def index(engine: EngineName) -> qsearch.Index:
    collection = [
        article("/a", "neurons release $Ca^{2+}$", answer="The U.S. law", keywords="x"),
        article("/b", "東京タワー", subject="Physics", date="2024-01-01"),
    ]
    return fill(create_in(MemoryStorage(), engine=engine), collection)


# -- arguments


@pytest.mark.parametrize(
    "arguments",
    [
        *[{name: value} for name in ("limit", "offset") for value in (-1, 1.0, "1", True, [1])],
        {"offset": None},
        {"subject": 5},
        {"subject": b"Physics"},
        {"subject": ["Physics", 5]},
        {"subject": [None]},
        {"since": "yesterday"},
        {"since": 2024},
        {"until": "2024-02-30"},
        {"until": b"2024-01-01"},
        {"fields": "title"},
        {"fields": "question,answer"},
        {"fields": []},
        {"fields": ["answer", "subject"]},
        {"fields": 5},
        {"fields": [5]},
        {"keyword_boost": -1},
        {"keyword_boost": "2"},
        {"keyword_boost": True},
        {"keyword_boost": float("nan")},
        {"keyword_boost": float("inf")},
        {"keyword_boost": 10**400},
        {"sort": "date"},
        {"sort": None},
        {"sort": "Newest"},
        {"sort": ["newest"]},
        {"query": None},
        {"query": 5},
        {"query": b"neuron"},
        {"query": ["neuron"]},
    ],
    ids=lambda arguments: " ".join(f"{k}={str(v)[:20]}" for k, v in arguments.items()),
)
def test_a_wrong_argument(arguments: dict[str, object], index: qsearch.Index) -> None:
    with pytest.raises(ArgumentError) as caught:
        index.search(**{"query": "neuron", **arguments})  # type: ignore[arg-type]
    assert isinstance(caught.value, ValueError)
    for name in arguments:
        assert name in str(caught.value)


def test_a_wrong_argument_is_told_with_what_is_accepted(index: qsearch.Index) -> None:
    with pytest.raises(ArgumentError, match="relevance, newest, oldest, not 'date'"):
        index.search("neuron", sort="date")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="question, answer, keywords, not 'title'"):
        index.search("neuron", fields="title")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"since.*2025-01-31.*'soon'"):
        index.search("neuron", since="soon")


def test_arguments_are_checked_even_where_nothing_is_found(index: qsearch.Index) -> None:
    with pytest.raises(ArgumentError):
        index.search("", limit=-1)
    with pytest.raises(ArgumentError):
        index.search("", since="soon")


def test_subjects_and_fields_may_be_any_iterable(index: qsearch.Index) -> None:
    assert urls(index, "*", subject=(name for name in ["physics"])) == ["/b"]
    assert urls(index, "neuron", fields=iter(["question"])) == ["/a"]
    assert urls(index, "neuron", fields={"question": None}) == ["/a"]


# -- the numbers of the ranking


@pytest.mark.parametrize(
    "values",
    [
        {"question": -1},
        {"answer": "1"},
        {"keywords": None},
        {"question_b": 1.5},
        {"answer_b": -0.1},
        {"k1": 0},
        {"k1": float("inf")},
        {"form_bonus": float("nan")},
        {"keyword_bonus": True},
        {"answer": 10**400},
    ],
    ids=" ".join,
)
def test_wrong_numbers_of_the_ranking(values: dict[str, object]) -> None:
    (name,) = values
    with pytest.raises(ArgumentError, match=name):
        Ranking(**values)  # type: ignore[arg-type]


def test_the_numbers_of_the_ranking_are_kept_as_floats() -> None:
    ranking = Ranking(question=2, k1=1)
    assert type(ranking.question) is float
    assert ranking == Ranking(question=2.0, k1=1.0)
    assert Ranking.from_settings(ranking.settings()) == ranking
    assert ranking.with_keywords(None) is ranking
    assert ranking.with_keywords(4).keywords == 4.0


def test_numpy_numbers_are_numbers() -> None:
    assert Ranking(question=float(np.float64(2))).question == 2.0


# -- strict mode


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("(neuron", 0),
        ("neuron (x", 7),
        ("neuron )", 7),
        ('neuron "x', 7),
        ("AND neuron", 0),
        ("neuron AND", 7),
        ("neuron neuro*", 7),
        ("neuron x?y", 7),
        ("neuron~1", 0),
        ("neuron^5000", 6),
        ("é neuron )", 9),
        ("(" * 40 + "x" + ")" * 40, 32),
    ],
)
def test_strict_mode_says_where_a_query_can_not_be_used(
    query: str, position: int, index: qsearch.Index
) -> None:
    with pytest.raises(qsearch.QueryError) as caught:
        index.search(query, strict=True)
    assert caught.value.position == position
    assert caught.value.query == query
    assert f"character {position + 1}" in str(caught.value)
    # the default mode answers, with a note at the same place
    results = index.search(query)
    assert position in [note.position for note in results.notes]


@pytest.mark.parametrize("query", ["neuron", "+neuron -x", '"a b" (c OR d)^2', "mc^2", "*", "C++"])
def test_strict_mode_accepts_what_can_be_used(query: str, index: qsearch.Index) -> None:
    assert urls(index, query, strict=True) == urls(index, query)


@pytest.mark.parametrize("query", ["", "?!", "-neuron"])
def test_a_query_that_finds_nothing_is_no_error(query: str, index: qsearch.Index) -> None:
    results = index.search(query, strict=True)
    assert results.total == 0
    assert len(results.notes) == 1


# -- limits


def limited(index: qsearch.Index, **limits: int) -> qsearch.Index:
    return reopened(index, limits=Limits(**limits))


def test_a_query_too_long_is_cut_with_a_note(index: qsearch.Index) -> None:
    small = limited(index, query_bytes=10)
    results = small.search("neuron xx yy zz")
    assert [hit.article.url for hit in results] == ["/a"]
    (note,) = results.notes
    assert "10 bytes" in note.message
    assert note.position == 10
    assert small.search("neuron xxx").notes == ()
    with pytest.raises(qsearch.LimitExceeded, match="10 bytes"):
        small.search("neuron xx yy zz", strict=True)


def test_the_length_counts_in_bytes_and_no_character_is_cut_in_half(index: qsearch.Index) -> None:
    small = limited(index, query_bytes=7)
    results = small.search("東京タワー")
    assert [hit.article.url for hit in results] == ["/b"]
    assert results.notes[0].position == 2


def test_too_many_words_are_cut_with_a_note(index: qsearch.Index) -> None:
    small = limited(index, clauses=2)
    results = small.search("x1 neuron law")
    assert [hit.article.url for hit in results] == ["/a"]
    assert "first 2" in results.notes[0].message
    assert small.search("x1 x2").notes == ()
    with pytest.raises(qsearch.LimitExceeded, match="3 words"):
        small.search("x1 neuron law", strict=True)


def test_words_beyond_the_limit_in_every_part_of_a_query(index: qsearch.Index) -> None:
    small = limited(index, clauses=1)
    for query in (
        'neuron "law x"',
        "neuron +law",
        "neuron AND law",
        "neuron (law x)",
        "neuron-law",
    ):
        results = small.search(query)
        assert results.notes
        assert results.total <= 2


def test_a_limit_of_zero(index: qsearch.Index) -> None:
    assert limited(index, query_bytes=0).search("neuron").total == 0
    assert limited(index, clauses=0).search("neuron").total == 0


def test_the_longest_query_of_all(index: qsearch.Index) -> None:
    results = index.search("neuron " * 100_000)
    assert results.total == 1
    assert len(results.notes) == 1
    many = " ".join(f"w{number}" for number in range(1_000))
    assert len(index.search(many + " neuron").notes) <= 2


# -- any text


HOSTILE = st.text(st.sampled_from(list('neuron "()+-*^2~?:\\$.AND “”\ud800\0\n東é')))


@settings(max_examples=150)
@given(st.one_of(st.text(), HOSTILE, QUERIES), st.booleans())
@example("\ud800", False)
@example("\ud800", True)
@example("(" * 4_096, False)
@example('"' * 4_095, False)
@example("a " * 2_048, True)
@example("$" * 4_096, False)
@example("-".join("a" * 2_000), False)
@example("東" * 1_300, False)
@example("\x1b[31m\0", False)
@example("a^" + "9" * 4_000, False)
def test_any_text_is_answered(query: str, strict: bool) -> None:
    try:
        results = ANY.search(query, strict=strict)
    except (qsearch.QueryError, qsearch.LimitExceeded):
        assert strict
        return
    assert results.total >= len(results)
    assert results.total_exact
    assert sum(results.facets["subject"].values()) <= results.total * 2
    for hit in results:
        assert hit.score >= 0
        assert hit.snippet.marks is not None
        assert hit.urls
        assert hit.subjects is not None
    for note in results.notes:
        assert note.position is None or 0 <= note.position <= len(query)
    assert results.suggestion is None or isinstance(results.suggestion, str)


@pytest.fixture(scope="module", autouse=True)
def _any(index: qsearch.Index) -> None:
    global ANY  # noqa: PLW0603 - Hypothesis and fixtures don't mix
    ANY = index


ANY: qsearch.Index


def test_an_index_may_hold_any_text(make_index: MakeIndex) -> None:
    odd = [
        "\0",
        "\x1b[31mred\x1b[0m",
        "\u202ereversed",
        "👩‍👩‍👧",
        "a\u0301\u0301\u0301",
        "\ufffe",
        "\U0010ffff",
    ]
    collection = [
        article(f"/{n}", f"neuron {text}", answer=text * 50, keywords=[text], subject=text)
        for n, text in enumerate(odd)
    ]
    index = make_index(collection)
    assert index.search("neuron").total == len(odd)
    for text, one in zip(odd, collection, strict=True):
        found = index.get(one.url)
        assert found == one
        assert index.search(text).total >= 0
        assert one.url in urls(index, "*", subject=text)


def test_the_limit_of_words_holds_for_every_engine(make_index: MakeIndex) -> None:
    small = make_index([article("/a", "neuron"), article("/b", "ion")], limits=Limits(clauses=2))
    results = small.search("x1 neuron ion")
    assert [hit.article.url for hit in results] == ["/a"]
    assert results.total == 1
    assert results.notes


def test_the_limit_of_bytes_holds_for_every_engine(make_index: MakeIndex) -> None:
    limits = Limits(query_bytes=7)
    small = make_index([article("/a", "neuron"), article("/b", "ion")], limits=limits)
    assert [hit.article.url for hit in small.search("neuron ion")] == ["/a"]
    assert [hit.article.url for hit in small.search("東東neuron ion")] == []
