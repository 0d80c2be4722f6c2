"""Whole numbers in few bytes: any column comes back, and none takes more than it did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qsearch.arrays import Array
from qsearch.index.column_codec import PLAIN, SAME, STEPS, code, decode, stored_bytes, stored_kind

KINDS = st.sampled_from(["u1", "u2", "u4", "u8", "i4", "i8"])


@st.composite
def columns(draw: st.DrawFn) -> Array:
    """Numbers of any kind: all over their range, within a small one, or increasing."""
    kind = draw(KINDS)
    limits = np.iinfo(kind)
    least = draw(st.integers(limits.min, limits.max))
    reach = draw(st.sampled_from([0, 1, 254, 255, 256, 65_535, 65_536, 2**32, 2**64]))
    most = min(least + reach, limits.max)
    size = draw(st.sampled_from([0, 1, 2, 9, 70, 300]))
    column = draw(arrays.arrays(np.dtype(kind), size, elements=st.integers(least, most)))
    return np.sort(column) if draw(st.booleans()) else column


def read(column: Array) -> Array:
    coded = code(column)
    kind = column.dtype.str[1:]
    assert stored_bytes(coded.coding, kind, column.size, coded.number) == coded.data.nbytes
    assert coded.data.dtype == stored_kind(coded.coding, kind)
    return decode(coded, kind, column.size)


@given(columns())
def test_what_is_coded_comes_back(column: Array) -> None:
    found = read(column)
    assert found.dtype == column.dtype
    np.testing.assert_array_equal(found, column)
    assert code(column).data.nbytes <= column.nbytes


@pytest.mark.parametrize(
    ("column", "coding", "size"),
    [
        (np.full(100, 7, "u4"), SAME, 0),
        (np.arange(100, dtype="u4") * 254, STEPS, 100),
        (np.append(np.arange(100), [100_000, 100_001]).astype("u4"), STEPS, 102 + 4),
        (np.arange(100)[::-1].astype("u8"), "u1", 100),
        (np.arange(100)[::-1].astype("i4") * 300 - 5, "u2", 200),
        (np.arange(100)[::-1].astype("u4") * 700, PLAIN, 400),
        (np.arange(16, dtype="u4"), PLAIN, 64),  # columns start at multiples of 64 bytes
        (np.linspace(0, 1, 100), PLAIN, 800),
        (np.zeros(100), PLAIN, 800),
    ],
)
def test_the_coding_is_the_one_that_takes_the_fewest_bytes(
    column: Array, coding: str, size: int
) -> None:
    assert code(column).coding == coding
    assert code(column).data.nbytes == size
