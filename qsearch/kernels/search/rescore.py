"""The exact scores of a few documents, to the last bit those of ``engine.all_hits``."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.search.formula import bonus, field_frequency, saturated, term_score
from qsearch.kernels.search.keyword_cover import popcount
from qsearch.kernels.search.layout import (
    ANSWER,
    BIT,
    DENSE,
    FORM_BONUS,
    FORMS,
    FORMS_STOP,
    IMPACT_BITS,
    K1,
    KEYWORD_BONUS,
    KEYWORDS,
    QUESTION,
    START,
    STOP,
    TITLE_BONUS,
)  # fmt: skip
from qsearch.kernels.search.posting_search import seek_all
from qsearch.kernels.search.signals import (
    keyword_cover_share,
    title_cover_share,
    typed_form_share,
)
from qsearch.kernels.search.top_k import threshold_of, top_k_insert
from qsearch.ranking.formula import SLACK

SURELY = 1.0 - SLACK


@njit(nogil=True, error_model="numpy")
def _find_details(row, postings, docs, at, found):
    """Find the details of a term for some documents, 0 for a document without it.

    Arguments:
        row: the term's columns in the segment; at: working space.
    """
    start, stop, dense_at = row[START], row[STOP], row[DENSE]
    posting_docs, details, dense = postings
    if dense_at >= 0:
        for index in range(docs.size):
            found[index] = dense[dense_at + docs[index]]
        return
    seek_all(posting_docs, start, stop, docs, at)
    for index in range(docs.size):
        place = min(at[index], stop - 1)
        found[index] = details[place] * (posting_docs[place] == docs[index])


@njit(nogil=True, error_model="numpy")
def _field_norms(segment, index, docs):
    """Return the norm of each field for some documents, a row a field."""
    lengths, norms = index.documents.lengths, index.formula.norms
    base, own = segment.base, np.empty((3, docs.size))
    for field in range(3):
        for place in range(docs.size):
            length = np.int64(lengths[3 * (base + np.int64(docs[place])) + field])
            own[field, place] = norms[256 * field + length]
    return own


@njit(nogil=True, error_model="numpy")
def _score_term(weight, details, norms, settings, scores):
    """Add what a term adds to the score of each document."""
    for index in range(scores.size):
        word = details[index] >> IMPACT_BITS
        tf = 0.0
        question = np.float64((word >> 8) & 15)
        answer = np.float64((word >> 16) & 255)
        keywords = np.float64((word >> 12) & 15)
        tf += field_frequency(settings[QUESTION], question, norms[0, index])
        tf += field_frequency(settings[ANSWER], answer, norms[1, index])
        tf += field_frequency(settings[KEYWORDS], keywords, norms[2, index])
        scores[index] += term_score(weight, saturated(tf, settings[K1]))


@njit(nogil=True, error_model="numpy")
def _match_form(row, form_weight, details, forms, docs, at, matched):
    """Add the form weight of a term to ``matched`` where its typed form stands.

    Arguments:
        row: the term's columns in the segment; details: of the term in each document.
        forms: the documents of forms that have no bit; at: working space.
    """
    for index in range(docs.size):
        matched[index] += form_weight * (((details[index] >> IMPACT_BITS) & row[BIT]) != 0)
    start, stop = row[FORMS], row[FORMS_STOP]
    if start < stop:
        seek_all(forms, start, stop, docs, at)
        for index in range(docs.size):
            matched[index] += form_weight * (forms[min(at[index], stop - 1)] == docs[index])


@njit(nogil=True, error_model="numpy")
def _bonus(settings, form_share, keyword_share, title_share):
    """Return the factor of all bonuses of one candidate: the only place where it is computed."""
    factor = 1.0
    factor += bonus(settings[FORM_BONUS], form_share)
    factor += bonus(settings[KEYWORD_BONUS], keyword_share)
    factor += bonus(settings[TITLE_BONUS], title_share)
    return factor


@njit(nogil=True, error_model="numpy")
def rescore(docs, query, segment, index, covered, top_k, output):
    """Put out the documents of a segment that may be among the best, with their exact scores.

    Arguments:
        docs: the documents, ascending.
        covered: see ``Cover.bits``.

    Returns:
        whether there was room for all.
    """
    postings, settings, groups = index.postings, index.formula.settings, segment.groups
    for doc in docs:
        prefetch(groups, 2 * np.int64(doc))
    norms = _field_norms(segment, index, docs)
    scores, matched = np.zeros(docs.size), np.zeros(docs.size)
    at = np.empty(docs.size, dtype=np.int64)
    count = query.weights.size
    details = np.zeros((count, docs.size), dtype=np.uint32)
    # First what waits for memory, for all terms: a branch on what is found would stop the others.
    terms, weights, form_weights = segment.terms, query.weights, query.form_weights
    for term in range(count):
        row = terms[term]
        if row[START] < row[STOP]:
            _find_details(row, postings, docs, at, details[term])
    for term in range(count):
        _score_term(weights[term], details[term], norms, settings, scores)
        row, form_weight = terms[term], form_weights[term]
        _match_form(row, form_weight, details[term], index.forms, docs, at, matched)
    total, content_words, segment_id = (
        query.total_form_weight,
        query.content_words,
        segment.segment_id,
    )
    (words, starts), heading = index.headings, segment.heading
    best_scores, best_groups, size = top_k
    out_scores, out_places, out_groups, out_size = output
    put = out_size[0]
    for place in range(docs.size):
        doc = np.int64(docs[place])
        form_share = typed_form_share(matched[place], total)
        keyword_share = keyword_cover_share(popcount(covered[doc]), content_words)
        title_share = title_cover_share(doc, words, starts, heading)
        score = scores[place] * _bonus(settings, form_share, keyword_share, title_share)
        if score < threshold_of(best_scores, size) * SURELY:
            continue
        if put == out_scores.size:
            return False
        group = groups[2 * doc]
        out_scores[put] = score
        out_places[2 * put] = segment_id
        out_places[2 * put + 1] = doc
        out_groups[put] = group
        put += 1
        top_k_insert(best_scores, best_groups, size, score, group)
    out_size[0] = put
    return True
