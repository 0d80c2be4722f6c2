"""Whether the kernels can be used now, and the thread that loads them in the background.

``engine.numpy_engine`` and ``index.collector`` give the same answers in NumPy and plain Python, and
do so until the kernels are ready, or for ever where Numba or its cache can't be had.
"""

from __future__ import annotations

import atexit
import importlib
import itertools
import os
import sys
import threading

from qsearch.log import log

_QUERIES_BEFORE_LOADING = 3
KERNELS = """
    search.unpack search.positions search.boolean search.lookup_words search.run_queries
    indexing.tokens indexing.string_table indexing.words indexing.stem indexing.string_arrays
    indexing.invert
""".split()
"""The modules with kernels, by their names below ``qsearch.kernels``."""

_lock = threading.Lock()
_thread: threading.Thread | None = None
_queries = itertools.count(1)
_ready = threading.Event()
_ended = threading.Event()
_leaving = threading.Event()


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
            _thread = threading.Thread(target=_load, name="qsearch-kernels", daemon=True)
            _thread.start()
            atexit.register(_leave)


def wait(timeout: float | None = None) -> bool:
    """Load the kernels and wait for them; return whether they are ready.

    Arguments:
        timeout: seconds to wait at most; None for as long as it takes: the first time after an
            installation they are compiled.
    """
    prepare()
    _ended.wait(timeout)
    return ready()


def _import_numba() -> None:
    """Import Numba; on Python 3.10 without coverage, which Numba uses where it is installed.

    To read TOML on 3.10, coverage imports tomli and then takes every module out of ``sys.modules``
    that came in meanwhile, those of other threads too: their imports fail with a KeyError
    (``coverage.misc.sys_modules_saved``). One that is imported already does no harm any more.
    """
    if sys.version_info >= (3, 11) or "coverage" in sys.modules:
        return
    sys.modules["coverage"] = None  # so its import fails
    try:
        importlib.import_module("numba")
    finally:
        if sys.modules.get("coverage", sys) is None:
            del sys.modules["coverage"]


def _load() -> None:
    from qsearch.kernels.runtime import disk_cache  # which a process of one query does without

    try:
        disk_cache.drop_stale()
        if not disk_cache.is_complete(KERNELS):
            disk_cache.compile_apart(KERNELS, _leaving)
        _import_numba()
        # Compiled, or read from Numba's cache, at import.
        for name in KERNELS:
            if _leaving.is_set():
                return
            importlib.import_module(f"qsearch.kernels.{name}")
        _ready.set()
    # Whatever Numba meets, the slow path goes on.
    except Exception as error:
        log.warning("the compiled kernels can't be had, going on without them: %s", error)
    finally:
        _ended.set()


def _leave() -> None:
    """Let the kernel that is loading come to its end: a process that ends while LLVM works in
    another thread crashes.
    """
    _leaving.set()
    if _thread is not None:
        _thread.join()
