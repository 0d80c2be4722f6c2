"""The system calls of ``qsearch.storage.FolderStorage``, counted, with faults.

The calls do what they say on a real folder, but for fsync, which takes long and shows nothing; what
they would have made safe is kept in a ``Disk``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.faults.disk import Disk


class PowerCut(BaseException):
    """The machine is off: nothing that a program does from here on happens."""


def never(_step: str) -> bool:
    """Return False: the default for steps that are to be left out."""
    return False


class FaultyCalls:
    """System calls that can fail; give them to ``FolderStorage(folder, calls)``.

    Arguments:
        folder: whose files are watched; what lies elsewhere is left alone.
        skip: says of a step (``"fsync segment-..."``) whether it is left out without a word.

    Attributes:
        disk: what the folder holds, and what of it is safe.
        steps: each call so far, in words.
    """

    def __init__(self, folder: Path, *, skip: Callable[[str], bool] = never) -> None:
        self._folder = folder
        self._skip = skip
        self.disk = Disk(_files(folder))
        self.steps: list[str] = []
        self._open: dict[int, str] = {}
        self._at: int | None = None
        self._fault: int | type[PowerCut] = PowerCut
        self._persistent = False

    def fail(
        self, at: int, fault: int | type[PowerCut] = PowerCut, *, persistent: bool = False
    ) -> None:
        """Let the call number ``at`` from now on, counted from 0, fail.

        Arguments:
            at: which one.
            fault: the number of an error, or PowerCut, after which every call fails.
            persistent: every later call fails, too.
        """
        self._at, self._fault = len(self.steps) + at, fault
        self._persistent = persistent or not isinstance(fault, int)

    def heal(self) -> None:
        """Fail no more."""
        self._at = None

    def _fails(self, step: str) -> BaseException | None:
        number = len(self.steps)
        self.steps.append(step)
        if self._at is None or number < self._at or (number > self._at and not self._persistent):
            return None
        if isinstance(self._fault, int):
            return OSError(self._fault, os.strerror(self._fault))
        return self._fault()

    def _step(self, step: str) -> bool:
        """Count a call, raise what it is to raise, and return whether it is to be done."""
        error = self._fails(step)
        try:
            if error is not None:
                raise error
        finally:
            del error  # which would hold on to this frame, and so to itself
        return not self._skip(step)

    # -- the calls

    def open(self, path: Path, flags: int, mode: int = 0o644) -> int:
        """Open a file, or make one."""
        self._step(f"open {path.name}")
        descriptor = os.open(path, flags, mode)
        if path == self._folder:
            self._open[descriptor] = ""
        elif path.parent == self._folder:
            self._open[descriptor] = path.name
            if flags & os.O_CREAT and path.name not in self.disk.names:
                self.disk.create(path.name)
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write half of what is given if it fails, and a part of much data if not."""
        name = self._open[descriptor]
        error = self._fails(f"write {name}")
        written = os.write(descriptor, data[: len(data) // 2] if error else data[: 1 << 20])
        self.disk.append(name, bytes(data[:written]))
        try:
            if error:
                raise error
        finally:
            del error
        return written

    def fsync(self, descriptor: int) -> None:
        """Make a file or the folder safe."""
        name = self._open.get(descriptor)
        if self._step(f"fsync {name or 'folder'}") and name is not None:
            if name:
                self.disk.sync_file(name)
            else:
                self.disk.sync_names()

    def close(self, descriptor: int) -> None:
        """Close a file; never fails, so that a test leaves none open."""
        self._open.pop(descriptor, None)
        os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file."""
        if self._step(f"rename {source.name}"):
            source.replace(target)
            self.disk.rename(source.name, target.name)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        if self._step(f"unlink {path.name}"):
            path.unlink()
            self.disk.remove(path.name)

    def mkdir(self, path: Path) -> None:
        """Make a folder."""
        if self._step(f"mkdir {path.name}"):
            path.mkdir()

    def listdir(self, path: Path) -> list[str]:
        """Return the names in a folder."""
        self._step("listdir")
        return os.listdir(path)  # noqa: PTH208 - names are what is wanted


def _files(folder: Path) -> dict[str, bytes]:
    there = folder.iterdir() if folder.is_dir() else ()
    return {path.name: path.read_bytes() for path in there if path.is_file()}
