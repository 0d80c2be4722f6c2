"""How many edits lie between two words, and which of many words are near one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from qsearch.arrays import Array

LONGEST = 48
"""Letters of a word from which on there is nothing near: such words are names of something."""


def distance(left: str, right: str, limit: int) -> int:
    """Return the edits between two words, or ``limit`` + 1 if there are more.

    Edits: one letter more, less or other, or two neighbours swapped, each place edited once
    (optimal string alignment; Boytsov, "Indexing methods for approximate dictionary searching",
    2011, section 2.1).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        earlier, before, row = before, row, [i] + [0] * len(right)
        for j, b in enumerate(right, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def near_words(word: str, words: Iterable[str], *, limit: int) -> list[str]:
    """Return the ``words`` within ``limit`` edits of ``word``, nearest first."""
    found = [(edits, near) for near in words if (edits := distance(word, near, limit)) <= limit]
    return [near for _, near in sorted(found)]


def edits_between(word: Array, letters: Array, starts: Array, lengths: Array, limit: int) -> Array:
    """Return the edits between a word and each of others; more than ``limit`` where there are more.

    Edits are those of ``distance``. The rows of the usual table, each entry an array over
    the other words; only entries near the diagonal can stay within the limit.

    Arguments:
        word: its code points.
        letters: the code points of the others, end to end.
        starts, lengths: where each of them starts there, and how long it is: at most ``limit``
            letters longer than ``word``.
        limit: how many edits matter.
    """
    width = word.size + limit
    places = np.arange(width)[:, None]
    if not letters.size:
        letters = np.zeros(1, dtype=np.uint32)
    letters = letters[np.minimum(starts + places, letters.size - 1)]
    letters[places >= lengths] = 0
    far = np.full((width + 1, starts.size), limit + 1, dtype=np.int64)
    earlier, before, row = far, far, far.copy()
    row[: limit + 1] = np.arange(limit + 1)[:, None]
    for i in range(1, word.size + 1):
        earlier, before, row = before, row, far.copy()
        if i <= limit:
            row[0] = i
        for j in range(max(1, i - limit), min(width, i + limit) + 1):
            here = letters[j - 1]
            best = np.minimum(before[j], row[j - 1]) + 1
            np.minimum(best, before[j - 1] + (here != word[i - 1]), out=best)
            if i > 1 and j > 1:
                swapped = (here == word[i - 2]) & (letters[j - 2] == word[i - 1])
                np.minimum(best, np.where(swapped, earlier[j - 2] + 1, limit + 1), out=best)
            row[j] = best
    found: Array = row[lengths, np.arange(starts.size)]
    return found
