"""Ways to falsify a column of a segment."""

from __future__ import annotations

import numpy as np

from qsearch.arrays import Array


def half(column: Array) -> Array:
    return column[: column.size // 2]


def empty(column: Array) -> Array:
    return column[:0]


def zeros(column: Array) -> Array:
    return np.zeros_like(column)


def largest(column: Array) -> Array:
    return np.full_like(column, np.iinfo(column.dtype).max)


def backwards(column: Array) -> Array:
    return column[::-1].copy()
