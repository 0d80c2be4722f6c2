"""A piece of work in a forked process, with limits: how it ended, whatever it did.

Forking a warm process costs a hundredth of starting Python. The parent must have no other threads
that hold locks; campaigns load the kernels first and start no thread of their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Ended:
    """How a piece of work ended.

    Attributes:
        how: ``done``, ``raised`` (an exception left it), ``crash`` (a signal, or it went away) or
            ``hang`` (it took longer than it may).
        value: what it returned, through JSON; of the other ends a text that says more.
    """

    how: str
    value: Any


def fork() -> int:
    """Fork; as ``os.fork``, but without the warning of newer Pythons about threads.

    NumPy's libraries keep threads of their own, which survive a fork.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


class Child:
    """A forked process that runs ``work``.

    Arguments:
        work: returns something that JSON can hold.
        memory: how many bytes of address space it may take beyond what the process has now.
    """

    def __init__(self, work: Callable[[], Any], *, memory: int | None = None) -> None:
        self._reading, writing = os.pipe()
        self._pid = fork()
        if not self._pid:
            os.close(self._reading)
            _child(work, writing, memory)
        os.close(writing)

    def end(self, seconds: float) -> Ended:
        """Wait for its end; kill it if that takes longer than ``seconds``."""
        try:
            raw = _read_all(self._reading, time.monotonic() + seconds)
            if raw is None:
                os.kill(self._pid, signal.SIGKILL)
        finally:
            os.close(self._reading)
            _, status = os.waitpid(self._pid, 0)
        if raw is None:
            return Ended("hang", f"no end after {seconds:g} s")
        try:
            how, value = json.loads(raw)
        except ValueError:
            code = os.waitstatus_to_exitcode(status)
            name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            return Ended("crash", f"the process ended by {name}")
        return Ended(how, value)


def in_child(work: Callable[[], Any], *, seconds: float, memory: int | None = None) -> Ended:
    """Run ``work`` in a forked process and wait for its end, ``seconds`` at most."""
    return Child(work, memory=memory).end(seconds)


def _child(work: Callable[[], Any], writing: int, memory: int | None) -> NoReturn:
    """What the child does; never returns."""
    try:
        if memory is not None:
            limit_memory(memory)
        try:
            outcome = ["done", work()]
        except BaseException:
            outcome = ["raised", traceback.format_exc()[-4_000:]]
        view = memoryview(json.dumps(outcome).encode())
        while view:
            view = view[os.write(writing, view) :]
        os.close(writing)
    finally:
        os._exit(0)


def limit_memory(more: int) -> None:
    """Let this process take at most ``more`` bytes of address space from now on.

    Without effect where the system doesn't say what the process has (macOS).
    """
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + more
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def own_memory() -> int:
    """Return the bytes of memory that this process has for itself, mapped files left out.

    Where the system doesn't say that, the most memory that it has ever had.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.partition("RssAnon:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _read_all(descriptor: int, give_up: float) -> bytes | None:
    """All that comes until the other end is closed; None if that takes too long."""
    parts: list[bytes] = []
    while True:
        left = give_up - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return None
        part = os.read(descriptor, _CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)
