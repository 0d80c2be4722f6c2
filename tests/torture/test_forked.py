"""What counts as a hang: processor time, or rest without end; never what the machine does else."""

from __future__ import annotations

import json

import pytest

from tests.helpers import run_python

_PROGRAM = """
import json, os, signal, sys, threading, time
from benchmarks.torture import forked
forked._LOOK = 0.05

def loop():
    while True:
        pass

def rest():
    threading.Event().wait()

def stopped():
    os.kill(os.getpid(), signal.SIGSTOP)
    return "went on"

def end():
    return "ended"

def crash():
    os.kill(os.getpid(), signal.SIGSEGV)

child = forked.Child(globals()[sys.argv[1]], seconds=0.3)
if sys.argv[1] == "stopped":
    # For longer than it might rest.
    threading.Timer(1.0, os.kill, (child._pid, signal.SIGCONT)).start()
ended = child.end()
print(json.dumps([ended.how, ended.value]))
"""


@pytest.mark.parametrize(
    ("work", "how", "told"),
    [
        ("loop", "hang", "processor time"),
        ("rest", "hang", "asleep"),
        ("stopped", "done", "went on"),
        ("end", "done", "ended"),
        ("crash", "crash", "SIGSEGV"),
    ],
)
def test_how_a_process_ends(work: str, how: str, told: str) -> None:
    found, value = json.loads(run_python(_PROGRAM, work).stdout)
    assert found == how
    assert told in value
