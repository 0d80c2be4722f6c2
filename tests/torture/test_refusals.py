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


@needs_shim
@pytest.mark.parametrize(
    ("faults", "told"),
    [
        (NOT_NOTICED, "of a commit fails with"),
        (ANOTHER_ERROR, "a raw exception"),
        (STILL_LOCKED, "IndexLocked"),
    ],
    ids=["a failed write is not noticed", "another error", "the lock is kept"],
)
def test_a_fault_put_into_the_code_is_found(
    torture_over_shim: Torture, faults: str, told: str
) -> None:
    found = torture_over_shim("--only", "errno", "--budget", "errno=16", faults=faults)
    assert found.code == 1
    assert told in found.failures("errno")
