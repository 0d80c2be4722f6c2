"""Kill -9 a writing process at a random moment: nothing acknowledged may be lost.

A forked process runs one commit after another, with a backup now and then, and tells each one on a
pipe when it has returned, and each merge when it begins.
The parent kills it, and then the index must open, hold exactly what the last told commit left or
the one under way, all of it readable; the next writer must get the lock at once and leave no file
that no generation needs. A backup that was told is a whole index; another one can be made in the
place of one that was not. The seed repeats the commits and how long to wait, in commits; where in
one the kill comes is up to the machine. Twenty kills hit one index, one after the other.
"""

from __future__ import annotations

import io
import logging
import os
import random
import shutil
import signal
import time
from functools import partial
from pathlib import Path
from typing import NoReturn

import qsearch
from benchmarks.torture import inspect
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.collection import warm_up
from benchmarks.torture.forked import fork, in_child
from benchmarks.torture.history import State, Step, step
from qsearch.storage import FolderStorage
from qsearch.upkeep.backup import backup

_KILLS_OF_AN_INDEX = 20
_PACE = 0.05  # seconds of a commit, as long as none has been seen
_SECONDS = 60.0
_BACKUP_EVERY = 2  # commits
_COMMIT, _MERGE, _BACKUP = b".", b"m", b"b"


def run(setting: Setting) -> Tally:
    """Kill as often as there are cases."""
    tally = Tally()
    warm_up(setting.folder / "warm-up")
    for batch in setting.batches(_KILLS_OF_AN_INDEX):
        life = batch[0] // _KILLS_OF_AN_INDEX
        path = setting.folder / f"index-{life}"
        qsearch.create(path).close()
        _Life(setting, tally, path, life).run(range(life * _KILLS_OF_AN_INDEX, batch[-1] + 1))
    return tally


class _Life:
    """One index and what it is known to hold."""

    def __init__(self, setting: Setting, tally: Tally, path: Path, number: int) -> None:
        self._setting = setting
        self._tally = tally
        self._path = path
        self._number = number
        self._state: State = {}
        self._done = 0
        self._pace = _PACE

    def run(self, cases: range) -> None:
        for case in cases:
            all_told = self._kill(case)
            told = all_told.count(_COMMIT)
            possible = self._possible(told)
            self._tally.count("commits told", told)
            self._tally.count("merges begun", all_told.count(_MERGE))
            self._tally.count("killed in a commit that merges", all_told.endswith(_MERGE))
            left = bool(inspect.unused(self._path))
            self._tally.count("unfinished files left", left)
            ended = in_child(partial(look, self._path), seconds=_SECONDS)
            if ended.how != "done":
                self._tally.fail(case, f"after {told} commits told: {ended.how}: {ended.value}")
                return
            state, wrong = ended.value
            if state not in possible:
                wrong.append(f"it holds neither the state told nor the one under way: {state}")
            wrong += self._backups(all_told)
            if wrong:
                self._tally.fail(case, "; ".join(wrong))
                return
            was_under_way = state != possible[0]
            self._tally.count("under way and kept", was_under_way)
            self._state = state
            # A step may be tried again under its number: it adds the same articles.
            self._done += told + was_under_way
            self._tally.outcomes["kept"] += 1

    def _step(self, number: int) -> Step:
        return step(self._setting.random(f"life {self._number} step {number}"), number)

    def _backup(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}-backup-{number}")

    def _backups(self, told: bytes) -> list[str]:
        """What is wrong with the backups of a process; they are removed."""
        wrong = []
        finished = told.count(_BACKUP)
        state = self._state
        for number in range(self._done, self._done + told.count(_COMMIT)):
            state = self._step(number).after(state)
            path = self._backup(number)
            if not path.exists():
                continue
            finished -= 1
            self._tally.count("backups begun", 1)
            self._tally.count("killed in a backup", finished < 0)
            ended = in_child(
                partial(look_at_backup, path, self._path, told=finished >= 0), seconds=_SECONDS
            )
            if ended.how != "done":
                wrong.append(f"a backup: {ended.how}: {ended.value}")
            elif ended.value not in (state, None):
                wrong.append(f"a backup holds {ended.value}, not {state}")
            shutil.rmtree(path)
        return wrong

    def _possible(self, told: int) -> list[State]:
        """What the last told commit left, and what the one under way would have left."""
        state = self._state
        for number in range(self._done, self._done + told):
            state = self._step(number).after(state)
        return [state, self._step(self._done + told).after(state)]

    def _kill(self, case: int) -> bytes:
        """Let a process commit until it is killed; return what it told."""
        reading, writing = os.pipe()
        child = fork()
        if not child:
            self._commit_for_ever(writing)
        os.close(writing)
        random = self._setting.random(case)
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            commits = random.choice([0, 1, 2, 4])
            told = _read_until(pipe, b"", commits)
            started = time.monotonic()
            if commits:
                told = _read_until(pipe, told, commits + 1)
                self._pace = time.monotonic() - started
            time.sleep(random.uniform(0, 1.5) * self._pace)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return told + (pipe.read() or b"")

    def _commit_for_ever(self, told: int) -> NoReturn:
        """What the process does."""
        try:
            logging.getLogger("qsearch").addHandler(_Merges(told))
            logging.getLogger("qsearch").setLevel(logging.INFO)
            index = qsearch.open(self._path)
            number = self._done
            while True:
                self._step(number).run(index, lambda part: random.Random(f"{self._number} {part}"))
                os.write(told, _COMMIT)
                if number % _BACKUP_EVERY == 0:
                    backup(FolderStorage(self._path), FolderStorage(self._backup(number)))
                    os.write(told, _BACKUP)
                number += 1
        finally:
            os._exit(1)


def _read_until(pipe: io.FileIO, told: bytes, commits: int) -> bytes:
    """Read on, behind ``told``, until so many commits have been told."""
    while told.count(_COMMIT) < commits and (more := pipe.read(1)):
        told += more
    return told


class _Merges(logging.Handler):
    """Tells of each merge that begins."""

    def __init__(self, told: int) -> None:
        super().__init__()
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("merging"):
            os.write(self._told, _MERGE)


def look_at_backup(path: Path, index: Path, *, told: bool) -> State | None:
    """Return what a backup holds; None for one that was not finished and now is.

    Arguments:
        path: the backup, whole or not, or nothing.
        index: of what it is.
        told: whether it was told that it is whole.
    """
    if not told:
        try:
            qsearch.open(path)
        except (qsearch.IndexNotFound, qsearch.IndexCorrupt):
            backup(FolderStorage(index), FolderStorage(path))
            if found := inspect.damages(path):
                raise AssertionError(found) from None
            return None
    with qsearch.open(path) as copied:
        if found := inspect.faults(copied):
            raise AssertionError(found)
        return inspect.state_of(copied)


def look(path: Path) -> tuple[State, list[str]]:
    """Return what an index holds, and what is wrong with it or with the next writer."""
    with qsearch.open(path) as index:
        state = inspect.state_of(index)
        wrong = inspect.faults(index)
    return state, wrong + inspect.next_writer(path)
