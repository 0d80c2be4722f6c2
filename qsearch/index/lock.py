"""One writer at a time: a lock that a dead process never leaves behind."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import time

from qsearch.errors import IndexLocked
from qsearch.storage import Held, Storage

LOCK_NAME = "writer.lock"
_POLL = 0.02
_LONGEST = 500  # characters of what is told of a holder


class WriterLock:
    """The lock of one index.

    Arguments:
        storage: where the index lies.
        timeout: seconds to wait for another writer to end.

    Raises:
        IndexLocked: another writer still holds it; the text says who.
        OSError: the file system can't lock.
    """

    def __init__(self, storage: Storage, *, timeout: float) -> None:
        give_up = time.monotonic() + timeout
        while True:
            try:
                self._lock = storage.lock(LOCK_NAME, _note())
            except Held as held:
                if time.monotonic() >= give_up:
                    holder = _holder(held.note)
                    raise IndexLocked(
                        f"{storage.path} is being written by {holder}; waited {timeout:g} s: "
                        "try again when it has ended",
                        path=storage.path,
                        holder=holder,
                    ) from None
            else:
                return
            time.sleep(_POLL)

    def release(self) -> None:
        """Let the next writer in; releasing twice is fine."""
        self._lock.release()

    def __del__(self) -> None:
        # Of a writer that was neither committed nor rolled back, and that nobody has any more.
        if hasattr(self, "_lock"):
            self.release()


def _note() -> bytes:
    since = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "host": os.uname().nodename, "since": since}).encode()


def _holder(note: bytes) -> str:
    """Who left a note, which may hold anything."""
    with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
        found = json.loads(note.decode())
        holder = f"process {found['pid']} on {found['host']} (since {found['since']})"
        if holder.isprintable() and len(holder) < _LONGEST:
            return holder
    return "another process"
