from __future__ import annotations

import pytest

from benchmarks.torture.articles import LISTED
from tests.torture.conftest import Torture


def test_every_file_is_read_or_reported(torture: Torture) -> None:
    found = torture("--only", "articles", "--budget", "articles=300")
    assert found.code == 0, found.out
    outcomes = found.campaigns["articles"]["outcomes"]
    assert outcomes["read"] + outcomes["skipped"] == 300
    assert min(outcomes.values()) > 30


LEFT_OUT = """
from qsearch.index import update
from qsearch.reading import content
whole = content.read_markdown
def read(data, **options):
    if b"0123" in data:
        raise SystemError("not for this")
    return whole(data, **options)
sabotage(content, "read_markdown", read)
"""

NOT_REPORTED = """
import dataclasses
from qsearch.door import Index
whole = Index.update
def update(self, *arguments, **options):
    report = whole(self, *arguments, **options)
    return dataclasses.replace(report, skipped=report.skipped[1:])
sabotage(Index, "update", update)
"""

READ_WRONGLY = """
from qsearch.reading import content
whole = content.read_markdown
def read(data, **options):
    return whole(data.replace(b"0017", b"15"), **options)
sabotage(content, "read_markdown", read)
"""


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        (LEFT_OUT, "SystemError"),
        (NOT_REPORTED, "0 skips and no article"),
        (READ_WRONGLY, "id is '15', not '0017'"),
    ],
    ids=["another exception", "a skip not reported", "a value read as another"],
)
def test_a_fault_put_into_the_code_is_found(torture: Torture, faults: str, told: str) -> None:
    found = torture("--only", "articles", "--budget", "articles=150", faults=faults)
    assert found.code == 1
    assert told in found.failures("articles")


def test_a_listed_file_can_be_repeated_alone(torture: Torture) -> None:
    case = LISTED.index("a bomb of aliases")
    found = torture("--only", "articles", "--case", str(case))
    assert found.campaigns["articles"]["outcomes"] == {"read": 0, "skipped": 1}
