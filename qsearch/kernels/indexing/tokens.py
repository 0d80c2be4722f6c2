"""Texts as UTF-8 bytes -> pieces -> word occurrences.

``scan`` cuts bytes where ``analysis.pieces`` cuts characters and numbers the distinct pieces; what
the words of a piece are is asked of the analyser once, in Python; ``expand`` then writes the words
of all pieces down. 0x1F, which no keyword holds, stands between two keywords.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.indexing.arguments import PieceTable, PieceWords
from qsearch.kernels.indexing.string_table import FNV_OFFSET, FNV_PRIME
from qsearch.kernels.indexing.swar import (
    EIGHT,
    SMALL,
    count_of,
    eight,
    first_bytes,
    letters_and_digits,
)
from qsearch.kernels.runtime.signature import i4, i8, made, named, read, u1, u4, u8

_COMMA, _DOT, _KEYWORD_END = 44, 46, 0x1F


# What a byte is to the tokeniser.
_SEPARATES, _LETTER_OR_DIGIT, _INSIDE, _WIDE = range(4)


_HASHED = np.uint64(1 << 63)
"""Of a key that is a hash of its piece; others are the piece itself."""

_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio, odd."""


@njit(nogil=True, inline="always")
def _is_digit(byte):
    return 48 <= byte <= 57


@njit(nogil=True)
def _kinds(separators):
    """What each byte is."""
    kinds = np.empty(256, dtype=np.uint8)
    for byte in range(256):
        if byte >= 0x80:
            kinds[byte] = _WIDE
        elif 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122:
            kinds[byte] = _LETTER_OR_DIGIT
        else:
            kinds[byte] = _SEPARATES if separators[byte] else _INSIDE
    return kinds


@njit(nogil=True)
def _code_point(data, at):
    """The code point that starts at a byte >= 0x80, and how many bytes it takes."""
    lead = np.int64(data[at])
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | (np.int64(data[at + 1]) & 0x3F), 2
    if lead < 0xF0:
        point = (lead & 0x0F) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6
        return point | (np.int64(data[at + 2]) & 0x3F), 3
    return 0x10000, 4


@njit(nogil=True)
def _piece_end(data, at, end, kinds, separators):
    """Where the piece ends that goes on at ``at``."""
    start = at
    while at < end:
        kind = kinds[data[at]]
        if kind == _SEPARATES:
            inside = (
                data[at] == _COMMA
                and at > start
                and at + 3 < end
                and _is_digit(data[at - 1])
                and _is_digit(data[at + 1])
                and _is_digit(data[at + 2])
                and _is_digit(data[at + 3])
            )
            if not inside:
                break
            at += 1
        elif kind == _WIDE:
            point, width = _code_point(data, at)
            if point < 0x10000 and separators[point]:
                break
            at += width
        else:
            at += 1
    return at


@njit(nogil=True, inline="always")
def _place(key, slots):
    """Where a key belongs among so many slots: multiplicative hashing (Knuth, volume 3, 6.4)."""
    return np.int64((key * _MIXER) >> np.uint64(32)) & (slots - 1)


@njit(nogil=True, inline="always")
def _plain_key(data, at, end):
    """The key of the letters and digits from ``at`` on, and where they end.

    It is all of them and their number, if they are few; else a hash, and the highest bit is set.
    """
    key = np.uint64(0)
    count = EIGHT
    start = at
    while count == EIGHT:
        word = eight(data, at)
        mask = letters_and_digits(word)
        if end - at < EIGHT:
            mask &= first_bytes(end - at)
        count = count_of(mask)
        key = _longer(key, (word | SMALL) & mask) if at > start else (word | SMALL) & mask
        at += count
    if at - start < EIGHT:
        return key | np.uint64(at - start) << np.uint64(56), at
    return key | _HASHED, at


