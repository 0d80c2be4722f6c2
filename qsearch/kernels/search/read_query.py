"""The codes of a query -> its distinct terms, and the words that keywords can cover."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.search.arguments import Query
from qsearch.kernels.search.keyword_cover import keyword_runs
from qsearch.kernels.search.layout import (
    FORM_WEIGHT,
    HASH,
    IDF,
    KEYWORD_BONUS,
    STOP_WORD,
)  # fmt: skip
from qsearch.model.keyword_phrase import COVER_WORDS


@njit(nogil=True, error_model="numpy")
def _content_terms(codes, facts, only_stop_words):
    """Return how many different terms the content words of a query are: all, if they are only stop
    words.
    """
    hashes = np.empty(codes.size, dtype=np.int64)
    count = 0
    for place in range(codes.size):
        entry = np.int64(codes[place] >> 1)
        if facts[entry, STOP_WORD] != 0 and not only_stop_words:
            continue
        at = 0
        while at < count and hashes[at] != facts[entry, HASH]:
            at += 1
        if at == count:
            hashes[at] = facts[entry, HASH]
            count += 1
    return count


@njit(nogil=True, error_model="numpy")
def read_query(codes, boosts, any_hits, index):
    """Return a query's terms, in the order of its words, and its runs of words as keywords."""
    facts, numbers = index.facts, index.numbers
    entries = np.empty(codes.size, dtype=np.int64)
    weights = np.empty(codes.size)
    hashes = np.empty(COVER_WORDS, dtype=np.int64)
    content = np.empty(COVER_WORDS, dtype=np.int64)
    count = cover = content_words = 0
    only_stop_words = True
    for place in range(codes.size):
        entry = np.int64(codes[place] >> 1)
        occurs = numbers[entry, IDF] != 0.0
        only_stop_words = only_stop_words and facts[entry, STOP_WORD] != 0
        if not codes[place] & 1 and cover < COVER_WORDS:
            hashes[cover] = facts[entry, HASH]
            content[cover] = 1 - facts[entry, STOP_WORD]
            content_words += content[cover]
            if not occurs:
                content[cover] = -1
            cover += 1
        if occurs:
            at = 0
            while at < count and entries[at] != entry:
                at += 1
            if at == count:
                entries[at] = entry
                weights[at] = 0.0
                count += 1
            weights[at] += boosts[place]
    form_weights = np.empty(count)
    stop_words = np.empty(count, dtype=np.int64)
    is_content = np.empty(count, dtype=np.int64)
    total_form_weight = 0.0
    for at in range(count):
        form_weights[at] = weights[at] * numbers[entries[at], FORM_WEIGHT]
        weights[at] *= numbers[entries[at], IDF]
        total_form_weight += form_weights[at]
        stop_words[at] = facts[entries[at], STOP_WORD]
        is_content[at] = only_stop_words or not stop_words[at]
    with_keywords = index.formula.settings[KEYWORD_BONUS] > 0.0
    runs = keyword_runs(hashes, content, cover if with_keywords else 0)
    stop_words_hit = only_stop_words or any_hits == 1
    query = Query(
        entries[:count],
        weights[:count],
        form_weights,
        stop_words,
        is_content,
        _content_terms(codes, facts, only_stop_words),
        total_form_weight,
        content_words,
        any_hits,
        stop_words_hit,
    )
    return query, runs
