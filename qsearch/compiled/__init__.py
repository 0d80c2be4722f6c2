"""How is it fast? Numba kernels for what the profile is made of, loaded in the background.

Nothing here defines an outcome: ``search.match`` and ``index.collect`` give the same answers in
NumPy and plain Python, and do so until the kernels are ready, or for ever where Numba or its cache
can't be had.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import itertools
import os
import re
import sys
import threading
from pathlib import Path

from qsearch.log import log

_QUERIES_BEFORE_LOADING = 3
_KERNELS = "fill phrase top tokens forms words stem strings invert".split()

_IMPORT = re.compile(r"^from qsearch\.compiled\.(\w+) import", re.MULTILINE)

_lock = threading.Lock()
_thread: threading.Thread | None = None
_queries = itertools.count(1)
_ready = threading.Event()
_ended = threading.Event()


def _after_fork() -> None:
    """Wait for nothing in a forked process: the thread that was loading does not exist there, and
    what it was importing stays locked.
    """
    global _lock, _ready, _ended
    loaded, begun = _ready.is_set(), _thread is not None
    _lock, _ready, _ended = threading.Lock(), threading.Event(), threading.Event()
    if loaded:
        _ready.set()
    if begun:
        _ended.set()


os.register_at_fork(after_in_child=_after_fork)


def ready() -> bool:
    """Whether the kernels can be called now."""
    return _ready.is_set()


def loading() -> bool:
    """Whether the kernels are being loaded, or compiled, now."""
    return _thread is not None and not _ended.is_set()


def query_asked() -> None:
    """Count a query; with the third one of a process the kernels begin to load.

    A command that answers one query is done before loading them would pay.
    """
    if _thread is None and next(_queries) >= _QUERIES_BEFORE_LOADING:
        prepare()


def prepare() -> None:
    """Begin to load the kernels, without waiting for them; the first call counts."""
    global _thread  # noqa: PLW0603 - one loading per process
    with _lock:
        if _thread is None:
            _import_coverage()
            _thread = threading.Thread(target=_load, name="qsearch-kernels", daemon=True)
            _thread.start()


def wait(timeout: float | None = None) -> bool:
    """Load the kernels and wait for them; return whether they are ready.

    Arguments:
        timeout: seconds to wait at most; None for as long as it takes: the first time after an
            installation they are compiled.
    """
    prepare()
    _ended.wait(timeout)
    return ready()


def _import_coverage() -> None:
    """Import what Numba would import of it, before other threads import anything beside.

    Numba imports coverage where that is installed. To read TOML on Python 3.10, coverage imports
    tomli and then takes every module out of ``sys.modules`` that came in meanwhile, those of other
    threads too: their imports fail with a KeyError (``coverage.misc.sys_modules_saved``).
    """
    if sys.version_info < (3, 11) and importlib.util.find_spec("coverage"):
        with contextlib.suppress(Exception):
            importlib.import_module("coverage")


def _drop_stale_code() -> None:
    """Remove compiled code that is older than one of the modules it was made from.

    Numba compares only the file that a kernel is defined in, not those that it calls into.
    """
    folder = Path(__file__).parent
    sources = {source.stem: source for source in folder.glob("*.py")}
    for index in folder.glob("__pycache__/*.nbi"):
        needed, waiting = set[str](), [index.name.partition(".")[0]]
        while waiting:
            name = waiting.pop()
            if name in sources and name not in needed:
                needed.add(name)
                waiting += _IMPORT.findall(sources[name].read_text("utf-8"))
        newest = max((sources[name].stat().st_mtime_ns for name in needed), default=0)
        with contextlib.suppress(OSError):
            if index.stat().st_mtime_ns <= newest:
                index.unlink()


def _load() -> None:
    try:
        _drop_stale_code()
        # Compiled, or read from Numba's cache, at import.
        for name in _KERNELS:
            importlib.import_module(f"qsearch.compiled.{name}")
        _ready.set()
    # Whatever Numba meets, the slow path goes on.
    except Exception as error:
        log.warning("the compiled kernels can't be had, going on without them: %s", error)
    finally:
        _ended.set()
