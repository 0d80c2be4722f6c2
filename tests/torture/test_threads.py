from __future__ import annotations

from benchmarks.torture.first_use import CALLS
from tests.torture.conftest import Torture


def test_threads_of_a_fresh_process_may_all_begin_at_once(torture: Torture) -> None:
    found = torture("--only", "threads", "--budget", "threads=4")
    assert found.code == 0, found.out
    assert found.campaigns["threads"]["outcomes"] == {"nothing raised": 4}


def test_several_calls_may_be_mixed(torture: Torture) -> None:
    found = torture("--only", "threads", "--case", f"{len(CALLS)}-{len(CALLS) + 2}")
    assert found.code == 0, found.out


RAISING = """
from benchmarks.torture import first_use, threads
import pathlib, tempfile
broken = pathlib.Path(tempfile.mkdtemp()) / "first_use.py"
broken.write_text(pathlib.Path(first_use.__file__).read_text().replace(
    'lambda index, _: index.refresh()', 'lambda index, _: 1 / 0'))
sabotage(first_use, "__file__", str(broken))
"""


def test_what_a_thread_raises_is_told(torture: Torture) -> None:
    found = torture("--only", "threads", "--case", str([*CALLS].index("refresh")), faults=RAISING)
    assert found.code == 1
    assert "ZeroDivisionError" in found.failures("threads")
