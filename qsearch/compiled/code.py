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

_FOLDER = Path(__file__).parent
_IMPORT = re.compile(r"^from qsearch\.((?:compiled|analysis)\.\w+) import", re.MULTILINE)
_KERNEL = "cache=True"
_PYTHON = f"py{sys.version_info.major}{sys.version_info.minor}"

_COMPILE = """
import sys
kernels, sys.path[:] = sys.argv[1].split(), sys.argv[2:]
import importlib
for name in kernels:
    importlib.import_module(f"qsearch.compiled.{name}")
"""

_PATIENCE = 0.05
"""Seconds between two looks at a process that compiles."""


def drop_stale() -> None:
    """Remove compiled code that is older than one of the modules it was made from.

    Numba compares only the file that a kernel is defined in, not those that it calls into.
    """
    # Kernels take their numbers from these two folders.
    sources = {f"compiled.{source.stem}": source for source in _FOLDER.glob("*.py")}
    for source in (_FOLDER.parent / "analysis").glob("*.py"):
        sources[f"analysis.{source.stem}"] = source
    for index in _FOLDER.glob("__pycache__/*.nbi"):
        needed, waiting = set[str](), ["compiled." + index.name.partition(".")[0]]
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
    """Return whether nothing has to be compiled, as far as the names of files tell."""
    return all(
        len(list(_FOLDER.glob(f"__pycache__/{name}.*.{_PYTHON}.nbi")))
        >= (_FOLDER / f"{name}.py").read_text("utf-8").count(_KERNEL)
        for name in kernels
    )


def compile_apart(kernels: Iterable[str], leaving: threading.Event) -> None:
    """Compile in another process, which goes on when this one ends, and wait for it.

    So a process that ends early need not wait, and the next one finds the code. Where the code
    would lie elsewhere, or no process can be begun, nothing is done: kernels are then compiled
    when they are imported.

    Arguments:
        kernels: the modules.
        leaving: set when there is no more time to wait.
    """
    elsewhere = os.environ.get("NUMBA_CACHE_DIR") or not os.access(_FOLDER, os.W_OK)
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
