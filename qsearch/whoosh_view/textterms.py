"""The terms of a text field in one segment: frequencies and positions.

A weight is the frequency that ranking knows (``fields``: at most 15 in question, 255 in answer, 15
in keywords), a length the one of the length bytes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.lazy import lazy
from qsearch.model.bit_layout import MAX_FREQUENCIES, PART_SHIFT, unpack_frequency
from qsearch.model.fields import ANSWER, KEYWORDS, QUESTION, TITLE
from qsearch.model.lengths import LENGTHS, length_bytes
from qsearch.whoosh_view.fieldterms import Entries, FieldTerms, Places
from qsearch.whoosh_view.part import Part
from qsearch.whoosh_view.vocabulary import Vocabulary, make_vocabulary

TEXT_FIELDS = ("title", "question", "answer", "keywords")

RANKED_AS = {"title": 0, "question": 0, "answer": 1, "keywords": 2}
"""By text field, which of ``model.fields.FIELDS`` it counts as."""

# The parts of the positions that each field has. ``question`` is title and question, as in
# ranking; a position there is the position word as it is, so the question starts at 2**29, where no
# phrase reaches it from the title.
_PARTS = {
    "title": (TITLE,),
    "question": (TITLE, QUESTION),
    "answer": (ANSWER,),
    "keywords": (KEYWORDS,),
}


class Extent(NamedTuple):
    """The lengths of a field over some articles, in words."""

    total: int
    shortest: int
    longest: int


class PartText:
    """The texts of a part: what its text fields share.

    Arguments:
        part: the articles.
    """

    def __init__(self, part: Part) -> None:
        self.part = part

    @lazy
    def vocabulary(self) -> Vocabulary:
        """Which terms stand in which field."""
        return make_vocabulary(self.part)


class TextTerms(FieldTerms):
    """The terms of ``question``, ``answer`` or ``keywords``.

    Arguments:
        text: the texts of the articles.
        name: the field.
    """

    def __init__(self, text: PartText, name: str) -> None:
        super().__init__(text.part)
        self._text = text
        self._parts = _PARTS[name]
        self._ranked = RANKED_AS[name]

    @lazy
    def lengths(self) -> Array:
        """The length of the field in each article, in words."""
        lengths: Array = LENGTHS[self.part.column(self.part.segment.length_bytes)[:, self._ranked]]
        return lengths

    @lazy
    def extent(self) -> Extent:
        """What the lengths come to."""
        lengths = self.lengths
        return Extent(int(lengths.sum()), int(lengths.min()), int(lengths.max()))

    @lazy
    def texts(self) -> list[bytes]:
        """Every term, in order."""
        numbers = self._text.vocabulary.ranked[self._ranked]
        return [self.part.terms[number] for number in numbers.tolist()]

    def _look_up(self, text: bytes) -> Entries | None:
        number = self.part.term_number(text)
        return None if number is None else self._entries(text.decode(), number)

    def _entries(self, term: str, number: int) -> Entries:
        postings = self.part.segment.postings_at(number)
        frequencies = unpack_frequency(postings.frequencies, self._ranked)
        here = frequencies > 0
        docs, weights = self.part.select(postings.docs[here], frequencies[here])
        return Entries(docs, weights, lambda: _places(docs, *self._positions(term)))

    def _positions(self, term: str) -> tuple[Array, Array]:
        """(article, position) of each occurrence in the field, in order."""
        found = self.part.segment.positions(term)
        assert found is not None
        docs, places = found
        here = np.isin(places >> np.uint32(PART_SHIFT), self._parts)
        docs, places = self.part.select(docs[here], places[here])
        return docs, places - np.uint32(self._parts[0] << PART_SHIFT)


class TitleTerms(TextTerms):
    """The terms of ``title``, which ranking knows only as a part of the question.

    Where the title is all there is of the question, the postings say where its terms stand; else
    the positions do.

    Arguments:
        text: the texts of the articles.
    """

    def __init__(self, text: PartText) -> None:
        super().__init__(text, "title")
        self._titles, self._questions = map(self.part.column, self.part.extents)

    @lazy
    def lengths(self) -> Array:
        """The length of the title of each article, in words."""
        lengths: Array = LENGTHS[length_bytes(self._titles)]
        return lengths

    @lazy
    def texts(self) -> list[bytes]:
        """Every term, in order."""
        _, sure, unsure = self._text.vocabulary
        terms = self.part.terms
        texts = [terms[number] for number in sure.tolist()]
        texts += [terms[number] for number in unsure.tolist() if self.find(terms[number])]
        return sorted(texts)

    def _entries(self, term: str, number: int) -> Entries:
        asked = super()._entries(term, number)
        docs = asked.docs
        titled = self._titles[docs] > 0
        weights = np.where(titled, asked.weights, 0)
        both = titled & (self._questions[docs] > 0)
        if both.any():
            found, _ = self._positions(term)
            counts = found.searchsorted(docs, side="right") - found.searchsorted(docs, side="left")
            weights = np.where(both, np.minimum(counts, MAX_FREQUENCIES[self._ranked]), weights)
        docs, weights = docs[weights > 0], weights[weights > 0]
        return Entries(docs, weights, lambda: _places(docs, *self._positions(term)))


def _places(docs: Array, found_in: Array, positions: Array) -> Places:
    """The positions of each of ``docs``; ``found_in`` says where each one was found."""
    starts = np.append(np.searchsorted(found_in, docs), found_in.size)
    return Places(starts.tolist(), positions.tolist())
