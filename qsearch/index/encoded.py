"""An article as the bytes that a segment is made of, apart from what other articles decide.

Any process can prepare that: no array and no kernel is needed for it, and all of it is plain data.
"""

from __future__ import annotations

import datetime
import re
from struct import Struct
from typing import NamedTuple

from qsearch.analysis.pieces import Piece, pieces
from qsearch.analysis.running import running_text
from qsearch.article import Article
from qsearch.index.records import (
    ANSWER,
    KEYWORD_END,
    KEYWORDS,
    PARTS,
    QUESTION,
    STORED,
    decode_article,
    encode_article,
    group_key,
    same_text,
)

SAME = 0xFFFF_FFFF
"""The size of a text that equals the one before it in the record."""

# Rough and on the safe side: what collecting and then inverting takes, in bytes.
_PER_CHARACTER = 7
_PER_DOCUMENT = 2_500

_SIZES = Struct(f"<{len(STORED)}I")
_SPANS = Struct(f"<{2 * PARTS}i")
_NUMBER = re.compile(rb"\xff(.{4})", re.DOTALL)


class Encoded(NamedTuple):
    """What a segment takes of an article.

    Attributes:
        url, subjects, path: as the article has them; no path is an empty one.
        id: in UTF-8; no id is an empty one.
        line: 0 for none.
        date: the day's ordinal, 0 for none.
        group: what copies share (``records.group_key``).
        sizes: bytes of each text of its stored record, 4 bytes each; ``SAME`` where it is the one
            before it.
        data: those texts end to end, ``SAME`` ones left out.
        marked: behind them, what is to be cut instead of texts with marks: running text, or the
            places of pieces (0xFF and 4 bytes each).
        spans: where each part starts and stops in data and marked, 4 bytes each.
        pieces: what Python cut out of texts that can't be made running text.
        memory: about how much memory making a segment of it takes, in bytes.
    """

    url: str
    id: bytes
    subjects: tuple[str, ...]
    path: str
    line: int
    date: int
    group: bytes
    sizes: bytes
    data: bytes
    marked: bytes
    spans: bytes
    pieces: tuple[tuple[str, int, bool], ...]
    memory: int


def encode(article: Article) -> Encoded:
    """Return what a segment takes of an article."""
    record = encode_article(article)
    sizes: list[int] = []
    kept: list[bytes] = []
    spans: list[int] = []
    start = end = 0
    before = b""
    for text in record:
        if text and text == before:
            sizes.append(SAME)
        else:
            sizes.append(len(text))
            kept.append(text)
            start, end = end, end + len(text)
        spans += (start, end)
        before = text
    del spans[2 * PARTS :]
    if same_text(article.title, article.question):
        spans[2 * QUESTION] = spans[2 * QUESTION + 1] = 0
    data = b"".join(kept)
    marked, found = b"", list[Piece]()
    if _has_mark(data):
        marked = _marked(article, record, spans, end, found)
    identity = (article.id or "").encode()
    return Encoded(
        article.url,
        identity,
        tuple(article.subjects),  # marshal takes no subclass of it
        article.path or "",
        article.line or 0,
        article.date.toordinal() if article.date else 0,
        group_key(identity, record[QUESTION], record[ANSWER]),
        _SIZES.pack(*sizes),
        data,
        marked,
        _SPANS.pack(*spans),
        tuple([(piece.text, piece.start, piece.is_math) for piece in found]),
        memory_of(article),
    )


def decode(encoded: Encoded) -> Article:
    """Return the article that was encoded."""
    record: list[bytes] = []
    at = 0
    for size in _SIZES.unpack(encoded.sizes):
        if size == SAME:
            record.append(record[-1])
        else:
            record.append(encoded.data[at : at + size])
            at += size
    return decode_article(
        record,
        url=encoded.url,
        id=encoded.id.decode() or None,
        subjects=encoded.subjects,
        date=datetime.date.fromordinal(encoded.date) if encoded.date else None,
        path=encoded.path or None,
        line=encoded.line or None,
    )


def memory_of(article: Article) -> int:
    """Return about how much memory making a segment of an article takes, in bytes."""
    size = len(article.title) + len(article.question) + len(article.answer)
    return _PER_DOCUMENT + _PER_CHARACTER * (size + sum(map(len, article.keywords)))


def renumbered(marked: bytes, first: int) -> bytes:
    """Return ``Encoded.marked`` with the places of pieces counted from ``first`` on."""
    return _NUMBER.sub(lambda match: _place(first + int.from_bytes(match[1], "little")), marked)


def _marked(
    article: Article, record: tuple[bytes, ...], spans: list[int], end: int, found: list[Piece]
) -> bytes:
    """The marked texts of an article, whose spans are moved to behind ``end``."""
    marked: list[bytes] = []
    for part in range(PARTS):
        raw = record[part]
        if spans[2 * part] == spans[2 * part + 1] or not _has_mark(raw):
            continue
        if part == KEYWORDS:
            coded = KEYWORD_END.encode().join([_cut(text, found) for text in article.keywords])
        else:
            coded = _cut(raw.decode(), found)
        marked.append(coded)
        spans[2 * part], end = end, end + len(coded)
        spans[2 * part + 1] = end
    return b"".join(marked)


def _has_mark(raw: bytes) -> bool:
    """Whether there is what begins mathematics and markup, which only Python can cut."""
    return b"$" in raw or b"\\" in raw or b"<" in raw or b"&" in raw


def _cut(text: str, found: list[Piece]) -> bytes:
    """A text as ``scan`` takes it: running text, or the places of pieces that Python cut out."""
    running = running_text(text)
    if running is not None:
        return running.encode()
    first = len(found)
    found += pieces(text)
    return b"".join(map(_place, range(first, len(found))))


def _place(number: int) -> bytes:
    return b"\xff" + number.to_bytes(4, "little")
