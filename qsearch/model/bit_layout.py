"""Postings and positions as bits: what the index writes, and kernels and NumPy read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RANKED = np.array([0, 0, 1, 2])
"""The ranked field of each part of an article (``fields``)."""

# A frequency word is 16 bits: 4 for question, 8 for answer, 4 for keywords. What is more often
# counts as the most that fits; BM25 has long levelled off there.
MAX_FREQUENCIES = np.array([15, 255, 15])
_SHIFTS = np.array([0, 8, 4])

FORM_BITS = 8
"""Bits of a posting that say in which forms of its term the article has it: one for each of the
commonest forms, the last one for all others.
"""

SEVERAL = 255
"""Where form bits don't tell which form of its term stands at each place of an article."""

ONLY_FORM = np.full(1 << FORM_BITS, SEVERAL, dtype=np.uint8)
"""By form bits: the rank of the one form that they speak of, or ``SEVERAL``."""
ONLY_FORM[1 << np.arange(FORM_BITS - 1)] = np.arange(FORM_BITS - 1)

DETAIL_BITS = 16 + FORM_BITS
"""Bits of a detail word: a frequency word above the form bits."""

# A position word is 32 bits: two for the part, the rest for the place in it.
PART_SHIFT = 29
PLACE_MASK = np.uint32((1 << PART_SHIFT) - 1)

RARE_DETAIL = 255
"""The byte of a posting whose details stand apart."""


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
