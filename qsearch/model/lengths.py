"""Lengths of fields in one byte: exact up to 39 words, then in steps of about 5 per cent.

The stored byte *is* the length as far as ranking is concerned: the reference scorer takes the same
detour, so no path can differ from another by it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_EXACT = 40
_STEP = 1.05


def _table() -> npt.NDArray[np.int64]:
    values = list(range(_EXACT))
    while len(values) < 256:
        values.append(max(values[-1] + 1, round(values[-1] * _STEP)))
    return np.array(values, dtype=np.int64)


LENGTHS = _table()
"""The length in words that each of the 256 bytes stands for; increasing."""


def length_bytes(lengths: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Return the byte of each length: that of the largest listed length not above it."""
    found = np.searchsorted(LENGTHS, np.asarray(lengths, dtype=np.int64), side="right") - 1
    return found.astype(np.uint8)
