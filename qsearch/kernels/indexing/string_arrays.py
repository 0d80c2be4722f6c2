"""Many texts as bytes (``qsearch.packed``): put in order, numbered, copied, summed up, in compiled
code.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.kernels.runtime.signature import i8, made, read, u1, u4, u8

PREFIX = 8
"""Bytes of a text that are sorted as one number."""

_POLYNOMIAL = 0xEDB88320  # CRC-32 as zlib has it, lowest bit first


def _crc_table() -> np.ndarray:
    """The CRC-32 of each byte."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ np.uint32(_POLYNOMIAL), table >> 1)
    return table


_CRC = _crc_table()


@njit(types.void(read(u1), read(i8), made(u8)), cache=True, nogil=True)
def prefixes(data, starts, out):
    """Write down the first bytes of each text as a number, zeros behind a shorter one.

    Numbers that differ are in the order of their texts.
    """
    for text in range(starts.size - 1):
        value = np.uint64(0)
        begin, end = starts[text], starts[text + 1]
        for at in range(begin, begin + PREFIX):
            value = value << np.uint64(8) | np.uint64(data[at] if at < end else 0)
        out[text] = value


@njit(nogil=True)
def _compare(data, starts, one, other, skip):
    """Negative, 0 or positive as one text is before, equal to or behind the other.

    The first ``skip`` bytes are known to be the same, or zeros where a text has ended.
    """
    begin, other_begin = starts[one], starts[other]
    size, other_size = starts[one + 1] - begin, starts[other + 1] - other_begin
    for at in range(skip, min(size, other_size)):
        difference = np.int64(data[begin + at]) - np.int64(data[other_begin + at])
        if difference:
            return difference
    return size - other_size


@njit(types.void(read(u1), read(i8), read(u8), made(i8), made(i8)), cache=True, nogil=True)
def sort_ties(data, starts, keys, order, spare):
    """Finish an order of texts: by bytes, and by number where texts are equal.

    Arguments:
        data, starts: the texts; keys: their ``prefixes``.
        order: the texts in the order of their keys.
        spare: working space of the same size.
    """
    first = 0
    while first < order.size:
        last = first + 1
        while last < order.size and keys[order[last]] == keys[order[first]]:
            last += 1
        # Merge sort, from the bottom up.
        width = 1
        while width < last - first:
            for begin in range(first, last, 2 * width):
                middle, end = min(begin + width, last), min(begin + 2 * width, last)
                left, right = begin, middle
                for put in range(begin, end):
                    take_left = right == end
                    if left < middle and right < end:
                        found = _compare(data, starts, order[left], order[right], PREFIX)
                        take_left = found < 0 or (found == 0 and order[left] < order[right])
                    if take_left:
                        spare[put] = order[left]
                        left += 1
                    else:
                        spare[put] = order[right]
                        right += 1
            for at in range(first, last):
                order[at] = spare[at]
            width *= 2
        first = last


@njit(i8(read(u1), read(i8), read(i8), made(i8), made(i8)), cache=True, nogil=True)
def number_sorted(data, starts, order, numbers, firsts):
    """Number the distinct ones among texts.

    Arguments:
        data, starts: the texts; order: all of them, by bytes.
        numbers: receives the number of each text: how many distinct ones are before it.
        firsts: receives the first text with each number.

    Returns:
        how many are distinct.
    """
    count = 0
    for at in range(order.size):
        if at == 0 or _compare(data, starts, order[at - 1], order[at], 0):
            firsts[count] = order[at]
            count += 1
        numbers[order[at]] = count - 1
    return count


@njit(types.void(read(u1), read(i8), read(i8), made(u1), read(i8)), cache=True, nogil=True)
def gather(data, starts, which, out, out_starts):
    """Copy texts, by number in ``which``, to where ``out_starts`` says that each begins."""
    for text in range(which.size):
        put = out_starts[text]
        for at in range(starts[which[text]], starts[which[text] + 1]):
            out[put] = data[at]
            put += 1


@njit(types.void(read(u1), read(i8), made(u4)), cache=True, nogil=True)
def checksums(data, starts, out):
    """Compute the CRC-32 of each text, as ``zlib.crc32`` does."""
    for text in range(starts.size - 1):
        value = np.uint32(0xFFFFFFFF)
        for at in range(starts[text], starts[text + 1]):
            value = _CRC[(value ^ data[at]) & np.uint32(0xFF)] ^ (value >> np.uint32(8))
        out[text] = value ^ np.uint32(0xFFFFFFFF)
