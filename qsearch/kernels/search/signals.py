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
def title_cover_share(doc, headings, query):
    """Return the share of the title cover that a document of a segment has.

    Arguments:
        doc: its number in the segment.
        headings, query: see ``arguments.Headings`` and ``arguments.HeadingQuery``.
    """
    best = 0.0
    count = query.words.shape[0]
    for run in range(RUNS if count else 0):
        at = query.first_start + RUNS * doc + run
        heading = typed = other = 0
        found = _ABSENT  # of the term that is being looked at
        for index in range(np.int64(headings.starts[at]), np.int64(headings.starts[at + 1])):
            number = np.int64(headings.words[query.first_word + index])
            place = number & _PLACE
            if number == place:  # another term than the one before
                typed += found == _TYPED
                other += found == _OTHER
                found = _ABSENT
                heading += 1
            for word in range(count):
                if query.words[word, 0] <= place < query.words[word, 1]:
                    found = max(found, _TYPED if place == query.words[word, 2] else _OTHER)
        typed += found == _TYPED
        other += found == _OTHER
        if typed + other:
            best = max(best, _title_cover_share(typed, other, heading, query.terms))
    return best
