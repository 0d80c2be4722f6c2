"""Queries and the tables that say where all that they need is -> the best documents of each."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.runtime.address_tables import (
    ACCUMULATORS,
    BETWEEN,
    BOOSTS,
    BOUNDS,
    CANDIDATES,
    CODES,
    COUNTS,
    COVERED,
    DENSE,
    DETAILS,
    DOCS,
    EARLY,
    FACTS,
    GROUPS,
    HEADING_STARTS,
    HEADING_WORDS,
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
    TYPED,
    WORD_ROWS,
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
from qsearch.kernels.search.arguments import (
    Candidates,
    Documents,
    Formula,
    Headings,
    Index,
    KeywordIndex,
    Output,
    Postings,
    Workspace,
)
from qsearch.kernels.search.layout import ENTRY, LARGEST, PART, SEGMENT
from qsearch.kernels.search.lookup_words import codes_of
from qsearch.kernels.search.maxscore import top


@njit(nogil=True, error_model="numpy")
def _index_of(table):
    """Return the arrays of an index that a table leads to."""
    segments = i8_rows_at(table, SEGMENTS, SEGMENT)
    count = segments.shape[0]
    return Index(
        facts=i8_rows_at(table, FACTS, ENTRY + PART * count),
        numbers=f8_rows_at(table, NUMBERS, LARGEST + count),
        forms=i4_at(table, TYPED),
        segments=segments,
        formula=Formula(f8_at(table, SETTINGS), f8_at(table, NORMS)),
        postings=Postings(i4_at(table, DOCS), u4_at(table, DETAILS), u4_at(table, DENSE)),
        documents=Documents(u1_at(table, LENGTHS), u8_at(table, GROUPS)),
        keywords=KeywordIndex(
            u8_at(table, PHRASE_KEYS),
            u4_at(table, PHRASE_DOCS),
            u8_at(table, PHRASE_FILTER),
            u4_at(table, PHRASE_BUCKETS),
        ),
        headings=Headings(u4_at(table, HEADING_WORDS), u4_at(table, HEADING_STARTS)),
    )


@njit(nogil=True, error_model="numpy")
def _workspace_of(table):
    """Return the working space that a table leads to."""
    return Workspace(
        sums=u2_at(table, ACCUMULATORS),
        candidates=Candidates(i4_at(table, CANDIDATES), f8_at(table, BOUNDS), f8_at(table, EARLY)),
        covered=u8_at(table, COVERED),
        marked=i4_at(table, MARKED),
    )


@njit(nogil=True, error_model="numpy")
def _output_of(table, before):
    """Return room for what a query finds, behind ``before`` documents of others."""
    return Output(
        scores=f8_at(table, SCORES)[before:],
        places=i8_at(table, PLACES)[2 * before :],
        groups=u8_at(table, OUT_GROUPS)[before:],
        size=np.zeros(1, dtype=np.int64),
    )


@njit(nogil=True, error_model="numpy")
def _prefetch_entries(index, codes):
    """Ask for the rows of all words of a query at once."""
    facts, numbers = index.facts.reshape(-1), index.numbers.reshape(-1)
    for place in range(codes.size):
        entry = np.int64(codes[place] >> 1)
        prefetch(facts, entry * index.facts.shape[1])
        prefetch(numbers, entry * index.numbers.shape[1])


@njit(
    i8(made(i8), made(i8), types.Bytes(u1, 1, "C"), read(u1), i8, i8, i8),
    cache=True, nogil=True, error_model="numpy",
)  # fmt: skip
def run_queries(index, work, text, allowed, given, any_hits, wanted):
    """Find every document that may be among the best of each of some queries; ties included.

    Arguments:
        index, work: see ``address_tables``.
        text: the queries, ``BETWEEN`` between them, each words with ASCII spaces between them; or
            nothing, for one that was read already.
        allowed: see ``top``.
        given: how many codes and boosts stand in ``work`` if there is no text.
        any_hits, wanted: see ``top``, where ``wanted`` is k.

    Returns:
        for the last query how many documents were put out into ``work``, or one of ``NO_ROOM``,
        ``NOT_WORDS`` and ``UNKNOWN``; ``COUNTS`` has that of each. Their documents come one behind
        another. After ``NO_ROOM`` no query is answered any more.
    """
    counts = i8_at(work, COUNTS)
    codes, boosts = i4_at(work, CODES), f8_at(work, BOOSTS)
    words, rows = u8_at(index, WORDS), u8_at(work, WORD_ROWS)
    reads, space = _index_of(index), _workspace_of(work)
    query_id = start = put = 0
    while True:
        stop = start
        while stop < len(text) and text[stop] != BETWEEN:
            stop += 1
        count = given
        if len(text):
            count = codes_of(text, start, stop, words, index[KNOWN], index[MOST], rows, codes)
            if count > 0:
                boosts[:count] = 1.0
        if count >= 0:
            query = codes[:count]
            _prefetch_entries(reads, query)
            output = _output_of(work, put)
            count = top(query, boosts[:count], reads, allowed, any_hits, wanted, space, output)
            put += max(count, 0)
        counts[query_id] = count
        query_id += 1
        start = stop + 1
        if count == NO_ROOM or start > len(text):
            return count
