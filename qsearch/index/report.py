"""What a run changed in an index: of ``Index.update`` and of ``Index.sync``."""

from __future__ import annotations

from dataclasses import dataclass

from qsearch.errors import ArticleError
from qsearch.reading.notes import SourceNote


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in articles.

    Attributes:
        added, updated, unchanged, removed: how many articles.
        skipped: what could not be taken in, with place and reason.
        seconds: how long the run took.
        notes: what was left out, or may be other than it was meant, one a kind with its count.
        files: how many files that can hold articles were found.
        details: every note with a place, and every file with fields that feed nothing: path, line,
            column (None where there is none) and what there is to say.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    skipped: tuple[ArticleError, ...]
    seconds: float
    notes: tuple[SourceNote, ...] = ()
    files: int = 0
    details: tuple[tuple[str, int | None, int | None, str], ...] = ()
