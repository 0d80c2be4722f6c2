"""Articles -> plain arrays: what a segment will hold, in the order in which it was read."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.pieces import plain_pieces
from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.index.blocks import pack_blocks
from qsearch.index.documents import (
    FROM_PYTHON,
    Documents,
    Origin,
    documents_of,
    join_documents,
    select_documents,
    stored_texts,
)
from qsearch.index.encoded import Encoded, encode, running_texts
from qsearch.index.stored_record import KEYWORD_END
from qsearch.index.texts import Texts, distinct_texts, join_texts, select_texts, texts_from
from qsearch.model.bit_layout import PART_SHIFT, RANKED
from qsearch.model.fields import FIELDS, KEYWORD_GAP, KEYWORDS
from qsearch.model.keyword_phrase import MAX_PHRASE, phrase_key
from qsearch.model.lengths import length_bytes


@dataclass(slots=True)
class Occurrences:
    """Every word of some articles.

    Attributes:
        forms: distinct word forms; ``form`` counts in them.
        terms: the term of each form.
        form, doc, place: one value an occurrence; those of a term in the order of document and
            place, which is a position word.
    """

    forms: Texts
    terms: Texts
    form: Array
    doc: Array
    place: Array


@dataclass(slots=True)
class SegmentData:
    """Everything a segment is made from.

    Attributes:
        phrase_key, phrase_doc: one value a keyword phrase.
    """

    documents: Documents
    occurrences: Occurrences
    phrase_key: Array
    phrase_doc: Array


class Collector:
    """Collects articles until a segment is made of them.

    Arguments:
        analyzer: the analyser of the index.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._vocabulary: dict[str, int] = {}
        self._pieces: dict[str, tuple[list[int], list[int]]] = {}
        self._form = array("I")
        self._place = array("I")
        self._counts = array("I")
        self._phrase_key = array("Q")
        self._phrase_doc = array("I")
        self._articles: list[Encoded] = []
        self._origins: list[Origin] = []
        self._lengths: list[list[int]] = []
        self.memory = 0
        """About how much memory making a segment of them takes, in bytes."""

    def add(self, article: Article, origin: Origin = FROM_PYTHON) -> int:
        """Take an article in; return its number among those collected."""
        return self.take(encode(article), origin)

    def take(self, article: Encoded, origin: Origin = FROM_PYTHON) -> int:
        """Take an encoded article in; return its number among those collected."""
        self._articles.append(article)
        self._origins.append(origin)
        self.memory += article.memory
        return len(self._articles) - 1

    def __len__(self) -> int:
        return len(self._articles)

    def articles(self) -> Iterator[tuple[Encoded, Origin]]:
        """Yield what was collected, in its order."""
        return zip(self._articles, self._origins, strict=True)

    def analyse(self) -> Iterator[None]:
        """Find the words of the articles; yields after each: a caller may think better of it."""
        for number in range(len(self._lengths), len(self._articles)):
            before = len(self._form)
            lengths = self._words(self._articles[number], number)
            self._counts.append(len(self._form) - before)
            self._lengths.append(lengths)
            yield

    def _words(self, article: Encoded, number: int) -> list[int]:
        """Write down the words of an article; return how many places each field has."""
        lengths = [0] * len(FIELDS)
        texts = running_texts(article)
        keywords = texts.pop(KEYWORDS)
        for part, text in enumerate(texts):
            base = part << PART_SHIFT
            lengths[RANKED[part]] += self._put(plain_pieces(text), base) - base
        base = KEYWORDS << PART_SHIFT
        for keyword in keywords.split(KEYWORD_END) if keywords else ():
            pieces = plain_pieces(keyword)
            end = self._put(pieces, base)
            lengths[RANKED[KEYWORDS]] += end - base
            base = end + KEYWORD_GAP
            words = [word for piece in pieces for word in self._analyzer.plain_words(piece)]
            terms = [self._analyzer.term(word.form) for word in words if not word.overlay]
            if 0 < len(terms) <= MAX_PHRASE:
                self._phrase_key.append(phrase_key(terms))
                self._phrase_doc.append(number)
        return lengths

    def _put(self, pieces: Iterable[str], base: int) -> int:
        """Write down the words of pieces from a place on; return the place behind them."""
        known, form_out, place_out = self._pieces, self._form, self._place
        for piece in pieces:
            found = known.get(piece)
            if found is None:
                found = known[piece] = self._piece(piece)
            forms, positions = found
            for form, position in zip(forms, positions, strict=True):
                form_out.append(form)
                place_out.append(base + position)
            if positions:
                base += positions[-1] + 1
        return base

    def _piece(self, piece: str) -> tuple[list[int], list[int]]:
        """The numbers of the words of a piece, and their places in it."""
        words = self._analyzer.plain_words(piece)
        vocabulary = self._vocabulary
        forms = [vocabulary.setdefault(word.form, len(vocabulary)) for word in words]
        return forms, [word.position for word in words]

    def data(self) -> SegmentData:
        """Return all that was collected."""
        for _ in self.analyse():
            pass
        forms = texts_from([form.encode() for form in self._vocabulary])
        counts = np.array(self._counts, dtype=np.uint32)
        numbers = np.arange(len(self), dtype=np.uint32)
        documents = documents_of(self._articles, self._origins)
        documents.lengths = length_bytes(np.array(self._lengths).reshape(-1, len(FIELDS)))
        documents.stored = pack_blocks(*stored_texts(self._articles))
        return SegmentData(
            documents=documents,
            occurrences=Occurrences(
                forms=forms,
                terms=texts_from([self._analyzer.term(form).encode() for form in self._vocabulary]),
                form=np.array(self._form, dtype=np.uint32),
                doc=np.repeat(numbers, counts),
                place=np.array(self._place, dtype=np.uint32),
            ),
            phrase_key=np.array(self._phrase_key, dtype=np.uint64),
            phrase_doc=np.array(self._phrase_doc, dtype=np.uint32),
        )


