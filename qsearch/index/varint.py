"""Whole numbers in as few bytes as they need, array-wise.

In every code a byte below some limit ends a number, and one from there on says that more follow;
the lowest digits come first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array

_BITS = 63  # of the largest number


class Code(NamedTuple):
    """How numbers are cut into bytes.

    Attributes:
        stop: a byte below it ends a number.
        shift: bits that each byte before the last one holds.
        least: the least number that takes more than a byte, or 0 if longer codes count from 0 on.
    """

    stop: int
    shift: int
    least: int


LEB128 = Code(stop=128, shift=7, least=0)
"""DWARF 5, section 7.6; numbers that may be of any size."""

DENSE = Code(stop=240, shift=4, least=240)
"""After the (s, c)-dense codes of Brisaboa and others (2003), with s = 240 and c = 16: for numbers
that mostly are below 240 and seldom above 4,000. The number is the sum of its bytes, each times 16
for every byte before it.
"""


def encode(values: Array, code: Code = LEB128) -> tuple[Array, Array]:
    """Return the bytes of ``values`` end to end, and how many bytes each one took.

    Arguments:
        values: numbers from 0 to 2**63 - 1.
    """
    rest = values.astype(np.int64)
    sizes = np.ones(rest.size, dtype=np.int64)
    digits = []
    while (more := rest >= code.stop).any():
        sizes += more
        upper = rest - code.least
        digits.append(np.where(more, code.stop + (upper & ((1 << code.shift) - 1)), rest))
        rest = np.where(more, upper >> code.shift, rest)
    digits.append(rest)
    out = np.empty(int(sizes.sum()), dtype=np.uint8)
    at = np.cumsum(sizes) - sizes
    for step, digit in enumerate(digits):
        there = sizes > step
        out[at[there] + step] = digit[there]
    return out, sizes


def decode(data: Array, code: Code = LEB128) -> Array:
    """Return the numbers that ``encode`` wrote; a number without its end is left out."""
    ends = np.flatnonzero(data < code.stop)
    if not ends.size:
        return np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    # What is longer was never written.
    sizes = np.minimum(ends - starts + 1, _BITS // code.shift)
    values = _digits(data[starts], code)
    # Most numbers take a byte.
    more = np.flatnonzero(sizes > 1)
    step = 1
    while more.size:
        values[more] += _digits(data[starts[more] + step], code) << (code.shift * step)
        step += 1
        more = more[sizes[more] > step]
    return values


def _digits(data: Array, code: Code) -> Array:
    """What bytes hold, before they are weighed by their place."""
    digits: Array = data.astype(np.int64)
    digits -= (data >= code.stop) * (code.stop - code.least)
    return digits
