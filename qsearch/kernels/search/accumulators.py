"""Partial sums of quantised impacts for all documents of a segment: bounds on their scores.

An accumulator counts in units, rounded up, so that it takes two bytes. Each function is one loop
over arrays.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.search.keyword_cover import early_bonus
from qsearch.kernels.search.layout import BLOCK
from qsearch.kernels.search.top_k import copy_top_k, is_full, threshold_of, top_k_insert


@njit(nogil=True, error_model="numpy")
def accumulate(postings, start, stop, step, only_present, accumulators):
    """Add a term to the accumulators, rounded up: at most two units above its bound.

    Arguments:
        start, stop: its postings; step: the score of one step of its quantised impacts.
        only_present: leave out documents that have no sum yet.
    """
    docs, details, sums = postings.docs, postings.details, accumulators.sums
    factor = np.int64(np.ceil(step / accumulators.unit * 256.0))
    if only_present:
        for at in range(start, stop):
            doc = np.uint32(docs[at])
            sums[doc] += (((details[at] & 255) * factor + 255) >> 8) * (sums[doc] != 0)
    else:
        for at in range(start, stop):
            sums[np.uint32(docs[at])] += ((details[at] & 255) * factor + 255) >> 8


@njit(nogil=True, error_model="numpy")
def apply_early_bonus(accumulators, cover):
    """Multiply the sums of documents whose keywords cover words of the query by their bonus."""
    sums, bits, per_word = accumulators.sums, cover.bits, cover.per_word
    for doc in cover.marked:
        sums[doc] = np.uint16(np.ceil(sums[doc] * early_bonus(per_word, bits[doc])))


@njit(nogil=True, error_model="numpy")
def update_block_max(accumulators):
    """Clear the sums of documents that are not allowed, and note the maximum of each block."""
    sums, block_max, allowed = accumulators.sums, accumulators.block_max, accumulators.allowed
    for doc in range(allowed.size):
        sums[doc] *= allowed[doc]
    for block in range(block_max.size):
        most = np.uint16(0)
        for doc in range(block * BLOCK, block * BLOCK + BLOCK):
            most = max(most, sums[doc])
        block_max[block] = most


@njit(nogil=True, error_model="numpy")
def _kth_largest(block_max, largest):
    """Return the k-th largest block maximum, or 1 if there are fewer blocks.

    Arguments:
        largest: working space of k numbers.
    """
    size = 0
    for block in range(block_max.size):
        value = np.int64(block_max[block])
        if size == largest.size:
            if value <= largest[0]:
                continue
            at = 0
            while at + 1 < size and largest[at + 1] < value:
                largest[at] = largest[at + 1]
                at += 1
        else:
            at = size
            while at > 0 and largest[at - 1] > value:
                largest[at] = largest[at - 1]
                at -= 1
            size += 1
        largest[at] = value
    return max(largest[0], 1) if size == largest.size else 1


@njit(nogil=True, error_model="numpy")
def select_seeds(accumulators, cover, pruning):
    """Put documents that are likely to be among the best into ``pruning.seeds``, in order.

    They are those with the highest sums, and those that the early bonus lifts to these.

    Returns:
        how many, at most as many as there is room for.
    """
    sums, block_max, seeds = accumulators.sums, accumulators.block_max, pruning.seeds
    bits, per_word = cover.bits, cover.per_word
    limit = _kth_largest(block_max, pruning.largest)
    count = 0
    for block in range(block_max.size):
        if block_max[block] < limit:
            continue
        for doc in range(block * BLOCK, block * BLOCK + BLOCK):
            if sums[doc] >= limit and count < seeds.size:
                seeds[count] = doc
                count += 1
    for doc in cover.marked:
        selected = sums[doc] == 0 or sums[doc] >= limit
        if selected or sums[doc] * early_bonus(per_word, bits[doc]) < limit:
            continue
        if count == seeds.size:
            break
        at = count
        while at > 0 and seeds[at - 1] > doc:
            seeds[at] = seeds[at - 1]
            at -= 1
        seeds[at] = doc
        count += 1
    return count


@njit(nogil=True, error_model="numpy")
def clear_sums(accumulators, docs):
    """Clear the sums of some documents."""
    sums = accumulators.sums
    for doc in docs:
        sums[doc] = 0


@njit(nogil=True, error_model="numpy")
def threshold_of_accumulators(accumulators, error, floor, groups, top_k, pruning):
    """Return the pruning threshold that follows from the best so far and the accumulators.

    Scores only grow from a sum on, and no bonus lowers them, so the k-th best of the sums, less
    their error, is one that k groups reach.

    Arguments:
        error: how far a sum can lie above the score.
        floor: a threshold that is known already.
        groups: of the documents of the segment.

    Returns:
        at least ``floor``.
    """
    sums, block_max, unit = accumulators.sums, accumulators.block_max, accumulators.unit
    estimate = pruning.estimate
    scores, groups_of, size = estimate
    lowest = max(np.int64((floor + error) / unit), 1)
    # k documents have this sum or more. Where copies are among them, look further down.
    limit = max(_kth_largest(block_max, pruning.largest), lowest)
    while True:
        copy_top_k(top_k, estimate)
        for block in range(block_max.size):
            if block_max[block] < limit:
                continue
            for doc in range(block * BLOCK, block * BLOCK + BLOCK):
                if sums[doc] >= limit:
                    score = sums[doc] * unit - error
                    if score > 0.0:
                        top_k_insert(scores, groups_of, size, score, groups[2 * doc])
        if is_full(scores, size) or limit == lowest:
            break
        limit = max(limit >> 1, lowest)
    return max(floor, threshold_of(scores, size))


@njit(nogil=True, error_model="numpy")
def take_candidates(accumulators, limit, candidates):
    """Make the documents with at least this sum the candidates; clear all sums.

    There is room for whole blocks: a document that is none is overwritten, without a branch.

    Returns:
        how many there are.
    """
    sums, block_max, unit = accumulators.sums, accumulators.block_max, accumulators.unit
    docs, bounds = candidates.docs, candidates.bounds
    kept = 0
    for block in range(block_max.size):
        if block_max[block] < limit:
            continue
        for doc in range(block * BLOCK, block * BLOCK + BLOCK):
            docs[kept] = doc
            kept += sums[doc] >= limit
    for index in range(kept):
        bounds[index] = sums[docs[index]] * unit
    sums[: block_max.size * BLOCK] = 0
    return kept
