"""The words of many pieces at once, as arrays, and their distinct forms in a numbered table."""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from qsearch.analysis.fold import SUPERSCRIPT_MINUS, fold
from qsearch.analysis.words import (
    MAX_COMPOUND_ATOMS,
    MAX_FORM,
    Word,
    character_class,
    words_of,
)
from qsearch.arrays import read_only
from qsearch.kernels.indexing.arguments import (
    Folding,
    FoundWords,
    PieceSpace,
    StringTable,
    WordLimits,
)
from qsearch.packed import pack

if TYPE_CHECKING:
    import numpy.typing as npt

    from qsearch.packed import Bytes, Starts

# Latin, Greek, Cyrillic, their extensions, general punctuation, signs and letterlike symbols.
_BLOCKS = (range(0x250), range(0x370, 0x530), range(0x1E00, 0x2300))

MAX_PIECE = 4_096
"""Bytes of the longest piece that is compiled: there has to be room for all that it can hold."""


class Words(NamedTuple):
    """The words of pieces, piece after piece.

    Attributes:
        starts: where the words of each piece start, and the last ones end; int64.
        forms: the number of each word's form; uint32.
        positions: its place among the words of its piece; uint32.
        overlays: 1 if it covers other words and takes no place of its own; uint8.
        widths: how many places each piece takes; uint32.
    """

    starts: Starts
    forms: npt.NDArray[np.uint32]
    positions: npt.NDArray[np.uint32]
    overlays: npt.NDArray[np.uint8]
    widths: npt.NDArray[np.uint32]


class FormTable:
    """Numbers the distinct forms of words, in compiled code; the kernels have to be ready.

    Arguments:
        apostrophes: whether an apostrophe may stand in a word, see ``analysis.words.words_of``.
    """

    def __init__(self, *, apostrophes: bool) -> None:
        self._apostrophes = apostrophes
        self._slots = np.full(1 << 14, -1, dtype=np.int64)
        self._bytes = np.empty(1 << 16, dtype=np.uint8)
        self._starts = np.zeros(1 << 13, dtype=np.int64)
        self._state = np.zeros(1, dtype=np.int64)

    def __len__(self) -> int:
        return int(self._state[0])

    def forms(self) -> tuple[Bytes, Starts]:
        """Return the forms in the order of their numbers (``qsearch.packed``)."""
        starts = self._starts[: len(self) + 1]
        return self._bytes[: starts[-1]], starts

    def words_of(self, data: Bytes, starts: Starts) -> Words:
        """Return the words of pieces of running text (``qsearch.packed``), in order."""
        from qsearch.kernels.indexing.words import MAX_FOLDED, find_words

        count = starts.size - 1
        longest = min(int(np.diff(starts).max(initial=0)), MAX_PIECE)
        folded = MAX_FOLDED * longest
        folding = _folding(self._apostrophes)
        limits = WordLimits(longest, MAX_FORM, MAX_COMPOUND_ATOMS)
        space = PieceSpace(
            np.empty(longest, np.int32),
            np.empty(folded, np.int32),
            np.empty(folded, np.uint8),
            np.empty(2 * MAX_FORM + 1, np.int32),
        )
        found = Words(
            np.zeros(count + 1, np.int64),
            np.empty(2 * count, np.uint32),
            np.empty(2 * count, np.uint32),
            np.empty(2 * count, np.uint8),
            np.zeros(count, np.uint32),
        )
        left = np.zeros(count, np.uint8)
        piece = 0
        while piece < count:
            self._make_room(2 * folded, 6 * folded + 3 * space.built.size)
            found = _with_room(found, int(found.starts[piece]) + 2 * folded)
            piece = find_words(
                data,
                starts,
                piece,
                limits,
                folding,
                space,
                self._table(),
                FoundWords(*found, left),
            )
        return self._completed(found, data, starts, np.flatnonzero(left))

    def numbered(self, pieces: Sequence[Sequence[Word]]) -> Words:
        """Return words that were found one by one, a sequence for each piece."""
        from qsearch.kernels.indexing.string_table import number_forms

        words = list(itertools.chain.from_iterable(pieces))
        data, starts = pack([word.form.encode() for word in words])
        self._make_room(len(words), data.size)
        forms = np.empty(len(words), np.uint32)
        number_forms(data, starts, self._table(), forms)
        sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
        return Words(
            np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
            forms,
            np.array([word.position for word in words], dtype=np.uint32),
            np.array([word.overlay for word in words], dtype=np.uint8),
            np.array([words[-1].position + 1 if words else 0 for words in pieces], np.uint32),
        )

    def _completed(self, found: Words, data: Bytes, starts: Starts, left: Starts) -> Words:
        """Put the words of the pieces that are left to Python where they belong."""
        count = found.starts[-1]
        found = found._replace(
            forms=found.forms[:count],
            positions=found.positions[:count],
            overlays=found.overlays[:count],
        )
        if not left.size:
            return found
        texts = [data[starts[piece] : starts[piece + 1]].tobytes().decode() for piece in left]
        more = self.numbered([words_of(text, apostrophes=self._apostrophes) for text in texts])
        sizes, added = np.diff(found.starts), np.diff(more.starts)
        at = np.repeat(found.starts[left], added)
        sizes[left] = added
        widths = found.widths
        widths[left] = more.widths
        return Words(
            np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
            np.insert(found.forms, at, more.forms),
            np.insert(found.positions, at, more.positions),
            np.insert(found.overlays, at, more.overlays),
            widths,
        )

    def _table(self) -> StringTable:
        """The table as the kernels take it."""
        return StringTable(self._slots, self._bytes, self._starts, self._state)

    def _make_room(self, count: int, size: int) -> None:
        """Make room for so many more forms with so many more bytes."""
        from qsearch.kernels.indexing.string_table import rehash

        used = len(self)
        self._starts = _grown(self._starts, used + count + 2)
        self._bytes = _grown(self._bytes, int(self._starts[used]) + size)
        slots = self._slots.size
        while slots < 2 * (used + count + 1):
            slots *= 2
        if slots > self._slots.size:
            larger = np.full(slots, -1, dtype=np.int64)
            rehash(self._slots, larger)
            self._slots = larger


