"""The bytes of a term -> its articles and what each adds to a score, in compiled code."""

from __future__ import annotations

import numpy as np
from numba import njit, types

_u1, _u2, _u4, _u8 = types.uint8, types.uint16, types.uint32, types.uint64
_i4, _i8, _f8 = types.int32, types.int64, types.float64


def _read(kind: types.Type) -> types.Array:
    return types.Array(kind, 1, "C", readonly=True)


def _made(kind: types.Type) -> types.Array:
    return types.Array(kind, 1, "C")


STEPS = 255
"""Steps of the impacts in one byte."""

LEAST = 1e-100
"""Sums of impacts above this are never 0, which tells articles that were touched from others."""


@njit(
    _i8(
        _read(_u1), _read(_u1), _read(_u4), _read(_u8), _read(_u4), _i8, _i8,
        _read(_u1), _made(_f8), _f8, _f8, _f8, _f8,
        _made(_i4), _made(_f8), _made(_u2), _made(_f8), _i8, _made(_u1),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def fill_term(
    coded_docs, details, common, rare, rare_values, first, documents,
    lengths, norms, question, answer, keywords, k1,
    docs, impacts, masks, maxima, term, dense,
):  # fmt: skip
    """Unpack the postings of one term and compute what each adds to a score.

    Arguments:
        coded_docs, details: the bytes of the term; a varint and a byte a posting.
        common, rare, rare_values: the columns ``details.*``; ``first`` is the number of the
            term's first posting among all.
        documents: the number of articles of the segment.
        lengths: the length bytes; norms: 3 x 256 factors; the weights of the fields; k1.
        docs, impacts, masks: receive the postings, from ``first`` on; maxima[term] the largest
            impact.
        dense: empty, or a byte an article; receives the impacts in steps of 1/255 of the largest,
            rounded up, 0 where the term does not stand.

    Returns:
        0; -1 if the bytes are no postings of this segment; 1 if an impact is too small (or no
        number), which only ranking settings far from any use bring about.
    """
    count = details.size
    at = 0
    doc = 0
    largest = 0.0
    rare_at = np.searchsorted(rare, np.uint64(first))
    for index in range(count):
        value = 0
        shift = 0
        while True:
            if at >= coded_docs.size or shift > 28:
                return -1
            byte = np.int64(coded_docs[at])
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        if index and value == 0:
            return -1
        doc += value
        if doc >= documents:
            return -1
        code = details[index]
        if code == 255:
            if rare_at >= rare.size or np.int64(rare[rare_at]) != first + index:
                return -1
            word = np.int64(rare_values[rare_at])
            rare_at += 1
        elif code < common.size:
            word = np.int64(common[code])
        else:
            return -1
        frequency = word >> 8
        tf = 0.0
        tf += question * np.float64(frequency & 15) * norms[np.int64(lengths[3 * doc])]
        tf += (
            answer
            * np.float64((frequency >> 8) & 255)
            * norms[256 + np.int64(lengths[3 * doc + 1])]
        )
        tf += (
            keywords
            * np.float64((frequency >> 4) & 15)
            * norms[512 + np.int64(lengths[3 * doc + 2])]
        )
        impact = tf / (k1 + tf)
        if not impact > LEAST:
            return 1
        docs[first + index] = doc
        impacts[first + index] = impact
        masks[first + index] = word & 255
        largest = max(largest, impact)
    if at != coded_docs.size:
        return -1
    maxima[term] = largest
    if dense.size:
        for index in range(first, first + count):
            step = np.int64(np.ceil(impacts[index] / largest * STEPS))
            dense[docs[index]] = min(max(step, 1), STEPS)
    return 0
