"""The terms that conditions name, as the kernels take them: articles as bitsets, and positions."""

from __future__ import annotations

import numpy as np

from qsearch.arrays import Array, joined, read_only
from qsearch.engine.postings_cache import PostingsCache, detail_table
from qsearch.errors import IndexCorrupt
from qsearch.forks import ForkSafeLock
from qsearch.index.snapshot import Snapshot
from qsearch.kernels.search.arguments import Bitsets, Capped, FieldStarts, Positions
from qsearch.kernels.search.boolean_program import (
    PART,
    PLACED,
    PLACES,
    PLACES_STOP,
    POSTINGS,
    POSTINGS_STOP,
)
from qsearch.model.bit_layout import RANKED

_FREQUENT = 64
"""A term in more than one of so many articles is also kept as a bitset over the articles."""

_ROOM = 4_096
"""Elements that an array has room for at the beginning."""

_TERM_BYTES = 512
"""About how many bytes a term takes beside its letters and its arrays."""


class NotForKernelsError(Exception):
    """The kernels do not take this condition, so NumPy evaluates it; caught within the engine."""


class ConditionTerms:
    """A table of terms, and the arrays that its rows lead to: ``kernels.search.boolean_program``.

    Safe for use by several threads: rows are added and never changed.

    Arguments:
        snapshot: the state of the index.
        cache: its postings, of the searched fields.
    """

    def __init__(self, snapshot: Snapshot, cache: PostingsCache) -> None:
        self._parts = snapshot.parts
        self._cache = cache
        ranked = enumerate(RANKED.tolist())
        self.searched = sum(1 << part for part, field in ranked if cache.searched >> field & 1)
        self._rows: dict[str, int] = {}
        self._numbers: list[list[int | None]] = []
        self._placed: set[tuple[int, int]] = set()
        self._adding = ForkSafeLock()
        self.table = np.zeros((64, PART * len(self._parts)), dtype=np.int64)
        self._bits = _Growing(np.uint64)
        self._ranks = _Growing(np.uint32)
        self._sketches = _Growing(np.uint64)
        self._starts = _Growing(np.uint32)
        self._places = _Growing(np.uint8)
        article_parts = [part.segment.columns.column("parts") for part in self._parts]
        self._article_parts = read_only(joined(article_parts, np.uint32))

    def arrays(self) -> tuple[Array, Array, Array, Bitsets, Positions, FieldStarts]:
        """Return what the kernel ``evaluate`` reads, in the order of its arguments.

        They hold the rows, and the positions, that ``row`` and ``place`` prepared before.
        """
        cache = self._cache
        return (
            self.table,
            cache.segments,
            cache.docs,
            Bitsets(self._bits.array, self._ranks.array),
            self._positions(),
            FieldStarts(self._article_parts, self.searched),
        )

    def _positions(self) -> Positions:
        return Positions(self._sketches.array, self._starts.array, self._places.array)

    def row(self, term: str) -> int:
        """Return the row of a term in ``table``.

        Raises:
            NotForKernelsError: the kernels can't work with its impacts.
        """
        row = self._rows.get(term)
        if row is None:
            with self._adding:
                row = self._rows.get(term)
                if row is None:
                    row = self._rows[term] = self._add(term)
        return row

    def size_of_places(self, row: int) -> int:
        """Return how many bytes the positions of a term take on disk."""
        size = 0
        for part, number in zip(self._parts, self._numbers[row], strict=True):
            if number is not None:
                places = part.segment.columns.column("term.places", number, number + 2)
                size += int(places[1] - places[0])
        return size

    def place(self, rows: list[int]) -> None:
        """Prepare the positions of the terms of a phrase, where all of them are."""
        for index in range(len(self._parts)):
            if all((row, index) in self._placed for row in rows):
                continue
            with self._adding:
                at = PART * index
                chosen = self.table[rows]
                if not (chosen[:, at + POSTINGS] < chosen[:, at + POSTINGS_STOP]).all():
                    continue
                for row in rows:
                    if (row, index) not in self._placed:
                        self._place(row, index)
                        self._placed.add((row, index))

    def _add(self, term: str) -> int:
        from qsearch.kernels.search.boolean import fill_bits

        cache = self._cache
        numbers = [part.segment.terms.find(term) for part in self._parts]
        filled = [
            ([0, 0, -1, 0], 0.0) if number is None else cache.term(index, number)
            for index, number in enumerate(numbers)
        ]
        facts = []
        for part, found in zip(self._parts, filled, strict=True):
            # Before anything is kept of the term: the kernels take all its segments, or none.
            if None in filled or found is None:
                raise NotForKernelsError
            start, stop, *_ = found[0]
            size, at = _words(part.segment.count), -1
            if (stop - start) * _FREQUENT > part.segment.count:
                at = self._bits.take(size)
                self._ranks.take(size)
                bitsets = Bitsets(self._bits.array, self._ranks.array)
                fill_bits(cache.docs, start, stop, bitsets, at, size)
                cache.hold(bitsets.bits[:size].nbytes + bitsets.ranks[:size].nbytes)
            facts += [start, stop, at, 0, 0, 0]
        row = len(self._numbers)
        if row == len(self.table):
            # Kernels may still read the old table.
            self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        self.table[row] = facts
        self._numbers.append(numbers)
        cache.hold(_TERM_BYTES + 4 * len(term) + 2 * self.table[row].nbytes)
        return row

    def _place(self, row: int, index: int) -> None:
        from qsearch.kernels.search.positions import unpack_positions

        number = self._numbers[row][index]
        assert number is not None, "a term with postings has a number"
        columns = self._parts[index].segment.columns
        start, stop = self._cache.span(index, number)
        at, end = columns.column("term.places", number, number + 2).tolist()
        coded = columns.column("places", at, end)
        placed, begin = self._starts.take(stop - start), self._places.take(coded.size)
        self._sketches.take(stop - start)
        size = unpack_positions(
            columns.column("details", start, stop),
            coded,
            detail_table(columns),
            Capped(
                read_only(columns.column("capped.posting")),
                read_only(columns.column("capped.count")),
            ),
            start,
            self._cache.searched,
            self._positions(),
            begin,
            placed,
        )
        if size < 0:
            path = columns.path
            raise IndexCorrupt(f"{path}: the positions do not fit the postings", path=path)
        facts = self.table[row, PART * index : PART * (index + 1)]
        facts[PLACED], facts[PLACES], facts[PLACES_STOP] = placed, begin, begin + size
        of_posting = self._starts.array.itemsize + self._sketches.array.itemsize
        self._cache.hold((stop - start) * of_posting + coded.size)


class _Growing:
    """An array that grows by being copied, so that kernels may go on reading the old one."""

    def __init__(self, kind: type[np.generic]) -> None:
        self.array: Array = np.empty(_ROOM, dtype=kind)
        self._used = 0

    def take(self, size: int) -> int:
        """Reserve some elements; return where they begin."""
        begin = self._used
        self._used += size
        if self._used > self.array.size:
            larger = np.empty(self._used + self._used // 2, dtype=self.array.dtype)
            larger[:begin] = self.array[:begin]
            self.array = larger
        return begin


def _words(count: int) -> int:
    """How many 64-bit words a bitset over some articles takes."""
    return (count + 63) // 64
