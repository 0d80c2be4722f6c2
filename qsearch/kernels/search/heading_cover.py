"""Documents whose title or question holds content words of the query, found before pruning.

A title that is the query more than doubles a score, so a bound for all documents would prune
little. But such a document holds words of the query in its heading, and those documents are few:
they are counted term by term, and the ones that can be among the best are scored at once, as seeds
are.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.search.keyword_cover import early_bonus
from qsearch.kernels.search.layout import FORM_BONUS
from qsearch.kernels.search.rescore import SURELY
from qsearch.kernels.search.signals import title_cover_share
from qsearch.ranking.signals.title_cover import PARTIAL

_MOST = 255
"""The largest number that a count can be."""


@njit(nogil=True, error_model="numpy")
def sums_needed(accumulators, cover, progress, query, late_bonus):
    """Return for each number of words that a heading may share with the query the sum that lifts
    its document to the threshold.

    Arguments:
        query: the ``HeadingQuery``.
        late_bonus: the most that bonuses which are not known yet can add to the factor.
    """
    needed = np.empty(query.words.shape[0] + 1, dtype=np.int64)
    for count in range(needed.size):
        share = 1.0 if count >= query.terms else PARTIAL * count / query.terms
        most = cover.most + late_bonus + query.bonus * share
        missing = progress.threshold * SURELY / most - progress.remaining
        needed[count] = max(np.int64(missing / accumulators.unit), 1)
    return needed


@njit(nogil=True, error_model="numpy")
def mark_headed(words, headed, fewest, counts, docs):
    """Count for each document how many words of the query its heading may share.

    Arguments:
        words: see ``HeadingQuery.words``.
        headed: see ``Postings.headed``.
        fewest: how many are worth a look, >= 1.
        counts: zeros; receives the numbers.
        docs: receives the documents that have so many.

    Returns:
        how many these are.
    """
    found = 0
    for word in range(words.shape[0]):
        for at in range(words[word, 3], words[word, 4]):
            doc = np.uint32(headed[at])
            before = np.int64(counts[doc])
            docs[found] = doc
            found += before == fewest - 1
            counts[doc] = before + (before < _MOST)
    return found


@njit(nogil=True, error_model="numpy")
def select_headed(found, accumulators, needed, progress, segment, index, cover, work):
    """Keep of the marked documents those that can reach the threshold, in ``work.headed``, and the
    most that each can score, in ``work.candidates.bounds``.

    Arguments:
        found: how many are marked.
        needed: see ``sums_needed``.

    Returns:
        how many are kept.
    """
    counts, docs, potentials = work.counts, work.headed, work.candidates.bounds
    sums, allowed, unit = accumulators.sums, accumulators.allowed, accumulators.unit
    bits, per_word = cover.bits, cover.per_word
    words, starts, sizes = index.headings
    query, late_bonus = segment.heading, index.formula.settings[FORM_BONUS]
    remaining, threshold = progress.remaining, progress.threshold * SURELY
    base, terms, bonus = segment.base, query.terms, query.bonus / query.terms
    known = cover.most + late_bonus
    kept = 0
    for place in range(found):
        doc = np.int64(docs[place])
        count = np.int64(counts[doc])
        if sums[doc] < needed[count] or (allowed.size and not allowed[doc]):
            continue
        bound = sums[doc] * unit + remaining
        shared, size = min(count, terms), np.int64(sizes[base + doc])
        if shared < terms or size > terms:
            # It is not the query; and a heading has at least as many terms as it shares.
            most = bonus * PARTIAL * shared * shared / max(size, shared)
            if bound * (known + most) < threshold:
                continue
        share = title_cover_share(doc, words, starts, query)
        factor = early_bonus(per_word, bits[doc]) + late_bonus + query.bonus * share
        docs[kept] = doc
        potentials[kept] = bound * factor
        kept += potentials[kept] >= threshold
    return kept


@njit(nogil=True, error_model="numpy")
def most_promising_first(docs, potentials, count, largest):
    """Put the documents that can score most first, as many as there is room for in ``largest`` and
    those that can score as much; all, if they are no more.

    Arguments:
        docs, potentials: the first ``count`` of them.
        largest: working space of k numbers.

    Returns:
        how many were put first.
    """
    size = largest.size
    if count <= size:
        return count
    largest[:] = 0.0
    for index in range(count):
        if potentials[index] > largest[0]:
            at = 0
            while at + 1 < size and largest[at + 1] < potentials[index]:
                largest[at] = largest[at + 1]
                at += 1
            largest[at] = potentials[index]
    return reaching_first(docs, potentials, 0, count, largest[0])


@njit(nogil=True, error_model="numpy")
def reaching_first(docs, potentials, first, count, least):
    """Put the documents from ``first`` on that can score ``least`` before the others.

    Returns:
        where these stop.
    """
    stop = first
    for index in range(first, count):
        if potentials[index] >= least:
            docs[index], docs[stop] = docs[stop], docs[index]
            potentials[index], potentials[stop] = potentials[stop], potentials[index]
            stop += 1
    return stop
