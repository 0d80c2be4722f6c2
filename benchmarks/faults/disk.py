"""What a folder holds, and what of it a power cut may leave.

The model is that of POSIX read narrowly, as in Lucene's MockDirectoryWrapper: a file's content is
there for sure once the file was synced, a name (new, renamed or removed) once the folder was. What
was not synced may have reached the disk or not: each change of a name by itself, each content in
one of six ways.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random


@dataclass(eq=False)
class _File:
    """A file without its name.

    Attributes:
        content: as processes see it.
        safe: so many bytes of it survive; None: not even the file does for sure.
    """

    content: bytearray = field(default_factory=bytearray)
    safe: int | None = None


_Names = dict[str, _File]


def _flip(tail: bytearray, random: Random) -> bytearray:
    if tail:
        tail[random.randrange(len(tail))] ^= 1 << random.randrange(8)
    return tail


_DAMAGES: tuple[Callable[[bytearray, Random], bytearray | None], ...] = (
    lambda _tail, _random: None,  # deleted
    lambda tail, _random: bytearray(len(tail)),  # zeroed
    lambda tail, random: tail[: random.randrange(len(tail) + 1)],  # truncated
    lambda tail, _random: tail,  # kept
    _flip,
    lambda _tail, _random: bytearray(),  # emptied
)


class Disk:
    """The files of one folder.

    Arguments:
        files: what is there, safely, at the start.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.names: _Names = {
            name: _File(bytearray(content), len(content)) for name, content in (files or {}).items()
        }
        self._safe_names = dict(self.names)
        self._changes: list[Callable[[_Names], object]] = []

    def create(self, name: str) -> None:
        """Make an empty file."""
        file = _File()
        self._change(lambda names: names.update({name: file}))

    def append(self, name: str, data: bytes) -> None:
        """Write at the end of a file."""
        self.names[name].content += data

    def sync_file(self, name: str) -> None:
        """Make the content of a file safe."""
        file = self.names[name]
        file.safe = len(file.content)

    def rename(self, name: str, new: str) -> None:
        """Give a file another name."""
        file = self.names[name]

        def change(names: _Names) -> None:
            names.pop(name, None)
            names[new] = file

        self._change(change)

    def remove(self, name: str) -> None:
        """Remove a name."""
        self._change(lambda names: names.pop(name, None))

    def sync_names(self) -> None:
        """Make all names safe."""
        self._safe_names = dict(self.names)
        self._changes.clear()

    def _change(self, change: Callable[[_Names], object]) -> None:
        change(self.names)
        self._changes.append(change)

    def after_power_cut(self, random: Random) -> dict[str, bytes]:
        """Return files that a power cut now may leave; another call draws other ones."""
        names = dict(self._safe_names)
        for change in random.choice((self._none, self._all, self._first, self._some))(random):
            change(names)
        left = {}
        for name, file in names.items():
            safe = file.safe or 0
            tail = file.content[safe:]
            kept: bytearray | None = tail
            if tail or file.safe is None:
                kept = random.choice(_DAMAGES)(tail, random)
            if kept is not None:
                left[name] = bytes(file.content[:safe] + kept)
            elif file.safe is not None:
                left[name] = bytes(file.content[:safe])
        return left

    def _none(self, _random: Random) -> list[Callable[[_Names], object]]:
        return []

    def _all(self, _random: Random) -> list[Callable[[_Names], object]]:
        return self._changes

    def _first(self, random: Random) -> list[Callable[[_Names], object]]:
        return self._changes[: random.randrange(len(self._changes) + 1)]

    def _some(self, random: Random) -> list[Callable[[_Names], object]]:
        return [change for change in self._changes if random.random() < 0.5]


def put(files: Mapping[str, bytes], folder: Path) -> Path:
    """Make a folder that holds these files, and return it."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
