"""Which terms of a segment stand in which text field, for all terms at once.

Term by term it would take seconds for a large vocabulary.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.model.bit_layout import unpack_frequency
from qsearch.model.fields import FIELDS
from qsearch.whoosh_view.part import Part


class Vocabulary(NamedTuple):
    """The numbers of terms in a segment, increasing.

    Attributes:
        ranked: for each of ``FIELDS``, the terms that stand in it.
        title: terms that stand in a title.
        unsure: further terms that stand in a title, in a question beside a title, or in both.
    """

    ranked: tuple[Array, ...]
    title: Array
    unsure: Array


def make_vocabulary(part: Part) -> Vocabulary:
    """Return which terms stand in which field of the live articles."""
    starts, (docs, frequencies, _) = part.segment.every_posting()
    titles, questions = part.extents
    here = [unpack_frequency(frequencies, field) > 0 for field in range(len(FIELDS))]
    if part.live is not None:
        here = [found & part.live[docs] for found in here]
    titled = here[FIELDS.index("question")] & (titles > 0)[docs]
    alone = (questions == 0)[docs]
    title = _terms_with(titled & alone, starts)
    return Vocabulary(
        ranked=tuple(_terms_with(found, starts) for found in here),
        title=title,
        unsure=np.setdiff1d(_terms_with(titled & ~alone, starts), title),
    )


def _terms_with(chosen: Array, starts: Array) -> Array:
    """The terms that have a chosen posting."""
    before = np.concatenate(([0], np.cumsum(chosen)))
    return np.flatnonzero(before[starts[1:]] > before[starts[:-1]])
