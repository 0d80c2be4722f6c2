"""Articles -> plain arrays, many at a time: ``Collector`` with the loops compiled.

The outcome is that of ``Collector``, to the letter; a property test holds them against each other.
"""

from __future__ import annotations

import itertools
from array import array

import numpy as np

from qsearch.analysis import Analyzer
from qsearch.analysis.pieces import Piece, pieces, separators
from qsearch.article import Article
from qsearch.index.blocks import BlockPacker
from qsearch.index.collect import (
    FROM_PYTHON,
    MAX_PHRASE,
    Document,
    Occurrences,
    Origin,
    SegmentData,
    document_of,
)
from qsearch.index.columns import Array
from qsearch.index.fields import FIELDS, KEYWORD_GAP, KEYWORDS, RANKED, texts_of
from qsearch.index.records import term_hash
from qsearch.mathtext import math_spans

_BATCH = 4 * 1024 * 1024
"""Bytes of text that are scanned at once."""

_MEMORY_PER_BYTE = 7
_MEMORY_PER_DOCUMENT = 2_000


class BulkCollector:
    """Collects articles as ``collect.Collector`` does; needs the kernels to be ready."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._pieces = _Pieces(analyzer)
        self._packer = BlockPacker()
        self.documents: list[Document] = []
        self.memory = 0
        self._texts: list[bytes] = []
        self._sizes = array("q")
        self._docs = array("q")
        self._parts = array("q")
        self._waiting = 0
        self._occurrences: list[tuple[Array, Array, Array]] = []
        self._lengths: list[Array] = []
        self._counted = 0
        self._keywords: list[tuple[Array, Array, Array]] = []

    def add(self, article: Article, origin: Origin = FROM_PYTHON) -> int:
        """Take an article in; return its number among those collected."""
        number = len(self.documents)
        document = document_of(article, origin)
        keywords = []
        texts = []
        for part, text in texts_of(article):
            if part == KEYWORDS:
                keywords.append(self._bytes(text))
            else:
                texts.append((part, self._bytes(text)))
        if keywords:
            texts.append((KEYWORDS, b"\xfe".join(keywords)))
        size = 0
        for part, data in texts:
            self._texts.append(data)
            self._sizes.append(len(data))
            self._docs.append(number)
            self._parts.append(part)
            size += len(data)
        self.documents.append(document)
        self._packer.add(document.stored)
        self.memory += _MEMORY_PER_BYTE * size + _MEMORY_PER_DOCUMENT + len(document.stored)
        self._waiting += size
        if self._waiting >= _BATCH:
            self._scan()
        return number

    def _bytes(self, text: str) -> bytes:
        """A text as ``scan`` takes it: what only Python can cut is replaced by its number."""
        if "<" in text or "&" in text:
            return b"".join(self._marked(piece) for piece in pieces(text))
        if "$" not in text and "\\" not in text:
            return text.encode()
        parts: list[bytes] = []
        done = 0
        for start, end in math_spans(text):
            parts += (text[done:start].encode(), self._marked(Piece(text[start:end], start, True)))
            done = end
        parts.append(text[done:].encode())
        return b"".join(parts)

    def _marked(self, piece: Piece) -> bytes:
        return b"\xff" + self._pieces.number(piece).to_bytes(4, "little")

    def _scan(self) -> None:
        from qsearch.compiled.tokens import expand

        if not self._texts:
            return
        starts = np.zeros(len(self._texts) + 1, dtype=np.int64)
        np.cumsum(np.array(self._sizes, dtype=np.int64), out=starts[1:])
        data = np.frombuffer(b"".join(self._texts), dtype=np.uint8)
        docs, parts = np.array(self._docs, np.int64), np.array(self._parts, np.int64)
        found, ends = self._pieces.scan(data, starts)
        tables = self._pieces.tables()
        counts = tables.starts[1:] - tables.starts[:-1]
        room = int(counts[found[found >= 0]].sum())
        form, doc, place = (np.empty(room, dtype=np.uint32) for _ in range(3))
        lengths = np.zeros(4 * (len(self.documents) - self._counted), dtype=np.int64)
        expand(
            found,
            ends,
            docs - self._counted,
            parts,
            tables.starts,
            tables.forms,
            tables.positions,
            tables.widths,
            KEYWORD_GAP,
            form,
            doc,
            place,
            lengths,
        )
        self._occurrences.append((form, doc + np.uint32(self._counted), place))
        self._lengths.append(lengths.reshape(-1, 4))
        self._keep_keywords(found, ends, docs, parts)
        self._counted = len(self.documents)
        self._texts, self._waiting = [], 0
        self._sizes, self._docs, self._parts = array("q"), array("q"), array("q")

    def _keep_keywords(self, found: Array, ends: Array, docs: Array, parts: Array) -> None:
        """Set the pieces of keywords aside: their keys need the stems, which come last."""
        begins = np.concatenate([[0], ends[:-1]])
        ours = parts == KEYWORDS
        sizes = (ends - begins)[ours]
        at = np.repeat(begins[ours] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        self._keywords.append((found[at], sizes, docs[ours]))

    def data(self) -> SegmentData:
        """Return all that was collected."""
        self._scan()
        forms = self._pieces.forms
        terms = [self._analyzer.term(form) for form in forms]
        form, doc, place = (
            np.concatenate([np.zeros(0, np.uint32), *(batch[item] for batch in self._occurrences)])
            for item in range(3)
        )
        for document, lengths in zip(
            self.documents,
            np.concatenate([np.zeros((0, 4), np.int64), *self._lengths]),
            strict=True,
        ):
            ranked = [0] * len(FIELDS)
            for part, length in enumerate(lengths.tolist()):
                ranked[RANKED[part]] += length
            document.lengths = tuple(ranked)
        keys, key_docs = self._phrases(terms)
        return SegmentData(
            documents=self.documents,
            occurrences=Occurrences(forms=forms, terms=terms, form=form, doc=doc, place=place),
            phrase_key=keys,
            phrase_doc=key_docs,
            blocks=self._packer.blocks(),
        )

    def _phrases(self, terms: list[str]) -> tuple[Array, Array]:
        from qsearch.compiled.tokens import phrases

        pieces_, sizes, docs = (
            np.concatenate([np.zeros(0, kind), *(batch[item] for batch in self._keywords)])
            for item, kind in enumerate((np.int32, np.int64, np.int64))
        )
        tables = self._pieces.tables()
        hashes = np.fromiter(map(term_hash, terms), dtype=np.uint64, count=len(terms))
        keys = np.empty(pieces_.size + docs.size, dtype=np.uint64)
        key_docs = np.empty(keys.size, dtype=np.uint32)
        count = phrases(
            pieces_,
            np.cumsum(sizes),
            docs,
            tables.starts,
            tables.forms,
            tables.overlays,
            hashes,
            MAX_PHRASE,
            keys,
            key_docs,
        )
        return keys[:count], key_docs[:count]


class _Tables:
    """The words of all numbered pieces, as arrays."""

    def __init__(self, pieces: _Pieces) -> None:
        self.starts = np.array(pieces.starts, dtype=np.int64)
        self.forms = np.array(pieces.word_forms, dtype=np.uint32)
        self.positions = np.array(pieces.word_positions, dtype=np.uint32)
        self.overlays = np.array(pieces.word_overlays, dtype=np.uint8)
        self.widths = np.array(pieces.widths, dtype=np.uint32)


class _Pieces:
    """The numbers of pieces, and their words."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._by_python: dict[tuple[str, bool], int] = {}
        self._vocabulary: dict[str, int] = {}
        self._separators = separators()
        self._hashes = np.zeros(1 << 16, dtype=np.uint64)
        self._slots = np.full(1 << 16, -1, dtype=np.int32)
        self._exemplars = np.empty(1 << 20, dtype=np.uint8)
        self._exemplar_starts = np.zeros(1 << 16, dtype=np.int64)
        self._state = np.zeros(2, dtype=np.int64)
        self.starts = array("q", [0])
        self.word_forms = array("I")
        self.word_positions = array("I")
        self.word_overlays = array("B")
        self.widths = array("I")
        self._made: _Tables | None = None

    @property
    def forms(self) -> list[str]:
        """The distinct forms, in the order of their numbers."""
        return list(self._vocabulary)

    def number(self, piece: Piece) -> int:
        """Return the number of a piece that Python cut out."""
        key = (piece.text, piece.is_math)
        number = self._by_python.get(key)
        if number is None:
            number = self._by_python[key] = int(self._state[0])
            self._make_room(1, 0)
            self._state[0] += 1
            # It has no bytes in the table: ``scan`` never looks for it.
            self._exemplar_starts[number + 1] = self._exemplar_starts[number]
            self._add_words(piece)
        return number

    def scan(self, data: Array, starts: Array) -> tuple[Array, Array]:
        """Return the piece numbers of texts, and where those of each text end."""
        from qsearch.compiled.tokens import scan

        out = np.empty(data.size // 2 + starts.size + 1, dtype=np.int32)
        ends = np.zeros(starts.size - 1, dtype=np.int64)
        before = int(self._state[0])
        text = 0
        while text < starts.size - 1:
            longest = int(starts[text + 1] - starts[text])
            self._make_room(longest // 2 + 2, longest)
            text = scan(
                data,
                starts,
                self._separators,
                self._hashes,
                self._slots,
                self._exemplars,
                self._exemplar_starts,
                self._state,
                out,
                ends,
                text,
            )
        self._learn(before)
        return out[: ends[-1]], ends

    def _learn(self, before: int) -> None:
        """Ask the analyser for the words of the pieces that are new."""
        first, last = self._exemplar_starts[[before, self._state[0]]].tolist()
        text = self._exemplars[first:last].tobytes()
        cuts = (self._exemplar_starts[before : self._state[0] + 1] - first).tolist()
        for start, stop in itertools.pairwise(cuts):
            self._add_words(Piece(text[start:stop].decode(), 0, False))

    def _make_room(self, count: int, size: int) -> None:
        used, slots = self._state.tolist()
        while used + count + 2 > self._exemplar_starts.size:
            more = np.zeros_like(self._exemplar_starts)
            self._exemplar_starts = np.concatenate([self._exemplar_starts, more])
        while int(self._exemplar_starts[used]) + size > self._exemplars.size:
            self._exemplars = np.concatenate([self._exemplars, np.empty_like(self._exemplars)])
        while 2 * (slots + count + 1) > self._hashes.size:
            self._grow()

    def _grow(self) -> None:
        from qsearch.compiled.tokens import rehash

        hashes = np.zeros(2 * self._hashes.size, dtype=np.uint64)
        slots = np.full(hashes.size, -1, dtype=np.int32)
        rehash(self._hashes, self._slots, hashes, slots)
        self._hashes, self._slots = hashes, slots

    def _add_words(self, piece: Piece) -> None:
        vocabulary = self._vocabulary
        words = self._analyzer.words(piece)
        for form, position, _, _, overlay in words:
            number = vocabulary.get(form)
            if number is None:
                number = vocabulary[form] = len(vocabulary)
            self.word_forms.append(number)
            self.word_positions.append(position)
            self.word_overlays.append(overlay)
        self.starts.append(len(self.word_forms))
        self.widths.append(words[-1].position + 1 if words else 0)
        self._made = None

    def tables(self) -> _Tables:
        """Return the words of all pieces as arrays."""
        if self._made is None:
            self._made = _Tables(self)
        return self._made