@njit(nogil=True, inline="always")
def _exact_key(data, start, stop):
    """The key of any other piece: a hash, with the highest bit set."""
    key = np.uint64(0)
    for at in range(start, stop):
        key = _longer(key, np.uint64(data[at]))
    return key | _HASHED


@njit(nogil=True, inline="always")
def _longer(key, word):
    """The hash of what ``key`` stands for and then ``word``."""
    key = (key ^ word) * _MIXER
    return key ^ key >> np.uint64(32)


@njit(nogil=True, inline="always")
def _slot(table, data, start, stop, small, key):
    """The slot of the table where the piece ``data[start:stop]`` is, or belongs; ``small`` is what
    its bytes are combined with.
    """
    slots, exemplars, starts = table.slots, table.exemplars, table.starts
    count = slots.size >> 1
    at = _place(key, count)
    while slots[2 * at] != 0:
        if slots[2 * at] == key:
            if key < _HASHED:
                return at
            piece = np.int64(slots[2 * at + 1])
            begin = starts[piece]
            if starts[piece + 1] - begin == stop - start:
                before = start
                differs = np.uint64(0)
                while before < stop and differs == 0:
                    differs = (eight(data, before) | small) ^ eight(exemplars, begin)
                    if stop - before < EIGHT:
                        differs &= first_bytes(stop - before)
                    before += EIGHT
                    begin += EIGHT
                if differs == 0:
                    return at
        at = (at + 1) & (count - 1)
    return at


