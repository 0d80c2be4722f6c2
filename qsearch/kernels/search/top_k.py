"""The k best scores, at most one for each group of copies.

What is called for each document takes the arrays of a ``TopK`` one by one: Numba counts references
to all arrays of a NamedTuple at every call, which for so many calls takes longer than the work.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.search.arguments import TopK


@njit(nogil=True, error_model="numpy")
def new_top_k(k):
    """Return an empty list with room for k scores."""
    return TopK(np.zeros(k), np.zeros(k, dtype=np.uint64), np.zeros(1, dtype=np.int64))


@njit(nogil=True, error_model="numpy")
def is_full(scores, size):
    """Return whether there are k scores."""
    return size[0] == scores.size


@njit(nogil=True, error_model="numpy")
def threshold_of(scores, size):
    """Return the k-th best score; 0 if there are fewer."""
    return scores[scores.size - 1] if size[0] == scores.size else 0.0


@njit(nogil=True, error_model="numpy")
def copy_top_k(top_k, target):
    """Make ``target`` hold the same scores."""
    size = top_k.size[0]
    target.scores[:size] = top_k.scores[:size]
    target.groups[:size] = top_k.groups[:size]
    target.size[0] = size


@njit(nogil=True, error_model="numpy")
def top_k_insert(scores, groups, sizes, score, group):
    """Insert a score, unless k others, or one of its group, are at least as high."""
    size = sizes[0]
    k = scores.size
    last = k - 1
    if size == k and score <= scores[last]:
        return
    at = -1
    if group != 0:
        for index in range(size):
            if groups[index] == group:
                if scores[index] >= score:
                    return
                at = index
                break
    if at < 0:
        if size < k:
            at = size
            size += 1
            sizes[0] = size
        else:
            at = last
    scores[at] = score
    groups[at] = group
    if size == k:
        least = 0
        for index in range(1, k):
            if scores[index] < scores[least]:
                least = index
        scores[least], scores[last] = scores[last], scores[least]
        groups[least], groups[last] = groups[last], groups[least]
