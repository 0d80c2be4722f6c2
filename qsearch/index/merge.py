"""Which segments to merge, so that their number stays logarithmic and deletions go away."""

from __future__ import annotations

import math

WIDTH = 8
"""Segments of about one size that are merged into one."""

SMALLEST = 64
"""Segments below so many articles count as of one size."""


def choose_merge(sizes: list[tuple[int, int]]) -> list[int]:
    """Return the indexes of the segments to merge next, none when all is well.

    Arguments:
        sizes: for each segment the articles that are live, and all articles.
    """
    levels: dict[int, list[int]] = {}
    for index, (live, total) in enumerate(sizes):
        if 2 * live < total or not live:
            # Rewriting it alone costs less than it wastes.
            return [index]
        level = int(math.log(max(live, SMALLEST), WIDTH))
        levels.setdefault(level, []).append(index)
    for level in sorted(levels):
        if len(levels[level]) >= WIDTH:
            return levels[level]
    return []