@njit(
    i8(
        read(u1), made(i8), made(i8), read(u1),
        named(PieceTable, made(u8), made(u1), made(i8), made(i8)),
        made(i4), made(i8), i8,
    ),
    cache=True, nogil=True,
)  # fmt: skip
def scan(data, starts, stops, separators, table, out, ends, first):
    """Cut texts into pieces and number them.

    Arguments:
        data: the texts; text t is ``data[starts[t]:stops[t]]``. 8 more bytes stand behind all.
        separators: for each code point below 65,536 whether it separates pieces.
        table: goes on from call to call.
        out: receives the numbers of pieces; ends[t]: where those of text t end.
        first: the text to begin with.

    Returns:
        the text to go on with after making room in the table; ``starts.size`` when done.
    """
    slots, exemplars, exemplar_starts, count = table
    put = ends[first - 1] if first else 0
    kinds = _kinds(separators)
    for text in range(first, starts.size):
        at, end = starts[text], stops[text]
        if (
            count[0] + (end - at) // 2 + 2 > exemplar_starts.size
            or exemplar_starts[count[0]] + (end - at) + EIGHT > exemplars.size
            or 2 * (count[0] + (end - at) // 2 + 1) > slots.size >> 1
        ):
            return text
        while at < end:
            byte = data[at]
            kind = kinds[byte]
            if kind == _SEPARATES:
                if byte == _KEYWORD_END:
                    out[put] = -1
                    put += 1
                at += 1
                continue
            # Most pieces are letters and digits, and perhaps dots behind them, which don't count.
            start = at
            key, stop = _plain_key(data, at, end)
            at = stop
            while at < end and data[at] == _DOT:
                at += 1
            plain = stop > start
            if at < end and (kinds[data[at]] != _SEPARATES or data[at] == _COMMA):
                # Perhaps it goes on with something else.
                dots_end = at
                at = _piece_end(data, start, end, kinds, separators)
                if at == start:
                    # A separator of several bytes.
                    at += _code_point(data, at)[1]
                    continue
                plain = plain and at == dots_end
            if not plain:
                stop = at
                key = _exact_key(data, start, stop)
            small = SMALL if plain else np.uint64(0)
            slot = _slot(table, data, start, stop, small, key)
            if slots[2 * slot] == 0:
                piece = count[0]
                count[0] += 1
                slots[2 * slot] = key
                slots[2 * slot + 1] = piece
                begin = exemplar_starts[piece]
                for index in range(stop - start):
                    exemplars[begin + index] = data[start + index] | np.uint8(small & 0xFF)
                exemplar_starts[piece + 1] = begin + stop - start
            out[put] = np.int32(slots[2 * slot + 1])
            put += 1
        ends[text] = put
    return starts.size


@njit(types.void(read(u8), made(u8)), cache=True, nogil=True)
def rehash(slots, larger):
    """Move the entries of a table into a larger, empty one."""
    count = larger.size >> 1
    for slot in range(slots.size >> 1):
        if slots[2 * slot] != 0:
            at = _place(slots[2 * slot], count)
            while larger[2 * at] != 0:
                at = (at + 1) & (count - 1)
            larger[2 * at] = slots[2 * slot]
            larger[2 * at + 1] = slots[2 * slot + 1]


@njit(
    types.void(
        made(i4), made(i8),
        named(PieceWords, made(i8), made(u4), made(u4), made(u4)), i8,
        made(u4), made(u4), made(u4), made(i8),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def expand(pieces, ends, words, gap, out_form, out_place, counts, lengths):
    """Write down the words of articles.

    Arguments:
        pieces, ends: what ``scan`` put out for the texts of articles, 4 stretches each.
        words: of each piece.
        gap: places between two keywords.
        out_form, out_place: receive the occurrences; counts: how many each article has.
        lengths: 4 numbers an article, one a stretch; receive how many places it has.
    """
    word_starts, word_forms, word_positions, widths = words
    put = 0
    begin = 0
    for text in range(ends.size):
        stretch = text & 3
        base = stretch << 29
        count = 0
        before = put
        for index in range(begin, ends[text]):
            piece = np.int64(pieces[index])
            if piece < 0:
                if stretch == 3:
                    base += gap
                continue
            for word in range(word_starts[piece], word_starts[piece + 1]):
                out_form[put] = word_forms[word]
                out_place[put] = base + np.int64(word_positions[word])
                put += 1
            base += np.int64(widths[piece])
            count += np.int64(widths[piece])
        counts[text >> 2] += put - before
        lengths[text] = count
        begin = ends[text]


@njit(
    i8(
        made(i4), made(i8),
        made(i8), made(u4), made(u1), made(u8), i8,
        made(u8), made(u4),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def phrases(
    pieces, ends,
    word_starts, word_forms, word_overlays, form_hashes, longest,
    out_key, out_doc,
):  # fmt: skip
    """Compute the key of each keyword (``index.records.phrase_key``).

    Arguments:
        pieces, ends: the keywords of each article, as ``scan`` put them out.
        word_overlays: whether a word lies over others; form_hashes: the hash of each form's term.
        longest: the words of the longest keyword that counts.
        out_key, out_doc: receive keys and articles.

    Returns:
        the number of keys.
    """
    put = 0
    begin = 0
    for text in range(ends.size):
        key = np.uint64(0)
        count = 0
        for index in range(begin, ends[text] + 1):
            piece = np.int64(-1) if index == ends[text] else np.int64(pieces[index])
            if piece < 0:
                if 0 < count <= longest:
                    out_key[put] = key
                    out_doc[put] = text
                    put += 1
                key = np.uint64(0)
                count = 0
                continue
            for word in range(word_starts[piece], word_starts[piece + 1]):
                if not word_overlays[word]:
                    hashed = form_hashes[word_forms[word]]
                    key = (key ^ hashed) * np.uint64(0x9E3779B97F4A7C15)
                    count += 1
        begin = ends[text]
    return put


@njit(types.void(read(u1), made(i8), made(u8)), cache=True, nogil=True)
def hash_texts(data, starts, hashes):
    """Compute ``index.records.term_hash`` of each text."""
    for text in range(hashes.size):
        value = FNV_OFFSET
        for at in range(starts[text], starts[text + 1]):
            value = (value ^ np.uint64(data[at])) * FNV_PRIME
        hashes[text] = max(value, np.uint64(1))
