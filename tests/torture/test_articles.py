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
from qsearch.reading.containers import markdown
whole = markdown.page_of
def read(data, *options):
    if b"0123" in data:
        raise SystemError("not for this")
    return whole(data, *options)
sabotage(markdown, "page_of", read)
"""

NOT_REPORTED = """
import dataclasses
from qsearch.api import Index
whole = Index.update
def update(self, *arguments, **options):
    report = whole(self, *arguments, **options)
    return dataclasses.replace(report, skipped=report.skipped[1:])
sabotage(Index, "update", update)
"""

READ_WRONGLY = """
from qsearch.reading.containers import markdown
whole = markdown.page_of
def read(data, *options):
    return whole(data.replace(b"0017", b"15"), *options)
sabotage(markdown, "page_of", read)
"""


CHANGE_NOT_NOTICED = """
from qsearch.reading import files
whole = files.read_whole
def read(path, **options):
    return whole(path, **options) or b"---\\nurl: /empty\\ntitle: t\\n---\\n"
from qsearch.reading import content
sabotage(content, "read_whole", read)
"""

NEVER_UNCHANGED = """
from qsearch.api import Index
whole = Index.update
def update(self, *arguments, **options):
    import dataclasses
    report = whole(self, *arguments, **options)
    return dataclasses.replace(report, updated=report.updated + report.unchanged, unchanged=0)
sabotage(Index, "update", update)
"""


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        (CHANGE_NOT_NOTICED, "was read"),
        (NEVER_UNCHANGED, "in the second run"),
        (LEFT_OUT, "SystemError"),
        (NOT_REPORTED, "0 skips and no article"),
        (READ_WRONGLY, "id is '15', not '0017'"),
    ],
    ids=[
        "emptied and read",
        "taken for changed",
        "another exception",
        "a skip not reported",
        "a value read as another",
    ],
)
def test_a_fault_put_into_the_code_is_found(torture: Torture, faults: str, told: str) -> None:
    found = torture("--only", "articles", "--budget", "articles=150", faults=faults)
    assert found.code == 1
    assert told in found.failures("articles")


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("longer while it is read", "read"),
        ("deleted while it is read", "read"),
        ("longer with every read", "skipped"),
        ("a file that may not be read", "skipped"),
    ],
)
def test_files_that_change_or_are_forbidden(torture: Torture, name: str, outcome: str) -> None:
    found = torture("--only", "articles", "--case", str(LISTED.index(name)))
    outcomes = found.campaigns["articles"]["outcomes"]
    assert outcomes in ({outcome: 1}, {"not tried: modes don't hold for this user": 1}), found.out


def test_a_listed_file_can_be_repeated_alone(torture: Torture) -> None:
    case = LISTED.index("a bomb of aliases")
    found = torture("--only", "articles", "--case", str(case))
    assert found.campaigns["articles"]["outcomes"] == {"skipped": 1}
