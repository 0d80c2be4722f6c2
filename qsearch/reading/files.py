"""Opening and reading the files that hold articles, none of which is trusted.

A FIFO, a device or a socket never blocks, whatever a name turned into since the folder was walked:
the file is opened without blocking and what is open is looked at before a byte is read.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING

from qsearch.errors import ArticleError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DIGEST_BYTES = 16

_CHUNK = 64 * 1024
# Symbolic links are followed: those inside a folder were left out by the walk, and the ones that a
# caller gives are meant to be.
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


@contextmanager
def opened(path: str) -> Iterator[tuple[int, int]]:
    """Open a regular file for reading: its descriptor and its size in bytes.

    Raises:
        ArticleError: it isn't a regular file, or the system refuses to open it, or to read it
            inside the ``with`` block.
    """
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ArticleError(f"{kind_of(status.st_mode)} can't be read", path=path)
            yield descriptor, status.st_size
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = f"the file can't be read: {error.strerror or error}"
        raise ArticleError(reason, path=path) from None


def read_whole(path: str, *, limit: float) -> bytes:
    """The bytes of a file of at most ``limit`` bytes; ArticleError if it is longer or unreadable.

    The size is checked before anything is read, and again while reading: a file can grow, and the
    files of ``/proc`` tell no size.
    """
    with opened(path) as (descriptor, size):
        parts: list[bytes] = []
        total = 0
        wanted = size + 1
        while max(total, size) <= limit:
            part = os.read(descriptor, wanted)
            parts.append(part)
            total += len(part)
            if not part or total == size:  # more was asked for, so this is the end
                return b"".join(parts)
            wanted = _CHUNK
    raise ArticleError(f"the file is longer than {limit:,} bytes", path=path)


def digest_of(data: bytes) -> bytes:
    """What tells one state of a file from another: 16 bytes."""
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


class HashedFile(io.RawIOBase):
    """Reads an open file and computes the digest of what was read; doesn't close the descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._hash = blake2b(digest_size=DIGEST_BYTES)

    def readable(self) -> bool:
        """True: ``io.BufferedReader`` asks."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer from the file; the number of bytes, 0 at the end."""
        size = os.readv(self._descriptor, [buffer])
        self._hash.update(memoryview(buffer)[:size])
        return size

    def digest_of_all(self) -> bytes:
        """Read what is left of the file; the digest of all of it."""
        while self.read(_CHUNK):
            pass
        return self._hash.digest()


def kind_of(mode: int) -> str:
    """What a file is that isn't a regular one, from its ``st_mode``."""
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISLNK, "a symbolic link"),
    )
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device")
