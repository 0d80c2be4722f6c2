"""Articles -> plain arrays, many at a time: ``Collector`` with the loops compiled.

The outcome is that of ``Collector``, to the letter; a property test holds them against each other.
The calling thread turns batches of articles into bytes; a second one compresses and tokenises
them, nearly all of it in code that lets go of the interpreter.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from qsearch.analysis import Analyzer
from qsearch.analysis.pieces import Piece, pieces
from qsearch.analysis.running import running_text
from qsearch.article import Article
from qsearch.index.blocks import SAME, lay_out, pack_blocks
from qsearch.index.collect import MAX_PHRASE, Occurrences, SegmentData, memory_of
from qsearch.index.columns import Array
from qsearch.index.documents import (
    FROM_PYTHON,
    Documents,
    Origin,
    documents_of,
    encode_articles,
    join_documents,
)
from qsearch.index.fields import (
    ANSWER,
    FIELDS,
    KEYWORD_GAP,
    KEYWORDS,
    QUESTION,
    RANKED,
    TITLE,
    same_text,
)
from qsearch.index.lengths import length_bytes
from qsearch.index.piecetable import PieceTable
from qsearch.index.records import STORED
from qsearch.index.texts import Texts

_BATCH = 64 * 1024 * 1024
"""What is scanned at once, as ``memory_of`` counts."""

_AHEAD = 4
"""Batches that may wait for the second thread."""

_MARKS = (b"$", b"\\", b"<", b"&")
"""What begins mathematics and markup, which only Python can cut."""

_PARTS = 4
_KEYWORD_END = b"\x1f"


@dataclass(slots=True)
class _Batch:
    """Articles as bytes.

    Attributes:
        sizes, data: their stored records, as ``pack_blocks`` takes them.
        marked: texts with marks instead of pieces that Python cut out, laid behind ``data``.
        pieces: those pieces.
        start, stop: where each part of each article stands in ``data`` and ``marked``, shape
            (articles, parts).
    """

    documents: Documents
    sizes: Array
    data: bytes
    marked: bytes
    pieces: list[Piece]
    start: Array
    stop: Array


@dataclass(slots=True)
class _Scanned:
    """The words of a batch; articles are counted from its first one."""

    documents: Documents
    form: Array
    counts: Array
    place: Array
    keywords: tuple[Array, Array]


def _batch_of(articles: list[Article], origins: list[Origin]) -> _Batch:
    records = encode_articles(articles)
    sizes, data = lay_out(records, len(STORED))
    lengths = np.where(sizes == SAME, 0, sizes)
    stop = np.cumsum(lengths).reshape(sizes.shape)
    start = stop - lengths
    for text in range(1, _PARTS):
        same = sizes[:, text] == SAME
        start[same, text], stop[same, text] = start[same, text - 1], stop[same, text - 1]
    start, stop = start[:, :_PARTS].copy(), stop[:, :_PARTS].copy()
    marked: list[bytes] = []
    found: list[Piece] = []
    end = len(data)
    for number, (article, record) in enumerate(zip(articles, records, strict=True)):
        if same_text(article.title, article.question):
            start[number, QUESTION] = stop[number, QUESTION] = 0
        for part, raw in enumerate(record[:_PARTS]):
            if not any(map(raw.__contains__, _MARKS)) or start[number, part] == stop[number, part]:
                continue
            if part == KEYWORDS:
                coded = _KEYWORD_END.join(_marked(keyword, found) for keyword in article.keywords)
            else:
                coded = _marked(raw.decode(), found)
            marked.append(coded)
            start[number, part], end = end, end + len(coded)
            stop[number, part] = end
    documents = documents_of(articles, origins, records)
    return _Batch(documents, sizes, data, b"".join(marked), found, start, stop)


def _marked(text: str, found: list[Piece]) -> bytes:
    """A text as ``scan`` takes it: running text, or the numbers of pieces that Python cut out."""
    running = running_text(text)
    if running is not None:
        return running.encode()
    first = len(found)
    found += pieces(text)
    return b"".join(b"\xff" + place.to_bytes(4, "little") for place in range(first, len(found)))


class BulkCollector:
    """Collects articles as ``collect.Collector`` does; needs the kernels to be ready."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._pieces = PieceTable(analyzer)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="qsearch-scan")
        self._scanned: list[Future[_Scanned]] = []
        self._articles: list[Article] = []
        self._origins: list[Origin] = []
        self._count = self._waiting = 0
        self.memory = 0

    def __len__(self) -> int:
        return self._count

    def add(self, article: Article, origin: Origin = FROM_PYTHON) -> int:
        """Take an article in; return its number among those collected."""
        number = self._count
        self._articles.append(article)
        self._origins.append(origin)
        self._count += 1
        memory = memory_of(article)
        self._waiting += memory
        self.memory += memory
        if self._waiting >= _BATCH:
            self._submit()
        return number

    def _submit(self) -> None:
        batch = _batch_of(self._articles, self._origins)
        self._articles, self._origins, self._waiting = [], [], 0
        if len(self._scanned) >= _AHEAD:
            # Memory is bounded, and an error of the other thread comes to light.
            self._scanned[-_AHEAD].result()
        if any(not future.done() for future in self._scanned[-1:]):
            # The other thread has enough to do.
            batch.documents.stored = pack_blocks(batch.sizes, batch.data)
        self._scanned.append(self._thread.submit(self._scan, batch))

    def _scan(self, batch: _Batch) -> _Scanned:
        from qsearch.compiled.tokens import expand

        documents = batch.documents
        if not documents.stored.packed:
            documents.stored = pack_blocks(batch.sizes, batch.data)
        data = np.frombuffer(batch.data + batch.marked, dtype=np.uint8)
        numbers = self._pieces.numbers(batch.pieces)
        found, ends = self._pieces.scan(
            data, batch.start.reshape(-1), batch.stop.reshape(-1), numbers
        )
        words = self._pieces.words
        counts = words.starts[1:] - words.starts[:-1]
        room = int(counts[found[found >= 0]].sum())
        form, place = (np.empty(room, dtype=np.uint32) for _ in range(2))
        count = len(documents)
        lengths = np.zeros((count, _PARTS), dtype=np.int64)
        sizes = np.zeros(count, dtype=np.uint32)
        expand(
            found,
            ends,
            words.starts,
            words.forms,
            words.positions,
            words.widths,
            KEYWORD_GAP,
            form,
            place,
            sizes,
            lengths.reshape(-1),
        )
        ranked = np.zeros((count, len(FIELDS)), dtype=np.int64)
        for part in (TITLE, QUESTION, ANSWER, KEYWORDS):
            ranked[:, RANKED[part]] += lengths[:, part]
        documents.lengths = length_bytes(ranked)
        return _Scanned(documents, form, sizes, place, _keywords_of(found, ends))

    def data(self) -> SegmentData:
        """Return all that was collected, and end the second thread."""
        self._submit()
        scanned = [future.result() for future in self._scanned]
        self._thread.shutdown()
        forms = Texts(*self._pieces.forms())
        terms = Texts(*self._analyzer.terms(forms.data, forms.starts))
        counts = np.concatenate([batch.counts for batch in scanned])
        keys, key_docs = self._phrases(scanned, terms)
        return SegmentData(
            documents=join_documents([batch.documents for batch in scanned]),
            occurrences=Occurrences(
                forms=forms,
                terms=terms,
                form=np.concatenate([batch.form for batch in scanned]),
                doc=np.repeat(np.arange(counts.size, dtype=np.uint32), counts),
                place=np.concatenate([batch.place for batch in scanned]),
            ),
            phrase_key=keys,
            phrase_doc=key_docs,
        )

    def _phrases(self, scanned: list[_Scanned], terms: Texts) -> tuple[Array, Array]:
        from qsearch.compiled.tokens import hash_texts, phrases

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
    begins = np.concatenate([[0], ends[:-1]])[KEYWORDS::_PARTS]
    sizes = ends[KEYWORDS::_PARTS] - begins
    at = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    return found[at], sizes
