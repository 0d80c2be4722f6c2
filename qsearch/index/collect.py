"""Articles -> plain arrays: what a segment will hold, in the order in which it was read."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np

from qsearch.analysis import Analyzer
from qsearch.analysis.pieces import pieces
from qsearch.article import Article
from qsearch.index.columns import Array
from qsearch.index.fields import FIELDS, KEYWORD_GAP, KEYWORDS, PART_SHIFT, RANKED, texts_of
from qsearch.index.records import encode_article, group_of, phrase_key

MAX_PHRASE = 8
"""Words of the longest keyword that counts as a phrase."""

PYTHON = 0
"""The origin of an article that was added from Python: no indexing run removes it."""

FROM_SOURCE = 1
"""The origin of an article that an indexing run took from a file and looks after."""

NO_DIGEST = bytes(16)
"""The digest of a source that has to be read again at the next run."""


# Rough and on the safe side: what collecting and then inverting takes, in bytes.
_PER_OCCURRENCE = 90
_PER_DOCUMENT = 1_500


@dataclass(slots=True)
class Document:
    """What is kept of one article apart from its words."""

    url: str
    id: str
    subject: str
    date: int
    group: bytes
    lengths: tuple[int, ...]
    path: str
    line: int
    origin: int
    digest: bytes
    siblings: int
    stored: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from.

    Attributes:
        kind: ``PYTHON`` or ``FROM_SOURCE``.
        digest: 16 bytes of the content of its source.
        siblings: how many articles that source gave.
    """

    kind: int = PYTHON
    digest: bytes = NO_DIGEST
    siblings: int = 1


FROM_PYTHON = Origin()


def document_of(article: Article, origin: Origin) -> Document:
    """Return what is kept of an article apart from its words; the lengths come with those."""
    return Document(
        url=article.key,
        id=article.id or "",
        subject=article.subject,
        date=article.date.toordinal() if article.date else 0,
        group=group_of(article),
        lengths=(),
        path=article.path or "",
        line=article.line or 0,
        origin=origin.kind,
        digest=origin.digest,
        siblings=origin.siblings,
        stored=encode_article(article),
    )


@dataclass(slots=True)
class Occurrences:
    """Every word of some articles.

    Attributes:
        forms: the distinct word forms; ``form`` counts in it.
        terms: the term of each form.
        form, doc, place: one value an occurrence, ordered by document and place; ``place`` is a
            position word without its first-of-posting bit.
    """

    forms: list[str]
    terms: list[str]
    form: Array
    doc: Array
    place: Array


@dataclass(slots=True)
class SegmentData:
    """Everything a segment is made from.

    Attributes:
        phrase_key, phrase_doc: one value a keyword phrase.
        blocks: the stored articles, packed already; None if they are still to be.
    """

    documents: list[Document]
    occurrences: Occurrences
    phrase_key: Array
    phrase_doc: Array
    blocks: list[bytes] | None = None


class Collector:
    """Collects articles until a segment is made of them.

    Arguments:
        analyzer: the analyser of the index.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._vocabulary: dict[str, int] = {}
        self._form = array("I")
        self._place = array("I")
        self._counts = array("I")
        self._phrase_key = array("Q")
        self._phrase_doc = array("I")
        self.documents: list[Document] = []
        self.memory = 0
        """About how much memory the collected articles take, in bytes."""

    def add(self, article: Article, origin: Origin = FROM_PYTHON) -> int:
        """Take an article in; return its number among those collected."""
        form_before, phrase_before = len(self._form), len(self._phrase_key)
        number = len(self.documents)
        try:
            lengths = self._words(article, number)
        except BaseException:
            # Half an article must not stay.
            del self._form[form_before:], self._place[form_before:]
            del self._phrase_key[phrase_before:], self._phrase_doc[phrase_before:]
            raise
        count = len(self._form) - form_before
        self._counts.append(count)
        document = document_of(article, origin)
        document.lengths = tuple(lengths)
        self.documents.append(document)
        self.memory += _PER_OCCURRENCE * count + _PER_DOCUMENT + len(document.stored)
        return number

    def _words(self, article: Article, number: int) -> list[int]:
        lengths = [0] * len(FIELDS)
        words_of = self._analyzer.words
        vocabulary, form_out, place_out = self._vocabulary, self._form, self._place
        keyword_base = 0
        for part, text in texts_of(article):
            start = keyword_base if part == KEYWORDS else 0
            base = (part << PART_SHIFT) + start
            first = base
            terms: list[str] = []
            for piece in pieces(text):
                words = words_of(piece)
                for form, position, _, _, overlay in words:
                    known = vocabulary.get(form)
                    if known is None:
                        known = vocabulary[form] = len(vocabulary)
                    form_out.append(known)
                    place_out.append(base + position)
                    if part == KEYWORDS and not overlay:
                        terms.append(self._analyzer.term(form))
                if words:
                    base += words[-1].position + 1
            lengths[RANKED[part]] += base - first
            if part == KEYWORDS:
                keyword_base += base - first + KEYWORD_GAP
                if 0 < len(terms) <= MAX_PHRASE:
                    self._phrase_key.append(phrase_key(terms))
                    self._phrase_doc.append(number)
        return lengths

    def data(self) -> SegmentData:
        """Return all that was collected."""
        forms = list(self._vocabulary)
        counts = np.array(self._counts, dtype=np.uint32)
        numbers = np.arange(len(self.documents), dtype=np.uint32)
        return SegmentData(
            documents=self.documents,
            occurrences=Occurrences(
                forms=forms,
                terms=[self._analyzer.term(form) for form in forms],
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
    return SegmentData(
        documents=[d for d, stay in zip(data.documents, keep.tolist(), strict=True) if stay],
        occurrences=Occurrences(
            forms=[text for text, use in zip(found.forms, used.tolist(), strict=True) if use],
            terms=[text for text, use in zip(found.terms, used.tolist(), strict=True) if use],
            form=renamed[form],
            doc=numbers[found.doc[stays]],
            place=found.place[stays],
        ),
        phrase_key=data.phrase_key[phrase_stays],
        phrase_doc=numbers[data.phrase_doc[phrase_stays]],
    )


def join(parts: list[SegmentData]) -> SegmentData:
    """Return several data as one, the documents of a part behind those of the part before it."""
    vocabulary: dict[str, int] = {}
    terms: list[str] = []
    forms_out, docs_out, phrase_docs = [], [], []
    documents: list[Document] = []
    for part in parts:
        numbers = []
        for form, term in zip(part.occurrences.forms, part.occurrences.terms, strict=True):
            number = vocabulary.setdefault(form, len(vocabulary))
            if number == len(terms):
                terms.append(term)
            numbers.append(number)
        forms_out.append(np.array(numbers, dtype=np.uint32)[part.occurrences.form])
        base = np.uint32(len(documents))
        docs_out.append(part.occurrences.doc + base)
        phrase_docs.append(part.phrase_doc + base)
        documents += part.documents
    return SegmentData(
        documents=documents,
        occurrences=Occurrences(
            forms=list(vocabulary),
            terms=terms,
            form=np.concatenate(forms_out),
            doc=np.concatenate(docs_out),
            place=np.concatenate([part.occurrences.place for part in parts]),
        ),
        phrase_key=np.concatenate([part.phrase_key for part in parts]),
        phrase_doc=np.concatenate(phrase_docs),
    )
