"""What commands that read sources share: ``--map``, ``--split``, ``-v``, and notes as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from qsearch.errors import ArticleError
    from qsearch.reading import SourceNote

_SPLITS = ("h1", "h2", "h3", "h4", "h5", "h6", "none", "auto")


def source_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how sources are read."""
    options = (
        click.option(
            "--map",
            "names",
            metavar="FIELD=NAME",
            multiple=True,
            help="Which name of a source feeds a field of an article, before those that are known. "
            "A dot leads into a block (answer=answers.text); body, path, heading and folder:1 are "
            "no fields. Kept for PATH; FIELD= forgets it.",
        ),
        click.option(
            "--split",
            type=click.Choice(_SPLITS),
            metavar="LEVEL",
            help="An article for each heading of this level (h1 to h6), or none. Kept for PATH.  "
            "[default: auto, where headings are questions]",
        ),
        click.option("-v", "--verbose", is_flag=True, help="List everything that was left out."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def names_of(given: Iterable[str]) -> dict[str, list[str]] | None:
    """Return what ``--map`` says, by field; None if it was not given."""
    found: dict[str, list[str]] = {}
    for one in given:
        field, equals, name = one.partition("=")
        if not equals:
            raise click.BadParameter(f"{one!r} is no FIELD=NAME", param_hint="--map")
        found.setdefault(field.strip(), [])
        if name.strip():
            found[field.strip()].append(name.strip())
    return found or None


def error_document(error: ArticleError) -> dict[str, object]:
    """Return a skipped source as JSON shows it."""
    return {
        "path": error.path,
        "line": error.line,
        "column": error.column,
        "reason": error.reason,
    }


def note_document(note: SourceNote) -> dict[str, object]:
    """Return a note as JSON shows it."""
    return {
        "kind": note.kind,
        "count": note.count,
        "example": {"path": note.path, "line": note.line, "column": note.column},
        "message": note.message,
    }
