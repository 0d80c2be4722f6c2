"""What an index asks of the place where it lies: whole files that stay.

Nine operations on the files of one folder. *Durable* means: still so after the machine lost its
power at any later moment. Content and name of a file become durable apart: ``write`` sees to the
one, ``sync`` to the other.

An operation that fails raises an OSError whose ``filename`` is the file's path. What it was to do
may have been done, in part or whole, and is not durable. Nobody tries it again on the same file: a
file system that failed to write something may later report success without having written it.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeAlias

MOST_READ = 64 * 1024 * 1024
"""The length in bytes up to which a file is read whole; longer ones can be mapped."""

Mapped: TypeAlias = "bytes | mmap.mmap"
"""The content of a file: bytes, or memory that the file is read into page by page."""


class Held(Exception):  # noqa: N818 - says what is
    """A lock is held by somebody else, who left ``note`` in it."""

    def __init__(self, note: bytes) -> None:
        self.note = note
        super().__init__(note)


class Lock(Protocol):
    """A lock that is held."""

    def release(self) -> None:
        """Let the next one have it. Never fails; releasing twice is fine.

        Only the process that took it can: one that was forked meanwhile neither has nor keeps it.
        """


class Readable(Protocol):
    """The files of one index, to be read. Safe for use by several threads."""

    @property
    def path(self) -> Path:
        """The folder, for messages: the file ``name`` is called ``path / name`` there."""

    def names(self) -> list[str]:
        """Return the names of all files, in no order.

        Raises:
            FileNotFoundError, NotADirectoryError: there is no such folder.
        """

    def read(self, name: str) -> bytes:
        """Return the whole content of a file.

        Raises:
            FileNotFoundError: it is not there.
            IndexCorrupt: it is no regular file, or longer than ``MOST_READ``.
        """

    def map(self, name: str) -> Mapped:
        """Return the content of a file without reading it now.

        It stays as it is also when the file is removed.

        Raises:
            FileNotFoundError: it is not there.
            IndexCorrupt: it is no regular file.
        """


class Storage(Readable, Protocol):
    """The files of one index. Safe for use by several threads."""

    def make(self) -> None:
        """Make the folder with its parents if it isn't there; that it is there is durable."""

    def write(self, name: str, parts: Iterable[bytes | bytearray | memoryview]) -> None:
        """Make a file of these parts, one behind the other, durably; its *name* is durable after
        ``sync``.

        Files are written once: there is no way to change one.

        Raises:
            FileExistsError: there is one.
        """

    def rename(self, name: str, new: str) -> None:
        """Give a file another name, in one step; the file that had it is gone. Durable after
        ``sync``; until then a power cut leaves either the old names or the new ones.
        """

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is fine. Durable after ``sync``.

        A folder of this name stays where it is.
        """

    def sync(self) -> None:
        """Make all names durable: files that were written, renamed and removed before.

        On a file system that can't sync folders this is logged and left to it.
        """

    def lock(self, name: str, note: bytes) -> Lock:
        """Take a lock, without waiting, and leave a note for those who come in vain.

        One holder at a time among all processes of the machine and all threads; the end of a
        process, however it ends, releases it. The file stays there. The note is a
        help for people and may be missing.

        Raises:
            Held: somebody else holds it.
            OSError: the file system has no locks, or refuses.
            IndexCorrupt: what has this name is no regular file.
        """
