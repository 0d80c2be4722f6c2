"""Index hostile files: each is read rightly or is one reported skip, and the rest is indexed.

The listed files (``hostile_files``) come first, then random front matters (``front_matters``): 250
files to a folder, good ones among them, one indexing run over each folder in a forked process with
a bound on memory. Every file is accounted for by exactly one article or one skip, never both; a
reason is one printable line with a place in the file; what was written regularly is read as it was
meant; no good file is lost.
"""

from __future__ import annotations

import os
import resource
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import qsearch
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.collection import warm_up
from benchmarks.torture.forked import in_child
from benchmarks.torture.front_matters import draw
from benchmarks.torture.hostile_files import FILES, FORGIVEN, THINGS

_BATCH = 250
_SECONDS = 300.0
_MEMORY = 1024**3
_GOODS = 10  # good files in a folder
_LONGEST_REASON = 500

_NAMES = ("new\nline", "\x1b[31mred", "\u202eback", "a b", "-x", "$HOME", "é", "\udcff")
"""Names of files, each followed by its number; the last is no UTF-8, which is a skip."""

LISTED = (*FILES, *FORGIVEN, *THINGS, *(f"the name {name!a}" for name in _NAMES))


def run(setting: Setting) -> Tally:
    """Write as many files as there are cases, and index them."""
    tally = Tally()
    warm_up(setting.folder / "warm-up")
    peak = 0
    for batch in setting.batches(_BATCH):
        folder = setting.folder / f"files-{batch[0]}"
        folder.mkdir()
        expected = {case: _write(setting, folder, case) for case in batch}
        for number in range(_GOODS):
            (folder / f"good-{number}.md").write_text(f"---\nurl: /good-{number}\ntitle: g\n---\n")
        ended = in_child(partial(_index, folder, expected), seconds=_SECONDS, memory=_MEMORY)
        if ended.how != "done":
            tally.fail(batch[0], f"one of the cases from {batch[0]} on: {ended.how}: {ended.value}")
        else:
            for outcome, count in ended.value["outcomes"].items():
                tally.outcomes[outcome] += count
            for case, wrong in ended.value["failures"]:
                tally.fail(case, wrong)
            peak = max(peak, ended.value["memory"])
        shutil.rmtree(folder)
    tally.figures["memory taken by an indexing run, MB, at most"] = round(peak / 1e6, 1)
    return tally


Expected = tuple[str, str, "dict[str, str] | None", str]
"""Of a case: its path as a skip shows it, its url, what must be read, and ``read``, ``skip`` or
``either``.
"""


def _write(setting: Setting, folder: Path, case: int) -> Expected:
    """Write the file of a case; return what must come of it."""
    url = f"/case-{case}"
    path = folder / f"{case:06}.md"
    name = LISTED[case] if case < len(LISTED) else None
    if name is None:
        made = draw(setting.random(case), url)
        path.write_bytes(made.data)
        return str(path), url, made.values, "read" if made.values else "either"
    if name in THINGS:
        # A socket has a short path only.
        here = Path.cwd()
        os.chdir(folder)
        try:
            THINGS[name](Path(path.name))
        finally:
            os.chdir(here)
        if name == "a link to itself":
            path.unlink()
            path.symlink_to(path.name)
        return str(path), url, None, "skip"
    if name in FILES or name in FORGIVEN:
        data = FILES.get(name) or FORGIVEN.get(name, b"")
        path.write_bytes(data.replace(b"url: /x\n", f"url: {url}\n".encode()))
        return str(path), url, None, "skip" if name in FILES else "read"
    path = folder / f"{_NAMES[LISTED.index(name) - len(LISTED)]}-{case:06}.md"
    path.write_text(f"---\nurl: {url}\ntitle: g\n---\n")
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    return shown, url, None, "skip" if shown != str(path) else "read"


def _index(folder: Path, expected: dict[int, Expected]) -> dict[str, Any]:
    """Index a folder and see what came of each case."""
    before = _peak()
    failures: list[tuple[int, str]] = []
    outcomes = {"read": 0, "skipped": 0}
    with qsearch.create(folder.with_name(f"{folder.name}-index")) as index:
        report = index.update(folder)
        skips: dict[str, list[qsearch.ArticleError]] = {}
        for skip in report.skipped:
            skips.setdefault(skip.path or "", []).append(skip)
        sources = {article.path: article for article in index}
        first = min(expected)
        failures += [
            (first, f"the good file {number} was not indexed")
            for number in range(_GOODS)
            if index.get(f"/good-{number}") is None
        ]
        for case, (path, url, values, wanted) in expected.items():
            wrong = _wrong(skips.pop(path, []), sources.get(path), values, wanted)
            if wrong:
                failures.append((case, f"{url}: {wrong}"))
            else:
                outcomes["read" if path in sources else "skipped"] += 1
        failures += [(first, f"a skip of another path: {path!a}") for path in skips]
    return {"failures": failures, "outcomes": outcomes, "memory": _peak() - before}


def _wrong(
    skips: list[qsearch.ArticleError],
    article: qsearch.Article | None,
    values: dict[str, str] | None,
    wanted: str,
) -> str:
    """What is wrong with what came of a file; an empty text: nothing."""
    if len(skips) + (article is not None) != 1:
        return f"{len(skips)} skips and {'an' if article else 'no'} article"
    if skips:
        return f"was not read: {skips[0]}" if wanted == "read" else _wrong_skip(skips[0])
    if wanted == "skip":
        return "was read"
    for name, value in (values or {}).items():
        if getattr(article, name) != value:
            return f"{name} is {getattr(article, name)!a:.60}, not {value!a:.60}"
    return ""


def _wrong_skip(skip: qsearch.ArticleError) -> str:
    if not skip.reason.isprintable() or not 0 < len(skip.reason) < _LONGEST_REASON:
        return f"the reason {skip.reason!a:.80}"
    places = [place for place in (skip.line, skip.column) if place is not None]
    return f"the place {places}" if any(place < 1 for place in places) else ""


def _peak() -> int:
    """The most memory that this process has had, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if os.uname().sysname == "Darwin" else peak * 1024
