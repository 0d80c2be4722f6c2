"""A piece of work in a forked process, with limits: how it ended, whatever it did.

Forking a warm process costs a hundredth of starting Python. The parent must have no other threads
that hold locks; campaigns load the kernels first and start no thread of their own.
"""

from __future__ import annotations

import contextlib
import json
import math
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
_LOOK = 1.0  # seconds between two looks at a child


@dataclass(frozen=True)
class Ended:
    """How a piece of work ended.

    Attributes:
        how: ``done``, ``raised`` (an exception left it), ``crash`` (a signal, or it went away) or
            ``hang`` (it took more than it may).
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

    Whether it hangs must not depend on what else the machine does, or on a debugger or a person who
    stops it for a while. So what is bounded is its processor time, by the kernel; and how long it
    may sleep without using any, by looking at it once a second.

    Arguments:
        work: returns something that JSON can hold.
        seconds: how much processor time it may take, and how long it may rest; None: any.
        memory: how many bytes of address space it may take beyond what the process has now.
    """

    def __init__(
        self, work: Callable[[], Any], *, seconds: float | None = None, memory: int | None = None
    ) -> None:
        self._seconds = seconds
        self._reading, writing = os.pipe()
        self._pid = fork()
        if not self._pid:
            os.close(self._reading)
            _child(work, writing, seconds, memory)
        os.close(writing)

    def fileno(self) -> int:
        """Return a descriptor that can be read once there is something to ``end``."""
        return self._reading

    def end(self, *, within: float = math.inf) -> Ended:
        """Wait for its end; kill it if it hangs, or takes longer than ``within`` seconds here."""
        try:
            raw, hang = self._read_all(within)
            if hang:
                os.kill(self._pid, signal.SIGKILL)
        finally:
            os.close(self._reading)
            _, status = os.waitpid(self._pid, 0)
        if hang:
            return Ended("hang", hang)
        try:
            how, value = json.loads(raw)
        except ValueError:
            code = os.waitstatus_to_exitcode(status)
            if code == -signal.SIGXCPU:
                return Ended("hang", "no end within the processor time it may take")
            name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            return Ended("crash", f"the process ended by {name}")
        return Ended(how, value)

    def _read_all(self, within: float) -> tuple[bytes, str]:
        """All that comes until the other end is closed, and why that takes too long."""
        parts: list[bytes] = []
        rested = waited = 0.0
        used = -1.0
        while True:
            # Each look counts as one second, however long this process was stopped in between.
            if select.select([self._reading], [], [], _LOOK)[0]:
                part = os.read(self._reading, _CHUNK)
                if not part:
                    return b"".join(parts), ""
                parts.append(part)
                continue
            waited += _LOOK
            asleep, now = _at_rest(self._pid)
            rested = rested + _LOOK if asleep and now == used else 0.0
            used = now
            if self._seconds is not None and rested >= self._seconds:
                return b"", f"asleep for {rested:g} s"
            if waited >= within:
                return b"", f"no end after {waited:g} s"


def in_child(work: Callable[[], Any], *, seconds: float, memory: int | None = None) -> Ended:
    """Run ``work`` in a forked process and wait for its end; the arguments are those of a Child."""
    return Child(work, seconds=seconds, memory=memory).end()


def _child(
    work: Callable[[], Any], writing: int, seconds: float | None, memory: int | None
) -> NoReturn:
    """What the child does; never returns."""
    try:
        if seconds is not None:
            limit_seconds(seconds)
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


def limit_seconds(more: float) -> None:
    """Let this process end by SIGXCPU once it has taken so much more processor time.

    The kernel counts whole seconds.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + more), hard))


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


def _at_rest(pid: int) -> tuple[bool, float]:
    """Whether a process sleeps, and the processor time it has used, in ticks.

    One that could run, waits for a disk or was stopped doesn't sleep. Where the system doesn't say,
    every process seems to.
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
        fields = status.rpartition(")")[2].split()
        return fields[0] == "S", float(fields[11]) + float(fields[12])
    except (OSError, IndexError):
        return True, -1.0
