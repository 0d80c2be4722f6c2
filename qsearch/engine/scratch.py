"""Scratch arrays of kernels: a pool that all threads and snapshots of an index share."""

from __future__ import annotations

import os
import threading
from weakref import WeakSet

import numpy as np

from qsearch.engine.aligned import aligned_arrays
from qsearch.kernels.runtime.address_tables import (
    ACCUMULATORS,
    BOOSTS,
    CODES,
    COUNTS,
    COVERED,
    OUT_GROUPS,
    PLACES,
    SCORES,
    table_of,
)
from qsearch.kernels.search import layout
from qsearch.machine import processors

MAX_TERMS = 256
"""The most terms of a query that the kernels take."""

AT_ONCE = 32
"""The most queries that a kernel answers in one call."""

_MOST_OUT = 4_096
"""The most articles that one call may return: those of all its queries, and ties."""


class Scratch:
    """The arrays that one call of a kernel writes; for one thread at a time.

    Arguments:
        segment: the number of articles of the largest segment that it can serve.
        total: the number of articles of the largest index.

    Attributes:
        hit: a byte for each of ``total`` articles.
        table: their addresses (``kernels.runtime.address_tables``). ``accumulators``,
            ``covered`` and the counts of headings are all zeros before and after each call.
    """

    def __init__(self, segment: int, total: int) -> None:
        self.segment, self.total = segment, total
        self.hit = np.empty(total, dtype=np.uint8)
        blocks = segment // layout.BLOCK + 1
        arrays = aligned_arrays(
            (MAX_TERMS, np.int32),
            (MAX_TERMS, np.float64),
            (MAX_TERMS * layout.WORD, np.uint64),
            (blocks * layout.BLOCK, np.uint16),
            (segment, np.float64),
            (segment, np.float64),
            (blocks * layout.BLOCK, np.int32),
            (segment, np.uint64),
            (segment, np.int32),
            (_MOST_OUT, np.float64),
            (2 * _MOST_OUT, np.int64),
            (_MOST_OUT, np.uint64),
            (AT_ONCE, np.int64),
            (segment, np.uint8),
            (segment + 1, np.int32),
        )
        self.table = table_of(arrays)
        self.codes, self.boosts = arrays[CODES], arrays[BOOSTS]
        self.accumulators, self.covered = arrays[ACCUMULATORS], arrays[COVERED]
        self.scores, self.places, self.groups, self.counts = (
            arrays[place] for place in (SCORES, PLACES, OUT_GROUPS, COUNTS)
        )

    def fits(self, segment: int, total: int) -> bool:
        """Whether it can serve an index of this size, and is not made for one far larger."""
        large_enough = self.segment >= segment and self.total >= total
        return large_enough and self.total <= 4 * total + layout.BLOCK


class ScratchPool:
    """Lends ``Scratch``: as many as there are processors, however many threads ask.

    Fresh memory costs more than a query, so what is given back is kept for the next one. A thread
    that finds all of them lent waits: all processors are at work then. A thread borrows one at a
    time; two could wait for each other.

    Arguments:
        most: how many may be lent at once; None for the number of processors.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = processors() if most is None else most
        self.renew()
        _pools.add(self)

    def renew(self) -> None:
        """Start anew in a forked process, where the threads that borrowed do not exist."""
        self._free: list[Scratch | None] = [None] * self._most
        self._waiting = 0
        self._returned = threading.Condition(threading.Lock())

    def lend(self, segment: int, total: int) -> Loan:
        """Return, for a ``with`` block, scratch arrays for an index of ``total`` articles whose
        largest segment has ``segment``.
        """
        return Loan(self, segment, total)

    def take(self, segment: int, total: int) -> Scratch:
        """Borrow scratch arrays; ``give_back`` must follow."""
        try:
            found = self._free.pop()  # the last one given back: it is still in the cache
        except IndexError:
            found = self._wait()
        if found is not None and found.fits(segment, total):
            return found
        found = None  # before there is a second one
        try:
            # For an index that grows; pages that are never written take no memory.
            return Scratch(segment + segment // 4, total + total // 4)
        except BaseException:
            self.give_back(None)
            raise

    def _wait(self) -> Scratch | None:
        with self._returned:
            # Counted before ``_free`` is looked at: else ``give_back`` might notify nobody.
            self._waiting += 1
            try:
                while not self._free:
                    self._returned.wait()
                return self._free.pop()
            finally:
                self._waiting -= 1

    def give_back(self, scratch: Scratch | None) -> None:
        """Keep scratch arrays for the next query; None if they can't be used again."""
        self._free.append(scratch)
        if self._waiting:
            with self._returned:
                self._returned.notify()


class Loan:
    """Lent scratch arrays, for a ``with`` block; ``ScratchPool.lend`` makes one."""

    __slots__ = ("_pool", "_scratch", "_segment", "_total")

    def __init__(self, pool: ScratchPool, segment: int, total: int) -> None:
        self._pool, self._segment, self._total = pool, segment, total

    def __enter__(self) -> Scratch:
        self._scratch = self._pool.take(self._segment, self._total)
        return self._scratch

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # After an error ``accumulators`` and ``covered`` may not be zeros.
        self._pool.give_back(None if kind else self._scratch)


_pools: WeakSet[ScratchPool] = WeakSet()


def _renew_all() -> None:
    for pool in list(_pools):
        pool.renew()


os.register_at_fork(after_in_child=_renew_all)
