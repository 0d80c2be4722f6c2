"""Counting hits: which articles are copies of one another, and which subject each one has.

Worked out once a snapshot, so that a count is a matter of looking up numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from qsearch.arrays import Array
from qsearch.index.snapshot import Snapshot
from qsearch.lazy import lazy
from qsearch.values import subject_key


class Facets:
    """Counts over articles of one snapshot, given as a flag an article for each segment."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def warm(self) -> None:
        """Work out now what counting needs."""
        self.subjects([np.zeros(part.segment.count, np.bool_) for part in self._snapshot.parts])

    def groups(self, chosen: list[Array]) -> int:
        """Return how many groups of copies there are among some articles."""
        numbers, many = self._groups
        counted = np.zeros(many, dtype=np.bool_)
        for group, flags in zip(numbers, chosen, strict=True):
            counted[group[flags]] = True
        return int(counted.sum())

    def subjects(self, chosen: list[Array]) -> Mapping[str, int]:
        """Return for each subject how many groups have a copy in it, most first."""
        numbers, _ = self._groups
        keys, subjects, more = self._subjects
        kinds = len(keys) + 1
        pairs = [np.zeros(0, dtype=np.int64)]
        for group, subject, further, flags in zip(numbers, subjects, more, chosen, strict=True):
            pairs.append(group[flags] * kinds + subject[flags])
            docs, others = further
            here = flags[docs]
            pairs.append(group[docs[here]] * kinds + others[here])
        # Not np.unique: its first use imports numpy.ma, which takes longer than most queries.
        found = np.sort(np.concatenate(pairs))
        counts = np.bincount(found[_is_new(found)] % kinds, minlength=kinds)[1:].tolist()
        named = [
            (self._snapshot.subjects[key][0], count)
            for key, count in zip(keys, counts, strict=True)
            if count and key
        ]
        return dict(sorted(named, key=lambda item: (-item[1], item[0])))

    @lazy
    def _groups(self) -> tuple[list[Array], int]:
        """For each segment a number for each article that its copies share, and how many there
        are, from 0.
        """
        parts = [part.segment.groups for part in self._snapshot.parts]
        groups = np.concatenate([np.zeros((0, 2), dtype=np.uint64), *parts])
        single = ~groups.any(axis=1)
        numbers = np.zeros(len(groups), dtype=np.int64)
        order = np.flatnonzero(~single)
        order = order[np.lexsort(groups[order].T)]
        is_new = _is_new(groups[order, 0]) | _is_new(groups[order, 1])
        numbers[order] = np.cumsum(is_new) - 1
        shared, alone = int(is_new.sum()), int(single.sum())
        numbers[single] = shared + np.arange(alone)
        ends = np.cumsum([len(part) for part in parts])
        return np.split(numbers, ends)[: len(parts)], shared + alone

    @lazy
    def _subjects(self) -> tuple[list[str], list[Array], list[tuple[Array, Array]]]:
        """The keys of all subjects, for each segment the place in them of each article's first
        subject, from 1 (0 for one that only deleted articles have), and its further subjects: the
        article and the place of each.
        """
        keys = sorted(self._snapshot.subjects)
        known = {key: number for number, key in enumerate(keys, start=1)}
        numbers, more = [], []
        for part in self._snapshot.parts:
            texts, of = part.segment.subjects.labels()
            local = np.array([known.get(subject_key(text), 0) for text in texts], dtype=np.int64)
            docs, more_of = part.segment.subjects.more
            numbers.append(local[of])
            more.append((docs, local[more_of]))
        return keys, numbers, more


def _is_new(values: Array) -> Array:
    """Whether each value differs from the one before it."""
    is_new = np.ones(values.size, dtype=np.bool_)
    is_new[1:] = values[1:] != values[:-1]
    return is_new
