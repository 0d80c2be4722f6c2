"""Distances between words -> where each word stands: the part of its article, the place in it."""

from __future__ import annotations

import numpy as np

from qsearch.arrays import Array
from qsearch.model.bit_layout import PART_SHIFT, PLACE_MASK


def position_words(docs: Array, counts: Array, distances: Array, parts: Array) -> Array:
    """Return the position word of each occurrence (``fields.PART_SHIFT``).

    Arguments:
        docs: the article of each occurrence.
        counts: how many occurrences each posting has.
        distances: of each occurrence from the one before it in its posting.
        parts: where question, answer and keywords of each article start, shape (articles, 3).

    Raises:
        ValueError: a word stands outside its article.
        IndexError: an article is not there.
    """
    # Distances add up anew in each posting: take off what the postings before it summed to.
    running = np.cumsum(distances)
    before = np.concatenate([[0], running])[np.cumsum(counts) - counts]
    flat = running - np.repeat(before, counts)
    part = np.zeros(flat.size, dtype=np.int64)
    within = flat.copy()
    for start in (parts[:, number].astype(np.int64)[docs] for number in range(3)):
        reached = flat >= start
        part += reached
        np.subtract(flat, start, out=within, where=reached)
    if within.size and not 0 <= within.min() <= within.max() <= PLACE_MASK:
        raise ValueError("a word stands outside its article")
    words: Array = ((part << PART_SHIFT) | within).astype(np.uint32)
    return words
