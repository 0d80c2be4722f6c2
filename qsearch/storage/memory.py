"""Files in memory: an index for a test, gone with the process."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterable
from pathlib import Path

from qsearch.storage.contract import Held, Lock, Mapped


class MemoryStorage:
    """Files in memory; ``contract.Storage`` says what each operation promises.

    Nothing outlives the process, so *durable* has no meaning here.
    """

    def __init__(self, path: Path = Path("memory")) -> None:
        self.path = path
        self._files: dict[str, bytes] = {}
        self._locks: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def make(self) -> None:
        """Do nothing."""

    def names(self) -> list[str]:
        """Return the names of all files."""
        with self._lock:
            return list(self._files)

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        try:
            return self._files[name]
        except KeyError:
            raise self._error(errno.ENOENT, name) from None

    def map(self, name: str) -> Mapped:
        """Return the content of a file."""
        return self.read(name)

    def write(self, name: str, parts: Iterable[bytes | bytearray | memoryview]) -> None:
        """Keep a new file."""
        content = b"".join(parts)
        with self._lock:
            if name in self._files:
                raise self._error(errno.EEXIST, name)
            self._files[name] = content

    def rename(self, name: str, new: str) -> None:
        """Give a file another name."""
        with self._lock:
            if name not in self._files:
                raise self._error(errno.ENOENT, name)
            self._files[new] = self._files.pop(name)

    def remove(self, name: str) -> None:
        """Forget a file."""
        with self._lock:
            self._files.pop(name, None)

    def sync(self) -> None:
        """Do nothing."""

    def lock(self, name: str, note: bytes) -> Lock:
        """Take a lock."""
        with self._lock:
            if name in self._locks:
                raise Held(self._locks[name])
            self._files.setdefault(name, b"")
            self._locks[name] = note
        return _MemoryLock(self._locks, name)

    def _error(self, number: int, name: str) -> OSError:
        return OSError(number, os.strerror(number), str(self.path / name))


class _MemoryLock:
    def __init__(self, locks: dict[str, bytes], name: str) -> None:
        self._held: dict[str, bytes] | None = locks
        self._name = name

    def release(self) -> None:
        """Let go of the lock."""
        held, self._held = self._held, None
        if held is not None:
            held.pop(self._name, None)
