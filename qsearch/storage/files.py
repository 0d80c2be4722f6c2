"""A folder of a POSIX file system."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import mmap
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

from qsearch.errors import IndexCorrupt
from qsearch.log import log
from qsearch.storage.contract import MOST_READ, Held, Lock, Mapped

_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}
_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_NO_FILE = {errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ENODEV}

# A FIFO in the place of a file must not block, nor a terminal become ours.
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY


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


class _System:
    """The calls of this system."""

    open, write, close = staticmethod(os.open), staticmethod(os.write), staticmethod(os.close)
    replace, unlink, mkdir = (
        staticmethod(os.replace),
        staticmethod(os.unlink),
        staticmethod(os.mkdir),
    )
    listdir = staticmethod(os.listdir)

    def fsync(self, descriptor: int) -> None:
        """Sync to the medium: on macOS ``os.fsync`` leaves it in the drive's cache."""
        whole = getattr(fcntl, "F_FULLFSYNC", None)
        if whole is not None:
            try:
                fcntl.fcntl(descriptor, whole)
            except OSError as error:
                if error.errno not in _NO_SYNC:
                    raise
            else:
                return
        os.fsync(descriptor)


class FolderStorage:
    """The files of a folder; ``contract.Storage`` says what each operation promises.

    Arguments:
        path: the folder.
        calls: makes the system calls; a test passes one that fails.
    """

    def __init__(self, path: Path, calls: Calls | None = None) -> None:
        self.path = path
        self._calls: Calls = _System() if calls is None else calls

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
        with self._open_file(name) as (descriptor, size):
            if size > MOST_READ:
                path = self.path / name
                raise IndexCorrupt(f"{path}: {size:,} bytes are too many for it", path=path)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(size)

    def map(self, name: str) -> Mapped:
        """Map a file into memory."""
        with self._open_file(name) as (descriptor, size):
            return mmap.mmap(descriptor, size, prot=mmap.PROT_READ) if size else b""

    def write(self, name: str, parts: Iterable[bytes | bytearray | memoryview]) -> None:
        """Write a new file and sync it."""
        with self._open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
            for part in parts:
                view = memoryview(part)
                while view:
                    view = view[self._calls.write(descriptor, view) :]
            self._calls.fsync(descriptor)

    def rename(self, name: str, new: str) -> None:
        """Rename a file over another one."""
        with _named(self.path / name):
            self._calls.replace(self.path / name, self.path / new)

    def remove(self, name: str) -> None:
        """Unlink a file."""
        path = self.path / name
        try:
            with contextlib.suppress(FileNotFoundError), _named(path):
                self._calls.unlink(path)
        except (IsADirectoryError, PermissionError):
            # A folder of this name is nobody's file: it stays.
            if path.is_symlink() or not path.is_dir():
                raise

    def sync(self) -> None:
        """Sync the folder."""
        self._sync(self.path)

    def _sync(self, folder: Path) -> None:
        with self._open(folder, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
            try:
                self._calls.fsync(descriptor)
            except OSError as error:
                if error.errno not in _NO_SYNC:
                    raise
                log.warning("the file system of %s can't sync folders: names may be lost", folder)

    def lock(self, name: str, note: bytes) -> Lock:
        """Take an flock, which the kernel releases when its holder ends."""
        path = self.path / name
        # What a link leads to would be emptied for the note.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
        with contextlib.ExitStack() as undo:
            with _named(path):
                with _no_file(path):
                    descriptor = self._calls.open(path, flags, 0o644)
                undo.callback(self._calls.close, descriptor)
                _check_regular(descriptor, path)
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
    def _open_file(self, name: str) -> Iterator[tuple[int, int]]:
        """Open a regular file for reading: its descriptor and its size."""
        path = self.path / name
        with _no_file(path):
            # Before it is opened, which does something to some devices, and after.
            _check_regular(path, path)
            with self._open(path, _READING) as descriptor:
                yield descriptor, _check_regular(descriptor, path)

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
        _flocks.add(self)

    def release(self) -> None:
        """Unlock; the file stays, since removing it would let two in."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
        # By hand: a process that something else forked meanwhile may have the same open file.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            self._calls.close(descriptor)

    def leave(self) -> None:
        """Let go of the file in a forked process, where it would keep the lock of a dead parent."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)


_flocks: WeakSet[_Flock] = WeakSet()


def _leave_all() -> None:
    for flock in list(_flocks):
        flock.leave()


os.register_at_fork(after_in_child=_leave_all)


def _check_regular(file: int | Path, path: Path) -> int:
    """Return the size of a file; IndexCorrupt if it is a FIFO, a device or the like."""
    status = os.stat(file)  # noqa: PTH116 - of a path or a descriptor
    if not stat.S_ISREG(status.st_mode):
        raise IndexCorrupt(f"{path}: not a regular file", path=path)
    return status.st_size


@contextlib.contextmanager
def _no_file(path: Path) -> Iterator[None]:
    """Let an OSError that says that there is no file, but something else, be IndexCorrupt."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise
        raise IndexCorrupt(f"{path}: not a regular file", path=path) from None


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let every OSError of the block name the file."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
