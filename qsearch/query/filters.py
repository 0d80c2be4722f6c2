"""Which of the hits are wanted: subjects and days."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which hits are wanted; None means all.

    Attributes:
        subjects: subject keys.
        since, until: days, both inclusive; an undated article passes neither.
    """

    subjects: frozenset[str] | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def empty(self) -> bool:
        """Whether every article passes."""
        return self.subjects is None and self.since is None and self.until is None


NO_FILTERS = Filters()
"""Every article passes."""
