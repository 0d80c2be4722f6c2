"""Open, search, show and check bad indexes under an audit hook: nothing is executed.

The hook is armed in a forked process after all imports were made and the kernels loaded: its parent
has asked the sound index everything. From then on no code may be compiled, executed or imported, no
process started, no socket made, nothing unpickled, and no file be changed or opened outside of the
index, or for writing.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import qsearch
from benchmarks.torture import answers, damage, damages
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.forked import in_child
from benchmarks.torture.inspect import damages as damages_of
from qsearch.kernels import runtime

_SECONDS = 60.0
_SHAPE = (12, 3)  # articles a commit, commits
_MEMORY = 2 * 1024**3

_FORBIDDEN = (
    "code.", "compile", "ctypes.", "exec", "ftplib.", "function.__new__", "glob.", "http.",
    "import", "marshal.", "os.exec", "os.fork", "os.kill", "os.posix_spawn", "os.putenv",
    "os.spawn",
    "os.system", "os.startfile", "pickle.", "pty.", "shutil.", "smtplib.", "socket.", "sqlite3.",
    "subprocess.", "tempfile.", "urllib.",
)  # fmt: skip
_CHANGING = (
    "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir",
    "os.symlink", "os.truncate", "os.utime",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def run(setting: Setting) -> Tally:
    """Look at as many indexes as there are cases."""
    tally = Tally()
    tally.figures["kernels"] = "compiled" if runtime.wait() else "none: all ran plain"
    for module in pkgutil.walk_packages(qsearch.__path__, "qsearch."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    subject = damage.make_subject(setting, tally, *_SHAPE)
    path = setting.folder / "untrusted"
    events: Counter[str] = Counter()
    for case in setting.cases:
        random = setting.random(case)
        _, made = damages.draw(random, subject.material)
        damage.put(path, made)
        ended = in_child(partial(_watch, path), seconds=_SECONDS, memory=_MEMORY)
        if ended.how != "done":
            tally.fail(case, f"{made.what}: {ended.how}: {ended.value}")
            continue
        events.update(ended.value["events"])
        tally.count("indexes that the kernels searched", ended.value["kernels"] > 0)
        if ended.value["seen"]:
            tally.fail(case, f"{made.what}: {'; '.join(ended.value['seen'])}")
        else:
            tally.outcomes["nothing executed"] += 1
    tally.figures["events seen"] = dict(sorted(events.items()))
    return tally


def _watch(path: Path) -> dict[str, Any]:
    """Ask an index everything under the hook, and check it; return what it saw."""
    used = _count_kernels() if runtime.ready() else []
    hook = _Hook(path)
    sys.addaudithook(hook)
    hook.armed = True
    answers.ask(path, keep_open=True)
    with contextlib.suppress(qsearch.Error):
        damages_of(path)
    hook.armed = False
    return {"seen": sorted(hook.seen), "events": dict(hook.events), "kernels": len(used)}


def _count_kernels() -> list[None]:
    """Let every call of the kernel that finds the best articles add to the returned list."""
    calls: list[None] = []
    module = importlib.import_module("qsearch.kernels.search.run_queries")
    whole = module.run_queries

    def ask(*arguments: Any) -> Any:
        calls.append(None)
        return whole(*arguments)

    vars(module)["run_queries"] = ask
    return calls


class _Hook:
    """Notes what must not happen. It can't be removed, so it lives in a process that ends."""

    def __init__(self, folder: Path) -> None:
        self.armed = False
        self.seen: set[str] = set()
        self.events: Counter[str] = Counter()
        self._folder = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.armed:
            return
        self.events[event] += 1
        if event.startswith(_FORBIDDEN):
            self.seen.add(f"{event} {str(arguments)[:80]!a}")
        elif event.startswith(_CHANGING):
            self.seen.add(f"a change: {event} {str(arguments)[:80]!a}")
        elif event in ("open", "os.listdir", "os.scandir"):
            name, *rest = arguments
            flags = rest[1] if len(rest) > 1 else 0
            if not self._is_inside(name) or (isinstance(flags, int) and flags & _WRITING):
                self.seen.add(f"{event} {name!a} with flags {flags}")

    def _is_inside(self, name: object) -> bool:
        if isinstance(name, int):
            return True  # a descriptor that was opened before the hook's eyes
        if not isinstance(name, (str, bytes, os.PathLike)):
            return False
        real = os.path.join(os.path.realpath(os.fsdecode(name)), "")  # noqa: PTH118
        return real.startswith(self._folder)
