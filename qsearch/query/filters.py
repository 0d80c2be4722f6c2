"""Which of the hits are wanted: subjects and days."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from qsearch.arrays import Array
from qsearch.index.snapshot import Snapshot
from qsearch.values import subject_key


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

    def mask(self, snapshot: Snapshot, part: int) -> Array | None:
        """Return which articles of a segment pass, None for all."""
        segment = snapshot.parts[part].segment
        passes: Array | None = None
        if self.subjects is not None:
            texts, of = segment.subjects.labels()
            wanted = np.array([subject_key(text) in self.subjects for text in texts], np.bool_)
            passes = wanted[of]
            docs, more_of = segment.subjects.more
            passes[docs[wanted[more_of]]] = True
        if self.since or self.until:
            dates = segment.dates
            first = max(self.since.toordinal() if self.since else 1, 1)
            inside = dates >= first
            if self.until:
                inside &= dates <= self.until.toordinal()
            passes = inside if passes is None else passes & inside
        return passes


NO_FILTERS = Filters()
"""Every article passes."""
