"""The distinct pieces of texts, numbered, and their words: what is asked of the analyser once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.formtable import Words
from qsearch.analysis.pieces import separators
from qsearch.arrays import Array
from qsearch.kernels.indexing import arguments as kernel_arguments

BEHIND = 8
"""Bytes that must stand behind the texts that are scanned; what they are doesn't matter."""


class PieceTable:
    """Numbers the pieces of texts and knows their words; needs the kernels to be ready."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._table = analyzer.form_table()
        self._separators = separators()
        self._slots = np.zeros(2 << 16, dtype=np.uint64)  # a key and a number each
        self._exemplars = np.empty(1 << 20, dtype=np.uint8)
        self._exemplar_starts = np.zeros(1 << 16, dtype=np.int64)
        self._state = np.zeros(1, dtype=np.int64)
        # There is room behind the words that there are, so that most new ones move no others.
        self._words = self._table.numbered([])
        self._sizes = (0, 0)

    def forms(self) -> tuple[Array, Array]:
        """Return the distinct word forms in the order of their numbers (``qsearch.packed``)."""
        return self._table.forms()

    @property
    def words(self) -> Words:
        """The words of all numbered pieces."""
        columns: Iterable[tuple[Array, int]] = zip(self._words, self._ends(), strict=True)
        return Words(*(column[:end] for column, end in columns))

    def _ends(self) -> tuple[int, ...]:
        """How much of each column is used."""
        pieces, words = self._sizes
        return pieces + 1, words, words, words, pieces

    def scan(self, data: Array, starts: Array, stops: Array) -> tuple[Array, Array]:
        """Return the numbers of the pieces of texts, and where those of each text end.

        Arguments:
            data, starts, stops: as ``kernels.indexing.tokens.scan`` takes them, ``BEHIND`` bytes
                behind the texts.
        """
        assert stops.max(initial=0) + BEHIND <= data.size
        from qsearch.kernels.indexing.tokens import scan

        sizes = stops - starts
        # No more than one a byte: not even a separator is between two ends of keywords.
        out = np.empty(int(sizes.sum()), dtype=np.int32)
        ends = np.zeros(starts.size, dtype=np.int64)
        before = int(self._state[0])
        text = 0
        while text < starts.size:
            longest = int(sizes[text])
            self._make_room(longest // 2 + 2, longest + BEHIND)
            text = scan(
                data,
                starts,
                stops,
                self._separators,
                kernel_arguments.PieceTable(
                    self._slots, self._exemplars, self._exemplar_starts, self._state
                ),
                out,
                ends,
                text,
            )
        cuts = self._exemplar_starts[before : int(self._state[0]) + 1]
        self._add(self._table.words_of(self._exemplars, cuts))
        return out[: ends[-1] if ends.size else 0], ends

    def _add(self, new: Words) -> None:
        """Put the words of new pieces behind those of all before."""
        pieces, words = self._sizes
        last = self._words.starts[pieces : pieces + 1]
        behind = new._replace(starts=last + new.starts[1:])
        columns: Iterable[tuple[Array, int, Array]]
        columns = zip(self._words, self._ends(), behind, strict=True)
        self._words = Words(*itertools.starmap(_put_behind, columns))
        self._sizes = pieces + new.widths.size, words + new.forms.size

    def _make_room(self, count: int, size: int) -> None:
        used = int(self._state[0])
        while used + count + 2 > self._exemplar_starts.size:
            more = np.zeros_like(self._exemplar_starts)
            self._exemplar_starts = np.concatenate([self._exemplar_starts, more])
        while int(self._exemplar_starts[used]) + size > self._exemplars.size:
            self._exemplars = np.concatenate([self._exemplars, np.empty_like(self._exemplars)])
        while 2 * (used + count + 1) > self._slots.size // 2:
            self._grow()

    def _grow(self) -> None:
        from qsearch.kernels.indexing.tokens import rehash

        larger = np.zeros(2 * self._slots.size, dtype=np.uint64)
        rehash(self._slots, larger)
        self._slots = larger


def _put_behind(column: Array, used: int, new: Array) -> Array:
    """A column, perhaps a larger one with the same beginning, in which ``new`` comes next."""
    end = used + new.size
    if end > column.size:
        column = np.concatenate([column[:used], np.empty(max(end, 2 * used) - used, column.dtype)])
    column[used:end] = new
    return column
