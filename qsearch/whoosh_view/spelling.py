"""Words near another one, and Whoosh's correctors made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from whoosh.spelling import Corrector

from qsearch.analysis.fold import fold
from qsearch.arrays import Array
from qsearch.query.edit_distance import edits_between


class Suggested(str):
    """A suggested word that also knows its term, under which a query has to look it up."""

    __slots__ = ("term",)
    term: str

    def __new__(cls, word: str, term: str) -> Suggested:
        """Return the word with its term."""
        made = super().__new__(cls, word)
        made.term = term
        return made


def near(words: Sequence[str], text: str, limit: int) -> list[tuple[int, int]]:
    """Return (edits, index) for the ``words`` within ``limit`` edits of ``text``, nearest first.

    Edits are those of ``results.suggest.distance``.
    """
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    chosen = np.flatnonzero(np.abs(lengths - len(text)) <= limit)
    if not chosen.size:
        return []
    starts = (np.cumsum(lengths) - lengths)[chosen]
    edits = edits_between(_letters(text), _letters("".join(words)), starts, lengths[chosen], limit)
    found = np.flatnonzero(edits <= limit)
    return sorted(zip(edits[found].tolist(), chosen[found].tolist(), strict=True))


def _letters(text: str) -> Array:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


class FieldCorrector(Corrector):  # type: ignore[misc]  # Whoosh is untyped
    """Suggests terms of a field: the nearest first, of equally near ones those in more articles.

    Arguments:
        reader: one of ours.
        fieldname: the field.
    """

    def __init__(self, reader: Any, fieldname: str) -> None:
        self._reader = reader
        self._fieldname = fieldname

    def suggest(self, text: str, limit: int = 5, maxdist: int = 2, prefix: int = 0) -> list[str]:
        """Return at most ``limit`` words near ``text``, but not itself, the best first.

        Arguments:
            text: the word.
            limit: how many.
            maxdist: how many edits at most (``near``).
            prefix: how many first letters must be the same.
        """
        # Whoosh's own leaves out any of several equally good ones.
        found = sorted((-score, word) for score, word in self._suggestions(text, maxdist, prefix))
        return [word for _, word in found[:limit]]

    def _suggestions(self, text: str, maxdist: int, prefix: int) -> Iterator[tuple[float, str]]:
        """Yield (score, word), the higher the better."""
        for edits, term in self._reader.near_terms(self._fieldname, text, maxdist, prefix):
            if edits:
                yield _score(edits, self._articles(term)), term

    def _articles(self, term: str) -> int:
        """In how many articles a term stands in the field."""
        count: int = self._reader.doc_frequency(self._fieldname, term)
        return count


class WordCorrector(FieldCorrector):
    """Suggests the words of a text field as they are written, not the terms they are found by."""

    def _suggestions(self, text: str, maxdist: int, prefix: int) -> Iterator[tuple[float, str]]:
        wanted = fold(text)
        found: dict[str, tuple[int, str]] = {}
        for leaf, _ in self._reader.leaf_readers():
            segment = leaf.segment()
            if segment is None:
                continue  # an empty index
            words = [
                word
                for word in segment.part.segment.forms.all()
                if word.startswith(wanted[:prefix])
            ]
            for edits, place in near(words, wanted, maxdist):
                word = words[place]
                found[word] = (edits, segment.part.segment.term_of(word))
        for word, (edits, term) in found.items():
            articles = self._articles(term)
            if edits and articles:
                yield _score(edits, articles), Suggested(word, term)


def _score(edits: int, articles: int) -> float:
    return -edits - 0.5 / articles
