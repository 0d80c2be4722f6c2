"""Index hostile files: each is read rightly or is one reported skip, and the rest is indexed.

The listed files come first: hostile ones (``hostile_files``, ``hostile_containers``) and some that
change while they are read (``restless``). Then come random front matters (``front_matters``). 250
files to a folder, good ones among them; each folder is indexed twice in a forked process with a
bound on memory. Every file is accounted for by exactly one article or one skip, never both, and so
again in the second run; a reason is one printable line with a place in the file; what was written
regularly is read as it was meant; no good file is lost.
"""

from __future__ import annotations

import os
import resource
import shutil
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import qsearch
from benchmarks.torture import modes
from benchmarks.torture.campaign import Setting, Tally, narrowed
from benchmarks.torture.collection import warm_up
from benchmarks.torture.forked import Ended, in_child
from benchmarks.torture.front_matters import draw
from benchmarks.torture.hostile_containers import CONTAINERS, PEACEFUL
from benchmarks.torture.hostile_files import FILES, FORBIDDEN, FORGIVEN, THINGS, front
from benchmarks.torture.restless import CHANGES, Restless
from qsearch.reading import files as reading

_BATCH = 250
_SECONDS = 300.0
_MEMORY = 1024**3
_GOODS = 10  # good files in a folder
_LONGEST_REASON = 500

_NAMES = ("new\nline", "\x1b[31mred", "\u202eback", "a b", "-x", "$HOME", "é", "\udcff")
"""Names of files, each followed by its number; the last is no UTF-8, which is a skip."""

LISTED = (
    *(*FILES, *FORGIVEN, *THINGS),
    *(f"the name {name!a}" for name in _NAMES),
    *(*CHANGES, *FORBIDDEN),
    *(*CONTAINERS, *PEACEFUL),
)


class Expected(NamedTuple):
    """What must come of a case.

    Attributes:
        path: of its file, as a skip shows it.
        url: of its article.
        values: what must be read; None: whatever.
        wanted: ``read``, ``skip`` or ``either``.
        then: what must come of it in the next run, or ``gone``.
        change: the name of what happens to it meanwhile.
        forbidden: whether its mode forbids to read it.
    """

    path: str
    url: str
    values: dict[str, str] | None
    wanted: str
    then: str
    change: str | None = None
    forbidden: bool = False


def run(setting: Setting) -> Tally:
    """Write as many files as there are cases, and index them."""
    tally = Tally()
    warm_up(setting.folder / "warm-up")
    peak = 0
    for batch in setting.batches(_BATCH):
        for cases, ended in narrowed(batch, partial(_try, setting)):
            if ended.how != "done":
                tally.fail_all(cases, ended)
                continue
            for outcome, count in ended.value["outcomes"].items():
                tally.outcomes[outcome] += count
            for case, wrong in ended.value["failures"]:
                tally.fail(case, wrong)
            peak = max(peak, ended.value["memory"])
    tally.figures["memory taken by an indexing run, MB, at most"] = round(peak / 1e6, 1)
    return tally


def _try(setting: Setting, cases: list[int]) -> Ended:
    """Write the files of some cases into a folder, and index it."""
    folder = setting.folder / "files"
    folder.mkdir()
    try:
        expected = {case: _write(setting, folder, case) for case in cases}
        for number in range(_GOODS):
            (folder / f"good-{number}.md").write_text(f"---\nurl: /good-{number}\ntitle: g\n---\n")
        return in_child(partial(_index, folder, expected), seconds=_SECONDS, memory=_MEMORY)
    finally:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(folder)
        shutil.rmtree(_index_of(folder), ignore_errors=True)


def _index_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-index")


