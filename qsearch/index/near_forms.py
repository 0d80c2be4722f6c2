"""Words of a segment within some edits of another word, found in NumPy: all candidates at once."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from qsearch.arrays import Array
from qsearch.index.segment import Segment
from qsearch.query.edit_distance import LONGEST, edits_between

_KNOWN: WeakKeyDictionary[Segment, NearForms] = WeakKeyDictionary()


def near_forms(segment: Segment) -> NearForms:
    """Return the word forms of a segment, made ready once in its life."""
    found = _KNOWN.get(segment)
    if found is None:
        found = _KNOWN[segment] = NearForms(segment)
    return found


class NearForms:
    """The word forms of a segment that are nothing but letters, as arrays in their order.

    For each one its number in ``segment.forms``, first letter, length, and *bag*: a bit for each
    letter that stands in it (by its code point modulo 64). An edit changes at most two bits of a
    bag, so most words are told apart without looking at their letters.
    """

    def __init__(self, segment: Segment) -> None:
        forms = segment.forms.all()
        usable = [form.isalpha() and len(form) <= LONGEST for form in forms]
        self._numbers = np.flatnonzero(usable)
        kept = [form for form, use in zip(forms, usable, strict=True) if use]
        self._letters = np.frombuffer("".join(kept).encode("utf-32-le"), dtype="<u4")
        self._lengths = np.fromiter(map(len, kept), dtype=np.int64, count=len(kept))
        self._starts = np.cumsum(self._lengths) - self._lengths
        bits = np.uint64(1) << (self._letters & np.uint32(63)).astype(np.uint64)
        self._bags = np.bitwise_or.reduceat(bits, self._starts) if kept else bits
        self._firsts = self._letters[self._starts]

    def within(self, word: str, limit: int) -> tuple[Array, Array]:
        """Return the numbers of the forms within ``limit`` edits of a word, and the edits of each.

        Only forms that begin with the same letter: the first one is hardly ever wrong. Edits are
        those of ``edit_distance.distance``.
        """
        letters = np.frombuffer(word.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        first = slice(*self._firsts.searchsorted([letters[0], letters[0] + np.uint32(1)]).tolist())
        bag = np.bitwise_or.reduce(np.uint64(1) << (letters & np.uint32(63)).astype(np.uint64))
        alike = np.abs(self._lengths[first] - letters.size) <= limit
        alike &= np.bitwise_count(self._bags[first] ^ bag) <= 2 * limit
        chosen = first.start + np.flatnonzero(alike)
        edits = edits_between(
            letters, self._letters, self._starts[chosen], self._lengths[chosen], limit
        )
        near = edits <= limit
        return self._numbers[chosen[near]], edits[near]
