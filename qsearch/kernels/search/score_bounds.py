"""Bounds on the scores of many articles, from impacts in whole steps: who may be among the best?

The plain parts of ``top``: each is one loop over arrays.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.search.keyword_cover import ones
from qsearch.kernels.search.layout import BLOCK


@njit(nogil=True, error_model="numpy")
def seek(docs, at, stop, doc):
    """The first of the postings ``at`` to ``stop`` whose article is not before ``doc``.

    Halving without a branch on what is found: a guess of the processor would be wrong every second
    time, and cost more than the step.
    """
    size = stop - at
    while size > 1:
        half = size >> 1
        at += half * (docs[at + half - 1] < doc)
        size -= half
    if size == 1:
        at += docs[at] < doc
    return at


@njit(nogil=True, error_model="numpy")
def seek_all(docs, start, stop, chosen, count, at):
    """The same as ``seek`` for several articles: all halve at once, so none waits for another.

    Arguments:
        start, stop: at least one posting.
        at: receives where each stands.
    """
    for index in range(count):
        at[index] = start
    size = stop - start
    while size > 1:
        half = size >> 1
        for index in range(count):
            at[index] += half * (docs[at[index] + half - 1] < chosen[index])
        size -= half
    for index in range(count):
        at[index] += docs[at[index]] < chosen[index]


@njit(nogil=True, error_model="numpy")
def advance(docs, at, stop, doc):
    """The same as ``seek``, sooner where the posting is not far from ``at``."""
    step = 1
    while at + step < stop and docs[at + step] < doc:
        at += step
        step <<= 1
    return seek(docs, at, min(at + step + 1, stop), doc)


@njit(nogil=True, error_model="numpy")
def offer(scores, groups, size, score, group):
    """Put a score among the best, at most one a group; return how many there are.

    The scores are in no order, but once all places are taken the least stands last.
    """
    places = scores.size
    last = places - 1
    if size == places and score <= scores[last]:
        return size
    at = -1
    if group != 0:
        for index in range(size):
            if groups[index] == group:
                if scores[index] >= score:
                    return size
                at = index
                break
    if at < 0:
        if size < places:
            at = size
            size += 1
        else:
            at = last
    scores[at] = score
    groups[at] = group
    if size == places:
        least = 0
        for index in range(1, places):
            if scores[index] < scores[least]:
                least = index
        scores[least], scores[last] = scores[last], scores[least]
        groups[least], groups[last] = groups[last], groups[least]
    return size


@njit(nogil=True, error_model="numpy")
def gather(docs, details, start, stop, step, unit, everywhere, sums):
    """Add a term up in units, rounded up: for all its articles, or for those that have a sum.

    What is added is at most two units above the bound.
    """
    factor = np.int64(np.ceil(step / unit * 256.0))
    if everywhere:
        for at in range(start, stop):
            sums[np.uint32(docs[at])] += ((details[at] & 255) * factor + 255) >> 8
    else:
        for at in range(start, stop):
            doc = np.uint32(docs[at])
            sums[doc] += (((details[at] & 255) * factor + 255) >> 8) * (sums[doc] != 0)


@njit(nogil=True, error_model="numpy")
def lift(marked, count, covered, share, sums):
    """Multiply the sums of articles whose keywords cover words of the query by their bonus."""
    for index in range(count):
        doc = marked[index]
        sums[doc] = np.uint16(np.ceil(sums[doc] * (1.0 + share * ones(covered[doc]))))


@njit(nogil=True, error_model="numpy")
def peaks_of(sums, allowed, peaks):
    """Strike out the articles that are not allowed, and note the largest sum of each block."""
    for doc in range(allowed.size):
        sums[doc] *= allowed[doc]
    for block in range(peaks.size):
        most = np.uint16(0)
        for doc in range(block * BLOCK, block * BLOCK + BLOCK):
            most = max(most, sums[doc])
        peaks[block] = most


@njit(nogil=True, error_model="numpy")
def _least_of_highest(peaks, highest):
    """The least of the highest peaks, as many as there is room for, 1 if there are no more."""
    size = 0
    for block in range(peaks.size):
        peak = np.int64(peaks[block])
        if size == highest.size:
            if peak <= highest[0]:
                continue
            at = 0
            while at + 1 < size and highest[at + 1] < peak:
                highest[at] = highest[at + 1]
                at += 1
        else:
            at = size
            while at > 0 and highest[at - 1] > peak:
                highest[at] = highest[at - 1]
                at -= 1
            size += 1
        highest[at] = peak
    return max(highest[0], 1) if size == highest.size else 1


@njit(nogil=True, error_model="numpy")
def scout(sums, peaks, highest, marked, marks, covered, share, scouts):
    """Put articles that are likely to be among the best into ``scouts``, in order.

    They are those with the highest sums, and those that keywords lift to these.

    Returns:
        how many, at most as many as there is room for.
    """
    limit = _least_of_highest(peaks, highest)
    count = 0
    for block in range(peaks.size):
        if peaks[block] < limit:
            continue
        for doc in range(block * BLOCK, block * BLOCK + BLOCK):
            if sums[doc] >= limit and count < scouts.size:
                scouts[count] = doc
                count += 1
    for index in range(marks):
        doc = marked[index]
        known = sums[doc] == 0 or sums[doc] >= limit
        if known or sums[doc] * (1.0 + share * ones(covered[doc])) < limit:
            continue
        if count == scouts.size:
            break
        at = count
        while at > 0 and scouts[at - 1] > doc:
            scouts[at] = scouts[at - 1]
            at -= 1
        scouts[at] = doc
        count += 1
    return count


@njit(nogil=True, error_model="numpy")
def strike_out(chosen, count, sums):
    """Forget the sums of some articles."""
    for index in range(count):
        sums[chosen[index]] = 0


@njit(nogil=True, error_model="numpy")
def bar_of_sums(
    sums, peaks, unit, error, floor, groups, base, best_score, best_group, best_size,
    guess_score, guess_group, highest,
):  # fmt: skip
    """What an article must reach, from what the sums are sure of: see ``bar_of_chosen``.

    Returns:
        at least ``floor``, which is known already.
    """
    places = best_score.size
    lowest = max(np.int64((floor + error) / unit), 1)
    # As many articles as are wanted have this sum or more; with copies among them, look further.
    limit = max(_least_of_highest(peaks, highest), lowest)
    while True:
        size = best_size
        guess_score[:size] = best_score[:size]
        guess_group[:size] = best_group[:size]
        for block in range(peaks.size):
            if peaks[block] < limit:
                continue
            for doc in range(block * BLOCK, block * BLOCK + BLOCK):
                if sums[doc] >= limit:
                    score = sums[doc] * unit - error
                    if score > 0.0:
                        group = groups[2 * (base + doc)]
                        size = offer(guess_score, guess_group, size, score, group)
        if size == places or limit == lowest:
            break
        limit = max(limit >> 1, lowest)
    return max(floor, guess_score[places - 1]) if size == places else floor


@njit(nogil=True, error_model="numpy")
def bar_of_chosen(
    chosen, upper, shares, count, error, floor, groups, base, best_score, best_group, best_size,
    guess_score, guess_group,
):  # fmt: skip
    """What an article must reach: the least of the best so far and of what ``chosen`` are sure of.

    Sums only grow, and no bonus lowers them.
    """
    places = best_score.size
    size = best_size
    guess_score[:size] = best_score[:size]
    guess_group[:size] = best_group[:size]
    for index in range(count):
        score = (upper[index] - error) * shares[index]
        if score > 0.0 and (size < places or score > guess_score[places - 1]):
            group = groups[2 * (base + np.int64(chosen[index]))]
            size = offer(guess_score, guess_group, size, score, group)
    return max(floor, guess_score[places - 1]) if size == places else floor


@njit(nogil=True, error_model="numpy")
def choose(sums, peaks, limit, unit, chosen, upper):
    """Put the articles with at least this sum into ``chosen``; return how many. Clears the sums.

    ``chosen`` has room for whole blocks: what is no article is overwritten, without a branch.
    """
    kept = 0
    for block in range(peaks.size):
        if peaks[block] < limit:
            continue
        for doc in range(block * BLOCK, block * BLOCK + BLOCK):
            chosen[kept] = doc
            kept += sums[doc] >= limit
    for index in range(kept):
        upper[index] = sums[chosen[index]] * unit
    sums[: peaks.size * BLOCK] = 0
    return kept


@njit(nogil=True, error_model="numpy")
def list_allowed(allowed, few, chosen):
    """Put the articles that are allowed into ``chosen``; return how many, -1 if not so few."""
    count = 0
    for doc in range(allowed.size):
        count += np.int64(allowed[doc])
    if count > few:
        return -1
    kept = 0
    start = 0
    while kept < count:
        # Mostly there is none among so many.
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
                chosen[kept] = doc
                kept += np.int64(allowed[doc])
                doc += 1
        start += BLOCK
    return kept


@njit(nogil=True, error_model="numpy")
def look_up(docs, details, start, stop, step, chosen, upper, count):
    """Add a term up for some articles, which are in order of their numbers."""
    at = start
    for index in range(count):
        at = advance(docs, at, stop, chosen[index])
        if at == stop:
            break
        if docs[at] == chosen[index]:
            upper[index] += step * (details[at] & 255)


@njit(nogil=True, error_model="numpy")
def look_up_dense(dense, row, step, chosen, upper, count):
    """The same for a term with a row of ``dense``."""
    for index in range(count):
        upper[index] += step * (dense[row + chosen[index]] & 255)


@njit(nogil=True, error_model="numpy")
def keep(chosen, upper, shares, count, rest, bar, form_bonus):
    """Keep the articles that reach the bar with ``rest`` more; return how many."""
    kept = 0
    for index in range(count):
        most = (upper[index] + rest) * (shares[index] + form_bonus)
        chosen[kept] = chosen[index]
        upper[kept] = upper[index]
        shares[kept] = shares[index]
        kept += most >= bar
    return kept
