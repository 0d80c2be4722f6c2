"""Occurrences by article -> postings by term: a counting sort, then one pass that
writes the bytes of ``index.invert``.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.indexing.arguments import (
    CappedPostings,
    FormTerms,
    Occurrences,
    PostingColumns,
    SortedOccurrences,
    TermStarts,
)
from qsearch.kernels.runtime.signature import i4, i8, made, named, u1, u2, u4, u8


@njit(types.void(made(u4), made(u4), made(i8)), cache=True, nogil=True)
def stretch_ends(doc, place, ends):
    """Find where the stretches of each article end: 4 numbers an article in ``ends``, zeros
    before.
    """
    for index in range(doc.size):
        at = 4 * np.int64(doc[index]) + (np.int64(place[index]) >> 29)
        end = (np.int64(place[index]) & 0x1FFFFFFF) + 1
        if ends[at] < end:
            ends[at] = end


@njit(nogil=True, inline="always")
def _put(out, at, value):
    """Write a number as LEB128; return where the next one goes."""
    while value >= 0x80:
        out[at] = np.uint8((value & 0x7F) | 0x80)
        at += 1
        value >>= 7
    out[at] = np.uint8(value)
    return at + 1


@njit(nogil=True, inline="always")
def _put_dense(out, at, value):
    """Write a number as ``varint.DENSE`` says; return where the next one goes."""
    while value >= 240:
        value -= 240
        out[at] = np.uint8(240 + (value & 15))
        at += 1
        value >>= 4
    out[at] = np.uint8(value)
    return at + 1


@njit(types.void(made(u4), made(i8)), cache=True, nogil=True)
def count_forms(form, counts):
    """Add to ``counts`` how often each form occurs."""
    for index in range(form.size):
        counts[form[index]] += 1


@njit(
    types.UniTuple(i8, 5)(
        named(Occurrences, made(u4), made(u4), made(u4)), made(i8),
        named(FormTerms, made(u4), made(u2)), made(i8), i8,
        named(SortedOccurrences, made(u8), made(u4)),
        named(PostingColumns, made(u1), made(u4), made(u1), made(u1)),
        named(TermStarts, made(i8), made(i8), made(i8), made(i8)),
        named(CappedPostings, made(i8), made(i8)),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def invert(occurrences, starts, forms, term_at, first, space, columns, term_starts, capped):
    """Write the postings of some terms, from the term ``first`` on.

    Arguments:
        starts: where each article's four stretches start when they are laid end to end.
        term_at: where the occurrences of each of these terms start among those of all of these
            terms; it is moved on.
        space: for the occurrences of these terms.

    Returns:
        the number of postings, doc bytes, place bytes, rank bytes and capped postings.
    """
    form, doc, place = occurrences
    sorted_place, sorted_form = space
    docs, details, places, ranks = columns
    last = first + term_at.size
    for index in range(form.size):
        term = np.int64(forms.term[form[index]])
        if term < first or term >= last:
            continue
        at = term_at[term - first]
        term_at[term - first] = at + 1
        stretch = np.int64(place[index]) >> 29
        flat = np.uint64(np.int64(place[index]) & 0x1FFFFFFF) + np.uint64(
            starts[4 * np.int64(doc[index]) + stretch]
        )
        sorted_place[at] = np.uint64(doc[index]) << np.uint64(32) | flat
        sorted_form[at] = np.uint32(forms.rank[form[index]]) << np.uint32(2) | np.uint32(
            max(stretch - 1, 0)
        )
    posting = doc_byte = place_byte = rank_byte = overflows = 0
    at = 0
    for term in range(term_at.size):
        term_starts.postings[term] = posting
        term_starts.docs[term] = doc_byte
        term_starts.places[term] = place_byte
        term_starts.ranks[term] = rank_byte
        last_doc = np.int64(0)
        end = term_at[term]
        while at < end:
            here = np.int64(sorted_place[at] >> np.uint64(32))
            question = answer = keywords = 0
            mask = 0
            before = np.int64(0)
            begin = at
            while at < end and np.int64(sorted_place[at] >> np.uint64(32)) == here:
                field = sorted_form[at] & np.uint32(3)
                if field == 0:
                    question += 1
                elif field == 1:
                    answer += 1
                else:
                    keywords += 1
                rank = np.int64(sorted_form[at] >> np.uint32(2))
                mask |= 1 << min(rank, 7)
                flat = np.int64(sorted_place[at] & np.uint64(0xFFFFFFFF))
                place_byte = _put_dense(places, place_byte, flat - before)
                before = flat
                at += 1
            if mask & (mask - 1) or mask == 128:
                # The form bits don't tell which form stands where.
                for index in range(begin, at):
                    rank_byte = _put(ranks, rank_byte, np.int64(sorted_form[index]) >> 2)
            doc_byte = _put(docs, doc_byte, here - last_doc)
            last_doc = here
            word = min(question, 15) | min(keywords, 15) << 4 | min(answer, 255) << 8
            details[posting] = word << 8 | mask
            if question > 15 or keywords > 15 or answer > 255:
                capped.postings[overflows] = posting
                capped.counts[overflows] = question + answer + keywords
                overflows += 1
            posting += 1
    term_starts.postings[term_at.size] = posting
    term_starts.docs[term_at.size] = doc_byte
    term_starts.places[term_at.size] = place_byte
    term_starts.ranks[term_at.size] = rank_byte
    return posting, doc_byte, place_byte, rank_byte, overflows


@njit(nogil=True, inline="always")
def _cell(word, blocks):
    """Where the cell of a word is; it must have one."""
    return np.int64(blocks[word >> 8]) << 8 | np.int64(word & 0xFF)


@njit(i8(made(u4), made(i4), made(u4), made(u4)), cache=True, nogil=True)
def tally(words, blocks, counts, distinct):
    """Count words.

    Words with the same upper bits have their cells in one block of 256, and blocks follow in the
    order in which they were first met: what occurs lies close together.

    Arguments:
        blocks: -1 for all upper bits; receives the block of those that occur.
        counts: a zero for each cell that there could be.
        distinct: receives the words that occur.

    Returns:
        how many occur.
    """
    found = used = 0
    for index in range(words.size):
        word = words[index]
        if blocks[word >> 8] < 0:
            blocks[word >> 8] = used
            used += 1
        cell = _cell(word, blocks)
        if counts[cell] == 0:
            distinct[found] = word
            found += 1
        counts[cell] += np.uint32(1)
    return found


@njit(i8(made(u4), made(i4), made(u4), made(u1), made(i8)), cache=True, nogil=True)
def encode_words(words, blocks, codes, coded, rare):
    """Write the code of each word, at most 255; put the places of those with 255 into ``rare`` and
    return how many there are. ``codes`` has a cell for each word, where ``blocks`` says.
    """
    found = 0
    for index in range(words.size):
        code = codes[_cell(words[index], blocks)]
        if code >= np.uint32(255):
            rare[found] = index
            found += 1
            code = np.uint32(255)
        coded[index] = code
    return found
