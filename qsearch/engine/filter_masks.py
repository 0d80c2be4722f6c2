"""Filters -> which articles of a segment pass them."""

from __future__ import annotations

import numpy as np

from qsearch.arrays import Array
from qsearch.index.segment import Segment
from qsearch.query.filters import Filters
from qsearch.values import subject_key


def filter_mask(filters: Filters, segment: Segment) -> Array | None:
    """Return which articles of a segment pass, shape (articles,); None for all."""
    passes: Array | None = None
    if filters.subjects is not None:
        texts, of = segment.subjects.labels()
        wanted = np.array([subject_key(text) in filters.subjects for text in texts], np.bool_)
        passes = wanted[of]
        docs, more_of = segment.subjects.more
        passes[docs[wanted[more_of]]] = True
    if filters.since or filters.until:
        dates = segment.dates
        first = max(filters.since.toordinal() if filters.since else 1, 1)
        inside = dates >= first
        if filters.until:
            inside &= dates <= filters.until.toordinal()
        passes = inside if passes is None else passes & inside
    return passes
