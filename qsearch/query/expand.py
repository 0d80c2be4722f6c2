"""Further terms for a word of the query, found in the vocabulary of the index.

An expansion is one class and one number, its factor. The planner asks each of ``EXPANSIONS`` for
every word that is typed outside phrases and exclusions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from qsearch.analysis.analyzer import Token


class Vocabulary(Protocol):
    """The words of an index, as far as queries ask for them."""

    def document_frequency(self, term: str) -> int:
        """Return in how many live articles a term stands."""

    def forms_of(self, term: str) -> Iterable[str]:
        """Return the word forms of a term that occur in the index."""

    def nearest_form(self, form: str, edits: int) -> str | None:
        """Return the word form of a live article with the fewest edits from another, at most
        ``edits`` (``edit_distance.distance``); of several the one in most articles.
        """


class EmptyVocabulary:
    """The vocabulary of an index without articles."""

    def document_frequency(self, term: str) -> int:  # noqa: ARG002
        """Return 0."""
        return 0

    def forms_of(self, term: str) -> Iterable[str]:  # noqa: ARG002
        """Return nothing."""
        return ()

    def nearest_form(self, form: str, edits: int) -> str | None:  # noqa: ARG002
        """Return None."""
        return None


EMPTY: Vocabulary = EmptyVocabulary()


class Expansion(Protocol):
    """Finds terms that may stand for a word.

    Attributes:
        factor: how much an occurrence of such a term counts beside one of the typed word's own,
            above 0 and at most 1.
    """

    factor: float

    def terms(self, word: Token, vocabulary: Vocabulary) -> Iterable[str]:
        """Return further terms for a word, the best first."""


EXPANSIONS: tuple[Expansion, ...] = ()
"""What the planner asks: none yet; a word stands for its own term."""
