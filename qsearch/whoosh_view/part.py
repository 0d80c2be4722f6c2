"""The live articles of one segment, numbered without gaps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.index.snapshot import LiveSegment
from qsearch.lazy import lazy
from qsearch.model.copies import NO_GROUP

_Value = TypeVar("_Value")


class Part:
    """A segment without its deleted articles, as if they had never been in it.

    Whoosh counts deleted documents in frequencies, lengths and idf until a merge happens to remove
    them. Here they have no number at all, so nothing that Whoosh computes depends on how an index
    came to hold what it holds.

    Arguments:
        live: the segment and which of its articles are live.
    """

    def __init__(self, live: LiveSegment) -> None:
        self.segment = live.segment
        self.live = live.live
        if live.live is None:
            self.count = live.segment.count
        else:
            self._kept = np.flatnonzero(live.live)
            self._numbers = np.cumsum(live.live) - 1
            self.count = int(self._kept.size)

    def article(self, docnum: int) -> Article:
        """Return an article by its number here; IndexError for a number that isn't."""
        if not 0 <= docnum < self.count:
            raise IndexError(f"there is no document {docnum} among {self.count}")
        return self.segment.article(docnum if self.live is None else int(self._kept[docnum]))

    @lazy
    def groups(self) -> list[bytes | None]:
        """What the copies of each article share; None for an article that has none."""
        raw = self.column(self.segment.groups).tobytes()
        size = len(NO_GROUP)
        found = [raw[at : at + size] for at in range(0, len(raw), size)]
        return [None if group == NO_GROUP else group for group in found]

    def column(self, values: Array) -> Array:
        """Return from one value an article of the segment those of the live ones."""
        return values if self.live is None else values[self._kept]

    def pick(self, values: Sequence[_Value]) -> Sequence[_Value]:
        """Return from one value an article of the segment those of the live ones."""
        return values if self.live is None else [values[at] for at in self._kept.tolist()]

    def select(self, docs: Array, *along: Array) -> tuple[Array, ...]:
        """Return articles of the segment by their numbers here, without the deleted ones.

        Arguments:
            docs: numbers in the segment.
            along: arrays that run in parallel; cut alike.
        """
        if self.live is None:
            return (docs, *along)
        alive = self.live[docs]
        return (self._numbers[docs[alive]], *(values[alive] for values in along))

    @lazy
    def terms(self) -> list[bytes]:
        """Every term of the segment, those of deleted articles among them, in order."""
        return [text.encode() for text in self.segment.terms.all()]

    def term_number(self, text: bytes) -> int | None:
        """Return the number of a term in the segment, or None."""
        if "terms" not in self.__dict__:
            # One term is found faster where it lies.
            term = as_text(text)
            return None if term is None else self.segment.terms.find(term)
        number = bisect_left(self.terms, text)
        return number if self.terms[number : number + 1] == [text] else None

    @lazy
    def extents(self) -> tuple[Array, Array]:
        """The words of title and of question of each article of the segment, exactly; a question
        that is the title has none.
        """
        starts = self.segment.columns.column("parts").reshape(-1, 3).astype(np.int64)
        # The parts lie end to end, one place between them.
        return starts[:, 0] - 1, starts[:, 1] - starts[:, 0] - 1


def as_text(text: bytes) -> str | None:
    """Return the text of a term, None for bytes that are none."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None
