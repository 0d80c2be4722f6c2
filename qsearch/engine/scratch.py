"""Working space for kernels: lent to one query at a time, shared by all threads and snapshots."""

from __future__ import annotations

import os
import threading
from weakref import WeakSet

import numpy as np

from qsearch.engine.aligned import rooms
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
"""Terms of a query that the kernels take."""

AT_ONCE = 32
"""Queries that a kernel answers at once."""

_ROOM = 4_096
"""Articles that the kernel may put out."""


class Scratch:
    """What one call of a kernel writes to besides its answer; not for two threads at once.

    Arguments:
        segment: articles of the largest segment that it can serve.
        total: articles of the largest index.

    Attributes:
        hit: a byte for each of ``total`` articles.
        table: the kernel's table of its arrays (``kernels.runtime.address_tables``); zeros in
            ``sums`` and ``covered`` before and after each call.
    """

    def __init__(self, segment: int, total: int) -> None:
        self.segment, self.total = segment, total
        self.hit = np.empty(total, dtype=np.uint8)
        blocks = segment // layout.BLOCK + 1
        arrays = rooms(
            (MAX_TERMS, np.int32),
            (MAX_TERMS, np.float64),
            (MAX_TERMS * layout.WORD, np.uint64),
            (blocks * layout.BLOCK, np.uint16),
            (segment, np.float64),
            (segment, np.float64),
            (blocks * layout.BLOCK, np.int32),
            (segment, np.uint64),
            (segment, np.int32),
            (_ROOM, np.float64),
            (2 * _ROOM, np.int64),
            (_ROOM, np.uint64),
            (AT_ONCE, np.int64),
        )
        self.table = table_of(arrays)
        self.codes, self.boosts = arrays[CODES], arrays[BOOSTS]
        self.sums, self.covered = arrays[ACCUMULATORS], arrays[COVERED]
        self.scores, self.places, self.groups, self.counts = (
            arrays[place] for place in (SCORES, PLACES, OUT_GROUPS, COUNTS)
        )

    def fits(self, segment: int, total: int) -> bool:
        """Whether it can serve an index of this size, and is not made for one far larger."""
        large_enough = self.segment >= segment and self.total >= total
        return large_enough and self.total <= 4 * total + layout.BLOCK


class ScratchPool:
    """Lends working space: as many pieces as processors, however many threads ask.

    Fresh memory costs more than a query, so what comes back is kept for the next one. A thread
    that finds all of it lent waits: so many are at work already. Who holds one takes no other.

    Arguments:
        most: pieces that may be lent at once; None for the number of processors.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = processors() if most is None else most
        self.renew()
        _pools.add(self)

    def renew(self) -> None:
        """Forget what is lent: in a forked process nobody gives it back."""
        self._free: list[Scratch | None] = [None] * self._most
        self._waiting = 0
        self._returned = threading.Condition(threading.Lock())

    def lend(self, segment: int, total: int) -> Loan:
        """Return, for a ``with`` block, working space for an index of ``total`` articles, of which
        the largest segment has ``segment``.
        """
        return Loan(self, segment, total)

    def take(self, segment: int, total: int) -> Scratch:
        """Take working space, which ``give_back`` has to get."""
        try:
            found = self._free.pop()  # the one whose memory the processor knows best
        except IndexError:
            found = self._wait()
        if found is not None and found.fits(segment, total):
            return found
        found = None  # before there is a second one
        try:
            # Room for an index that grows: memory that is not written is not taken.
            return Scratch(segment + segment // 4, total + total // 4)
        except BaseException:
            self.give_back(None)
            raise

    def _wait(self) -> Scratch | None:
        with self._returned:
            # Counted before it is looked for: either this sees what comes back, or is seen.
            self._waiting += 1
            try:
                while not self._free:
                    self._returned.wait()
                return self._free.pop()
            finally:
                self._waiting -= 1

    def give_back(self, scratch: Scratch | None) -> None:
        """Keep working space for the next one; None if it can't be used again."""
        self._free.append(scratch)
        if self._waiting:
            with self._returned:
                self._returned.notify()


class Loan:
    """Working space while a ``with`` block lasts; ``ScratchPool.lend`` makes one."""

    __slots__ = ("_pool", "_scratch", "_segment", "_total")

    def __init__(self, pool: ScratchPool, segment: int, total: int) -> None:
        self._pool, self._segment, self._total = pool, segment, total

    def __enter__(self) -> Scratch:
        self._scratch = self._pool.take(self._segment, self._total)
        return self._scratch

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # After an error its arrays may be half written.
        self._pool.give_back(None if kind else self._scratch)


_pools: WeakSet[ScratchPool] = WeakSet()


def _renew_all() -> None:
    for pool in list(_pools):
        pool.renew()


os.register_at_fork(after_in_child=_renew_all)
