"""What was skipped and left out, as lines: one a kind, or everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qsearch.cli.documents import place_text
from qsearch.cli.output import tell

if TYPE_CHECKING:
    from qsearch.errors import ArticleError
    from qsearch.reading import SourceNote

Detail = tuple[str, "int | None", "int | None", str]

_OWN = re.compile(r"'[^']*'|\"[^\"]*\"|\S*/\S*|[0-9][0-9,.]*|0x[0-9A-F]{2}")


def show_notes(
    skipped: Sequence[ArticleError],
    notes: Iterable[SourceNote],
    details: Iterable[Detail],
    *,
    verbose: bool,
) -> None:
    """Tell what was skipped and left out.

    Arguments:
        skipped: the errors, by path.
        notes: the notes, one a kind.
        details: every note with its place, for ``verbose``.
        verbose: list every error and every note; else one line a kind.
    """
    if verbose:
        for error in skipped:
            tell(error_line(error))
        for path, line, column, message in details:
            tell(f"{place_text(path, line, column)}: {message}")
    else:
        for kind in _kinds(skipped):
            tell(_refused(kind))
    for note in notes:
        tell(note_line(note))


def error_line(error: ArticleError) -> str:
    """Return a skipped source as one line."""
    return f"{place_text(error.path, error.line, error.column)}: {error.reason}"


def note_line(note: SourceNote) -> str:
    """Return a note as one line, with its first place."""
    if note.path is None:
        return f"note: {note.message}"
    first = place_text(note.path, note.line, note.column)
    if note.line is None or f"{note.count:,} " in note.message:
        return f"note: {note.message}, first {first}"
    count = f"{note.count:,} times, first " if note.count > 1 else ""
    return f"note: {note.message} ({count}{first})"


def _kinds(skipped: Sequence[ArticleError]) -> list[list[ArticleError]]:
    """Errors of one kind together: their reasons differ in names, numbers and paths only."""
    kinds: dict[str, list[ArticleError]] = {}
    for error in skipped:
        kinds.setdefault(_OWN.sub("…", error.reason), []).append(error)
    return list(kinds.values())


def _refused(errors: list[ArticleError]) -> str:
    first = errors[0]
    if len(errors) == 1:
        return error_line(first)
    files = len({error.path for error in errors})
    count = f"{len(errors):,} times in one file" if files == 1 else f"{files:,} files"
    place = place_text(first.path, first.line, first.column)
    return f"refused: {first.reason} ({count}, first {place})"
