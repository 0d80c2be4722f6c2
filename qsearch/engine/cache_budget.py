"""The memory budget of the postings caches of an index, and when they are emptied."""

from __future__ import annotations

from typing import Protocol
from weakref import WeakSet

from qsearch.forks import ForkSafeLock
from qsearch.log import log

PAGE = 4_096
"""Bytes of a page: what the first byte written in it takes."""


class Holder(Protocol):
    """Something that keeps memory between queries."""

    @property
    def held(self) -> int:
        """How many bytes it keeps."""

    def forget(self) -> None:
        """Drop all; running queries go on with what they hold."""


class CacheBudget:
    """A limit on what several holders keep together. Safe for use by several threads.

    Beyond the limit all holders drop everything. To evict what was used least, every query would
    have to note what it used; what is needed again is unpacked again.

    Arguments:
        limit: bytes.

    Attributes:
        exceeded: whether ``clear`` is due; looked at before a new query starts.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.exceeded = False
        self._holders: WeakSet[Holder] = WeakSet()
        self._lock = ForkSafeLock()

    def join(self, holder: Holder) -> None:
        """Count what ``holder`` keeps from now on."""
        with self._lock:
            self._holders.add(holder)

    def grown(self) -> None:
        """Compare what all holders keep with the limit; a holder calls this when it has grown."""
        with self._lock:
            self.exceeded = sum(holder.held for holder in self._holders) > self.limit

    def clear(self) -> None:
        """Make all holders drop everything, if the limit is exceeded."""
        with self._lock:
            if self.exceeded:
                log.info("dropping unpacked postings: more than %d bytes", self.limit)
                for holder in self._holders:
                    holder.forget()
                self.exceeded = False
