"""Which segments to merge, so that they stay few, deletions go away and the memory suffices."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

WIDTH = 8
"""Segments of about one size that are merged into one."""

SMALLEST = 64
"""Segments below so many articles count as of one size."""

MEMORY_A_BYTE = 10
"""About how many bytes of memory merging takes for a byte of the merged files."""


class Size(NamedTuple):
    """How much a segment holds: live articles, all articles, and the bytes of its file."""

    live: int
    total: int
    bytes: int


def choose_merge(sizes: list[Size], memory: float = math.inf) -> list[int]:
    """Return the indexes of the segments to merge next, none when all is well.

    The number of segments is at most logarithmic in the number of articles, as long as they can be
    merged within ``memory`` bytes; segments that are too large for that stay apart.
    """
    levels: dict[int, list[int]] = {}
    for index, (live, total, _) in enumerate(sizes):
        if 2 * live < total or not live:
            # Rewriting it alone costs less than it wastes.
            return [index]
        level = int(math.log(max(live, SMALLEST), WIDTH))
        levels.setdefault(level, []).append(index)
    for level in sorted(levels):
        smallest = sorted(levels[level], key=lambda index: sizes[index].bytes)
        needed = itertools.accumulate(MEMORY_A_BYTE * sizes[index].bytes for index in smallest)
        fitting = [index for index, need in zip(smallest, needed, strict=True) if need <= memory]
        if len(smallest) >= WIDTH and len(fitting) > 1:
            return sorted(fitting)
    return []
