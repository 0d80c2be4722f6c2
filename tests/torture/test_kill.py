from __future__ import annotations

import pytest

from tests.torture.conftest import Torture


def test_nothing_acknowledged_is_lost(torture: Torture) -> None:
    found = torture("--only", "kill", "--budget", "kill=8")
    assert found.code == 0, found.out
    assert found.campaigns["kill"]["outcomes"] == {"kept": 8}
    assert "kill: 8 kept" in found.out


NOT_WRITTEN = """
from qsearch.index import writer
whole = writer.publish
def publish(place, manifest):
    if manifest.generation % 2:
        whole(place, manifest)
sabotage(writer, "publish", publish)
"""

NEVER_REMOVED = """
from qsearch.index import writer
sabotage(writer, "remove_unused", lambda *_, **__: None)
"""

LOCK_OUTLIVES = """
import pathlib, qsearch
from qsearch.index.writer import IndexWriter
begin, end = IndexWriter.__init__, IndexWriter._release
def init(self, folder, **options):
    self.mark = pathlib.Path(str(getattr(folder, "path", folder)) + ".busy")
    if self.mark.exists():
        raise qsearch.IndexLocked("busy", path=self.mark, holder="?")
    self.mark.touch()
    begin(self, folder, **options)
def release(self):
    end(self)
    self.mark.unlink(missing_ok=True)
sabotage(IndexWriter, "__init__", init)
sabotage(IndexWriter, "_release", release)
"""


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        (NOT_WRITTEN, "neither the state told nor the one under way"),
        (NEVER_REMOVED, "after the next writer there is"),
        (LOCK_OUTLIVES, "IndexLocked"),
    ],
    ids=["a commit that is not written", "files never removed", "a lock that outlives its holder"],
)
def test_a_fault_put_into_the_code_is_found(torture: Torture, faults: str, told: str) -> None:
    found = torture("--only", "kill", "--budget", "kill=6", faults=faults)
    assert found.code == 1
    assert told in found.failures("kill")
    case = found.campaigns["kill"]["failures"][0]["case"]
    assert f"torture --seed 1 --only kill --case {case}" in found.out
