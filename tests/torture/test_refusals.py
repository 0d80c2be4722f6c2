from __future__ import annotations

import pytest

from benchmarks.torture import shim
from tests.torture.conftest import Torture

needs_shim = pytest.mark.skipif(shim.missing() is not None, reason=str(shim.missing()))


@needs_shim
def test_a_refused_system_call_leaves_the_old_or_the_new_state(torture: Torture) -> None:
    found = torture("--only", "errno", "--budget", "errno=16")
    assert found.code == 0, found.out
    campaign = found.campaigns["errno"]
    assert campaign["cases"] == 16
    assert campaign["outcomes"]["old state, an error"] > 4
    assert campaign["figures"]["fsync calls of a commit"] >= 4


def test_without_a_compiler_it_is_skipped_and_says_so(torture: Torture) -> None:
    faults = "import shutil; shutil.which = lambda name: None"
    found = torture("--only", "errno", faults=faults)
    assert found.code == 0
    assert "errno: skipped: needs" in found.out


WRITES = """
from benchmarks.torture import refusals, shim
sabotage(shim, "KINDS", ("open", "write", "fsync"))
sabotage(refusals, "_COMMITS", {"commit": 2})
"""

NOT_NOTICED = """
import contextlib
from qsearch.storage import FolderStorage
whole = FolderStorage.write
def write(*arguments):
    with contextlib.suppress(OSError):
        whole(*arguments)
sabotage(FolderStorage, "write", write)
"""

ANOTHER_ERROR = """
from qsearch.storage import FolderStorage
whole = FolderStorage.write
def write(*arguments):
    try:
        whole(*arguments)
    except OSError:
        raise KeyError("write")
sabotage(FolderStorage, "write", write)
"""

STILL_LOCKED = """
import sys
from qsearch.index.lock import WriterLock
whole, kept = WriterLock.release, []
def release(self):
    if isinstance(sys.exc_info()[1], OSError):
        kept.append(self)
    else:
        whole(self)
sabotage(WriterLock, "release", release)
"""


BACKUP_TOLD = """
import contextlib
from benchmarks.torture import refusals
sabotage(refusals, "_COMMITS", {"backup": 3})
from qsearch.upkeep import backup
whole = backup.publish
def publish(*arguments):
    with contextlib.suppress(OSError):
        whole(*arguments)
sabotage(backup, "publish", publish)
"""


@needs_shim
@pytest.mark.parametrize(
    ("faults", "told"),
    [
        (WRITES + NOT_NOTICED, "of a commit fails with"),
        (WRITES + ANOTHER_ERROR, "a raw exception"),
        (WRITES + STILL_LOCKED, "IndexLocked"),
        (BACKUP_TOLD, "of a backup fails with"),
    ],
    ids=["a failed write is not noticed", "another error", "the lock is kept", "half a backup"],
)
def test_a_fault_put_into_the_code_is_found(
    torture_over_shim: Torture, faults: str, told: str
) -> None:
    found = torture_over_shim("--only", "errno", "--budget", "errno=12", faults=faults)
    assert found.code == 1
    assert told in found.failures("errno")
