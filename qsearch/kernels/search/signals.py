"""The shares of the signals, compiled, and the evidence that kernels gather for them.

The arithmetic is that of ``ranking.signals``, compiled as it stands there.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.model.heading import RUNS, SAME_TERM
from qsearch.ranking.signal import Signal
from qsearch.ranking.signals.keyword_cover import KeywordCover
from qsearch.ranking.signals.title_cover import TitleCover
from qsearch.ranking.signals.typed_form import TypedForm

COMPILED: tuple[type[Signal], ...] = (TypedForm, KeywordCover, TitleCover)
"""The signals whose evidence kernels gather, in the order in which ``rescore`` adds them up. With
any other the NumPy engine answers.
"""

typed_form_share = njit(nogil=True, error_model="numpy")(TypedForm.share)
keyword_cover_share = njit(nogil=True, error_model="numpy")(KeywordCover.share)
_title_cover_share = njit(nogil=True, error_model="numpy")(TitleCover.share)

_PLACE = np.int64(SAME_TERM - np.uint32(1))
_ABSENT, _OTHER, _TYPED = range(3)


@njit(nogil=True, error_model="numpy")
def title_cover_share(doc, words, starts, query):
    """Return the share of the title cover that a document of a segment has.

    Arguments:
        doc: its number in the segment.
        words, starts: see ``arguments.Headings``.
        query: see ``arguments.HeadingQuery``.
    """
    best = 0.0
    first_start, first_word, asked, terms, _ = query
    count = asked.shape[0]
    for run in range(RUNS if count else 0):
        at = first_start + RUNS * doc + run
        heading = typed = other = 0
        found = _ABSENT  # of the term that is being looked at
        for index in range(np.int64(starts[at]), np.int64(starts[at + 1])):
            number = np.int64(words[first_word + index])
            place = number & _PLACE
            if number == place:  # another term than the one before
                typed += found == _TYPED
                other += found == _OTHER
                found = _ABSENT
                heading += 1
            for word in range(count):
                if asked[word, 0] <= place < asked[word, 1]:
                    found = max(found, _TYPED if place == asked[word, 2] else _OTHER)
        typed += found == _TYPED
        other += found == _OTHER
        if typed + other:
            best = max(best, _title_cover_share(typed, other, heading, terms))
    return best
