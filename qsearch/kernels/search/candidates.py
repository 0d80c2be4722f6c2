"""Bounds on the scores of some documents: look up a term for them, prune those that can't win."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.search.layout import BLOCK
from qsearch.kernels.search.posting_search import gallop
from qsearch.kernels.search.top_k import copy_top_k, threshold_of, top_k_insert


@njit(nogil=True, error_model="numpy")
def list_allowed(allowed, few, docs):
    """Put the documents that are allowed into ``docs``.

    Returns:
        how many there are; -1 if they are more than ``few``.
    """
    count = 0
    for doc in range(allowed.size):
        count += np.int64(allowed[doc])
    if count > few:
        return -1
    kept = 0
    start = 0
    while kept < count:
        # Most blocks hold none of so few.
        some = 0
        if start + BLOCK <= allowed.size:
            for doc in range(start, start + BLOCK):
                some += np.int64(allowed[doc])
        else:
            some = count - kept
        if some:
            stop = kept + some
            doc = start
            while kept < stop:
                docs[kept] = doc
                kept += np.int64(allowed[doc])
                doc += 1
        start += BLOCK
    return kept


@njit(nogil=True, error_model="numpy")
def look_up(postings, start, stop, step, candidates, count):
    """Add a term to the bounds of the first ``count`` candidates, by its posting list."""
    docs, details = postings.docs, postings.details
    wanted, bounds = candidates.docs, candidates.bounds
    at = start
    for index in range(count):
        at = gallop(docs, at, stop, wanted[index])
        if at == stop:
            break
        if docs[at] == wanted[index]:
            bounds[index] += step * (details[at] & 255)


@njit(nogil=True, error_model="numpy")
def look_up_dense(dense, row, step, candidates, count):
    """Do the same for a term that has a detail for each document, from ``row`` on."""
    docs, bounds = candidates.docs, candidates.bounds
    for index in range(count):
        bounds[index] += step * (dense[row + docs[index]] & 255)


@njit(nogil=True, error_model="numpy")
def threshold_of_candidates(candidates, count, progress, groups, top_k, estimate):
    """Return the pruning threshold that follows from the best so far and the candidates.

    Their scores only grow, and no bonus lowers them.

    Arguments:
        progress: its error, and the threshold that is known already.
        groups: of the documents of the segment.
        estimate: working space.
    """
    error = progress.error
    docs, bounds, early = candidates
    scores, groups_of, size = estimate
    copy_top_k(top_k, estimate)
    for index in range(count):
        score = (bounds[index] - error) * early[index]
        if score > 0.0 and score > threshold_of(scores, size):
            group = groups[2 * np.int64(docs[index])]
            top_k_insert(scores, groups_of, size, score, group)
    return max(progress.threshold, threshold_of(scores, size))


@njit(nogil=True, error_model="numpy")
def prune(candidates, count, remaining, threshold, late_bonus):
    """Keep the candidates that can reach the threshold.

    Arguments:
        remaining: the most that terms which were not looked up can add.
        late_bonus: the most that bonuses which are not known yet can add to the factor.

    Returns:
        how many are kept.
    """
    docs, bounds, early = candidates.docs, candidates.bounds, candidates.early
    kept = 0
    for index in range(count):
        most = (bounds[index] + remaining) * (early[index] + late_bonus)
        docs[kept] = docs[index]
        bounds[kept] = bounds[index]
        early[kept] = early[index]
        kept += most >= threshold
    return kept
