"""The shares of the signals, compiled, and the evidence that kernels gather for them.

The arithmetic is that of ``ranking.signals``, compiled as it stands there.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.model.heading import RUNS, SAME_TERM
from qsearch.ranking.signals.keyword_cover import KeywordCover
from qsearch.ranking.signals.title_cover import TitleCover
from qsearch.ranking.signals.typed_form import TypedForm

typed_form_share = njit(nogil=True, error_model="numpy")(TypedForm.share)
keyword_cover_share = njit(nogil=True, error_model="numpy")(KeywordCover.share)
_title_cover_share = njit(nogil=True, error_model="numpy")(TitleCover.share)

_PLACE = np.int64(SAME_TERM - np.uint32(1))
_ABSENT, _OTHER, _TYPED = range(3)


@njit(nogil=True, error_model="numpy")
def title_cover_share(doc, words, starts, first_start, query_words, query_terms):
    """Return the share of the title cover that an article has.

    Arguments:
        doc: its number in the segment.
        words: the headings of all segments (``model.heading``); starts: where each run begins,
            from ``first_start`` on those of the segment.
        query_words: of each content word of the query where the forms of its term start and stop in
            this segment, and the place of the typed form; shape (words, 3).
        query_terms: how many different terms these are, those that stand nowhere among them.
    """
    best = 0.0
    for run in range(RUNS):
        at = first_start + RUNS * doc + run
        heading = typed = other = 0
        found = _ABSENT  # of the term that is being looked at
        for index in range(np.int64(starts[at]), np.int64(starts[at + 1])):
            number = np.int64(words[index])
            place = number & _PLACE
            if number == place:  # another term than the one before
                typed += int(found == _TYPED)
                other += int(found == _OTHER)
                found = _ABSENT
                heading += 1
            for word in range(query_words.shape[0]):
                if query_words[word, 0] <= place < query_words[word, 1]:
                    found = max(found, _TYPED if place == query_words[word, 2] else _OTHER)
        typed += int(found == _TYPED)
        other += int(found == _OTHER)
        if typed + other:
            best = max(best, _title_cover_share(typed, other, heading, query_terms))
    return best
