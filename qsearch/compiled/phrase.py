"""Which articles hold words side by side, in compiled code."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.compiled.bounds import advance
from qsearch.compiled.layout import RARE_CODE
from qsearch.compiled.signature import i4, i8, made, read, u1, u4, u8

_STOP = 240
"""See ``varint.DENSE``."""

FIRST, LAST, PLACES, OFFSET = range(4)
"""The columns of the words of a phrase: where the postings of its term start and stop, where its
bytes in ``places`` start, and how far it stands from the first word.
"""


@njit(
    i8(
        read(u1), read(u4), read(u4), read(u4), read(u8), read(u4), i8, i8,
        read(u1), made(u4), made(u4), i8,
    ),
    cache=True, nogil=True,
)  # fmt: skip
def find_places(
    coded_details, common, rare, rare_values, capped, capped_counts, first, searched,
    places, starts, stops, at,
):  # fmt: skip
    """Find where the positions of each posting of a term start and stop among its bytes.

    Arguments:
        coded_details, common, rare, rare_values, first, searched: as for ``fill_term``.
        capped, capped_counts: the columns ``capped.*``.
        places: the bytes of the term in the column ``places``.
        starts, stops: receive the places, from ``at`` on.

    Returns:
        0; -1 if the bytes do not fit the postings.
    """
    byte_at = 0
    kept = 0
    rare_at = np.searchsorted(rare, np.uint32(first))
    capped_at = np.searchsorted(capped, np.uint64(first))
    for index in range(coded_details.size):
        code = np.int64(coded_details[index])
        if code == RARE_CODE:
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
        if capped_at < capped.size and np.int64(capped[capped_at]) == first + index:
            count = np.int64(capped_counts[capped_at])
            capped_at += 1
        begin = byte_at
        while count > 0:
            if byte_at == places.size:
                return -1
            count -= places[byte_at] < _STOP
            byte_at += 1
        stands = (question > 0) | ((answer > 0) << 1) | ((keywords > 0) << 2)
        if stands & searched:
            starts[at + kept] = begin
            stops[at + kept] = byte_at
            kept += 1
    return 0 if byte_at == places.size else -1


@njit(nogil=True)
def _part(place, parts, doc):
    """In which part of an article a place is: title, question, answer or keywords."""
    part = 0
    for index in range(3 * doc, 3 * doc + 3):
        part += place >= parts[index]
    return part


@njit(
    types.void(
        made(i8, 2), made(i4), made(u4), made(u4), made(u1), read(u4), i8, made(u1),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def phrase(words, docs, starts, stops, places, parts, searched, hit):
    """Mark the articles of a segment where words stand at their distances in one searched part.

    Arguments:
        words: a row a word (``FIRST``), that of the fewest postings at the top.
        docs: the postings (``fill_term``); starts, stops: see ``find_places``; places: the bytes.
        parts: where question, answer and keywords of each article start.
        searched: a bit for each part.
        hit: receives 1 for each of the articles.
    """
    count = words.shape[0]
    at = words[:, FIRST].copy()
    reach = 0
    for word in range(count):
        reach = max(reach, words[word, OFFSET])
    found = np.empty(256, dtype=np.int64)
    for posting in range(words[0, FIRST], words[0, LAST]):
        doc = np.int64(docs[posting])
        together = True
        at[0] = posting
        for word in range(1, count):
            at[word] = advance(docs, at[word], words[word, LAST], doc)
            if at[word] == words[word, LAST]:
                return
            if docs[at[word]] != doc:
                together = False
                break
        if not together:
            continue
        size = 0
        for word in range(count):
            byte = words[word, PLACES] + np.int64(starts[at[word]])
            stop = words[word, PLACES] + np.int64(stops[at[word]])
            if word == 0 and stop - byte > found.size:
                found = np.empty(stop - byte, dtype=np.int64)
            place = -words[word, OFFSET]
            index = kept = 0
            while byte < stop and (word == 0 or index < size):
                value = 0
                shift = 0
                while byte < stop:
                    piece = np.int64(places[byte])
                    byte += 1
                    value += piece << shift
                    shift += 4
                    if piece < _STOP:
                        break
                place += value
                if word == 0:
                    found[kept] = place
                    kept += 1
                else:
                    while index < size and found[index] < place:
                        index += 1
                    if index < size and found[index] == place:
                        found[kept] = place
                        kept += 1
                        index += 1
            size = kept
            if size == 0:
                break
        for index in range(size):
            place = found[index]
            if place >= 0:
                part = _part(place, parts, doc)
                if (searched >> part) & 1 and _part(place + reach, parts, doc) == part:
                    hit[doc] = 1
                    break
