"""Files that change while they are read, call by call: what must come of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

_MORE = b" " * 64 * 1024


class Change(NamedTuple):
    """What happens to a file during an indexing run.

    Attributes:
        call: before which call it happens: ``open``, or each ``read``.
        do: does it.
        wanted: what must come of the file: ``read`` or ``skip``.
        then: what must come of it in the next run, when nothing changes: these or ``gone``.
    """

    call: str
    do: Callable[[Path], object]
    wanted: str
    then: str


def _replaced(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def do(path: Path) -> None:
        path.unlink()
        make(path)

    return do


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(_MORE)


def _append_once(path: Path) -> None:
    if path.stat().st_size < len(_MORE):
        _append(path)


def _halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _fail(path: Path) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))


CHANGES: Mapping[str, Change] = {
    "deleted before it is opened": Change("open", Path.unlink, "skip", "gone"),
    "a FIFO when it is opened": Change("open", _replaced(os.mkfifo), "skip", "skip"),
    "a folder when it is opened": Change("open", _replaced(Path.mkdir), "skip", "gone"),
    "a link to itself when it is opened": Change(
        "open", _replaced(lambda path: path.symlink_to(path.name)), "skip", "skip"
    ),
    "refused when it is opened": Change("open", _fail, "skip", "read"),
    "deleted while it is read": Change(
        "read", lambda path: path.unlink(missing_ok=True), "read", "gone"
    ),
    "emptied while it is read": Change("read", lambda path: os.truncate(path, 0), "skip", "skip"),
    "halved while it is read": Change("read", _halve, "skip", "skip"),
    "longer while it is read": Change("read", _append_once, "read", "read"),
    "longer with every read": Change("read", _append, "skip", "skip"),
    "refused while it is read": Change("read", _fail, "skip", "read"),
}
"""By name."""


class Restless:
    """The module ``os`` as ``qsearch.reading.files`` uses it, over files that change meanwhile.

    Arguments:
        changes: by path.
    """

    def __init__(self, changes: Mapping[str, Change]) -> None:
        self._changes = changes
        self._open: dict[int, str] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: str, flags: int) -> int:
        """Open a file, after what happens to it before."""
        self._before("open", path)
        descriptor = os.open(path, flags)
        self._open[descriptor] = path
        return descriptor

    def read(self, descriptor: int, size: int) -> bytes:
        """Read from a file, after what happens to it before."""
        self._before("read", self._open[descriptor])
        return os.read(descriptor, size)

    def close(self, descriptor: int) -> None:
        """Close a file."""
        del self._open[descriptor]
        os.close(descriptor)

    def _before(self, call: str, path: str) -> None:
        change = self._changes.get(path)
        if change is not None and change.call == call:
            change.do(Path(path))
