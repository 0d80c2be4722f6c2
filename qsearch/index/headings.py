"""Occurrences -> the headings of a segment: what ``model.heading`` describes, as columns.

heading.words       the words of all headings, run after run
heading.starts      where each run starts: title and question of each article in turn
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.model.bit_layout import PART_SHIFT
from qsearch.model.fields import QUESTION, TITLE
from qsearch.model.heading import MAX_HEADING, RUNS, SAME_TERM


class NumberedForms(NamedTuple):
    """The forms of a segment, as occurrences number them.

    Attributes:
        place: of each form its place among all, term by term.
        term: of each form the number of its term.
        is_stop: whether it is a stop word.
    """

    place: Array
    term: Array
    is_stop: Array


def heading_columns(
    form: Array, doc: Array, place: Array, forms: NumberedForms, documents: int
) -> Iterator[tuple[str, Array]]:
    """Yield the columns of the headings, by name.

    Arguments:
        form, doc, place: one value an occurrence (``collector.Occurrences``).
        forms: what ``form`` counts in.
        documents: how many articles there are.
    """
    assert (TITLE, QUESTION) == (0, 1)
    inside = np.flatnonzero(place < np.uint32(RUNS << PART_SHIFT))
    run = RUNS * doc[inside].astype(np.int64) + (place[inside] >> np.uint32(PART_SHIFT))
    by_place = np.argsort(forms.place)
    # Each pair of a run and a form once, in order.
    count = max(forms.place.size, 1)
    pairs = np.sort(run * count + forms.place[form[inside]])
    is_new = np.ones(pairs.size, dtype=np.bool_)
    is_new[1:] = pairs[1:] != pairs[:-1]
    run, word = np.divmod(pairs[is_new], count)
    runs = RUNS * documents
    is_stop = forms.is_stop[by_place][word]
    content = np.bincount(run[~is_stop], minlength=runs)
    kept = ~is_stop | (content[run] == 0)
    run, word = run[kept], word[kept]
    kept = np.bincount(run, minlength=runs)[run] <= MAX_HEADING
    run, word = run[kept], word[kept]
    term = forms.term[by_place][word]
    same = np.zeros(run.size, dtype=np.bool_)
    same[1:] = (run[1:] == run[:-1]) & (term[1:] == term[:-1])
    numbers = word.astype(np.uint32)
    numbers[same] |= SAME_TERM
    yield "heading.words", numbers
    yield "heading.starts", np.searchsorted(run, np.arange(runs + 1)).astype("<u4")
