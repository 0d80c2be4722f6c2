"""The distinct forms of words and their numbers: ``arguments.StringTable``."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.indexing.arguments import StringTable
from qsearch.kernels.runtime.signature import i8, made, named, read, u1, u4

FNV_OFFSET = np.uint64(0xCBF29CE484222325)
FNV_PRIME = np.uint64(0x100000001B3)
"""Of the 64-bit FNV-1a hash (Fowler, Noll, Vo)."""

STRING_TABLE = named(StringTable, made(i8), made(u1), made(i8), made(i8))


@njit(nogil=True)
def has_room(table, count, length):
    """Whether so many more forms with so many bytes have room in the table."""
    slots, exemplars, starts, size = table
    return (
        starts[size[0]] + length <= exemplars.size
        and size[0] + count + 2 <= starts.size
        and 2 * (size[0] + count + 1) <= slots.size
    )


@njit(nogil=True)
def intern_form(table, stop):
    """Return the number of the form that was written behind the last one and ends at ``stop``."""
    slots, exemplars, starts, size = table
    count = size[0]
    begin = starts[count]
    value = FNV_OFFSET
    for at in range(begin, stop):
        value = (value ^ np.uint64(exemplars[at])) * FNV_PRIME
    value ^= value >> np.uint64(32)
    mark = np.int64(value & np.uint64(0x7FFFFFFF))
    slot = mark & (slots.size - 1)
    while slots[slot] >= 0:
        if slots[slot] >> 32 == mark:
            there = slots[slot] & 0xFFFFFFFF
            other = starts[there]
            if starts[there + 1] - other == stop - begin:
                index = begin
                while index < stop and exemplars[index] == exemplars[other + index - begin]:
                    index += 1
                if index == stop:
                    return there
        slot = (slot + 1) & (slots.size - 1)
    slots[slot] = mark << 32 | count
    starts[count + 1] = stop
    size[0] = count + 1
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


@njit(types.void(read(u1), read(i8), STRING_TABLE, made(u4)), cache=True, nogil=True)
def number_forms(data, starts, table, out):
    """Number forms that were found elsewhere; there is room for all of them.

    Arguments:
        data, starts: the forms (``qsearch.packed``).
        out: receives a number a form.
    """
    for form in range(starts.size - 1):
        at = table.starts[table.size[0]]
        for index in range(starts[form], starts[form + 1]):
            table.exemplars[at] = data[index]
            at += 1
        out[form] = intern_form(table, at)
