"""Eight bytes of a text at a time, as one whole number.

The lowest byte is the first one. What holds of each byte is found by a few additions that carry
from no byte into the next (L. Lamport, "Multiple byte processing with full-word instructions",
1975).
"""

from __future__ import annotations

import numpy as np
from numba import njit

EIGHT = np.int64(8)

_ONES = np.uint64(0x0101010101010101)
_HIGH = np.uint64(0x8080808080808080)
SMALL = np.uint64(0x2020202020202020)
"""Combined (or) with ASCII letters makes them small ones; digits stay as they are."""


def _reaching(byte: int) -> np.uint64:
    """What makes the highest bit of a byte below 0x80 say whether it is at least ``byte``."""
    return np.uint64((0x80 - byte) * int(_ONES))


_FROM_0, _AFTER_9, _FROM_A, _AFTER_Z = map(_reaching, (0x30, 0x3A, 0x61, 0x7B))


@njit(nogil=True, inline="always")
def eight(data, at):
    """The bytes from ``at`` on; there must be so many."""
    # An index without a sign has no meaning from the end, so LLVM makes one load of the eight.
    first = np.uint64(at)
    return (
        np.uint64(data[first])
        | np.uint64(data[first + np.uint64(1)]) << np.uint64(8)
        | np.uint64(data[first + np.uint64(2)]) << np.uint64(16)
        | np.uint64(data[first + np.uint64(3)]) << np.uint64(24)
        | np.uint64(data[first + np.uint64(4)]) << np.uint64(32)
        | np.uint64(data[first + np.uint64(5)]) << np.uint64(40)
        | np.uint64(data[first + np.uint64(6)]) << np.uint64(48)
        | np.uint64(data[first + np.uint64(7)]) << np.uint64(56)
    )


@njit(nogil=True, inline="always")
def letters_and_digits(word):
    """A mask of the bytes before the first one that is no ASCII letter and no digit."""
    low = word & ~_HIGH
    letter = low | SMALL
    letter = (letter + _FROM_A) & ~(letter + _AFTER_Z)
    digit = (low + _FROM_0) & ~(low + _AFTER_9)
    others = ~(letter | digit) & _HIGH | word & _HIGH
    # The lowest bit that is set becomes ones below its byte; none of them, all ones.
    return ((others & (~others + np.uint64(1))) >> np.uint64(7)) - np.uint64(1)


@njit(nogil=True, inline="always")
def first_bytes(count):
    """A mask of the first ``count`` bytes, 0 to 7."""
    return (np.uint64(1) << np.uint64(8 * count)) - np.uint64(1)


@njit(nogil=True, inline="always")
def count_of(mask):
    """How many bytes such a mask has."""
    return np.int64((mask & _ONES) * _ONES >> np.uint64(56))
