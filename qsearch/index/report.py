"""What a run changed in an index: of ``Index.update`` and of ``Index.sync``."""

from __future__ import annotations

from dataclasses import dataclass

from qsearch.errors import ArticleError


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in articles.

    Attributes:
        added, updated, unchanged, removed: how many articles.
        skipped: what could not be taken in, with place and reason.
        seconds: how long the run took.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    skipped: tuple[ArticleError, ...]
    seconds: float
