"""A column of whole numbers in few bytes: how it lies in a file, which is nobody else's matter.

A coding is one of

    plain   the numbers as they are
    same    all numbers are equal; nothing is stored
    u1, u2, u4
            what each number is above the least one, in so many bytes
    steps   what each number is above the one before it (the first: above 0) in a byte each; 255
            says that the step is among the large ones, which stand before the bytes as they are
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qsearch.arrays import Array

PLAIN, SAME, STEPS = "plain", "same", "steps"
WIDTHS = {"u1": 1, "u2": 2, "u4": 4}

_LARGE = 255
_SMALL_COLUMN = 64
"""Bytes that no coding makes less of: columns start at multiples of as many."""


class Coded(NamedTuple):
    """A column as it is stored.

    Attributes:
        coding: how.
        number: the value of all (``same``), the least one (``u1`` and so on), or how many steps
            are large.
        data: what is stored.
    """

    coding: str
    number: int
    data: Array


def code(column: Array) -> Coded:
    """Return a column of whole numbers in the coding that takes the fewest bytes."""
    kind = column.dtype
    plain = Coded(PLAIN, 0, column)
    if column.size < 2 or kind.kind not in "iu":
        return plain
    least, most = int(column.min()), int(column.max())
    if least == most:
        return Coded(SAME, least, column[:0])
    if column.nbytes <= _SMALL_COLUMN or kind.itemsize == 1:
        return plain
    width = next(
        (name for name, size in WIDTHS.items() if most - least < 1 << 8 * size), kind.str[1:]
    )
    size = WIDTHS.get(width, kind.itemsize)
    if size > 1 and least >= 0 and bool((column[1:] >= column[:-1]).all()):
        steps = np.diff(column, prepend=column.dtype.type(0))
        large = steps >= _LARGE
        count = int(np.count_nonzero(large))
        if column.size + count * kind.itemsize < size * column.size:
            return Coded(STEPS, count, _stepped(steps, large))
    if size == kind.itemsize:
        return plain
    return Coded(width, least, (column - kind.type(least)).astype("<" + width))


def _stepped(steps: Array, large: Array) -> Array:
    few = steps[large]
    small = np.where(large, steps.dtype.type(_LARGE), steps).astype(np.uint8)
    return np.concatenate([few.astype(few.dtype.newbyteorder("<")).view(np.uint8), small])


def stored_bytes(coding: str, kind: str, count: int, number: int) -> int | None:
    """Return how many bytes a column takes; None if there is no such column.

    Arguments:
        coding, number: see ``Coded``; whatever a file says.
        kind: the type of the numbers, as NumPy writes it without the byte order.
        count: how many there are.
    """
    size = int(kind[1:])
    whole = kind[0] in "iu"
    if coding == PLAIN:
        return count * size if number == 0 else None
    if not whole or count < 1:
        return None
    if coding == STEPS:
        return number * size + count if 0 <= number <= count else None
    limits = np.iinfo(kind)
    if not limits.min <= number <= limits.max:
        return None
    if coding == SAME:
        return 0
    return WIDTHS[coding] * count if WIDTHS.get(coding, size) < size else None


def stored_kind(coding: str, kind: str) -> str:
    """Return the type of what is stored of numbers of type ``kind``."""
    if coding in (PLAIN, SAME):
        return kind
    return "u1" if coding == STEPS else coding


def decode(stored: Coded, kind: npt.DTypeLike, count: int) -> Array:
    """Return the ``count`` numbers of a stored column, or of a part of one without steps.

    Of a file that was made to deceive the numbers may be any.

    Raises:
        ValueError: the large steps are not as many as are said to be.
    """
    coding, number, data = stored
    kind = np.dtype(kind)
    if coding == PLAIN:
        return data
    if coding == SAME:
        return np.full(count, number, dtype=kind)
    if coding == STEPS:
        few, small = np.split(data, [number * kind.itemsize])
        steps = small.astype(kind)
        steps[small == _LARGE] = few.view(kind)
        return np.cumsum(steps, dtype=kind)
    values: Array = data.astype(kind)
    values += kind.type(number)
    return values
