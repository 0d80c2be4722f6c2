"""Locks that are free in a forked process, where the thread that held them does not exist.

What these guard is published in one step at the end, so what a thread had half done is not seen.
"""

from __future__ import annotations

import os
import threading
from weakref import WeakSet

_locks: WeakSet[ForkSafeLock] = WeakSet()


class ForkSafeLock:
    """A ``threading.Lock`` that a forked process finds free."""

    def __init__(self) -> None:
        self.renew()
        _locks.add(self)

    def renew(self) -> None:
        """Forget who holds it."""
        self._lock = threading.Lock()

    def try_acquire(self) -> bool:
        """Take it if it is free, without waiting; ``release`` has to follow."""
        return self._lock.acquire(blocking=False)

    def acquire(self) -> None:
        """Wait for it and take it; ``release`` has to follow."""
        self._lock.acquire()

    def release(self) -> None:
        """Let another thread take it."""
        self._lock.release()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


os.register_at_fork(after_in_child=_renew_all)
