"""How much of an index the kernels keep in memory between queries, and when they let go of it."""

from __future__ import annotations

from typing import Protocol
from weakref import WeakSet

from qsearch.forks import ForkSafeLock
from qsearch.log import log

PAGE = 4_096
"""Bytes of memory that are taken at once, however few of them are written."""


class Holder(Protocol):
    """Who keeps something in memory."""

    @property
    def held(self) -> int:
        """How many bytes."""

    def forget(self) -> None:
        """Let go of all; queries that are under way go on with what they have."""


class CacheBudget:
    """What several holders may keep together. Safe for use by several threads.

    Where it is too much all let go of everything: what is asked for again is back soon, and no
    query has to note what it used.

    Arguments:
        limit: bytes.

    Attributes:
        exceeded: whether ``clear`` is due; for whoever starts something new to look at.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.exceeded = False
        self._holders: WeakSet[Holder] = WeakSet()
        self._lock = ForkSafeLock()

    def join(self, holder: Holder) -> None:
        """Count what ``holder`` holds from now on."""
        with self._lock:
            self._holders.add(holder)

    def grown(self) -> None:
        """Look at what all hold now; a holder calls this when it has taken more."""
        with self._lock:
            self.exceeded = sum(holder.held for holder in self._holders) > self.limit

    def clear(self) -> None:
        """Make all let go, if they hold too much."""
        with self._lock:
            if self.exceeded:
                log.info("dropping unpacked postings: more than %d bytes", self.limit)
                for holder in self._holders:
                    holder.forget()
                self.exceeded = False
