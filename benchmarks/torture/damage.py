"""Damage the files of an index: the right answer or an error of our own, never a wrong one.

Each case is a copy of one of four small indexes with one damage (``damages``), asked everything
(``answers``) in a forked process with a bound on memory and time; every other case by way of the
compiled kernels. What the sound index answers is the oracle. A forged index may lie, but must not
crash, hang or raise anything that is not ours. ``qsearch.check`` must find every damage that
changed an answer and none in a sound index.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

import qsearch
from benchmarks.torture import answers, damages
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.collection import article
from benchmarks.torture.damages import Damage, Files, Material
from benchmarks.torture.forked import Ended, in_child
from benchmarks.torture.inspect import damages as damages_of
from qsearch.arrays import Array
from qsearch.index import column_codec
from qsearch.kernels import runtime

_SECONDS = 60.0
_WHOLE = "whole"
_MEMORY = 2 * 1024**3
_SHAPES = ((40, 1), (25, 3), (120, 2), (3, 2))  # articles a commit, commits


@dataclass(frozen=True)
class Subject:
    """A sound index and what it answers, in plain NumPy and by way of the kernels."""

    material: Material
    right: tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]


def run(setting: Setting) -> Tally:
    """Damage as many indexes as there are cases."""
    tally = Tally()
    tally.figures["kernels"] = "compiled" if runtime.wait() else "none: all ran plain"
    subjects: dict[tuple[int, int], Subject] = {}
    by_way: Counter[str] = Counter()
    path = setting.folder / "damaged"
    for case in setting.cases:
        random = setting.random(case)
        shape = random.choice(_SHAPES)
        if shape not in subjects:
            subjects[shape] = make_subject(setting, tally, *shape)
        subject = subjects[shape]
        way, damage = damages.draw(random, subject.material)
        by_way[way] += 1
        put(path, damage)
        _try(tally, case, path, subject, damage, kernels=case % 2 == 1)
    tally.figures.update({f"by way of {way}": count for way, count in sorted(by_way.items())})
    return tally


def _try(
    tally: Tally, case: int, path: Path, subject: Subject, damage: Damage, *, kernels: bool
) -> None:
    ended = in_child(partial(_ask, path, kernels=kernels), seconds=_SECONDS, memory=_MEMORY)
    if ended.how != "done":
        tally.fail(case, f"{damage.what}: {ended.how}: {ended.value}")
        return
    found, checked = _answers(ended)
    faults, noticed = answers.wrong(found, subject.right[kernels])
    if checked.startswith("raw"):
        faults.append(f"check: {checked}")
    if damage.forged:
        faults = [fault for fault in faults if not fault.startswith("silent")]
    elif noticed and checked == _WHOLE:
        faults.append("check finds nothing")
    tally.count("found by check", checked != _WHOLE)
    if faults:
        tally.fail(case, f"{damage.what}: {'; '.join(faults[:3])} ({len(faults)} in all)")
    elif noticed:
        tally.outcomes["noticed"] += 1
    else:
        tally.outcomes["answered, forged" if damage.forged else "all answers right"] += 1


def _ask(path: Path, *, kernels: bool) -> tuple[dict[str, tuple[str, str]], str]:
    """The answers of an index, and what ``check`` says."""
    if not kernels:
        runtime.ready = lambda: False
    return answers.ask(path, keep_open=True), _check(path)


def _check(path: Path) -> str:
    try:
        return "; ".join(damages_of(path)) or _WHOLE
    except qsearch.Error as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"raw exception: {type(error).__name__}: {error}"


def _answers(ended: Ended) -> tuple[dict[str, tuple[str, str]], str]:
    found, checked = ended.value
    return {name: (kind, value) for name, (kind, value) in found.items()}, checked


def make_subject(setting: Setting, tally: Tally, size: int, commits: int) -> Subject:
    """Make an index in some commits, with deletions in the last one, and another beside it."""
    path = setting.folder / f"sound-{size}-{commits}"
    for name in (path, path.with_suffix(".other")):
        with qsearch.create(name) as index:
            for commit in range(commits):
                with index.writer() as writer:
                    for number in range(size):
                        random = Random(f"{setting.seed} {name.name} {commit} {number}")
                        url = f"/{number}" if commit == commits - 1 else f"/{commit}-{number}"
                        writer.add(article(random, url, commit))
                    if commit == commits - 1:
                        for number in range(0, size, 7):
                            writer.delete(f"/0-{number}")
    answers.ask(path)  # so that what loads when first needed is there before anything is forked
    right = []
    for kernels in (False, True):
        ended = in_child(partial(_ask, path, kernels=kernels), seconds=_SECONDS)
        if ended.how != "done":
            raise AssertionError(f"the sound index: {ended.how}: {ended.value}")
        found, checked = _answers(ended)
        if checked != _WHOLE:
            tally.fail(-1, f"a false alarm: {checked}")
        odd = [f"{name}: {value}" for name, (kind, value) in found.items() if kind != "answer"]
        if odd:
            tally.fail(-1, f"the sound index raises: {odd}")
        right.append(found)
    files = _files(path)
    material = Material(files, _files(path.with_suffix(".other")), _columns(files))
    return Subject(material, (right[0], right[1]))


def _files(path: Path) -> Files:
    return {entry.name: entry.read_bytes() for entry in sorted(path.iterdir())}


def _columns(files: Files) -> dict[str, dict[str, Array]]:
    """The columns of every file of columns, read by the layout that ``index/columns.py`` states."""
    found = {}
    for name, content in files.items():
        if name.endswith(".qs"):
            (size,) = struct.unpack_from("<Q", content, 24)
            listing = json.loads(content[len(content) - size :])
            found[name] = {column: _column(content, entry) for column, entry in listing.items()}
    return found


def _column(content: bytes, entry: tuple[str, int, int, str, int]) -> Array:
    kind, at, length, coding, number = entry
    size = column_codec.stored_bytes(coding, kind, length, number)
    assert size is not None, entry
    stored = np.frombuffer(content[at : at + size], f"<{column_codec.stored_kind(coding, kind)}")
    return column_codec.decode(column_codec.Coded(coding, number, stored), f"<{kind}", length)


def put(path: Path, damage: Damage) -> None:
    """Make the folder of a damaged index."""
    if path.exists():
        shutil.rmtree(path)
    path.mkdir()
    for name, content in damage.files.items():
        (path / name).write_bytes(content)
    for name, make in damage.odd.items():
        make(path / name)
