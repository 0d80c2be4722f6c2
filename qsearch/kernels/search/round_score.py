"""Scores with nine significant digits, in compiled code."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.search.layout import ROUNDED_BELOW, ROUNDED_FROM

_POWERS = np.array([10.0**power for power in range(23)])  # all of them exact
_HALF = 134_217_729.0  # 2 ** 27 + 1: cuts a number into two of half its digits


@njit(nogil=True, error_model="numpy")
def _error(one, other, product):
    """What a product lost when it was rounded, exactly (Dekker, "A floating-point technique for
    extending the available precision", 1971).
    """
    high = _HALF * one - (_HALF * one - one)
    above = _HALF * other - (_HALF * other - other)
    low, below = one - high, other - above
    return ((high * above - product) + high * below + low * above) + low * below


@njit(nogil=True, error_model="numpy")
def nine_digits(value):
    """Return a number with 9 significant digits, as ``float(f"{value:.9g}")`` does: ties go to the
    even digit. One below ``ROUNDED_FROM`` or not below ``ROUNDED_BELOW`` comes back as it is.
    """
    if not ROUNDED_FROM <= value < ROUNDED_BELOW:
        return value
    power = 8
    while power < 22 and value * _POWERS[power] < 1e8:
        power += 1
    while power > 0 and value * _POWERS[power] >= 1e9:
        power -= 1
    scaled = value * _POWERS[power]
    whole = np.rint(scaled)
    if np.abs(scaled - whole) == 0.5:
        # No tie if the product was rounded to it.
        error = _error(value, _POWERS[power], scaled)
        if scaled > whole and error > 0.0:
            whole += 1.0
        elif scaled < whole and error < 0.0:
            whole -= 1.0
    # Both are exact, so their quotient is the number nearest to the decimal one.
    return whole / _POWERS[power]
