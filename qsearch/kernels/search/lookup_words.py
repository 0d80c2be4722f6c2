"""The words of a query -> codes, by a table of all words that queries held.

The table is hashed by the letters of a word and compared by them: rows of ``layout.WORD`` numbers,
as many as a line of the processor's cache holds, so a word that is not in the cache costs one wait,
and the waits of all words go on at once.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.address_tables import NOT_WORDS, UNKNOWN
from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.runtime.signature import i8, made, u8
from qsearch.kernels.search.layout import FIRST_CODE, LETTERS, NO_WORDS, WORD

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_BYTE = np.uint64(255)


@njit(nogil=True, error_model="numpy")
def _home(rows, at, words):
    """Where the row of a word begins, if no other word stands there."""
    key = np.uint64(0)
    for place in range(at + 1, at + FIRST_CODE):
        key = (key ^ rows[place]) * _FACTOR
        key ^= key >> np.uint64(31)
    slots = np.uint64(words.size // WORD)
    return np.int64((key >> np.uint64(20)) & (slots - np.uint64(1))) * WORD


@njit(nogil=True, error_model="numpy")
def _is_same(rows, at, words, there):
    same = (rows[at] ^ words[there]) & _BYTE == np.uint64(0)
    for place in range(1, FIRST_CODE):
        same &= rows[at + place] == words[there + place]
    return same


@njit(i8(made(u8), made(u8)), cache=True, nogil=True, error_model="numpy")
def add_words(words, rows):
    """Put the rows of some words into a table, unless they are there; empty rows are left out.

    Arguments:
        words: the table: a power of two of rows, empty ones among them.
        rows: new rows, or a smaller table.

    Returns:
        how many were added.
    """
    added = 0
    for at in range(0, rows.size, WORD):
        if rows[at] == np.uint64(0):
            continue
        there = _home(rows, at, words)
        while words[there] != np.uint64(0) and not _is_same(rows, at, words, there):
            there = (there + WORD) % words.size
        if words[there] == np.uint64(0):
            for place in range(1, WORD):
                words[there + place] = rows[at + place]
            words[there] = rows[at]
            added += 1
    return added


@njit(nogil=True, error_model="numpy")
def _split(text, start, stop, words, rows):
    """Cut ``text[start:stop]`` at its spaces: a row for each word, with its letters and where it
    is to be found.

    Returns:
        how many words there are, ``NOT_WORDS`` if one is too long or they are too many.
    """
    count = 0
    length = 0
    for at in range(start, stop + 1):
        byte = np.uint64(text[at]) if at < stop else np.uint64(32)
        row = count * WORD
        if byte == 32 or 9 <= byte <= 13 or 28 <= byte <= 31:
            if length:
                rows[row] = np.uint64(length)
                home = _home(rows, row, words)
                rows[row + FIRST_CODE] = np.uint64(home)
                prefetch(words, home)
                count += 1
                length = 0
            continue
        if length == 0:
            if row == rows.size:
                return NOT_WORDS
            for place in range(row, row + WORD):
                rows[place] = np.uint64(0)
        if length == LETTERS:
            return NOT_WORDS
        rows[row + 1 + (length >> 3)] |= byte << np.uint64(8 * (length & 7))
        length += 1
    return count


@njit(nogil=True, error_model="numpy")
def codes_of(text, start, stop, words, known, most, rows, codes):
    """Find the codes of a query that is nothing but words.

    Arguments:
        text: it is ``text[start:stop]``, words with ASCII spaces between them.
        words: the table; known: how many words it holds, whatever else other threads are putting
            there.
        most: how many codes at most.
        rows: working space, a row a word.
        codes: receives them.

    Returns:
        how many there are, or ``NOT_WORDS`` or ``UNKNOWN``.
    """
    size = 0
    found = _split(text, start, stop, words, rows)
    for row in range(0, found * WORD, WORD):
        at = np.int64(rows[row + FIRST_CODE])
        while True:
            number = np.int64(words[at] >> np.uint64(16))
            if number == 0 or number > known:
                return UNKNOWN
            if _is_same(rows, row, words, at):
                break
            at = (at + WORD) % words.size
        count = np.int64((words[at] >> np.uint64(8)) & _BYTE)
        if count == NO_WORDS or size + count > most:
            return NOT_WORDS
        for index in range(count):
            pair = words[at + FIRST_CODE + (index >> 1)]
            codes[size] = np.int32(pair >> np.uint64(32 * (index & 1)) & np.uint64(0x7FFF_FFFF))
            size += 1
    return size if size else NOT_WORDS if found >= 0 else found
