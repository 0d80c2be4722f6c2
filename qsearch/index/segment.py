"""One immutable segment, read: what a term, a document number or a url leads to.

Columns, n articles, by the question they answer:

    lengths             n x 3 bytes: the length of each ranked field (``lengths``)
    date, line          the day's ordinal (0: none); the line in the source
    group               n x 2 numbers: what copies share (``records.group_of``)
    origin, digest      where the article came from; 16 bytes of its source's content
    url, id             texts, and the articles in their order
    subject, path       distinct texts, and which one each article has
    stored              articles in compressed blocks
    form, term          the vocabulary, sorted; form.term: the term of each form
    form.postings       where each form's articles start in form.docs and form.fields
    form.places         where each form's positions start in places
    term.postings       where each term's articles start in term.docs and term.frequencies
    phrase.key, .docs   keyword phrases, sorted by key
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from qsearch.article import Article
from qsearch.errors import IndexCorrupt
from qsearch.index.collect import Document, Occurrences, SegmentData
from qsearch.index.columns import Array, ColumnFile
from qsearch.index.fields import FIELDS, FIRST
from qsearch.index.invert import BLOCK
from qsearch.index.lengths import LENGTHS
from qsearch.index.manifest import SegmentEntry
from qsearch.index.records import decode_article
from qsearch.index.strings import Strings

_KEPT_BLOCKS = 64


class Postings(NamedTuple):
    """The articles of a term: their numbers, increasing, and a frequency word each."""

    docs: Array
    frequencies: Array


class Segment:
    """The articles and postings of one segment file. Safe for use by several threads."""

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        file = entry.file
        self.name = file.name
        self.count = entry.articles
        self.columns = ColumnFile(folder / file.name, seal=file.seal, length=file.length)
        self.forms = Strings(self.columns, "form")
        self.terms = Strings(self.columns, "term")
        self.urls = Strings(self.columns, "url")
        self.ids = Strings(self.columns, "id")
        self._stored = Strings(self.columns, "stored")
        self._blocks: OrderedDict[int, list[bytes]] = OrderedDict()
        self._lock = threading.Lock()
        if len(self.urls) != self.count:
            raise self._corrupt(f"holds {len(self.urls)} articles instead of {self.count}")

    def _corrupt(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(f"{self.columns.path}: {what}", path=self.columns.path)

    # -- articles

    @property
    def length_bytes(self) -> Array:
        """The length bytes, shape (articles, fields)."""
        return self.columns.column("lengths").reshape(-1, len(FIELDS))

    @property
    def dates(self) -> Array:
        """The ordinal of each article's day, 0 for none."""
        return self.columns.column("date")

    @property
    def groups(self) -> Array:
        """What copies share, shape (articles, 2); zeros for an article that has no copies."""
        return self.columns.column("group").reshape(-1, 2)

    def labels(self, name: str) -> tuple[list[str], Array]:
        """Return the distinct texts of ``subject`` or ``path``, and which one each article has."""
        return Strings(self.columns, name).all(), self.columns.column(f"{name}.of")

    def by_url(self, url: str) -> int | None:
        """Return the number of the article with this url."""
        return self.urls.find(url, self.columns.column("url.order"))

    def by_id(self, article_id: str) -> list[int]:
        """Return the numbers of the articles with this id."""
        order = self.columns.column("id.order")
        place = self.ids.first_at_least(article_id, order)
        found = []
        while place < self.count and self.ids[int(order[place])] == article_id:
            found.append(int(order[place]))
            place += 1
        return found

    def article(self, number: int) -> Article:
        """Return an article as it was added."""
        block = self._block(number // BLOCK)
        path, line = self.source(number)
        try:
            return decode_article(block[number % BLOCK], path=path, line=line)
        except (ValueError, TypeError, IndexError):
            raise self._corrupt(f"the article {number} can't be read") from None

    def source(self, number: int) -> tuple[str | None, int | None]:
        """Return the path and the line that an article came from."""
        path_number = int(self.columns.column("path.of", number, number + 1)[0])
        line = int(self.columns.column("line", number, number + 1)[0])
        return Strings(self.columns, "path")[path_number] or None, line or None

    def _block(self, number: int) -> list[bytes]:
        with self._lock:
            block = self._blocks.get(number)
            if block is not None:
                self._blocks.move_to_end(number)
                return block
        block = self._unpack(number)
        with self._lock:
            self._blocks[number] = block
            if len(self._blocks) > _KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        return block

    def _unpack(self, number: int) -> list[bytes]:
        try:
            raw = zlib.decompress(self._stored.raw(number))
        except zlib.error:
            raise self._corrupt(f"the block {number} of articles can't be unpacked") from None
        records, at = [], 0
        while at < len(raw):
            size = int.from_bytes(raw[at : at + 4], "little")
            records.append(raw[at + 4 : at + 4 + size])
            at += 4 + size
        return records

    # -- words

    def term_of(self, form: str) -> str | None:
        """Return the term of a word form that occurs here."""
        number = self.forms.find(form)
        if number is None:
            return None
        return self.terms[int(self.columns.column("form.term", number, number + 1)[0])]

    def postings(self, term: str) -> Postings | None:
        """Return the articles of a term, deleted ones among them."""
        number = self.terms.find(term)
        return None if number is None else self.postings_at(number)

    def postings_at(self, number: int) -> Postings:
        """Return the articles of the term with this number in ``terms``."""
        start, stop = self.columns.column("term.postings", number, number + 2).tolist()
        return Postings(
            self.columns.column("term.docs", start, stop),
            self.columns.column("term.frequencies", start, stop),
        )

    def form_postings(self, form: str) -> tuple[Array, Array] | None:
        """Return the articles of a word form, and a bit for each ranked field it stands in."""
        number = self.forms.find(form)
        if number is None:
            return None
        start, stop = self.columns.column("form.postings", number, number + 2).tolist()
        return (
            self.columns.column("form.docs", start, stop),
            self.columns.column("form.fields", start, stop),
        )

    def form_count(self, number: int) -> int:
        """Return in how many articles the word form with this number in ``forms`` stands."""
        start, stop = self.columns.column("form.postings", number, number + 2).tolist()
        return int(stop - start)

    def forms_of(self, term: str) -> list[str]:
        """Return the word forms of a term that occur here."""
        number = self.terms.find(term)
        if number is None:
            return []
        forms = np.flatnonzero(self.columns.column("form.term") == number)
        return [self.forms[form] for form in forms.tolist()]

    def positions(self, term: str) -> tuple[Array, Array] | None:
        """Return (document, position word) of each occurrence of a term, in that order.

        The position words are without their first-of-posting bit.
        """
        number = self.terms.find(term)
        if number is None:
            return None
        forms = np.flatnonzero(self.columns.column("form.term") == number)
        parts = [self._form_places(int(form)) for form in forms]
        docs = np.concatenate([part[0] for part in parts])
        places = np.concatenate([part[1] for part in parts])
        order = np.lexsort((places, docs))
        return docs[order], places[order]

    def _form_places(self, form: int) -> tuple[Array, Array]:
        start, stop = self.columns.column("form.places", form, form + 2).tolist()
        places = self.columns.column("places", start, stop)
        begin, end = self.columns.column("form.postings", form, form + 2).tolist()
        docs = self.columns.column("form.docs", begin, end)
        posting = np.cumsum(places >= FIRST) - 1
        return docs[posting], places & ~FIRST

    def phrase_docs(self, keys: Array) -> Iterator[tuple[int, Array]]:
        """Yield (index in ``keys``, articles) for each keyword phrase that occurs here."""
        filed = self.columns.column("phrase.key")
        starts = np.searchsorted(filed, keys, side="left")
        stops = np.searchsorted(filed, keys, side="right")
        for index in np.flatnonzero(stops > starts).tolist():
            yield index, self.columns.column("phrase.docs", int(starts[index]), int(stops[index]))

    # -- everything, for merging

    def data(self) -> SegmentData:
        """Return what the segment was made from."""
        column = self.columns.column
        terms = self.terms.all()
        places = column("places")
        posting = np.cumsum(places >= FIRST) - 1
        doc, place = column("form.docs")[posting], places & ~FIRST
        starts = column("form.places").astype(np.int64)
        form = np.repeat(np.arange(len(self.forms), dtype=np.uint32), starts[1:] - starts[:-1])
        order = np.lexsort((place, doc))
        return SegmentData(
            documents=self._documents(),
            occurrences=Occurrences(
                forms=self.forms.all(),
                terms=[terms[number] for number in column("form.term").tolist()],
                form=form[order],
                doc=doc[order],
                place=place[order],
            ),
            phrase_key=column("phrase.key"),
            phrase_doc=column("phrase.docs"),
        )

    def _documents(self) -> list[Document]:
        subjects, subject_of = self.labels("subject")
        paths, path_of = self.labels("path")
        groups = self.columns.column("group").tobytes()
        digests = self.columns.column("digest").tobytes()
        lengths = LENGTHS[self.length_bytes].tolist()
        return [
            Document(
                url=url,
                id=article_id,
                subject=subjects[subject],
                date=date,
                group=groups[16 * number : 16 * number + 16],
                lengths=tuple(lengths[number]),
                path=paths[path],
                line=line,
                origin=origin,
                digest=digests[16 * number : 16 * number + 16],
                stored=self._block(number // BLOCK)[number % BLOCK],
            )
            for number, (url, article_id, subject, date, path, line, origin) in enumerate(
                zip(
                    self.urls.all(),
                    self.ids.all(),
                    subject_of.tolist(),
                    self.dates.tolist(),
                    path_of.tolist(),
                    self.columns.column("line").tolist(),
                    self.columns.column("origin").tolist(),
                    strict=True,
                )
            )
        ]
