"""Where terms stand in documents, ready to find some of them side by side."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.signature import i8, made, named, read, u1, u4, u8
from qsearch.kernels.search.arguments import Capped, Positions
from qsearch.kernels.search.boolean_program import (
    PLACED,
    PLACES,
    PLACES_STOP,
    POSTINGS,
    POSTINGS_STOP,
)
from qsearch.kernels.search.unpack import DETAIL_TABLE
from qsearch.model.bit_layout import RARE_DETAIL

_STOP = 240
"""See ``varint.DENSE``."""

_NONE, _ONE = np.uint64(0), np.uint64(1)

POSITIONS = named(Positions, made(u8), made(u4), made(u1))


@njit(
    i8(
        read(u1), read(u1), DETAIL_TABLE, named(Capped, read(u8), read(u4)), i8, i8,
        POSITIONS, i8, i8,
    ),
    cache=True, nogil=True,
)  # fmt: skip
def unpack_positions(
    coded_details, coded_places, table, capped, first, searched, positions, begin, at
):
    """Find where the positions of each posting of a term start among its bytes, and sketch them.

    A sketch is a bit for each place a document has the term at, by the place modulo 64: whether
    words can stand side by side shows in a few shifts, nearly always.

    Arguments:
        coded_details, coded_places: the bytes of the term in the columns ``details``, ``places``.
        table, capped: of the segment.
        first: the number of the term's first posting among all of the segment.
        searched: a bit for each searched field; a posting in none of them is left out.
        positions: its ``places`` receive the bytes of the postings that are kept, from ``begin``
            on; its ``starts`` and ``sketches`` receive, from ``at`` on, where those of each posting
            start, counted from ``begin``, and its sketch.

    Returns:
        how many bytes are kept; -1 if the bytes do not fit the postings.
    """
    common, rare, rare_values = table
    sketches, starts, places = positions
    byte_at = 0
    kept = 0
    put = 0
    rare_at = np.searchsorted(rare, np.uint32(first))
    capped_at = np.searchsorted(capped.postings, np.uint64(first))
    for index in range(coded_details.size):
        code = np.int64(coded_details[index])
        if code == RARE_DETAIL:
            if rare_at >= rare.size or np.int64(rare[rare_at]) != first + index:
                return -1
            word = np.int64(rare_values[rare_at])
            rare_at += 1
        elif code < common.size:
            word = np.int64(common[code])
        else:
            return -1
        question = (word >> 8) & 15
        answer = (word >> 16) & 255
        keywords = (word >> 12) & 15
        count = question + answer + keywords
        if (
            capped_at < capped.postings.size
            and np.int64(capped.postings[capped_at]) == first + index
        ):
            count = np.int64(capped.counts[capped_at])
            capped_at += 1
        stands = (question > 0) | ((answer > 0) << 1) | ((keywords > 0) << 2)
        if stands & searched:
            starts[at + kept] = put
            place = np.int64(0)
            shift = np.int64(0)
            sketch = np.uint64(0)
            while count > 0:
                if byte_at == coded_places.size:
                    return -1
                piece = coded_places[byte_at]
                byte_at += 1
                places[begin + put] = piece
                put += 1
                place += np.int64(piece) << (shift & 63)
                shift += 4
                if piece < _STOP:
                    sketch |= _ONE << np.uint64(place & 63)
                    shift = 0
                    count -= 1
            sketches[at + kept] = sketch
            kept += 1
        else:
            while count > 0:
                if byte_at == coded_places.size:
                    return -1
                count -= coded_places[byte_at] < _STOP
                byte_at += 1
    return put if byte_at == coded_places.size else -1


@njit(nogil=True)
def _stretch(place, field_starts, doc):
    """Return in which stretch of an article a place is: title, question, answer or keywords."""
    stretch = 0
    for index in range(3 * doc, 3 * doc + 3):
        stretch += place >= field_starts.starts[index]
    return stretch


@njit(nogil=True)
def _bytes_of(rows, word, posting, starts):
    """Return where the positions of a posting start and stop in ``places``."""
    stop = rows[word, PLACES_STOP]
    at = rows[word, PLACED] + posting
    if posting + 1 < rows[word, POSTINGS_STOP] - rows[word, POSTINGS]:
        stop = rows[word, PLACES] + np.int64(starts[at + 1])
    return rows[word, PLACES] + np.int64(starts[at]), stop


@njit(nogil=True)
def match_phrase(phrase, postings, common, positions, field_starts, base, docs, hits):
    """Clear the bits of documents where words do not stand at their distances in one searched
    stretch.

    Arguments:
        postings: a row a word, its posting in each document, counted from its first one.
        common: a bit for each place modulo 64 where the phrase may start, by the sketches.
        base: how many documents stand before those of the segment.
        docs: the documents; hits: a bit for each one of the segment.
    """
    rows, offsets = phrase
    places, searched = positions.places, field_starts.searched
    count = offsets.size
    reach = offsets.max()
    found = np.empty(256, dtype=np.int64)
    for index in range(docs.size):
        doc = docs[index]
        size = 0
        for word in range(count if common[index] != _NONE else 0):
            byte, stop = _bytes_of(rows, word, postings[word, index], positions.starts)
            if word == 0 and stop - byte > found.size:
                found = np.empty(2 * (stop - byte), dtype=np.int64)
            place = -offsets[word]
            shift = np.int64(0)
            at = kept = 0
            while byte < stop and (word == 0 or at < size):
                piece = np.int64(places[byte])
                byte += 1
                place += piece << (shift & 63)
                if piece >= _STOP:
                    shift += 4
                    continue
                shift = 0
                if word == 0:
                    found[kept] = place
                    kept += (common[index] >> np.uint64(place & 63)) & _ONE != _NONE
                else:
                    while at < size and found[at] < place:
                        at += 1
                    if at < size and found[at] == place:
                        found[kept] = place
                        kept += 1
                        at += 1
            size = kept
            if size == 0:
                break
        together = False
        for at in range(size):
            place = found[at]
            if place >= 0:
                stretch = _stretch(place, field_starts, base + doc)
                end = _stretch(place + reach, field_starts, base + doc)
                if (searched >> stretch) & 1 and end == stretch:
                    together = True
                    break
        if not together:
            hits[doc >> 6] ^= _ONE << np.uint64(doc & 63)
