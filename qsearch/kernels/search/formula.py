"""The arithmetic of ``ranking.formula``, compiled as it stands there."""

from __future__ import annotations

from numba import njit

from qsearch.ranking.formula import bonus as _bonus
from qsearch.ranking.formula import field_frequency as _field_frequency
from qsearch.ranking.formula import saturated as _saturated
from qsearch.ranking.formula import term_score as _term_score

bonus = njit(nogil=True, error_model="numpy")(_bonus)
field_frequency = njit(nogil=True, error_model="numpy")(_field_frequency)
saturated = njit(nogil=True, error_model="numpy")(_saturated)
term_score = njit(nogil=True, error_model="numpy")(_term_score)
