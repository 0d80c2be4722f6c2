"""Articles -> plain arrays, many at a time: ``Collector`` with the loops compiled.

The outcome is that of ``Collector``, to the letter; a property test holds them against each other.
The calling thread joins the bytes of articles; a second one compresses and tokenises them, nearly
all of it in code that lets go of the interpreter.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

import numpy as np

from qsearch.analysis.analyzer import Analyzer
from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.index.background import SecondThread
from qsearch.index.blocks import pack_blocks
from qsearch.index.collector import Occurrences, SegmentData
from qsearch.index.documents import (
    FROM_PYTHON,
    Documents,
    Origin,
    documents_of,
    join_documents,
    stored_texts,
)
from qsearch.index.encoded import Encoded, encode
from qsearch.index.piecetable import BEHIND, PieceTable
from qsearch.index.texts import Texts
from qsearch.kernels.indexing.arguments import PieceWords
from qsearch.model.bit_layout import RANKED
from qsearch.model.fields import ANSWER, FIELDS, KEYWORD_GAP, KEYWORDS, PARTS, QUESTION, TITLE
from qsearch.model.keyword_phrase import MAX_PHRASE
from qsearch.model.lengths import length_bytes

_BATCH = 16 * 1024 * 1024
"""What is scanned at once, as ``Encoded.memory`` counts."""

_AHEAD = 4
"""Batches that may wait for the second thread."""

_BUSY = 2
"""Batches it has left when the first thread takes work off it."""


@dataclass(slots=True)
class _Batch:
    """Articles as bytes.

    Attributes:
        sizes, data: their stored records, as ``pack_blocks`` takes them.
        running: those of all articles (``Encoded``).
        start, stop: where each part of each article stands in ``data`` and ``running``, shape
            (articles, parts).
    """

    documents: Documents
    sizes: Array
    data: bytes
    running: bytes
    start: Array
    stop: Array


@dataclass(slots=True)
class _Scanned:
    """A batch apart from its words; ``counts`` says how many each article has."""

    documents: Documents
    counts: Array
    keywords: tuple[Array, Array]


def _batch_of(articles: list[Encoded], origins: list[Origin]) -> _Batch:
    sizes, data = stored_texts(articles)
    running = [article.running for article in articles]
    spans = np.frombuffer(b"".join([article.spans for article in articles]), dtype="<i4")
    spans = spans.reshape(-1, PARTS, 2).astype(np.int64)
    stored = np.fromiter((len(article.data) for article in articles), np.int64, len(articles))
    extra = np.fromiter(map(len, running), np.int64, len(articles))
    # What an article has behind its own texts comes behind those of all.
    begins = np.cumsum(stored) - stored
    extra_begins = len(data) + np.cumsum(extra) - extra - stored
    spans += np.where(
        spans[:, :, :1] < stored[:, None, None],
        begins[:, None, None],
        extra_begins[:, None, None],
    )
    documents = documents_of(articles, origins)
    start, stop = spans[:, :, 0].copy(), spans[:, :, 1].copy()
    return _Batch(documents, sizes, data, b"".join(running), start, stop)


class BulkCollector:
    """Collects articles as ``collector.Collector`` does; needs the kernels to be ready."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._pieces = PieceTable(analyzer)
        self._thread = SecondThread("qsearch-scan")
        self._scanned: list[Future[_Scanned]] = []
        self._articles: list[Encoded] = []
        self._origins: list[Origin] = []
        # The words of all batches, which the second thread writes: their memory grows at its end.
        self._form, self._place = (np.empty(0, dtype=np.uint32) for _ in range(2))
        self._count = self._waiting = 0
        self.memory = 0

    def __len__(self) -> int:
        return self._count

    def add(self, article: Article, origin: Origin = FROM_PYTHON) -> int:
        """Take an article in; return its number among those collected."""
        return self.take(encode(article), origin)

    def take(self, article: Encoded, origin: Origin = FROM_PYTHON) -> int:
        """Take an encoded article in; return its number among those collected."""
        number = self._count
        self._articles.append(article)
        self._origins.append(origin)
        self._count += 1
        self._waiting += article.memory
        self.memory += article.memory
        if self._waiting >= _BATCH:
            self._submit()
        return number

    def _submit(self) -> None:
        batch = _batch_of(self._articles, self._origins)
        self._articles, self._origins, self._waiting = [], [], 0
        if len(self._scanned) >= _AHEAD:
            # Memory is bounded, and an error of the other thread comes to light.
            self._scanned[-_AHEAD].result()
        if sum(not future.done() for future in self._scanned[-_BUSY:]) == _BUSY:
            # The other thread has enough to do.
            batch.documents.stored = pack_blocks(batch.sizes, batch.data)
        self._scanned.append(self._thread.submit(partial(self._scan, batch)))

    def _scan(self, batch: _Batch) -> _Scanned:
        from qsearch.kernels.indexing.tokens import expand

        documents = batch.documents
        if not documents.stored.packed:
            documents.stored = pack_blocks(batch.sizes, batch.data)
        data = np.frombuffer(b"".join([batch.data, batch.running, bytes(BEHIND)]), dtype=np.uint8)
        found, ends = self._pieces.scan(data, batch.start.reshape(-1), batch.stop.reshape(-1))
        words = self._pieces.words
        counts = words.starts[1:] - words.starts[:-1]
        before = self._form.size
        room = before + int(counts[found[found >= 0]].sum())
        for grown in (self._form, self._place):
            grown.resize(room, refcheck=False)  # nobody else has a part of it
        count = len(documents)
        lengths = np.zeros((count, PARTS), dtype=np.int64)
        sizes = np.zeros(count, dtype=np.uint32)
        expand(
            found,
            ends,
            PieceWords(words.starts, words.forms, words.positions, words.widths),
            KEYWORD_GAP,
            self._form[before:],
            self._place[before:],
            sizes,
            lengths.reshape(-1),
        )
        ranked = np.zeros((count, len(FIELDS)), dtype=np.int64)
        for part in (TITLE, QUESTION, ANSWER, KEYWORDS):
            ranked[:, RANKED[part]] += lengths[:, part]
        documents.lengths = length_bytes(ranked)
        return _Scanned(documents, sizes, _keywords_of(found, ends))

    def data(self) -> SegmentData:
        """Return all that was collected, and end the second thread."""
        self._submit()
        scanned = [future.result() for future in self._scanned]
        parts = [batch.documents for batch in scanned]
        documents = self._thread.submit(partial(join_documents, parts))
        self._thread.end(wait=False)
        forms = Texts(*self._pieces.forms())
        terms = Texts(*self._analyzer.terms(forms.data, forms.starts))
        counts = np.concatenate([batch.counts for batch in scanned])
        keys, key_docs = self._phrases(scanned, terms)
        return SegmentData(
            documents=documents.result(),
            occurrences=Occurrences(
                forms=forms,
                terms=terms,
                form=self._form,
                doc=np.repeat(np.arange(counts.size, dtype=np.uint32), counts),
                place=self._place,
            ),
            phrase_key=keys,
            phrase_doc=key_docs,
        )

    def _phrases(self, scanned: list[_Scanned], terms: Texts) -> tuple[Array, Array]:
        from qsearch.kernels.indexing.tokens import hash_texts, phrases

        found = np.concatenate([batch.keywords[0] for batch in scanned])
        ends = np.cumsum(np.concatenate([batch.keywords[1] for batch in scanned]))
        words = self._pieces.words
        hashes = np.empty(len(terms), dtype=np.uint64)
        hash_texts(terms.data, terms.starts, hashes)
        keys = np.empty(found.size + ends.size, dtype=np.uint64)
        key_docs = np.empty(keys.size, dtype=np.uint32)
        count = phrases(
            found,
            ends,
            words.starts,
            words.forms,
            words.overlays,
            hashes,
            MAX_PHRASE,
            keys,
            key_docs,
        )
        return keys[:count], key_docs[:count]


def _keywords_of(found: Array, ends: Array) -> tuple[Array, Array]:
    """The pieces of keywords, and how many each article has: their keys need the stems, which come
    last.
    """
    begins = np.concatenate([[0], ends[:-1]])[KEYWORDS::PARTS]
    sizes = ends[KEYWORDS::PARTS] - begins
    at = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    return found[at], sizes
