from __future__ import annotations

import pytest

from benchmarks.torture.query_words import LISTED
from tests.torture.conftest import Torture


def test_no_query_does_harm(torture: Torture) -> None:
    found = torture("--only", "queries", "--budget", "queries=400")
    assert found.code == 0, found.out
    queries = found.campaigns["queries"]
    assert queries["outcomes"] == {"answered": 400}
    assert queries["figures"]["refused in strict mode"] > 50


NOT_ENDING = """
from benchmarks.torture import queries
sabotage(queries, "_SECONDS", 1.0)
from qsearch.query import syntax
whole = syntax._word
def word(text, position, notes):
    while text.startswith("*") and len(text) > 1:
        pass
    return whole(text, position, notes)
sabotage(syntax, "_word", word)
"""

RAISING = """
from qsearch.query import syntax
sabotage(syntax, "MAX_DEPTH", 10_000)
"""

SILENT = """
from qsearch import searcher
make = searcher.make_plan
def planned(tree, analyzer, notes, **options):
    return make(tree, analyzer, [], **options)
sabotage(searcher, "make_plan", planned)
"""


@pytest.mark.parametrize(
    ("faults", "case", "told"),
    [
        (NOT_ENDING, "an infix", "hang"),
        (RAISING, "2,000 pairs of parentheses", "RecursionError"),
        (SILENT, "an edit distance", "no note"),
    ],
    ids=["a query without end", "no bound on depth", "notes left out"],
)
def test_a_fault_put_into_the_code_is_found(
    torture: Torture, faults: str, case: str, told: str
) -> None:
    number = list(LISTED).index(case)
    found = torture("--only", "queries", "--case", str(number), faults=faults)
    assert found.code == 1
    assert told in found.failures("queries")


def test_a_query_that_takes_longer_than_it_may_is_a_failure(torture: Torture) -> None:
    found = torture("--only", "queries", "--budget", "queries=5", "--milliseconds", "0.0001")
    assert found.code == 1
    assert "ms: " in found.failures("queries")
