from __future__ import annotations

import pytest

from tests.torture.conftest import Torture


def test_refreshes_leave_memory_as_it_is(torture: Torture) -> None:
    found = torture("--only", "refreshes", "--budget", "refreshes=60")
    assert found.code == 0, found.out
    assert found.campaigns["refreshes"]["outcomes"] == {"refreshes": 60}


SMALL = """
from benchmarks.torture import refreshes
sabotage(refreshes, "_ARTICLES", 500)
"""

KEPT = """
from qsearch import Index
whole, kept = Index._use, []
def use(self, snapshot):
    kept.append(bytes(bytearray(b"x") * 4_000_000))
    whole(self, snapshot)
sabotage(Index, "_use", use)
"""

BLIND = """
from qsearch import Index
sabotage(Index, "refresh", lambda self: False)
"""


@pytest.mark.parametrize(
    ("faults", "told"),
    [(KEPT, "memory grew"), (BLIND, "was not shown")],
    ids=["memory is kept", "nothing is shown"],
)
def test_a_fault_put_into_the_code_is_found(torture: Torture, faults: str, told: str) -> None:
    found = torture("--only", "refreshes", "--budget", "refreshes=60", faults=SMALL + faults)
    assert found.code == 1
    assert told in found.failures("refreshes")
