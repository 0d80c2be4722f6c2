"""The scores of a few articles, as the plain path computes them, in compiled code."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.search.keyword_cover import ones
from qsearch.kernels.search.layout import (
    ANSWER,
    BASE,
    BIT,
    DENSE,
    FORM_BONUS,
    FORMS,
    FORMS_STOP,
    K1,
    KEYWORD_BONUS,
    KEYWORDS,
    PART,
    QUESTION,
    START,
    STEP_BITS,
    STOP,
)  # fmt: skip
from qsearch.kernels.search.score_bounds import offer, seek_all

SLACK = 2e-8
"""What two scores that look the same in 9 digits can differ by, relatively, and more."""

SURELY = 1.0 - SLACK


@njit(nogil=True, error_model="numpy")
def _find(row, docs, details, dense, chosen, count, at, found):
    """Find the details of a term for some articles, 0 for an article without it."""
    start, stop, dense_at = row[START], row[STOP], row[DENSE]
    if dense_at >= 0:
        for index in range(count):
            found[index] = dense[dense_at + chosen[index]]
        return
    seek_all(docs, start, stop, chosen, count, at)
    for index in range(count):
        place = min(at[index], stop - 1)
        found[index] = details[place] * (docs[place] == chosen[index])


@njit(nogil=True, error_model="numpy")
def _score_term(row, weight, mass, forms, norms, settings, chosen, count, at, found, scores, typed):
    """Add to the scores what a term adds, and to ``typed`` its mass where its form stands."""
    for index in range(count):
        word = found[index] >> STEP_BITS
        tf = 0.0
        tf += settings[QUESTION] * np.float64((word >> 8) & 15) * norms[0, index]
        tf += settings[ANSWER] * np.float64((word >> 16) & 255) * norms[1, index]
        tf += settings[KEYWORDS] * np.float64((word >> 12) & 15) * norms[2, index]
        scores[index] += weight * (tf / (settings[K1] + tf))
        typed[index] += mass * ((word & row[BIT]) != 0)
    start, stop = row[FORMS], row[FORMS_STOP]
    if start < stop:
        seek_all(forms, start, stop, chosen, count, at)
        for index in range(count):
            typed[index] += mass * (forms[min(at[index], stop - 1)] == chosen[index])


@njit(nogil=True, error_model="numpy")
def score(
    chosen, kept, number, part, segment, count, entries, weights, masses, whole, total,
    facts, settings, norms, docs, details, dense, forms, lengths,
    groups, covered, best_score, best_group, size, out_score, out_place, out_group, put,
):  # fmt: skip
    """Put out the articles of a segment that may be among the best, with their scores.

    Arguments:
        chosen, kept: the articles, in order, and how many; number: that of the segment.
        put: how many have been put out already; the rest as in ``top``.

    Returns:
        how many have been put out then, -1 if there is no room; how many are among the best.
    """
    base = segment[BASE]
    scores, typed = np.zeros(kept), np.zeros(kept)
    for index in range(kept):
        prefetch(groups, 2 * (base + np.int64(chosen[index])))
    own = np.empty((3, kept))
    for field in range(3):
        for index in range(kept):
            length = np.int64(lengths[3 * (base + np.int64(chosen[index])) + field])
            own[field, index] = norms[256 * field + length]
    at = np.empty(kept, dtype=np.int64)
    found = np.zeros((count, kept), dtype=np.uint32)
    # First what waits for memory, for all terms: a branch on what is found would stop the others.
    for term in range(count):
        row = facts[entries[term], part : part + PART]
        if row[START] < row[STOP]:
            _find(row, docs, details, dense, chosen, kept, at, found[term])
    for term in range(count):
        row = facts[entries[term], part : part + PART]
        _score_term(
            row, weights[term], masses[term], forms, own, settings, chosen, kept, at, found[term],
            scores, typed,
        )  # fmt: skip
    wanted = best_score.size
    for index in range(kept):
        bonus = 1.0 + settings[FORM_BONUS] * (typed[index] / whole if whole > 0.0 else 0.0)
        bonus += settings[KEYWORD_BONUS] * (ones(covered[chosen[index]]) / max(total, 1))
        exact = scores[index] * bonus
        if size == wanted and exact < best_score[size - 1] * SURELY:
            continue
        if put == out_score.size:
            return -1, size
        group = groups[2 * (base + np.int64(chosen[index]))]
        out_score[put] = exact
        out_place[2 * put] = number
        out_place[2 * put + 1] = chosen[index]
        out_group[put] = group
        put += 1
        size = offer(best_score, best_group, size, exact, group)
    return put, size
