"""What there is to say about a run beside its errors: kinds, each with a count and an example.

A note never costs an article. It says that something was left out, or may be other than it was
meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

Found = tuple[str, str, int, int, str]
"""A kind, what makes notes of it one line (a name, a reason), line, column, and the message."""

UNREAD_FIELD = "unread field"
UNREAD_FILES = "unread files"
UNKNOWN_NAME = "unknown name"
SIDE_FIELD = "field left out"
CUT = "cut at a comment sign"
DRAFT = "draft"
NO_RECORDS = "no records"
_PLACED = 100  # looking up the place of a name means to read a file again
PASSED_OVER = "folder passed over"


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Something that was left out or may be other than meant, of one kind.

    Attributes:
        kind: what it is: a short, fixed text.
        count: how often it was found, in articles or files.
        path, line, column: where it was found first; None where there is no place.
        message: one line with the count.
    """

    kind: str
    count: int
    path: str | None
    line: int | None
    column: int | None
    message: str


class SourceNotes:
    """The notes about one source, as plain data that can leave a process.

    Attributes:
        found: notes with their places.
        unread: how many records hold names that feed nothing; the names one a line.
        mapped: names of the user's that were there.
        records: how many records were looked at.
    """

    __slots__ = ("found", "mapped", "records", "unread")

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.unread: dict[str, int] = {}
        self.mapped: tuple[str, ...] = ()
        self.records = 0

    def add(self, kind: str, group: str, place: tuple[int, int], message: str) -> None:
        """Note something once."""
        note = (kind, group, *place, message)
        if not self.found or self.found[-1] != note:
            self.found.append(note)

    def leaves_unread(self, names: str) -> None:
        """Note names that feed nothing, one a line."""
        self.unread[names] = self.unread.get(names, 0) + 1

    def uses(self, names: tuple[str, ...]) -> None:
        """Note that names of the user's are there."""
        if names is not self.mapped and not set(names) <= set(self.mapped):
            self.mapped = tuple(dict.fromkeys((*self.mapped, *names)))

    def plain(self) -> tuple[Any, ...]:
        """What ``notes_of`` takes."""
        return self.found, self.unread, self.mapped, self.records


def notes_of(plain: tuple[Any, ...]) -> SourceNotes:
    """The notes of ``SourceNotes.plain``."""
    notes = SourceNotes()
    notes.found, notes.unread, notes.mapped, notes.records = plain
    return notes


@dataclass(slots=True)
class _Group:
    kind: str
    key: str
    message: str
    count: int = 0
    path: str | None = None
    line: int | None = None
    column: int | None = None


class NoteBook:
    """Collects the notes about all sources of a run, in path order."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], _Group] = {}
        self._unread: dict[str, list[tuple[str, int]]] = {}
        self._mapped: set[str] = set()
        self._records = 0
        self.every: list[tuple[str, int | None, int | None, str]] = []

    def take(self, path: str, notes: SourceNotes) -> None:
        """Take the notes about one source."""
        for kind, key, line, column, message in notes.found:
            self._count(kind, key, 1, (path, line, column), message)
            self.every.append((path, line, column, message))
        for names, count in notes.unread.items():
            self._unread.setdefault(names, []).append((path, count))
        if notes.mapped:
            self._mapped.update(notes.mapped)
        self._records += notes.records

    def add(self, kind: str, key: str, count: int, path: str | None, message: str) -> None:
        """Take a note that is about no place in a source."""
        self._count(kind, key, count, (path, None, None), message)
        if path is not None:
            self.every.append((path, None, None, message))

    def take_sources(
        self,
        others: Iterable[tuple[str, int, str]],
        passed_over: Iterable[tuple[str, int, str]],
    ) -> None:
        """Take what a walk found that is not read: for each name how many, and the first."""
        for ending, count, first in others:
            files = "file" if count == 1 else "files"
            what = f"{count:,} {ending} {files}" if ending else f"{count:,} {files} without ending"
            self.add(UNREAD_FILES, ending, count, first, f"{what}: this kind is not read")
        for name, count, first in passed_over:
            folders = "folder" if count == 1 else "folders"
            hidden = "hidden file or folder" if count == 1 else "hidden files or folders"
            what = f"{count:,} {folders} {name}" if name else f"{count:,} {hidden}"
            reason = "passed over; give it as a PATH of its own to read it"
            self.add(PASSED_OVER, name, count, first, f"{what}: {reason}")

    def _count(
        self,
        kind: str,
        key: str,
        count: int,
        place: tuple[str | None, int | None, int | None],
        message: str,
    ) -> None:
        group = self._groups.get((kind, key))
        if group is None:
            group = self._groups[kind, key] = _Group(kind, key, message, 0, *place)
        group.count += count

    def missing(self, names: Iterable[str]) -> list[str]:
        """Those of a user's names that no record has, if any record was looked at."""
        return [name for name in names if name not in self._mapped] if self._records else []

    def notes(
        self, place: Callable[[str, str], tuple[int | None, int | None]] | None = None
    ) -> tuple[SourceNote, ...]:
        """All of it: one note a kind and name.

        Arguments:
            place: finds the line and the column of a name in a file; names that feed nothing are
                counted without.
        """
        unread: dict[str, tuple[int, str]] = {}
        for names, places in self._unread.items():
            count = sum(number for _, number in places)
            for name in names.split("\n"):
                before, first = unread.get(name, (0, places[0][0]))
                unread[name] = before + count, min(first, places[0][0])
        fields = sorted(unread.items(), key=lambda item: (-item[1][0], item[0]))
        found = {
            name: place(path, name) if place and number < _PLACED else (None, None)
            for number, (name, (_, path)) in enumerate(fields)
        }
        return (
            *(
                SourceNote(
                    group.kind, group.count, group.path, group.line, group.column, group.message
                )
                for group in self._groups.values()
            ),
            *(
                SourceNote(
                    UNREAD_FIELD,
                    count,
                    path,
                    *found[name],
                    f"not read: field {name!r} ({count:,} {_articles(count)})",
                )
                for name, (count, path) in fields
            ),
        )

    def details(self) -> tuple[tuple[str, int | None, int | None, str], ...]:
        """Every note with its place, and every file with names that feed nothing, by path."""
        details = self.every[:]
        for names, places in self._unread.items():
            message = f"not read: {', '.join(names.split(chr(10)))}"
            details += [(path, None, None, message) for path, _ in places]
        return tuple(sorted(details, key=itemgetter(0)))


def _articles(count: int) -> str:
    return "article" if count == 1 else "articles"
