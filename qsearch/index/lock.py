"""One writer at a time: a kernel lock, so a dead process never leaves one behind."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import os
import socket
import time
from pathlib import Path

from qsearch.errors import IndexLocked

LOCK_NAME = "writer.lock"
_POLL = 0.02


class WriterLock:
    """The lock of one index folder.

    Arguments:
        folder: the index.
        timeout: seconds to wait for another writer to end.

    Raises:
        IndexLocked: another writer still holds it; the text says who.
    """

    def __init__(self, folder: Path, *, timeout: float) -> None:
        path = folder / LOCK_NAME
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._acquire(path, timeout)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _acquire(self, path: Path, timeout: float) -> None:
        give_up = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    holder = self._holder()
                    raise IndexLocked(
                        f"{path.parent} is being written by {holder}; waited {timeout:g} s: "
                        "try again when it has ended",
                        path=path.parent,
                        holder=holder,
                    ) from None
            time.sleep(_POLL)
        since = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        note = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(note).encode(), 0)

    def _holder(self) -> str:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            note = json.loads(os.pread(self._descriptor, 4096, 0))
            return f"process {note['pid']} on {note['host']} (since {note['since']})"
        return "another process"

    def release(self) -> None:
        """Let the next writer in. The file stays: removing it would let two writers in."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            # Unlocked by hand: a process forked meanwhile may hold the same open file.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = -1
