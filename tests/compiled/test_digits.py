"""Scores are rounded by the kernels as Python rounds them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsearch.kernels.search.layout import ROUNDED_BELOW, ROUNDED_FROM
from qsearch.kernels.search.round_score import nine_digits
from qsearch.ranking.formula import rounded

RANGE = st.floats(ROUNDED_FROM, ROUNDED_BELOW, exclude_max=True)
TIES = st.builds(
    lambda digits, power: (digits + 0.5) / 10.0**power,
    st.integers(10**8, 10**9 - 1),
    st.integers(0, 21),
)


@given(st.one_of(RANGE, TIES, st.floats(0.01, 100.0)))
@example(1.0)
@example(0.5)
@example(999999999.5 / 1e8)
@example(99999999.95)
@example(2.5e-13)
@example(100000000.5)
@example(100000001.5)
@example(999999998.5)
@example(999999999.4999999)
def test_nine_digits_are_those_of_python(value: float) -> None:
    assert nine_digits(value) == rounded(value)


@pytest.mark.parametrize("value", [0.0, 1e-14, 1e9, 1e300, float("inf")])
def test_numbers_out_of_range_come_back_as_they_are(value: float) -> None:
    assert nine_digits(value) == value
