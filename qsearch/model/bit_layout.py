"""The bits of postings and positions, which the index writes and all engines read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qsearch.arrays import Array

RANKED = np.array([0, 0, 1, 2])
"""The ranked field of each part of an article (``fields``)."""

# A frequency word has 16 bits: 4 for question, 8 for answer, 4 for keywords. Higher frequencies
# count as the highest that fits, where BM25 has long saturated.
MAX_FREQUENCIES = np.array([15, 255, 15])
_SHIFTS = np.array([0, 8, 4])

FORM_BITS = 8
"""The form bits of a posting: one for each of the commonest forms of its term, set if the article
has that form; the last one stands for all other forms.
"""

SEVERAL = 255
"""In ``ONLY_FORM``: the form bits don't tell which form stands at each place."""

ONLY_FORM = np.full(1 << FORM_BITS, SEVERAL, dtype=np.uint8)
"""For each value of the form bits the rank of the only form it names, or ``SEVERAL``."""
ONLY_FORM[1 << np.arange(FORM_BITS - 1)] = np.arange(FORM_BITS - 1)

DETAIL_BITS = 16 + FORM_BITS
"""Bits of a detail word: a frequency word above the form bits."""

# A position word has 32 bits: the part of the article above the place in that part.
PART_SHIFT = 29
PLACE_MASK = np.uint32((1 << PART_SHIFT) - 1)

RARE_DETAIL = 255
"""The byte of a posting whose detail word is not among the common ones."""


def pack_details(
    frequencies: npt.NDArray[np.integer], masks: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint32]:
    """Return detail words: the frequency word in the upper bits, the form bits in the lower 8.

    Arguments:
        frequencies: shape (postings, fields).
        masks: the form bits of each posting.
    """
    capped = np.minimum(frequencies, MAX_FREQUENCIES)
    words = (capped << _SHIFTS).sum(axis=1).astype(np.uint32)
    packed: npt.NDArray[np.uint32] = (words << np.uint32(FORM_BITS)) | masks
    return packed


def unpack_frequency(words: npt.NDArray[np.uint16], field: int) -> npt.NDArray[np.uint16]:
    """Return the frequencies in one of ``FIELDS`` from frequency words."""
    mask = np.uint16(MAX_FREQUENCIES[field])
    return (words >> np.uint16(_SHIFTS[field])) & mask


class Postings(NamedTuple):
    """The articles of a term.

    Attributes:
        docs: their numbers, increasing.
        frequencies: a frequency word for each (``model.bit_layout``).
        masks: the form bits of each.
    """

    docs: Array
    frequencies: Array
    masks: Array
