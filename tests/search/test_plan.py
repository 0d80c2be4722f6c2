"""From the tree to terms: what is scored, with which factor, and what counts as a word."""

from __future__ import annotations

import pytest

from qsearch.query.plan import NOTHING, Anything, HasPhrase, HasTerm, Plan, make_plan
from qsearch.query.syntax import parse
from tests.helpers import ENGLISH


def plan(query: str, max_clauses: int = 1_024) -> Plan:
    tree, notes = parse(query)
    return make_plan(tree, ENGLISH, notes, max_clauses=max_clauses)


def scored(query: str) -> list[tuple[str, str, float]]:
    return [(one.term, one.form, one.boost) for one in plan(query).groups]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Neurons release", [("neuron", "neurons", 1), ("releas", "release", 1)]),
        # a word said twice counts twice, once for each form
        ("ion ion", [("ion", "ion", 2)]),
        ("ion ions", [("ion", "ion", 1), ("ion", "ions", 1)]),
        # factors
        ("neuron^2 ion", [("neuron", "neuron", 2), ("ion", "ion", 1)]),
        ("neuron^2 neuron", [("neuron", "neuron", 3)]),
        ("neuron^0", [("neuron", "neuron", 0)]),
        ("(neuron ions^2)^3", [("neuron", "neuron", 3), ("ion", "ions", 6)]),
        ('"gated ion"^2', [("gate", "gated", 2), ("ion", "ion", 2)]),
        # a compound and its parts
        ("mc^2", [("mc2", "mc2", 1)]),
        (
            "voltage-gated",
            [
                ("voltag-gate", "voltage-gated", 1),
                ("voltag", "voltage", 1),
                ("gate", "gated", 1),
            ],
        ),
        # stop words score
        ("the neuron", [("the", "the", 1), ("neuron", "neuron", 1)]),
        # what stands outside an exclusion scores, must or not
        ("+neuron ion -cell", [("neuron", "neuron", 1), ("ion", "ion", 1)]),
        ("ion NOT (cell OR gate)", [("ion", "ion", 1)]),
        ("* neuron", [("neuron", "neuron", 1)]),
        ("*", []),
        ("-cell", []),
        ("", []),
    ],
)
def test_what_is_scored_in_the_order_of_the_query(
    query: str, expected: list[tuple[str, str, float]]
) -> None:
    found = scored(query)
    # A must stands before the rest in the tree; here all queries have theirs first.
    assert found == expected


def test_words_that_keywords_may_cover() -> None:
    assert plan("what is the voltage-gated ion").words == (
        ("what", False),
        ("is", False),
        ("the", False),
        ("voltag", True),
        ("gate", True),
        ("ion", True),
    )


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("neurons", HasTerm("neuron")),
        ('"neurons"', HasTerm("neuron")),
        ('"ion gates"', HasPhrase(("ion", "gate"), (0, 1))),
        ('"ion, gates!"', HasPhrase(("ion", "gate"), (0, 1))),
        ("(((neurons)))", HasTerm("neuron")),
        ("*", Anything()),
        ("", NOTHING),
        ("?!", NOTHING),
        ("-ion", NOTHING),
        ('"?!"', NOTHING),
    ],
)
def test_simple_conditions(query: str, condition: object) -> None:
    assert plan(query).condition == condition


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("", "no word"),
        ("?!", "no word"),
        ('"" ()', "no word"),
        ("-ion", "only excludes"),
        ("NOT ion", "only excludes"),
    ],
)
def test_a_query_that_finds_nothing_says_why(query: str, note: str) -> None:
    (found,) = plan(query).notes
    assert note in found.message
    assert found.position is None


@pytest.mark.parametrize("query", ["ion", "*", "the", "* -ion", '"the"'])
def test_a_query_that_can_be_used_needs_no_note(query: str) -> None:
    assert plan(query).notes == ()


def test_the_number_of_words_is_limited() -> None:
    full = plan("a1 a2 a3", max_clauses=3)
    assert (len(full.groups), full.clauses, full.notes) == (3, 3, ())
    cut = plan("a1 a2 a3 a4 a5", max_clauses=3)
    assert [one.form for one in cut.groups] == ["a1", "a2", "a3"]
    assert cut.clauses > 3
    (note,) = cut.notes
    assert "first 3" in note.message


def test_the_notes_of_the_parser_come_first() -> None:
    first, second = plan("-ion )").notes
    assert "')'" in first.message
    assert "only excludes" in second.message
