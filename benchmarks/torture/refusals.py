"""Let every system call of a commit, a merge and a backup fail: the old or the new state.

On the real file system, through the shipped code: a shim under the C library (``shim.c``) lets one
call fail, each in turn, with EIO and ENOSPC, once and from then on. Then the error must be an
OSError or one of qsearch's own, no file may be open any more, the index must hold the old state or
the new one (the new one if there was no error), and the next writer must work at once and leave no
garbage. A backup is whole unless there was an error; then another can be made in the place of what
there is of it.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import random
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import qsearch
from benchmarks.failure import BenchmarkError
from benchmarks.torture import shim
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.collection import warm_up
from benchmarks.torture.forked import in_child
from benchmarks.torture.history import SMALL_MEMORY, State, Step
from benchmarks.torture.inspect import state_of
from benchmarks.torture.kill import look, look_at_backup
from qsearch.storage import FolderStorage
from qsearch.upkeep.backup import backup

_SECONDS = 60.0
_NUMBERS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
_PROGRAM = "import sys; from benchmarks.torture.refusals import sweep; sweep(sys.argv[1])"

_COMMITS = {"commit": 2, "merge": 7, "backup": 3}
"""By what is to fail: how many commits of a segment each come before."""

_LAST = Step(
    number=50,
    puts=tuple(f"/{number}" for number in range(4)),
    deletes=("/11",),
    memory=SMALL_MEMORY,
    undone=False,
)


class Refusal(NamedTuple):
    """What fails in a case."""

    scenario: str
    kind: str
    at: int
    error: str
    persistent: bool


def run(setting: Setting) -> Tally:
    """Let as many calls fail as there are cases, at even distances if there are more calls."""
    if reason := shim.missing():
        return Tally(skipped=reason)
    if shim.is_loaded():
        return _Sweep(setting).run()
    asked = {"seed": setting.seed, "cases": list(setting.cases), "folder": str(setting.folder)}
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, json.dumps(asked)],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "LD_PRELOAD": str(shim.make(setting.folder)),
        },
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"the process over the shim ended with {done.returncode}")
    return Tally.from_json(json.loads(done.stdout))


class _Sweep:
    """All cases, in a process over the shim."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._tally = Tally()
        self._before: dict[str, State] = {}

    def run(self) -> Tally:
        warm_up(self._setting.folder / "warm-up")
        refusals = [refusal for scenario in _COMMITS for refusal in self._prepare(scenario)]
        self._tally.figures["calls, errors and ways there are"] = len(refusals)
        cases = self._setting.cases
        if len(cases) > 1:
            count = min(len(cases), len(refusals))
            cases = [place * len(refusals) // count for place in range(count)]
        for case in cases:
            self._try(case, refusals[case])
        return self._tally

    def _path(self, name: str) -> Path:
        return (self._setting.folder / name).resolve()

    def _prepare(self, scenario: str) -> list[Refusal]:
        """Make the index that a scenario starts from; return what can fail in it."""
        path = self._path(scenario)
        with qsearch.create(path) as index:
            for number in range(_COMMITS[scenario]):
                one = Step(number, (f"/{number}", f"/{number + 10}"), (), SMALL_MEMORY, False)
                one.run(index, random.Random)
            self._before[scenario] = state_of(index)
        refusals = []
        for kind in shim.KINDS:
            ended = in_child(partial(self._count, scenario, kind), seconds=_SECONDS)
            if ended.how != "done":
                raise BenchmarkError(f"{scenario}: {ended.value}")
            self._tally.figures[f"{kind} calls of a {scenario}"] = ended.value
            refusals += [
                Refusal(scenario, kind, at, error, persistent)
                for at in range(1, ended.value + 1)
                for error in _NUMBERS
                for persistent in (False, True)
            ]
        return refusals

    def _count(self, scenario: str, kind: str) -> int:
        path = self._copy(scenario)
        with shim.failing(path.parent, kind, at=0, number=0, persistent=False) as library:
            _do(scenario, path)
        count: int = library.torture_count()
        return count

    def _copy(self, scenario: str) -> Path:
        """Put the index of a scenario into a folder of its own; return where it is."""
        folder = self._path("tried")
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(self._path(scenario), folder / "index")
        return folder / "index"

    def _try(self, case: int, refusal: Refusal) -> None:
        what = (
            f"{refusal.kind} {refusal.at} of a {refusal.scenario} fails with {refusal.error}"
            f"{' and so does all after it' if refusal.persistent else ''}"
        )
        ended = in_child(partial(self._refuse, refusal), seconds=_SECONDS)
        if ended.how != "done":
            self._tally.fail(case, f"{what}: {ended.how}: {ended.value}")
            return
        found = ended.value
        wrong = list(found["wrong"])
        before = self._before[refusal.scenario]
        after = before if refusal.scenario == "backup" else _LAST.after(before)
        if found["state"] not in ([before, after] if found["error"] else [after]):
            wrong.append(f"it holds {found['state']}")
        if wrong:
            self._tally.fail(case, f"{what}: {found['error']}: {'; '.join(wrong)}")
        elif not found["error"]:
            self._tally.outcomes["new state, done in spite of it"] += 1
        elif refusal.scenario == "backup":
            self._tally.outcomes["the index as it was, no backup, an error"] += 1
        else:
            kept = "old" if found["state"] == before else "new"
            self._tally.outcomes[f"{kept} state, an error"] += 1

    def _refuse(self, refusal: Refusal) -> dict[str, Any]:
        path = self._copy(refusal.scenario)
        number = _NUMBERS[refusal.error]
        wrong: list[str] = []
        told = None
        with shim.failing(
            path.parent, refusal.kind, at=refusal.at, number=number, persistent=refusal.persistent
        ):
            try:
                _do(refusal.scenario, path)
            except OSError as error:
                told = f"OSError: {error}"
                if error.errno != number:
                    wrong.append("another errno")
            except qsearch.Error as error:
                told = f"{type(error).__name__}: {error}"
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
                wrong.append("a raw exception")
        gc.collect()
        if left := _open_in(path.parent):
            wrong.append(f"still open: {', '.join(left)}")
        state, more = look(path)
        if refusal.scenario == "backup":
            copied = look_at_backup(_backup_of(path), path, told=not told)
            if copied not in (state, None):
                wrong.append(f"the backup holds {copied}")
        return {"state": state, "wrong": wrong + more, "error": told}


def _do(scenario: str, path: Path) -> None:
    """Do what may fail in a scenario."""
    if scenario == "backup":
        backup(FolderStorage(path), FolderStorage(_backup_of(path)))
        return
    with qsearch.open(path) as index:
        _LAST.run(index, random.Random)


def _backup_of(path: Path) -> Path:
    return path.with_name("backup")


def _open_in(path: Path) -> list[str]:
    """The files of a folder that this process has open."""
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - the names are numbers
        try:
            target = Path(os.readlink(f"/proc/self/fd/{name}"))  # noqa: PTH115
        except OSError:
            continue  # the descriptor that the list was read by
        if path in (target, *target.parents):
            found.append(target.name)
    return sorted(found)


def sweep(request: str) -> None:
    """Run the cases in this process, which is over the shim; print the tally as JSON."""
    asked = json.loads(request)
    setting = Setting("errno", asked["seed"], asked["cases"], Path(asked["folder"]))
    print(json.dumps(_Sweep(setting).run().as_json()))
