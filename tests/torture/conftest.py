from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, NamedTuple

import pytest

from benchmarks.torture import shim
from tests.helpers import start_python

_PROGRAM = """
import importlib, json, os, pathlib, pkgutil, sys
import qsearch
from benchmarks.__main__ import main
from benchmarks.torture.collection import warm_up
from benchmarks.torture.forked import fork
from qsearch.kernels import runtime

def sabotage(place, name, value):
    "Put a fault into the code; what is replaced must be there."
    getattr(place, name)
    setattr(place, name, value)

def run(asked):
    file = os.open(asked["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    exec(asked["faults"], {"sabotage": sabotage})
    return main(asked["arguments"])

# What takes long is done once, and each run forks from here.
warm_up(pathlib.Path(sys.argv[1]))
if "with kernels" in sys.argv:
    for module in pkgutil.walk_packages(qsearch.__path__, "qsearch."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    runtime.wait()
for line in sys.stdin:
    child = fork()
    if not child:
        code = 99
        try:
            code = run(json.loads(line))
        except SystemExit as end:
            code = end.code
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Found(NamedTuple):
    """What a run of campaigns found: its exit code, its report, and its numbers by campaign."""

    code: int
    out: str
    campaigns: dict[str, Any]

    def failures(self, name: str) -> str:
        """What failed in a campaign, as one text."""
        return "\n".join(failure["what"] for failure in self.campaigns[name]["failures"])


Torture = Callable[..., Found]


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Popen[str]]]:
    """Return a process of a kind: ``plain``, ``with kernels``, or ``over the shim``.

    Campaigns fork from it, which ours must not: it has the threads of other tests. The kernels are
    loaded only where they are used, since a large process takes longer to fork.
    """
    started: dict[str, Popen[str]] = {}

    def process(kind: str) -> Popen[str]:
        if kind not in started:
            folder = tmp_path_factory.mktemp("process")
            with pytest.MonkeyPatch.context() as patch:
                if kind == "over the shim":
                    patch.setenv("LD_PRELOAD", str(shim.make(folder)))
                program = start_python(_PROGRAM, str(folder / "warm-up"), kind, stdin=PIPE)
            started[kind] = program
        return started[kind]

    yield process
    for program in started.values():
        with program:
            assert program.stdin is not None
            program.stdin.close()


_WITH_KERNELS = ("damage", "untrusted", "queries")


def _runner(process: Popen[str], folder: Path) -> Torture:
    def run(*arguments: str, faults: str = "") -> Found:
        numbers, out = folder / "numbers.json", folder / "out.txt"
        asked = {
            "arguments": ["torture", "--json", str(numbers), *arguments],
            "faults": faults,
            "out": str(out),
        }
        assert process.stdin is not None
        assert process.stdout is not None
        print(json.dumps(asked), file=process.stdin, flush=True)
        code = int(process.stdout.readline())
        report = out.read_text("utf-8", "replace")
        assert numbers.exists(), report
        return Found(code, report, json.loads(numbers.read_text())["campaigns"])

    return run


@pytest.fixture
def torture(processes: Callable[[str], Popen[str]], tmp_path: Path) -> Torture:
    """Run ``python -m benchmarks torture``, with faults put into the code."""

    def run(*arguments: str, faults: str = "") -> Found:
        kernels = any(name in _WITH_KERNELS for name in arguments)
        process = processes("with kernels" if kernels else "plain")
        return _runner(process, tmp_path)(*arguments, faults=faults)

    return run


@pytest.fixture
def torture_over_shim(processes: Callable[[str], Popen[str]], tmp_path: Path) -> Torture:
    """As ``torture``, with faults in the code that the shim runs under."""
    return _runner(processes("over the shim"), tmp_path)
