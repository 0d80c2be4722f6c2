"""Which documents fulfil the condition of a query.

A document is a bit, so that most of what a condition asks is done for 64 documents at once.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.runtime.signature import i4, i8, made, named, read, u1, u4, u8
from qsearch.kernels.search.arguments import Bitsets, FieldStarts, Phrase
from qsearch.kernels.search.boolean_program import (
    ALL,
    AND,
    ARGUMENT,
    ARITY,
    BITS,
    MODE,
    OFFSET,
    OPERAND,
    OR,
    PART,
    PLACED,
    PLACED_WORD,
    POSTINGS,
    POSTINGS_STOP,
    PUSH,
    ROW,
    STEP,
    TERM,
    WORD,
)  # fmt: skip
from qsearch.kernels.search.keyword_cover import popcount
from qsearch.kernels.search.layout import BASE, COUNT
from qsearch.kernels.search.positions import POSITIONS, match_phrase
from qsearch.kernels.search.posting_search import seek_all

_PORTION = 1_024
"""Documents in which a phrase is looked for at a time."""

_NONE, _ONE = np.uint64(0), np.uint64(1)

_BITSETS = named(Bitsets, made(u8), made(u4))


@njit(
    types.void(made(i4), i8, i8, _BITSETS, i8, i8),
    cache=True, nogil=True, error_model="numpy",
)  # fmt: skip
def fill_bits(docs, start, stop, bitsets, at, size):
    """Set the bits of the documents of a term, and count how many postings are before each 64.

    Arguments:
        docs: the postings, from ``start`` to ``stop``.
        bitsets: receive ``size`` numbers from ``at`` on.
    """
    bits, ranks = bitsets
    bits[at : at + size] = _NONE
    for posting in range(start, stop):
        doc = np.int64(docs[posting])
        bits[at + (doc >> 6)] |= _ONE << np.uint64(doc & 63)
    before = 0
    for word in range(at, at + size):
        ranks[word] = before
        before += popcount(bits[word])


@njit(nogil=True, error_model="numpy")
def _apply(mode, row, other, at):
    """Do to a row what a step says with the numbers of ``other`` from ``at`` on."""
    if mode == AND:
        for word in range(row.size):
            row[word] &= other[at + word]
    elif mode == OR:
        for word in range(row.size):
            row[word] |= other[at + word]
    else:
        for word in range(row.size):
            row[word] &= ~other[at + word]


@njit(nogil=True, error_model="numpy")
def _apply_term(mode, row, start, stop, place, docs, bits, spare):
    """Do the same with the documents of a term, see ``boolean_program.POSTINGS``."""
    if place >= 0:
        _apply(mode, row, bits, place)
        return
    for word in range(row.size):
        spare[word] = _NONE
    for posting in range(start, stop):
        doc = np.int64(docs[posting])
        spare[doc >> 6] |= _ONE << np.uint64(doc & 63)
    _apply(mode, row, spare, 0)


@njit(nogil=True, error_model="numpy")
def _order_words(words, terms, part, rows, offsets):
    """Return the words of a phrase, that of the fewest postings first.

    Arguments:
        part: where the columns of the segment begin in a row of ``terms``.
        rows, offsets: working space.
    """
    count = words.shape[0]
    for index in range(words.shape[0]):
        term = words[index, WORD]
        size = terms[term, part + POSTINGS_STOP] - terms[term, part + POSTINGS]
        at = index
        while at > 0 and rows[at - 1, POSTINGS_STOP] - rows[at - 1, POSTINGS] > size:
            rows[at] = rows[at - 1]
            offsets[at] = offsets[at - 1]
            at -= 1
        rows[at] = terms[term, part : part + PART]
        offsets[at] = words[index, OFFSET]
    return Phrase(rows[:count], offsets[:count])


@njit(nogil=True, error_model="numpy")
def _find_phrase(mode, row, phrase, docs, bitsets, positions, field_starts, base, hits, spare):
    """Find the documents of a phrase, in ``hits``, as far as they matter to what is done to a row.

    Arguments:
        docs: the postings; base: how many documents stand in segments before this one.
        hits, spare: room for a row.
    """
    rows, offsets = phrase
    bits, count = bitsets.bits, offsets.size
    candidates = 0
    for word in range(row.size):
        hits[word] = ~row[word] if mode == OR else row[word]
    for index in range(count):
        start, stop, place = rows[index, POSTINGS], rows[index, POSTINGS_STOP], rows[index, BITS]
        _apply_term(AND, hits[: row.size], start, stop, place, docs, bits, spare)
    for word in range(row.size):
        candidates += popcount(hits[word])
    found = np.empty(candidates, dtype=np.int64)
    put = 0
    for word in range(row.size):
        left = hits[word]
        while left != _NONE:
            bit = left & (~left + _ONE)
            left ^= bit
            found[put] = 64 * word + popcount(bit - _ONE)
            put += 1
    # A term at a time, so that nothing waits for what is found of another one; for some articles,
    # since a query may hold a thousand words.
    postings = np.empty((count, min(candidates, _PORTION)), dtype=np.int64)
    for first in range(0, candidates, _PORTION):
        some = found[first : min(first + _PORTION, candidates)]
        common = np.full(some.size, ~_NONE)
        for index in range(count):
            start, stop, place = (
                rows[index, POSTINGS],
                rows[index, POSTINGS_STOP],
                rows[index, BITS],
            )
            _postings_of(start, stop, place, docs, bitsets, some, postings[index])
            left = _may_start(
                positions.sketches, rows[index, PLACED], postings[index], offsets[index], common
            )
            if left == _NONE:
                break
        match_phrase(phrase, postings, common, positions, field_starts, base, some, hits)


@njit(nogil=True, error_model="numpy")
def _postings_of(start, stop, place, docs, bitsets, wanted, postings):
    """Find which posting of a term each of some documents has, see ``boolean_program.POSTINGS``."""
    if place < 0:
        seek_all(docs, start, stop, wanted, postings)
        postings -= start
        return
    bits, ranks = bitsets
    for index in range(wanted.size):
        doc = wanted[index]
        word = place + (doc >> 6)
        below = (_ONE << np.uint64(doc & 63)) - _ONE
        postings[index] = np.int64(ranks[word]) + popcount(bits[word] & below)


@njit(nogil=True, error_model="numpy")
def _may_start(sketches, first, postings, offset, common):
    """Keep in ``common`` the places, modulo 64, where a phrase can start for all that one of its
    words says; return whether there are any, as bits.
    """
    left = _NONE
    turn = np.uint64(offset) & np.uint64(63)
    back = (np.uint64(64) - turn) & np.uint64(63)
    for index in range(common.size):
        sketch = sketches[first + postings[index]]
        common[index] &= (sketch >> turn) | (sketch << back)
        left |= common[index]
    return left


@njit(nogil=True, error_model="numpy")
def _put_out(row, count, allowed, hit):
    """Set a byte for each document of a row that is allowed; return how many these are."""
    found = 0
    hit[:] = 0
    for word in range(row.size):
        left = row[word]
        if left == _NONE:
            continue
        start = 64 * word
        for doc in range(start, min(start + 64, count)):
            hit[doc] = np.uint8(left >> np.uint64(doc - start)) & np.uint8(1)
        if allowed.size:
            for doc in range(start, min(start + 64, count)):
                hit[doc] &= allowed[doc]
                found += np.int64(hit[doc])
        else:
            found += popcount(left)
    return found


@njit(
    i8(
        made(i8), made(i8), made(i8, 2), made(i8, 2), made(i4), _BITSETS, POSITIONS,
        named(FieldStarts, read(u4), i8), read(u1), made(u1),
    ),
    cache=True, nogil=True, error_model="numpy",
)  # fmt: skip
def evaluate(program, words, terms, segments, docs, bitsets, positions, field_starts, allowed, hit):
    """Find the documents that fulfil a condition.

    Arguments:
        program, words: see ``boolean_program``, their rows end to end; terms: rows too.
        segments: see ``layout``.
        docs: the postings (``unpack_term``).
        allowed: a byte a document, 0 or 1, or empty for all.
        hit: receives a byte a document: whether it is allowed and fulfils the condition.

    Returns:
        how many documents these are.
    """
    program, words = program.reshape(-1, STEP), words.reshape(-1, PLACED_WORD)
    depth = deepest = arity = 0
    for step in range(program.shape[0]):
        depth += int(program[step, MODE] == PUSH) - int(program[step, OPERAND] == ROW)
        deepest = max(deepest, depth)
        arity = max(arity, program[step, ARITY])
    most = 0
    for segment_id in range(segments.shape[0]):
        most = max(most, segments[segment_id, COUNT])
    width = (most + 63) >> 6
    stack = np.empty(deepest * width, dtype=np.uint64)
    hits, spare = np.empty(width, dtype=np.uint64), np.empty(width, dtype=np.uint64)
    rows = np.empty((arity, PART), dtype=np.int64)
    offsets = np.empty(arity, dtype=np.int64)
    found = 0
    for segment_id in range(segments.shape[0]):
        base, count = segments[segment_id, BASE], segments[segment_id, COUNT]
        part = PART * segment_id
        size = (count + 63) >> 6
        depth = 0
        for step in range(program.shape[0]):
            mode, operand = program[step, MODE], program[step, OPERAND]
            if mode == PUSH:
                row = stack[depth * width : depth * width + size]
                row[:] = ~_NONE if operand == ALL else _NONE
                if operand == ALL and count & 63:
                    row[size - 1] = (_ONE << np.uint64(count & 63)) - _ONE
                depth += 1
                continue
            if operand == ROW:
                depth -= 1
            row = stack[(depth - 1) * width : (depth - 1) * width + size]
            if operand == ROW:
                _apply(mode, row, stack, depth * width)
            elif operand == TERM:
                term = program[step, ARGUMENT]
                start, stop = terms[term, part + POSTINGS], terms[term, part + POSTINGS_STOP]
                place = terms[term, part + BITS]
                _apply_term(mode, row, start, stop, place, docs, bitsets.bits, spare)
            else:
                begin, length = program[step, ARGUMENT], program[step, ARITY]
                phrase = _order_words(words[begin : begin + length], terms, part, rows, offsets)
                _find_phrase(
                    mode, row, phrase, docs, bitsets, positions, field_starts, base, hits, spare
                )
                _apply(mode, row, hits, 0)
        mask = allowed[base : base + count] if allowed.size else allowed
        found += _put_out(stack[:size], count, mask, hit[base : base + count])
    return found
