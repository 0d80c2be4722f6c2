"""Did you mean: near words of the index for words that it does not have."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsearch
from qsearch import Limits
from qsearch.query.edit_distance import distance, near_words
from qsearch.results.suggest import MOST
from tests.conftest import MakeIndex
from tests.helpers import article

SHORT = st.text("abc", max_size=6)


def suggested(index: qsearch.Index, query: str) -> str | None:
    return index.search(query).suggestion


@pytest.fixture
def index(make_index: MakeIndex) -> qsearch.Index:
    return make_index(
        [
            article("/a", "neurons release neurotransmitters", answer="The synapse and the cell"),
            article("/b", "excellent photosynthesis", answer="Zürich cells, Straße, cell"),
        ]
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("nuerons", "neurons"),  # swapped
        ("neurns", "neurons"),  # one too few
        ("neuurons", "neurons"),  # one too many
        ("neurens", "neurons"),  # another
        ("nuerns", "neurons"),  # two
        ("photosinthesys", "photosynthesis"),
        ("synapze release", "synapse release"),
        ("synapze relaese", "synapse release"),
        ('"synapze release" +nuerons', '"synapse release" +neurons'),
        ("what is a synapze?", "what is a synapse?"),
        ("SYNAPZE", "synapse"),
        ("synapze^2", "synapse^2"),
        ("nuerons AND (synapze OR cell)", "neurons AND (synapse OR cell)"),
    ],
)
def test_an_unknown_word_is_replaced_by_a_near_one(
    query: str, expected: str, index: qsearch.Index
) -> None:
    assert suggested(index, query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "",
        "neurons",
        "releases",
        "*",
        "qqqqqqqq",  # like no word
        "nu",  # too short to say
        "cxyl",  # a short word may differ in one letter only
        "euronss",  # the first letter is hardly ever wrong
        "-nuerons",  # excluded anyway
        "Ca2+",
        "123",
    ],
)
def test_nothing_is_suggested(query: str, index: qsearch.Index) -> None:
    assert suggested(index, query) is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("excellent cel", "excellent cell"),  # not within another word
        ("Straße ßß nuerons", "Straße ßß neurons"),  # where case folding makes a text longer
        ("nuérons", "neurons"),  # with an accent
        ("Züruch", "zurich"),
        ("synapze and synapze", "synapse and synapse"),
    ],
)
def test_the_word_itself_is_replaced_and_nothing_else(
    query: str, expected: str, index: qsearch.Index
) -> None:
    assert suggested(index, query) == expected


def test_an_empty_index_suggests_nothing(make_index: MakeIndex) -> None:
    assert suggested(make_index(), "nuerons") is None


def test_a_nearer_word_wins_then_a_commoner_one_then_the_first(make_index: MakeIndex) -> None:
    index = make_index(
        [article("/1", "beard benches"), article("/2", "beast"), article("/3", "beast bears")]
    )
    assert suggested(index, "benchrs") == "benches"
    assert suggested(index, "beaxs") == "bears"  # one edit; beast, which is commoner, takes two
    assert suggested(index, "beasd") == "beast"  # as near as beard, in more articles
    assert suggested(index, "bearz") == "beard"  # as near and as common as bears


def test_how_common_a_word_is_does_not_depend_on_segments(make_index: MakeIndex) -> None:
    bells = [article(f"/bell{n}", "bells") for n in range(3)]
    belts = [article(f"/belt{n}", "belts") for n in range(2)]
    together = make_index([*bells, *belts])
    apart = make_index(belts, *([bell] for bell in bells))
    assert suggested(together, "belxs") == "bells"
    assert suggested(apart, "belxs") == "bells"


def test_deleted_articles_suggest_nothing(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "synapse"), article("/b", "other"), article("/c", "third")])
    with index.writer() as writer:
        writer.delete("/a")
    assert suggested(index, "synapze") is None


def test_the_edit_distance_is_limited(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "synapses")])
    assert suggested(index, "synxpxes") == "synapses"
    assert suggested(qsearch.open(index.path, limits=Limits(edits=1)), "synxpxes") is None
    assert suggested(qsearch.open(index.path, limits=Limits(edits=0)), "synxpses") is None


def test_what_is_beyond_the_limits_is_left_alone(make_index: MakeIndex) -> None:
    path = make_index([article("/a", "synapses neurons")]).path
    short = qsearch.open(path, limits=Limits(query_bytes=9))
    assert suggested(short, "synapzes nuerons") == "synapses nuerons"
    few = qsearch.open(path, limits=Limits(clauses=1))
    assert suggested(few, "synapzes nuerons") == "synapses nuerons"


def test_a_suggestion_finds_something(index: qsearch.Index) -> None:
    better = suggested(index, "synapze")
    assert better
    assert index.search(better).total == 1


# -- the distance


@functools.cache
def slow_distance(left: str, right: str) -> int:
    """The definition, by recursion."""
    if not left or not right:
        return len(left) + len(right)
    best = min(
        slow_distance(left[:-1], right) + 1,
        slow_distance(left, right[:-1]) + 1,
        slow_distance(left[:-1], right[:-1]) + (left[-1] != right[-1]),
    )
    if left[-2:] == right[-2:][::-1] and len(left) > 1 and len(right) > 1:
        best = min(best, slow_distance(left[:-2], right[:-2]) + 1)
    return best


@given(SHORT, SHORT, st.integers(0, 4))
def test_the_distance_is_that_of_the_definition(left: str, right: str, limit: int) -> None:
    assert distance(left, right, limit) == min(slow_distance(left, right), limit + 1)


@given(SHORT, st.lists(SHORT, unique=True))
def test_near_words_are_nearest_first(word: str, words: list[str]) -> None:
    found = near_words(word, words, limit=2)
    distances = [slow_distance(word, near) for near in found]
    assert distances == sorted(distances)
    assert set(found) == {near for near in words if slow_distance(word, near) <= 2}


def test_of_many_unknown_words_the_first_ones_are_replaced(index: qsearch.Index) -> None:
    unknown = " ".join(f"qqq{chr(97 + number)}" for number in range(MOST - 1))
    assert suggested(index, f"{unknown} nuerons synapze") == f"{unknown} neurons synapze"
