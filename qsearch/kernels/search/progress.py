"""How far a segment is searched: each step returns a new state (``arguments.Progress``)."""

from __future__ import annotations

from numba import njit

from qsearch.kernels.search.arguments import Progress
from qsearch.kernels.search.layout import IMPACT_LEVELS


@njit(nogil=True, error_model="numpy")
def after_accumulating(order, bound, is_content, progress, position, unit):
    """Return the progress once the term at a position of the order is accumulated too."""
    done = progress.accumulated
    order[position], order[done] = order[done], order[position]
    return Progress(
        done + 1,
        progress.remaining - bound,
        progress.remaining_content - is_content,
        progress.error + (bound / IMPACT_LEVELS + 2.0 * unit),
        progress.threshold,
        progress.late_bonus,
    )


@njit(nogil=True, error_model="numpy")
def with_threshold(progress, threshold):
    """Return the progress with another threshold."""
    return Progress(
        progress.accumulated,
        progress.remaining,
        progress.remaining_content,
        progress.error,
        threshold,
        progress.late_bonus,
    )


@njit(nogil=True, error_model="numpy")
def with_late_bonus(progress, late_bonus):
    """Return the progress with another bound on the bonuses that are not known yet."""
    return Progress(
        progress.accumulated,
        progress.remaining,
        progress.remaining_content,
        progress.error,
        progress.threshold,
        late_bonus,
    )
