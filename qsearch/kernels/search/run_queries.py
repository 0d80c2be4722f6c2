"""A query and the tables that say where all that it needs is -> the best articles."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.runtime.address_tables import (
    ASKED,
    BETWEEN,
    BOOSTS,
    CHOSEN,
    CODES,
    COUNTS,
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
    NO_ROOM,
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
from qsearch.kernels.runtime.array_views import (
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
from qsearch.kernels.runtime.signature import i8, made, read, u1
from qsearch.kernels.search.layout import ENTRY, LARGEST, PART, SEGMENT
from qsearch.kernels.search.lookup_words import codes_of
from qsearch.kernels.search.maxscore import top


@njit(nogil=True, error_model="numpy")
def _best(index, work, codes, boosts, allowed, any_hits, wanted, before):
    """The best for some codes, put out behind ``before`` others."""
    count = codes.size
    segments = i8_rows_at(index, SEGMENTS, SEGMENT)
    parts = segments.shape[0]
    facts, numbers = i8_at(index, FACTS), f8_at(index, NUMBERS)
    for place in range(count):
        entry = np.int64(codes[place] >> 1)
        prefetch(facts, entry * (ENTRY + PART * parts))
        prefetch(numbers, entry * (LARGEST + parts))
    return top(
        codes,
        boosts,
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
        f8_at(work, SCORES)[before:],
        i8_at(work, PLACES)[2 * before :],
        u8_at(work, OUT_GROUPS)[before:],
    )


@njit(
    i8(made(i8), made(i8), types.Bytes(u1, 1, "C"), read(u1), i8, i8, i8),
    cache=True, nogil=True, error_model="numpy",
)  # fmt: skip
def ask(index, work, text, allowed, given, any_hits, wanted):
    """Find every article that may be among the best of each of some queries; ties included.

    Arguments:
        index, work: see ``tables``.
        text: the queries, ``BETWEEN`` between them, each words with ASCII spaces between them; or
            nothing, for one that was read already.
        allowed: see ``top``.
        given: how many codes and boosts stand in ``work`` if there is no text.
        any_hits, wanted: see ``top``.

    Returns:
        for the last query how many articles were put out into ``work``, or one of ``NO_ROOM``,
        ``NOT_WORDS`` and ``UNKNOWN``; ``COUNTS`` has that of each. Their articles come one behind
        another. After ``NO_ROOM`` no query is answered any more.
    """
    counts = i8_at(work, COUNTS)
    codes, boosts = i4_at(work, CODES), f8_at(work, BOOSTS)
    words, asked = u8_at(index, WORDS), u8_at(work, ASKED)
    number = start = put = 0
    while True:
        stop = start
        while stop < len(text) and text[stop] != BETWEEN:
            stop += 1
        count = given
        if len(text):
            count = codes_of(text, start, stop, words, index[KNOWN], index[MOST], asked, codes)
            if count > 0:
                boosts[:count] = 1.0
        if count >= 0:
            count = _best(
                index, work, codes[:count], boosts[:count], allowed, any_hits, wanted, put
            )
            put += max(count, 0)
        counts[number] = count
        number += 1
        start = stop + 1
        if count == NO_ROOM or start > len(text):
            return count
