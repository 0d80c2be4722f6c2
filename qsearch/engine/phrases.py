"""The articles of a phrase, in NumPy, within a budget of positions.

The positions of a term are decoded once for all phrases of a query. The price of a phrase is the
bytes of the positions of its terms, those that were decoded before left out, and for each of its
words the bytes of its rarest term. The first phrase is found whatever it costs, so a lone phrase is
always answered.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qsearch.arrays import Array
from qsearch.index.snapshot import Snapshot
from qsearch.model.bit_layout import PART_SHIFT, PLACE_MASK, RANKED
from qsearch.query.plan import HasPhrase

_WITHIN = np.uint64(PLACE_MASK)


class Phrases:
    """The phrases of one query on one snapshot.

    Arguments:
        snapshot: the state of the index.
        searched: the numbers of the ranked fields that are searched.
        budget: how many positions may be read.
        find: a faster way to find the articles of a phrase; None where it does not take one.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        searched: list[int],
        budget: int,
        find: Callable[[HasPhrase], list[Array] | None] = lambda _: None,
    ) -> None:
        self._snapshot = snapshot
        self._searched = searched
        self._budget = budget
        self._find_all = find
        self._spent = 0
        self._sizes: dict[str, int] = {}
        self._affordable: dict[HasPhrase, bool] = {}
        self._readable: dict[str, bool] = {}
        self._positions: dict[tuple[int, str], Array] = {}
        self._hits: dict[HasPhrase, list[Array]] = {}

    @property
    def refused(self) -> int:
        """How many phrases were beyond the budget."""
        return sum(not fits for fits in self._affordable.values())

    @property
    def unread(self) -> int:
        """How many terms were beyond the budget: their typed form is not told from others."""
        return sum(not fits for fits in self._readable.values())

    def may_read(self, term: str) -> bool:
        """Whether the budget allows reading the positions of a term for something else."""
        if term not in self._readable:
            self._readable[term] = self._spend(self._size(term))
        return self._readable[term]

    def hits(self, index: int, phrase: HasPhrase) -> Array | None:
        """Return for each article of a segment whether it has the phrase; None: over the budget."""
        if phrase not in self._affordable:
            self._affordable[phrase] = self._pay(phrase)
        if not self._affordable[phrase]:
            return None
        found = self._hits.get(phrase)
        if found is None:
            found = self._find_all(phrase)
            if found is None:
                found = [self._find(part, phrase) for part in range(len(self._snapshot.parts))]
            self._hits[phrase] = found
        return found[index]

    def _pay(self, phrase: HasPhrase) -> bool:
        """Take the price of a phrase off the budget; return whether it allows that."""
        price = sum(self._size(term) for term in set(phrase.terms) if term not in self._sizes)
        rarest = min(map(self._size, phrase.terms))
        return self._spend(price + len(phrase.terms) * rarest)

    def _size(self, term: str) -> int:
        size = self._sizes.get(term)
        if size is None:
            parts = self._snapshot.parts
            size = self._sizes[term] = sum(part.segment.positions_size(term) for part in parts)
        return size

    def _spend(self, price: int) -> bool:
        if self._spent and self._spent + price > self._budget:
            return False
        self._spent += price
        return True

    def _find(self, index: int, phrase: HasPhrase) -> Array:
        hit = np.zeros(self._snapshot.parts[index].segment.count, dtype=np.bool_)
        pairs = [
            (self._of(index, term), np.uint64(offset))
            for term, offset in zip(phrase.terms, phrase.offsets, strict=True)
        ]
        # Rarest first: each further word leaves fewer places where the phrase may start.
        pairs.sort(key=lambda pair: pair[0].size)
        here, offset = pairs[0]
        starts = here[(here & _WITHIN) >= offset] - offset
        for there, offset in pairs[1:]:
            if not starts.size:
                break
            wanted = starts + offset
            at = np.minimum(there.searchsorted(wanted), there.size - 1)
            starts = starts[there[at] == wanted]
        hit[(starts >> np.uint64(32)).astype(np.int64)] = True
        return hit

    def _of(self, index: int, term: str) -> Array:
        """Each occurrence in a searched field as one number, in order: article above place."""
        key = (index, term)
        known = self._positions.get(key)
        if known is None:
            found = self._snapshot.parts[index].segment.positions(term)
            if found is None:
                known = np.zeros(0, dtype=np.uint64)
            else:
                docs, places = found
                known = (docs.astype(np.uint64) << np.uint64(32)) | places
                if len(self._searched) < len(set(RANKED.tolist())):
                    known = known[np.isin(RANKED[places >> np.uint32(PART_SHIFT)], self._searched)]
            self._positions[key] = known
        return known
