"""Words near another one, and Whoosh's correctors made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from whoosh.spelling import Corrector

from qsearch.analysis.fold import fold


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

    Edits: one letter more, less or other, or two neighbours swapped, each place edited once; as
    ``search.suggest.distance``, but of all words at once.
    """
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    chosen = np.flatnonzero(np.abs(lengths - len(text)) <= limit)
    if not chosen.size:
        return []
    lengths = lengths[chosen]
    letters = _letters([words[index] for index in chosen.tolist()], lengths)
    # One row a place in the words, one column a word: table[j] is the distance of what was read of
    # the text so far from the first j letters.
    table = np.repeat(np.arange(len(letters) + 1, dtype=np.int16)[:, None], chosen.size, axis=1)
    before = table
    codes = [ord(letter) for letter in text]
    for i, code in enumerate(codes):
        earlier, before, table = before, table, np.empty_like(table)
        table[0] = i + 1
        for j, column in enumerate(letters):
            best = np.minimum(before[j + 1], table[j]) + 1
            best = np.minimum(best, before[j] + (column != code))
            if i and j:
                swapped = (column == codes[i - 1]) & (letters[j - 1] == code)
                best = np.where(swapped, np.minimum(best, earlier[j - 1] + 1), best)
            table[j + 1] = best
    edits = table[lengths, np.arange(chosen.size)]
    found = np.flatnonzero(edits <= limit)
    return sorted(zip(edits[found].tolist(), chosen[found].tolist(), strict=True))


def _letters(words: list[str], lengths: Any) -> Any:
    """The code points of the words: row j holds the j-th letter of each one, 0 behind its end."""
    whole = np.frombuffer("".join(words).encode("utf-32-le"), dtype="<u4")
    rows = np.zeros((len(words), int(lengths.max())), dtype=np.uint32)
    rows[np.arange(rows.shape[1]) < lengths[:, None]] = whole
    return np.ascontiguousarray(rows.T)


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
