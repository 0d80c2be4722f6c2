"""Condition -> which articles hold it, over postings in memory and with a kernel for phrases."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qsearch.index.columns import Array
from qsearch.index.fields import RANKED
from qsearch.index.snapshot import Snapshot
from qsearch.search.plan import Anything, Combination, Condition, HasPhrase, HasTerm, Plan
from qsearch.search.unpacked import Unpacked


class NotForKernelsError(Exception):
    """The plain path has to answer; caught within the search."""


class Hits:
    """Which articles fulfil conditions: what ``match`` says, from unpacked postings.

    Arguments:
        snapshot: the state of the index.
        unpacked: its postings, of the searched fields.
        positions: how many positions the phrases of a query may read (``Limits``).
    """

    def __init__(self, snapshot: Snapshot, unpacked: Unpacked, positions: int) -> None:
        self._budget = positions
        self._parts = snapshot.parts
        self._unpacked = unpacked
        self._numbers: dict[tuple[int, str], int | None] = {}
        ranked = enumerate(RANKED.tolist())
        self._searched = sum(1 << part for part, field in ranked if unpacked.searched >> field & 1)

    def of_plan(self, plan: Plan) -> Array:
        """Return for each article of all segments, one after another, whether it is a hit.

        Deleted articles may be among them. A new array of bool.

        Raises:
            NotForKernelsError: a term has numbers that the kernels can't work with, or phrases
                would read too many positions, and the plain path says what it leaves out.
        """
        phrases = set(_phrases_in(plan.condition))
        if len(phrases) > 1 and sum(map(self._price, phrases)) > self._budget:
            raise NotForKernelsError
        return self._of(plan.condition)

    def _price(self, phrase: HasPhrase) -> int:
        """At least what a phrase costs by the rules of ``phrases``."""
        price = 0
        for index, part in enumerate(self._parts):
            starts = part.segment.columns.column("term.places")
            for term in phrase.terms:
                number = self._number(index, term)
                if number is not None:
                    price += 2 * int(starts[number + 1] - starts[number])
        return price

    def _of(self, condition: Condition) -> Array:
        if isinstance(condition, Anything):
            return np.ones(self._unpacked.bases[-1], dtype=np.bool_)
        if isinstance(condition, HasTerm):
            return self._term(condition.term)
        if isinstance(condition, HasPhrase):
            return self._phrase(condition)
        if condition.must:
            hit = self._of(condition.must[0])
            for item in condition.must[1:]:
                hit &= self._of(item)
        else:
            hit = self._nothing()
            for item in condition.should:
                hit |= self._of(item)
        for item in condition.must_not:
            hit &= ~self._of(item)
        return hit

    def _nothing(self) -> Array:
        return np.zeros(self._unpacked.bases[-1], dtype=np.bool_)

    def _number(self, index: int, term: str) -> int | None:
        key = (index, term)
        if key not in self._numbers:
            if len(self._numbers) > 100_000:
                self._numbers.clear()
            self._numbers[key] = self._parts[index].segment.terms.find(term)
        return self._numbers[key]

    def _postings(self, index: int, term: str) -> tuple[int, int] | None:
        """Where the postings of a term start and stop; None for a term that stands nowhere."""
        number = self._number(index, term)
        if number is None:
            return None
        filled = self._unpacked.term(index, number)
        if filled is None:
            raise NotForKernelsError
        return filled[0][0], filled[0][1]

    def _term(self, term: str) -> Array:
        hit = self._nothing()
        for index, base in enumerate(self._unpacked.bases[:-1]):
            found = self._postings(index, term)
            if found:
                hit[base:][self._unpacked.docs[slice(*found)]] = True
        return hit

    def _phrase(self, phrase: HasPhrase) -> Array:
        from qsearch.compiled import phrase as kernel

        hit = self._nothing()
        unpacked = self._unpacked
        for index, base in enumerate(unpacked.bases[:-1]):
            words = []
            for term, offset in zip(phrase.terms, phrase.offsets, strict=True):
                found = self._postings(index, term)
                number = self._number(index, term)
                if found is None or number is None or found[0] == found[1]:
                    break
                words.append((*found, unpacked.positions(index, number), offset))
            if len(words) < len(phrase.terms):
                continue
            words.sort(key=lambda word: word[1] - word[0])
            segment = self._parts[index].segment
            kernel.phrase(
                np.array(words, dtype=np.int64),
                unpacked.docs,
                unpacked.place_starts,
                unpacked.place_stops,
                unpacked.places,
                segment.columns.column("parts"),
                self._searched,
                hit[base : base + segment.count].view(np.uint8),
            )
        return hit


def _phrases_in(condition: Condition) -> Iterator[HasPhrase]:
    if isinstance(condition, HasPhrase):
        yield condition
    elif isinstance(condition, Combination):
        for item in (*condition.must, *condition.should, *condition.must_not):
            yield from _phrases_in(item)
