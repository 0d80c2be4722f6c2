"""A segment as a query sees it: the terms, their bounds, what is looked for in headings."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.search.arguments import HeadingQuery, Segment
from qsearch.kernels.search.layout import (
    BASE,
    COUNT,
    ENTRY,
    FORM_START,
    FORM_STOP,
    HEADED_STOP,
    HEADING_STARTS,
    HEADING_WORDS,
    LARGEST,
    PART,
    START,
    TITLE_BONUS,
    TYPED,
)  # fmt: skip


@njit(nogil=True, error_model="numpy")
def open_segment(segment_id, query, index):
    """Return a segment as a query sees it, its terms by descending bounds."""
    row, facts, numbers = index.segments[segment_id], index.facts, index.numbers
    docs, details = index.postings.docs, index.postings.details
    entries, weights = query.entries, query.weights
    at_part = ENTRY + segment_id * PART
    count = weights.size
    terms = np.empty((count, PART), dtype=np.int64)
    bounds, order = np.empty(count), np.empty(count, dtype=np.int64)
    total_bound = 0.0
    for term in range(count):
        entry = entries[term]
        bounds[term] = weights[term] * numbers[entry, LARGEST + segment_id]
        total_bound += bounds[term]
        for column in range(PART):
            terms[term, column] = facts[entry, at_part + column]
        prefetch(docs, terms[term, START])
        prefetch(details, terms[term, START])
        at = term
        while at > 0 and bounds[order[at - 1]] < bounds[term]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = term
    base = row[BASE]
    groups = index.documents.groups[2 * base :]
    heading = _heading_query(row, query, terms, index.formula.settings[TITLE_BONUS])
    return Segment(segment_id, base, row[COUNT], groups, terms, bounds, order, total_bound, heading)


@njit(nogil=True, error_model="numpy")
def _heading_query(row, query, terms, bonus):
    """Return what is looked for in the headings of a segment, given its row and its terms."""
    count = 0
    content = query.content
    words = np.empty((terms.shape[0], 5), dtype=np.int64)
    if bonus > 0.0:
        for term in range(terms.shape[0]):
            if content[term] and terms[term, FORM_START] < terms[term, FORM_STOP]:
                words[count, 0] = terms[term, FORM_START]
                words[count, 1] = terms[term, FORM_STOP]
                words[count, 2] = terms[term, TYPED]
                words[count, 3] = terms[term, START]
                words[count, 4] = terms[term, HEADED_STOP]
                count += 1
    first_start, first_word = row[HEADING_STARTS], row[HEADING_WORDS]
    return HeadingQuery(first_start, first_word, words[:count], query.content_terms, bonus)
