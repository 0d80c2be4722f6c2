"""The distinct forms of words and their numbers, in compiled code.

A table is ``slots, exemplars, exemplar_starts, state``:

- ``exemplars, exemplar_starts``: the bytes of the forms (``qsearch.packed``), and room behind them;
- ``state``: [how many forms there are];
- ``slots``: open addressing, a power of two, at least half of it free (-1); else 31 bits of a
  form's hash, which say where it belongs, and 32 bits of its number.

A form is written behind those there are, and stays there if it is new.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.runtime.signature import i8, made, read, u1, u4

FNV_OFFSET = np.uint64(0xCBF29CE484222325)
FNV_PRIME = np.uint64(0x100000001B3)
"""Of the 64-bit FNV-1a hash (Fowler, Noll, Vo)."""


@njit(nogil=True)
def has_room(count, size, table):
    """Whether so many more forms with so many bytes have room in the table."""
    slots, exemplars, exemplar_starts, state = table
    return (
        exemplar_starts[state[0]] + size <= exemplars.size
        and state[0] + count + 2 <= exemplar_starts.size
        and 2 * (state[0] + count + 1) <= slots.size
    )


@njit(nogil=True)
def number(table, stop):
    """The number of the form that was written behind the last one and ends at ``stop``."""
    slots, exemplars, exemplar_starts, state = table
    count = state[0]
    begin = exemplar_starts[count]
    value = FNV_OFFSET
    for at in range(begin, stop):
        value = (value ^ np.uint64(exemplars[at])) * FNV_PRIME
    value ^= value >> np.uint64(32)
    mark = np.int64(value & np.uint64(0x7FFFFFFF))
    slot = mark & (slots.size - 1)
    while slots[slot] >= 0:
        if slots[slot] >> 32 == mark:
            there = slots[slot] & 0xFFFFFFFF
            other = exemplar_starts[there]
            if exemplar_starts[there + 1] - other == stop - begin:
                index = begin
                while index < stop and exemplars[index] == exemplars[other + index - begin]:
                    index += 1
                if index == stop:
                    return there
        slot = (slot + 1) & (slots.size - 1)
    slots[slot] = mark << 32 | count
    exemplar_starts[count + 1] = stop
    state[0] = count + 1
    return count


@njit(types.void(read(i8), made(i8)), cache=True, nogil=True)
def rehash(slots, larger):
    """Move the numbers of a table into a larger, free one."""
    for entry in slots:
        if entry >= 0:
            slot = entry >> 32 & (larger.size - 1)
            while larger[slot] >= 0:
                slot = (slot + 1) & (larger.size - 1)
            larger[slot] = entry


@njit(
    types.void(
        read(u1), read(i8), made(i8), made(u1), made(i8), made(i8), made(u4)
    ),
    cache=True, nogil=True,
)  # fmt: skip
def number_forms(data, starts, slots, exemplars, exemplar_starts, state, out):
    """Number forms that were found elsewhere; there is room for all of them.

    Arguments:
        data, starts: the forms (``qsearch.packed``).
        slots, exemplars, exemplar_starts, state: the table.
        out: receives a number a form.
    """
    table = (slots, exemplars, exemplar_starts, state)
    for form in range(starts.size - 1):
        at = exemplar_starts[state[0]]
        for index in range(starts[form], starts[form + 1]):
            exemplars[at] = data[index]
            at += 1
        out[form] = number(table, at)
