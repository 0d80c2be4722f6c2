"""The compiled code on disk: is it there, is it of these sources, and who makes it?

It lies where Numba puts it: in ``__pycache__`` beside the sources, unless ``NUMBA_CACHE_DIR`` says
otherwise or nobody may write there.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

_PACKAGE = Path(__file__).parents[2]
_IMPORT = re.compile(r"^from qsearch\.([\w.]+) import", re.MULTILINE)
_KERNEL = "cache=True"
_PYTHON = f"py{sys.version_info.major}{sys.version_info.minor}"

_COMPILE = """
import sys
kernels, sys.path[:] = sys.argv[1].split(), sys.argv[2:]
import importlib
for name in kernels:
    importlib.import_module(f"qsearch.kernels.{name}")
"""

_PATIENCE = 0.05
"""Seconds between two looks at a process that compiles."""


def drop_stale() -> None:
    """Remove compiled code that is older than one of the modules it was made from.

    Numba compares only the file that a kernel is defined in, not those that it calls into.
    """
    sources = {
        ".".join(source.relative_to(_PACKAGE).with_suffix("").parts): source
        for source in _PACKAGE.rglob("*.py")
    }
    for index in _PACKAGE.glob("kernels/*/__pycache__/*.nbi"):
        folder = index.parent.parent.name
        needed, waiting = set[str](), [f"kernels.{folder}.{index.name.partition('.')[0]}"]
        while waiting:
            name = waiting.pop()
            if name in sources and name not in needed:
                needed.add(name)
                waiting += _IMPORT.findall(sources[name].read_text("utf-8"))
        newest = max((sources[name].stat().st_mtime_ns for name in needed), default=0)
        with contextlib.suppress(OSError):
            if index.stat().st_mtime_ns <= newest:
                index.unlink()


def is_complete(kernels: Iterable[str]) -> bool:
    """Return whether nothing has to be compiled, as far as the names of files tell.

    Arguments:
        kernels: modules with kernels, by their names below ``qsearch.kernels``.
    """
    return all(map(_is_compiled, kernels))


def _is_compiled(kernel: str) -> bool:
    source = _PACKAGE.joinpath("kernels", *kernel.split(".")).with_suffix(".py")
    there = list(source.parent.glob(f"__pycache__/{source.stem}.*.{_PYTHON}.nbi"))
    return len(there) >= source.read_text("utf-8").count(_KERNEL)


def compile_apart(kernels: Iterable[str], leaving: threading.Event) -> None:
    """Compile in another process, which goes on when this one ends, and wait for it.

    So a process that ends early need not wait, and the next one finds the code. Where the code
    would lie elsewhere, or no process can be begun, nothing is done: kernels are then compiled
    when they are imported.

    Arguments:
        kernels: as for ``is_complete``.
        leaving: set when there is no more time to wait.
    """
    elsewhere = os.environ.get("NUMBA_CACHE_DIR") or not os.access(_PACKAGE, os.W_OK)
    if elsewhere or os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return
    path = [entry for entry in sys.path if isinstance(entry, str)]
    try:
        child = subprocess.Popen(
            [sys.executable, "-c", _COMPILE, " ".join(kernels), *path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return
    while child.poll() is None and not leaving.wait(_PATIENCE):
        pass
    if child.returncode is None:
        child.returncode = 0  # left to itself: without this, Python warns that it still runs
