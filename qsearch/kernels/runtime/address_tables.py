"""What a query hands to its kernel: two tables of addresses instead of thirty arrays.

Numba takes an array apart whenever a kernel is called, which for thirty of them takes as long as
many a query, and reads as many objects of Python. So the arrays of an index, and the working space
of a thread, are named once by a table of whole numbers: array ``n`` begins at the address
``table[2 * n]`` and has ``table[2 * n + 1]`` elements. Whoever makes a table keeps its arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array

(
    WORDS, FACTS, NUMBERS, TYPED, SEGMENTS, SETTINGS, NORMS, DOCS, DETAILS, DENSE, LENGTHS, GROUPS,
    PHRASE_KEYS, PHRASE_DOCS, PHRASE_FILTER, PHRASE_BUCKETS, HEADING_WORDS, HEADING_STARTS,
) = range(18)  # fmt: skip
"""The arrays of an index. ``WORDS``: uint64, the words that queries held (``layout.WORD``);
``TYPED``: int32, the documents of forms that have no bit; the rest as in ``arguments.Index``.
"""

KNOWN, MOST = range(36, 38)
"""Single numbers behind them: how many words are known to be there whole; how many codes a query
may have.
"""

(
    CODES, BOOSTS, WORD_ROWS, ACCUMULATORS, BOUNDS, EARLY, CANDIDATES, COVERED, MARKED, SCORES,
    PLACES, OUT_GROUPS, COUNTS,
) = range(13)  # fmt: skip
"""The working space of a thread. ``CODES`` and ``BOOSTS``: int32 and float64, of a query that was
read already; ``WORD_ROWS``: uint64, a row of ``layout.WORD`` numbers for each word of one that was
not; ``COUNTS``: int64, what came of each of several queries; the rest as in
``arguments.Workspace`` and ``arguments.Output``.
"""

BETWEEN = 0xFF
"""The byte between two queries: no text in UTF-8 holds it."""

NO_ROOM, NOT_WORDS, UNKNOWN = -1, -2, -3
"""What the kernel returns in the place of a number of documents: they were more than there is room
for (the accumulators and what is covered have to be cleared); the query is more than words; it
holds a word that is not in ``WORDS``.
"""


class Table(NamedTuple):
    """The numbers that a kernel reads, and the arrays that they lead to."""

    numbers: Array
    arrays: tuple[Array, ...]


def table_of(arrays: Sequence[Array], *numbers: int) -> Table:
    """Return the table of some arrays, in the order of their names, and single numbers."""
    for array in arrays:
        assert array.flags.c_contiguous
        assert array.flags.aligned
    named = [number for array in arrays for number in (array.ctypes.data, array.size)]
    return Table(np.array([*named, *numbers], dtype=np.int64), tuple(arrays))
