from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.torture.campaign import Setting
from benchmarks.torture.soak import _step
from tests.torture.conftest import Torture


def test_every_step_of_the_writer_makes_a_generation() -> None:
    """Step 4543 deleted the one article that it added: the readers took it for a fault."""
    setting = Setting(name="soak", seed=20261123, cases=(), folder=Path())
    for number in (*range(1, 300), 4543):
        one = _step(setting, number)
        assert set(one.puts) <= one.after({}).keys()


def test_readers_and_a_writer_do_not_disturb_one_another(torture: Torture) -> None:
    found = torture("--only", "soak", "--budget", "soak=2")
    assert found.code == 0, found.out
    figures = found.campaigns["soak"]["figures"]
    assert figures["commits"] > 0
    assert figures["snapshots read twice"] >= 8


LEAK = """
from qsearch import Index
whole, kept = Index._use, []
def use(self, snapshot):
    kept.append([open("/dev/null") for _ in range(150)])
    whole(self, snapshot)
sabotage(Index, "_use", use)
"""

TORN = """
from qsearch.index.snapshot import Snapshot
whole = Snapshot.articles
def articles(self):
    return iter(list(whole(self))[1:])
sabotage(Snapshot, "articles", articles)
"""

BACKWARDS = """
from qsearch import Index
whole, first, newer = Index.refresh, [], []
def refresh(self):
    whole(self)
    now = self._current()
    if not first:
        first.append(now)
    elif now.manifest.generation > first[0].manifest.generation:
        newer.append(1)
        if len(newer) > 2:
            self._use(first[0])
sabotage(Index, "refresh", refresh)
"""


@pytest.mark.parametrize(
    ("faults", "seconds", "told"),
    [
        (LEAK, 4, "open files"),
        (TORN, 1, "holds"),
        (BACKWARDS, 4, "after"),
    ],
    ids=["files stay open", "half a commit", "back in time"],
)
def test_a_fault_put_into_the_code_is_found(
    torture: Torture, faults: str, seconds: int, told: str
) -> None:
    found = torture("--only", "soak", "--budget", f"soak={seconds}", faults=faults)
    assert found.code == 1
    assert told in found.failures("soak"), found.failures("soak")[:300]
