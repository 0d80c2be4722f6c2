"""A query and the tables that say where all that it needs is -> the best articles."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.compiled.asked import codes_of
from qsearch.compiled.layout import ENTRY, LARGEST, PART, SEGMENT
from qsearch.compiled.signature import i8, made, read, u1
from qsearch.compiled.tables import (
    ASKED,
    BOOSTS,
    CHOSEN,
    CODES,
    COVERED,
    DENSE,
    DETAILS,
    DOCS,
    FACTS,
    GROUPS,
    KNOWN,
    LENGTHS,
    MARKED,
    MOST,
    NORMS,
    NUMBERS,
    OUT_GROUPS,
    PHRASE_BUCKETS,
    PHRASE_DOCS,
    PHRASE_FILTER,
    PHRASE_KEYS,
    PLACES,
    SCORES,
    SEGMENTS,
    SETTINGS,
    SHARES,
    SUMS,
    TYPED,
    UPPER,
    WORDS,
)  # fmt: skip
from qsearch.compiled.top import top
from qsearch.compiled.views import (
    f8_at,
    f8_rows_at,
    i4_at,
    i8_at,
    i8_rows_at,
    prefetch,
    u1_at,
    u2_at,
    u4_at,
    u8_at,
)


@njit(
    i8(made(i8), made(i8), types.Bytes(u1, 1, "C"), read(u1), i8, i8, i8),
    cache=True, nogil=True, error_model="numpy",
)  # fmt: skip
def ask(index, work, text, allowed, given, any_hits, wanted):
    """Find every article that may be among the best; ties included.

    Arguments:
        index, work: see ``tables``.
        text: the query, words with ASCII spaces between them, or nothing.
        allowed: see ``top``.
        given: how many codes and boosts stand in ``work`` if there is no text.
        any_hits, wanted: see ``top``.

    Returns:
        how many articles were put out into ``work``, or one of ``NO_ROOM``, ``NOT_WORDS`` and
        ``UNKNOWN``.
    """
    codes, boosts = i4_at(work, CODES), f8_at(work, BOOSTS)
    count = given
    if len(text):
        words, asked = u8_at(index, WORDS), u8_at(work, ASKED)
        count = codes_of(text, words, index[KNOWN], index[MOST], asked, codes)
        if count < 0:
            return count
        boosts[:count] = 1.0
    segments = i8_rows_at(index, SEGMENTS, SEGMENT)
    parts = segments.shape[0]
    facts, numbers = i8_at(index, FACTS), f8_at(index, NUMBERS)
    for place in range(count):
        entry = np.int64(codes[place] >> 1)
        prefetch(facts, entry * (ENTRY + PART * parts))
        prefetch(numbers, entry * (LARGEST + parts))
    return top(
        codes[:count],
        boosts[:count],
        i8_rows_at(index, FACTS, ENTRY + PART * parts),
        f8_rows_at(index, NUMBERS, LARGEST + parts),
        i4_at(index, TYPED),
        segments,
        f8_at(index, SETTINGS),
        f8_at(index, NORMS),
        i4_at(index, DOCS),
        u4_at(index, DETAILS),
        u4_at(index, DENSE),
        u1_at(index, LENGTHS),
        u8_at(index, GROUPS),
        u8_at(index, PHRASE_KEYS),
        u4_at(index, PHRASE_DOCS),
        u8_at(index, PHRASE_FILTER),
        u4_at(index, PHRASE_BUCKETS),
        allowed,
        any_hits,
        wanted,
        u2_at(work, SUMS),
        f8_at(work, UPPER),
        f8_at(work, SHARES),
        i4_at(work, CHOSEN),
        u8_at(work, COVERED),
        i4_at(work, MARKED),
        f8_at(work, SCORES),
        i8_at(work, PLACES),
        u8_at(work, OUT_GROUPS),
    )
