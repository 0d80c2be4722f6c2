"""A folder of a POSIX file system."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from qsearch.storage.contract import Held, Lock, Mapped

_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}


class Calls(Protocol):
    """The system calls that find and change files, as the module ``os`` has them."""

    def open(self, path: Path, flags: int, mode: int = ...) -> int: ...  # noqa: D102
    def write(self, descriptor: int, data: memoryview) -> int: ...  # noqa: D102
    def fsync(self, descriptor: int) -> None: ...  # noqa: D102
    def close(self, descriptor: int) -> None: ...  # noqa: D102
    def replace(self, source: Path, target: Path) -> None: ...  # noqa: D102
    def unlink(self, path: Path) -> None: ...  # noqa: D102
    def mkdir(self, path: Path) -> None: ...  # noqa: D102
    def listdir(self, path: Path) -> list[str]: ...  # noqa: D102


class FolderStorage:
    """The files of a folder; ``contract.Storage`` says what each operation promises.

    Arguments:
        path: the folder.
        calls: makes the system calls; a test passes one that fails.
    """

    def __init__(self, path: Path, calls: Calls = os) -> None:
        self.path = path
        self._calls = calls

    def make(self) -> None:
        """Make the folder and sync the name of each one that was made."""
        missing = []
        place = self.path
        while not place.exists():
            missing.append(place)
            place = place.parent
        for folder in reversed(missing):
            # Unless somebody else was quicker.
            with contextlib.suppress(FileExistsError), _named(folder):
                self._calls.mkdir(folder)
            self._sync(folder.parent)
        if not self.path.is_dir():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.path))

    def names(self) -> list[str]:
        """Return the names of all files."""
        with _named(self.path):
            return self._calls.listdir(self.path)

    def read(self, name: str) -> bytes:
        """Return the whole content of a file."""
        with (
            self._open(self.path / name, os.O_RDONLY) as descriptor,
            os.fdopen(descriptor, "rb", closefd=False) as file,
        ):
            return file.read()

    def map(self, name: str) -> Mapped:
        """Map a file into memory."""
        with self._open(self.path / name, os.O_RDONLY) as descriptor:
            size = os.fstat(descriptor).st_size
            return mmap.mmap(descriptor, size, prot=mmap.PROT_READ) if size else b""

    def write(self, name: str, data: bytes | bytearray | memoryview) -> None:
        """Write a new file and sync it."""
        with self._open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
            view = memoryview(data)
            while view:
                view = view[self._calls.write(descriptor, view) :]
            self._calls.fsync(descriptor)

    def rename(self, name: str, new: str) -> None:
        """Rename a file over another one."""
        with _named(self.path / name):
            self._calls.replace(self.path / name, self.path / new)

    def remove(self, name: str) -> None:
        """Unlink a file."""
        with contextlib.suppress(FileNotFoundError), _named(self.path / name):
            self._calls.unlink(self.path / name)

    def sync(self) -> None:
        """Sync the folder."""
        self._sync(self.path)

    def _sync(self, folder: Path) -> None:
        with self._open(folder, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
            self._calls.fsync(descriptor)

    def lock(self, name: str, note: bytes) -> Lock:
        """Take an flock, which the kernel releases when its holder ends."""
        path = self.path / name
        with contextlib.ExitStack() as undo:
            with _named(path):
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                descriptor = self._calls.open(path, flags, 0o644)
                undo.callback(self._calls.close, descriptor)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise Held(os.pread(descriptor, 4096, 0)) from None
                except OSError as error:
                    if error.errno in _NO_LOCKS:
                        reason = "this file system can't lock files: put the index on another one"
                        raise OSError(error.errno, reason, str(path)) from None
                    raise
            # On a full disk it goes without the note.
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, note, 0)
            undo.pop_all()
        return _Flock(descriptor, self._calls)

    @contextlib.contextmanager
    def _open(self, path: Path, flags: int) -> Iterator[int]:
        with _named(path):
            descriptor = self._calls.open(path, flags | os.O_CLOEXEC, 0o644)
            try:
                yield descriptor
            finally:
                self._calls.close(descriptor)


class _Flock:
    def __init__(self, descriptor: int, calls: Calls) -> None:
        self._descriptor = descriptor
        self._calls = calls
        self._process = os.getpid()

    def release(self) -> None:
        """Unlock; the file stays, since removing it would let two in."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        if self._process == os.getpid():
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
            # Unlocked by hand: a process forked meanwhile may hold the same open file.
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            self._calls.close(descriptor)


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let every OSError of the block name the file."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