def _grown(array: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """The array, or one of at least this size that begins with it, so that growing is rare."""
    if size <= array.size:
        return array
    made = np.empty(max(size, 2 * array.size), dtype=array.dtype)
    made[: array.size] = array
    return made


def _with_room(words: Words, count: int) -> Words:
    forms, positions, overlays = (_grown(column, count) for column in words[1:4])
    return words._replace(forms=forms, positions=positions, overlays=overlays)


@functools.cache
def _folding(apostrophes: bool) -> Folding:
    """What each code point folds to."""
    from qsearch.kernels.indexing.words import BY_PYTHON, MAX_FOLDED

    sizes = [0]
    points: list[int] = []
    classes = bytearray()
    for point in range(_BLOCKS[-1].stop):
        folded = fold(chr(point))
        letters = "".join(map(character_class, folded))
        # What a combining mark does depends on its neighbours; everything else here stands alone.
        known = unicodedata.category(chr(point))[0] != "M" and any(point in b for b in _BLOCKS)
        if not known or "c" in letters or len(folded) > MAX_FOLDED:
            folded, letters = "?", chr(BY_PYTHON)
        elif not apostrophes:
            letters = letters.replace("'", " ")
        sizes.append(len(folded))
        points += map(ord, folded.replace(SUPERSCRIPT_MINUS, "-"))
        classes += letters.encode()
    return Folding(
        read_only(np.cumsum(sizes, dtype=np.int32)),
        read_only(np.array(points, dtype=np.int32)),
        np.frombuffer(bytes(classes), dtype=np.uint8),
    )
