"""Eight readers and a writer: every snapshot is one commit, repeatable; memory and files stay flat.

Four processes of two threads read while one writes. A reader takes a snapshot and reads all of it
twice, a moment apart: both times it must hold exactly what the commit of its generation left, and
no generation may be older than the one before. Searches must agree. Each process notes its memory
and its open files; what they were in the second quarter of the time is compared with the last one.
"""

from __future__ import annotations

import itertools
import os
import random
import resource
import statistics
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import qsearch
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.collection import version_of, warm_up
from benchmarks.torture.forked import Child
from benchmarks.torture.history import State, Step, step
from qsearch import Index

_PROCESSES = 4
_THREADS = 2
_GRACE = 60.0  # seconds for what runs to end
_MORE_MB, _MORE_SHARE = 8.0, 0.1
"""What memory may grow by and count as flat: allocators return it late."""
_MORE_FILES, _MORE_FILES_SHORT = 15, 200
"""What open files may grow by, in a long run and in a short one: merges let them go up and down."""
_LONG = 60  # seconds of a long run; in a shorter one memory isn't judged: it is still loading


def run(setting: Setting) -> Tally:
    """Let them work for as many seconds as there are cases."""
    tally = Tally()
    warm_up(setting.folder / "warm-up")
    path = setting.folder / "index"
    qsearch.create(path).close()
    last = max(setting.cases)
    seconds = max(last + 1, 2)
    until = time.monotonic() + seconds
    works = [partial(_write, setting, path, until)]
    works += [partial(_read, setting, path, until) for _ in range(_PROCESSES)]
    children = [Child(work) for work in works]
    for number, child in enumerate(children):
        name = f"reader {number}" if number else "writer"
        ended = child.end(within=max(until - time.monotonic(), 0) + _GRACE)
        if ended.how != "done":
            tally.fail(last, f"{name}: {ended.how}: {ended.value}")
            continue
        for wrong in ended.value["wrong"]:
            tally.fail(last, f"{name}: {wrong}")
        for figure, count in ended.value["counts"].items():
            tally.count(figure, count)
        for what, before, after in _growth(ended.value["samples"], seconds):
            tally.fail(last, f"{name}: {what} grew from {before:g} to {after:g}")
        tally.figures[f"{name}: MB, open files"] = _quarters(ended.value["samples"])
    tally.outcomes["seconds without a fault"] += 0 if tally.failures else seconds
    return tally


def _step(setting: Setting, number: int) -> Step:
    """The step that leads to a generation.

    None is undone, and none deletes what it adds: it could leave all as it was and make none.
    """
    drawn = step(setting.random(f"step {number}"), number)
    deletes = tuple(url for url in drawn.deletes if url not in drawn.puts)
    return replace(drawn, deletes=deletes, undone=False)


def _write(setting: Setting, path: Path, until: float) -> dict[str, Any]:
    samples = _Samples()
    with qsearch.open(path) as index:
        for generation in itertools.count(1):
            if time.monotonic() >= until:
                break
            one = _step(setting, generation)
            one.run(index, lambda part: random.Random(f"{setting.seed} {part}"))
            samples.take()
    return {"wrong": [], "counts": {"commits": generation - 1}, "samples": samples.taken}


def _read(setting: Setting, path: Path, until: float) -> dict[str, Any]:
    wrong: list[str] = []
    counts = {"snapshots read twice": 0}
    samples = _Samples()
    with qsearch.open(path) as index:
        readers = [_Reader(setting, index) for _ in range(_THREADS)]

        def work(reader: _Reader) -> None:
            try:
                while time.monotonic() < until and not wrong:
                    reader.read()
                    counts["snapshots read twice"] += 1
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=work, args=(reader,)) for reader in readers]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.2)
            samples.take()
    return {"wrong": wrong, "counts": counts, "samples": samples.taken}


class _Reader:
    """A thread that reads; it knows what its newest generation holds."""

    def __init__(self, setting: Setting, index: Index) -> None:
        self._setting = setting
        self._index = index
        self._generation = 0
        self._state: State = {}

    def read(self) -> None:
        """Take a snapshot and read it twice; AssertionError says what was not as it must be."""
        snapshot = self._index._current()
        generation = snapshot.manifest.generation
        if generation < self._generation:
            raise AssertionError(f"generation {generation} after {self._generation}")
        for number in range(self._generation + 1, generation + 1):
            self._state = _step(self._setting, number).after(self._state)
        self._generation = generation
        for _ in range(2):
            held = {article.url: version_of(article) for article in snapshot.articles()}
            if held != self._state:
                raise AssertionError(f"generation {generation} holds {held}, not {self._state}")
            time.sleep(0.01)
        results = self._index.search("version", limit=None)
        urls = {hit.url for hit in results}
        if not len(urls) == len(results) == results.total:
            raise AssertionError(f"{len(urls)} urls in {len(results)} hits of {results.total}")
        self._index.refresh()


class _Samples:
    """Memory and open files of this process from time to time."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, int]] = []
        self._next = 0.0
        self.take()

    def take(self) -> None:
        """Note them, five times a second at most."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.2
        self.taken.append((_resident_mb(), len(os.listdir("/dev/fd"))))  # noqa: PTH208


def _resident_mb() -> float:
    """What of this process is in memory; where the system doesn't say, the most there ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return pages * resource.getpagesize() / 1e6


def _quarters(samples: list[list[float]]) -> list[list[float]]:
    """The medians of memory and files in the second and in the last quarter."""
    quarter = max(len(samples) // 4, 1)
    parts = [samples[quarter : 2 * quarter] or samples, samples[-quarter:]]
    return [
        [round(statistics.median(sample[column] for sample in part), 1) for column in (0, 1)]
        for part in parts
    ]


def _growth(samples: list[list[float]], seconds: int) -> list[tuple[str, float, float]]:
    """What was not flat: its name, before and after."""
    (memory, files), (memory_then, files_then) = _quarters(samples)
    grown = []
    if seconds >= _LONG and memory_then > memory * (1 + _MORE_SHARE) + _MORE_MB:
        grown.append(("memory", memory, memory_then))
    if files_then > files + (_MORE_FILES if seconds >= _LONG else _MORE_FILES_SHORT):
        grown.append(("the number of open files", files, files_then))
    return grown
