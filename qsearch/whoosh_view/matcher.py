"""A Whoosh matcher that walks over the articles of one term."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from whoosh.matching import NullMatcher, ReadTooFar
from whoosh.matching.mcore import LeafMatcher

from qsearch.whoosh_view.fieldterms import Entries


class PostingMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh is untyped
    """The articles of a term in a field, one after the other.

    It claims no quality: Whoosh's skipping by quality gives wrong first hits and can loop for ever
    (whoosh-community/whoosh 446, 461).

    Arguments:
        entries: the articles.
        term: (field, term in bytes).
        format_: the Whoosh format of the field's postings.
        scorer: what scores them; None: the weight is the score.
    """

    def __init__(
        self, entries: Entries, *, term: tuple[str, bytes], format_: Any, scorer: Any
    ) -> None:
        self._entries = entries
        self._ids = entries.doc_list
        self._at = 0
        self._term = term
        self.format = format_
        self.scorer = scorer

    # -- walking

    def is_active(self) -> bool:
        """Whether there is a current article."""
        return self._at < len(self._ids)

    def reset(self) -> None:
        """Go back to the first article."""
        self._at = 0

    def id(self) -> int:
        """Return the number of the current article."""
        # Behind the last one, where some of Whoosh's own matchers ask, it is still the last one's.
        return self._ids[min(self._at, len(self._ids) - 1)]

    def next(self) -> None:
        """Go to the next article; ReadTooFar behind the last one."""
        if self._at >= len(self._ids):
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        """Go to the first article from the current one on whose number is not below ``id``."""
        if self._at >= len(self._ids):
            raise ReadTooFar
        self._at = bisect_left(self._ids, id, lo=self._at)

    def all_ids(self) -> Iterator[int]:
        """Return the numbers from the current article on, without walking."""
        return iter(self._ids[self._at :])

    def copy(self) -> PostingMatcher:
        """Return a matcher at the same article that walks on its own."""
        other = PostingMatcher(
            self._entries, term=self._term, format_=self.format, scorer=self.scorer
        )
        other._at = self._at
        return other

    def replace(self, minquality: float = 0) -> Any:  # noqa: ARG002 - Whoosh's signature
        """Return itself, or the null matcher behind the last article."""
        return self if self.is_active() else NullMatcher()

    # -- what is known of the current article

    def weight(self) -> float:
        """Return how often the term stands in it."""
        return self._entries.weight_list[self._at]

    def score(self) -> float:
        """Return its score."""
        score: float = self.scorer.score(self) if self.scorer else self.weight()
        return score

    def value(self) -> bytes:
        """Return what a Whoosh index would keep with the posting."""
        encoded: bytes = self.format.encode(
            self._positions() if self.supports("positions") else None
        )
        return encoded

    def value_as(self, astype: str) -> Any:
        """Return the posting as "frequency", "weight", "positions" or "position_boosts"."""
        if astype == "frequency":
            return int(self.weight())
        if astype == "weight":
            return self.weight()
        if astype == "positions" and self.supports("positions"):
            return self._positions()
        return super().value_as(astype)

    def items_as(self, astype: str) -> Iterator[tuple[int, Any]]:
        """Yield (number, posting) for the articles from the current one on, walking."""
        while self.is_active():
            yield self.id(), self.value_as(astype)
            self.next()

    def _positions(self) -> list[int]:
        starts, values = self._entries.places
        return values[starts[self._at] : starts[self._at + 1]]

    # -- no quality

    def supports_block_quality(self) -> bool:
        """Return False."""
        return False

    def max_quality(self) -> float:
        """Return a bound that cuts nothing, for Whoosh's collectors ask even so."""
        return math.inf

    def block_quality(self) -> float:
        """Return a bound that cuts nothing."""
        return math.inf