def _write(setting: Setting, folder: Path, case: int) -> Expected:  # noqa: PLR0911
    """Write the file of a case; return what must come of it."""
    url = f"/case-{case}"
    path = folder / f"{case:06}.md"
    name = LISTED[case] if case < len(LISTED) else None
    if name is None:
        made = draw(setting.random(case), url)
        path.write_bytes(made.data)
        wanted = "read" if made.values else "either"
        return Expected(str(path), url, made.values, wanted, wanted)
    if name in THINGS:
        THINGS[name](path)
        if name == "a link to itself":
            path.unlink()
            path.symlink_to(path.name)
        return Expected(str(path), url, None, "skip", "skip")
    if name in CHANGES:
        path.write_bytes(front("title: t").replace(b"/x\n", f"{url}\n".encode()))
        change = CHANGES[name]
        return Expected(str(path), url, {"title": "t"}, change.wanted, change.then, name)
    if name in FORBIDDEN:
        FORBIDDEN[name](path)
        return Expected(str(path), url, None, "skip", "skip", forbidden=True)
    if name in CONTAINERS or name in PEACEFUL:
        ending, data = CONTAINERS.get(name) or PEACEFUL[name]
        path = folder / f"{case:06}{ending}"
        path.write_bytes(data)
        wanted = "skip" if name in CONTAINERS else "read"
        return Expected(str(path), url, None, wanted, wanted)
    if name in FILES or name in FORGIVEN:
        data = FILES.get(name) or FORGIVEN.get(name, b"")
        path.write_bytes(data.replace(b"url: /x\n", f"url: {url}\n".encode()))
        wanted = "skip" if name in FILES else "read"
        return Expected(str(path), url, None, wanted, wanted)
    path = folder / f"{_NAMES[case - len(FILES) - len(FORGIVEN) - len(THINGS)]}-{case:06}.md"
    path.write_text(f"---\nurl: {url}\ntitle: g\n---\n")
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    wanted = "skip" if shown != str(path) else "read"
    return Expected(shown, url, None, wanted, wanted)


def _index(folder: Path, expected: dict[int, Expected]) -> dict[str, Any]:
    """Index a folder twice and see what came of each case."""
    before = _peak()
    outcomes = {"read": 0, "skipped": 0}
    if not modes.bind():
        tried = {case: one for case, one in expected.items() if not one.forbidden}
        outcomes["not tried: modes don't hold for this user"] = len(expected) - len(tried)
        expected = tried
    failures: dict[int, str] = {}
    changes = {one.path: CHANGES[one.change] for one in expected.values() if one.change}
    with qsearch.create(_index_of(folder)) as index:
        vars(reading)["os"] = Restless(changes)
        failures |= _outcomes(index, folder, expected, then=False)
        sources = {article.path for article in index}
        for one in expected.values():
            outcomes["read" if one.path in sources else "skipped"] += 1
        vars(reading)["os"] = os
        for case, wrong in _outcomes(index, folder, expected, then=True).items():
            failures.setdefault(case, f"in the second run: {wrong}")
    for case in failures:
        outcomes["read" if expected[case].path in sources else "skipped"] -= 1
    return {
        "failures": sorted(failures.items()),
        "outcomes": {name: count for name, count in outcomes.items() if count},
        "memory": _peak() - before,
    }


def _outcomes(
    index: qsearch.Index, folder: Path, expected: dict[int, Expected], *, then: bool
) -> dict[int, str]:
    """Index a folder; return what is wrong, by case."""
    report = index.update(folder)
    failures: dict[int, str] = {}
    skips: dict[str, list[qsearch.ArticleError]] = {}
    for skip in report.skipped:
        skips.setdefault(skip.path or "", []).append(skip)
    sources = {article.path: article for article in index}
    for case, one in expected.items():
        wanted = one.then if then else one.wanted
        wrong = _wrong(skips.pop(one.path, []), sources.get(one.path), one.values, wanted)
        if wrong:
            failures[case] = f"{one.url}: {wrong}"
    first = min(expected)
    for number in range(_GOODS):
        if index.get(f"/good-{number}") is None:
            failures.setdefault(first, f"the good file {number} was not indexed")
    for path in skips:
        failures.setdefault(first, f"a skip of another path: {path!a}")
    late = sum(one.wanted == "skip" and one.then == "read" for one in expected.values())
    if then and (report.added, report.updated) != (late, 0):
        what = f"{report.added} articles added, {report.updated} updated, not {late} and 0"
        failures.setdefault(first, what)
    return failures


def _wrong(
    skips: list[qsearch.ArticleError],
    article: qsearch.Article | None,
    values: dict[str, str] | None,
    wanted: str,
) -> str:
    """What is wrong with what came of a file; an empty text: nothing."""
    if wanted == "gone":
        return f"{len(skips)} skips and {article}, but it is gone" if skips or article else ""
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
