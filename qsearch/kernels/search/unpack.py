"""The bytes of a term -> its documents and what each can add to a score."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.signature import f8, i4, i8, made, named, read, u1, u4, u8
from qsearch.kernels.search.arguments import DetailTable, EncodedTerm, Formula, UnpackedTerm
from qsearch.kernels.search.formula import field_frequency, saturated
from qsearch.kernels.search.layout import (
    ANSWER,
    FILTER_BITS,
    IMPACT_BITS,
    IMPACT_LEVELS,
    K1,
    KEYWORDS,
    QUESTION,
)  # fmt: skip
from qsearch.model.bit_layout import DETAIL_BITS, RARE_DETAIL

LEAST = 1e-100
"""Impacts below this are no numbers that bounds can be computed with."""

FORMULA = named(Formula, made(f8), made(f8))
DETAIL_TABLE = named(DetailTable, read(u4), read(u4), read(u4))


@njit(
    i8(
        named(EncodedTerm, read(u1), read(u1), i8), DETAIL_TABLE, read(u1), FORMULA, i8,
        named(UnpackedTerm, made(i4), made(u4), made(u4), made(f8)),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def unpack_term(encoded, table, lengths, formula, searched, target):
    """Unpack the postings of one term and bound what each adds to a score.

    Arguments:
        encoded: the bytes of the term; table: what those of the details stand for.
        lengths: the length bytes of the segment, three a document.
        formula: the weight of a field that is not searched being 0.
        searched: a bit for each searched field; a posting in none of them is left out.
        target: receives the postings, and the largest impact.

    Returns:
        how many postings there are; -1 if the bytes are no postings of this segment; -2 if an
        impact is too small (or no number), which only ranking settings far from any use bring
        about.
    """
    coded_docs, coded_details, first = encoded
    common, rare, rare_values = table
    settings, norms = formula
    docs, details, dense, largest = target
    documents = lengths.size // 3
    count = coded_details.size
    impacts = np.empty(count)
    byte_at = 0
    doc = 0
    most = 0.0
    kept = 0
    rare_at = np.searchsorted(rare, np.uint32(first))
    for index in range(count):
        value = 0
        shift = 0
        while True:
            if byte_at >= coded_docs.size or shift > 28:
                return -1
            byte = np.int64(coded_docs[byte_at])
            byte_at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        if index and value == 0:
            return -1
        doc += value
        if doc >= documents:
            return -1
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
        if word >> DETAIL_BITS:
            return -1
        question = (word >> 8) & 15
        answer = (word >> 16) & 255
        keywords = (word >> 12) & 15
        stands = (question > 0) | ((answer > 0) << 1) | ((keywords > 0) << 2)
        if not stands & searched:
            continue
        here = 3 * doc
        tf = 0.0
        tf += field_frequency(
            settings[QUESTION], np.float64(question), norms[np.int64(lengths[here])]
        )
        tf += field_frequency(
            settings[ANSWER], np.float64(answer), norms[256 + np.int64(lengths[here + 1])]
        )
        tf += field_frequency(
            settings[KEYWORDS], np.float64(keywords), norms[512 + np.int64(lengths[here + 2])]
        )
        impact = saturated(tf, settings[K1])
        if not impact > LEAST:
            return -2
        docs[kept] = doc
        details[kept] = word << IMPACT_BITS
        impacts[kept] = impact
        most = max(most, impact)
        kept += 1
    if byte_at != coded_docs.size:
        return -1
    largest[0] = most
    for index in range(kept):
        quantised = np.int64(np.ceil(impacts[index] / most * IMPACT_LEVELS))
        details[index] |= min(max(quantised, 1), IMPACT_LEVELS)
    if dense.size:
        for index in range(kept):
            dense[docs[index]] = details[index]
    return kept


@njit(i8(read(u8), i8, i8, made(u8), made(u4)), cache=True, nogil=True)
def index_keywords(keys, bits, first, present, buckets):
    """Prepare the search for keyword phrases by their keys.

    Arguments:
        keys: the column ``phrase.key``.
        bits: how many upper bits of a key say in which bucket it is.
        first: how many keys of other segments stand before these.
        present: zeros; receives two bits for each key (``keyword_cover.may_contain``), in the word
            that the upper ``bits + FILTER_BITS`` bits of the key but six say.
        buckets: receives where each bucket begins, and where the last one ends.

    Returns:
        0; -1 if the keys are not in order.
    """
    bucket = np.int64(0)
    before = np.uint64(0)
    for at in range(keys.size):
        key = keys[at]
        if key < before:
            return -1
        before = key
        while bucket <= np.int64(key >> np.uint64(64 - bits)):
            buckets[bucket] = first + at
            bucket += 1
        place = key >> np.uint64(64 - bits - FILTER_BITS)
        first_bit = np.uint64(1) << (place & np.uint64(63))
        present[np.int64(place >> np.uint64(6))] |= first_bit | np.uint64(1) << (
            key & np.uint64(63)
        )
    while bucket < buckets.size:
        buckets[bucket] = first + keys.size
        bucket += 1
    return 0