def select(data: SegmentData, keep: Array) -> SegmentData:
    """Return ``data`` with only the documents where ``keep`` is true, renumbered in order."""
    if keep.all():
        return data
    numbers = np.cumsum(keep, dtype=np.uint32) - np.uint32(1)
    found = data.occurrences
    stays = keep[found.doc]
    phrase_stays = keep[data.phrase_doc]
    form = found.form[stays]
    used = np.zeros(len(found.forms), dtype=np.bool_)
    used[form] = True
    renamed = np.cumsum(used, dtype=np.uint32) - np.uint32(1)
    chosen = np.flatnonzero(used)
    return SegmentData(
        documents=select_documents(data.documents, keep),
        occurrences=Occurrences(
            forms=select_texts(found.forms, chosen),
            terms=select_texts(found.terms, chosen),
            form=renamed[form],
            doc=numbers[found.doc[stays]],
            place=found.place[stays],
        ),
        phrase_key=data.phrase_key[phrase_stays],
        phrase_doc=numbers[data.phrase_doc[phrase_stays]],
    )


def join(parts: list[SegmentData]) -> SegmentData:
    """Return several data as one, the documents of a part behind those of the part before it."""
    forms, numbers = distinct_texts(join_texts([part.occurrences.forms for part in parts]))
    which = np.empty(len(forms), dtype=np.int64)
    which[numbers] = np.arange(numbers.size)
    terms = select_texts(join_texts([part.occurrences.terms for part in parts]), which)
    forms_out, docs_out, phrase_docs = [], [], []
    before = forms_before = 0
    for part in parts:
        found = part.occurrences
        renumbered = numbers[forms_before : forms_before + len(found.forms)].astype(np.uint32)
        forms_out.append(renumbered[found.form])
        docs_out.append(found.doc + np.uint32(before))
        phrase_docs.append(part.phrase_doc + np.uint32(before))
        before += len(part.documents)
        forms_before += len(found.forms)
    return SegmentData(
        documents=join_documents([part.documents for part in parts]),
        occurrences=Occurrences(
            forms=forms,
            terms=terms,
            form=np.concatenate(forms_out),
            doc=np.concatenate(docs_out),
            place=np.concatenate([part.occurrences.place for part in parts]),
        ),
        phrase_key=np.concatenate([part.phrase_key for part in parts]),
        phrase_doc=np.concatenate(phrase_docs),
    )
