"""Expansion: further terms for a word of the query, found in the vocabulary of the index.

An expansion is one class and one number, its factor. For every word outside phrases and exclusions
the planner asks each of ``EXPANSIONS`` for terms, which join the group of the word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from qsearch.analysis.analyzer import Token


class Vocabulary(Protocol):
    """What queries need to know of the words of an index."""

    def document_frequency(self, term: str, /) -> int:
        """Return in how many live articles a term stands."""

    def forms_of(self, term: str, /) -> Iterable[str]:
        """Return the word forms of a term that occur in the index."""

    def nearest_form(self, form: str, edits: int, /) -> str | None:
        """Return the word form of a live article with the fewest edits from another, at most
        ``edits`` (``edit_distance.distance``); of several the one in most articles.
        """


class EmptyVocabulary:
    """The vocabulary of an index without articles."""

    def document_frequency(self, _term: str, /) -> int:
        """Return 0."""
        return 0

    def forms_of(self, _term: str, /) -> Iterable[str]:
        """Return nothing."""
        return ()

    def nearest_form(self, _form: str, _edits: int, /) -> str | None:
        """Return None."""
        return None


EMPTY: Vocabulary = EmptyVocabulary()


class Expansion(Protocol):
    """Finds terms that may stand for a word.

    Attributes:
        factor: what the tf of such a term is multiplied by, above 0 and at most 1; that of the
            typed word's own term is 1.
    """

    factor: float

    def terms(self, word: Token, vocabulary: Vocabulary) -> Iterable[str]:
        """Return further terms for a word, the best first."""


EXPANSIONS: tuple[Expansion, ...] = ()
"""The expansions of every search. There are none yet: a group is the term of its word."""
