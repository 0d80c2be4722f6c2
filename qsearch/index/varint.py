"""Whole numbers in as few bytes as they need, array-wise.

LEB128 (DWARF 5, section 7.6): seven bits a byte, the lowest first; a byte's top bit says that more
follow.
"""

from __future__ import annotations

import numpy as np

from qsearch.index.columns import Array

_LONGEST = 9  # bytes of a number below 2^63


def encode(values: Array) -> tuple[Array, Array]:
    """Return the bytes of ``values`` end to end, and how many bytes each one took.

    Arguments:
        values: numbers from 0 to 2**63 - 1.
    """
    values = values.astype(np.uint64)
    sizes = np.ones(values.size, dtype=np.int64)
    rest = values >> np.uint64(7)
    while rest.any():
        sizes += rest > 0
        rest >>= np.uint64(7)
    out = np.empty(int(sizes.sum()), dtype=np.uint8)
    at = np.cumsum(sizes) - sizes
    for step in range(int(sizes.max(initial=0))):
        more = sizes > step
        low = (values[more] >> np.uint64(7 * step)) & np.uint64(0x7F)
        follows = (sizes[more] > step + 1).astype(np.uint64) << np.uint64(7)
        out[at[more] + step] = low | follows
    return out, sizes


def decode(data: Array) -> Array:
    """Return the numbers that ``encode`` wrote; a number without its end is left out."""
    ends = np.flatnonzero(data < 0x80)
    if not ends.size:
        return np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    sizes = np.minimum(ends - starts + 1, _LONGEST)  # what is longer was never written
    values = (data[starts] & 0x7F).astype(np.int64)
    # Most numbers take a byte.
    more = np.flatnonzero(sizes > 1)
    step = 1
    while more.size:
        low = (data[starts[more] + step] & 0x7F).astype(np.int64)
        values[more] |= low << (7 * step)
        step += 1
        more = more[sizes[more] > step]
    numbers: Array = values
    return numbers
