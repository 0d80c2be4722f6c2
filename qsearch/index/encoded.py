"""An article as the bytes that a segment is made of, apart from what other articles decide.

Any process can prepare that: no array and no kernel is needed for it, and all of it is plain data.
So this module imports nothing that brings NumPy along: a process that only reads does without it.
"""

from __future__ import annotations

import datetime
from struct import Struct
from typing import NamedTuple

from qsearch.analysis.running import running_text
from qsearch.article import Article
from qsearch.index.stored_record import KEYWORD_END, STORED, decode_article, encode_article
from qsearch.mathtext import math_spans
from qsearch.model.copies import group_key
from qsearch.model.fields import ANSWER, KEYWORDS, PARTS, QUESTION, same_text
from qsearch.plaintext import text_for_words

SAME = 0xFFFF_FFFF
"""The size of a text that equals the one before it in the record."""

# Rough and on the safe side: what collecting and then inverting takes, in bytes.
_PER_CHARACTER = 7
_PER_DOCUMENT = 2_500

_SIZES = Struct(f"<{len(STORED)}I")
_SPANS = Struct(f"<{2 * PARTS}i")


class Encoded(NamedTuple):
    """What a segment takes of an article.

    Attributes:
        url, subjects, path: as the article has them; no path is an empty one.
        id: in UTF-8; no id is an empty one.
        line: 0 for none.
        date: the day's ordinal, 0 for none.
        group: what copies share (``model.copies.group_key``).
        sizes: bytes of each text of its stored record, 4 bytes each; ``SAME`` where it is the one
            before it.
        data: those texts end to end, ``SAME`` ones left out.
        running: behind them, the running text of those texts in which markup or mathematics make a
            difference to the words.
        spans: where each part starts and stops in data and running, 4 bytes each.
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
    running: bytes
    spans: bytes
    memory: int


def encode(article: Article, record: tuple[bytes, ...] | None = None) -> Encoded:
    """Return what a segment takes of an article.

    Arguments:
        record: what ``encode_article`` returns, if that is known.
    """
    record = encode_article(article) if record is None else record
    sizes: list[int] = []
    kept: list[bytes] = []
    spans: list[int] = []
    start = end = 0
    before = b""
    for text in record:
        if text and text == before:
            sizes.append(SAME)
        else:
            size = len(text)
            sizes.append(size)
            kept.append(text)
            start, end = end, end + size
        spans.append(start)
        spans.append(end)
        before = text
    del spans[2 * PARTS :]
    if same_text(article.title, article.question):
        spans[2 * QUESTION] = spans[2 * QUESTION + 1] = 0
    running = _running(article, record[KEYWORDS], spans, end)
    identity = article.id.encode() if article.id else b""
    date = article.date
    return Encoded(
        article.url,
        identity,
        tuple(article.subjects),  # marshal takes no subclass of it
        article.path or "",
        article.line or 0,
        date.toordinal() if date else 0,
        group_key(identity, record[QUESTION], record[ANSWER]),
        _SIZES.pack(*sizes),
        b"".join(kept),
        running,
        _SPANS.pack(*spans),
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


def running_texts(encoded: Encoded) -> list[str]:
    """Return a text for each part that has its words and no mathematics (``plain_pieces`` cuts it);
    that of a question which the title says is empty.
    """
    spans = _SPANS.unpack(encoded.spans)
    whole = encoded.data + encoded.running
    return [whole[start:end].decode() for start, end in zip(spans[::2], spans[1::2], strict=True)]


def memory_of(article: Article) -> int:
    """Return about how much memory making a segment of an article takes, in bytes."""
    size = len(article.title) + len(article.question) + len(article.answer)
    return _PER_DOCUMENT + _PER_CHARACTER * (size + len("".join(article.keywords)))


def _running(article: Article, keywords: bytes, spans: list[int], end: int) -> bytes:
    """The running text of an article's texts, whose spans are moved to behind ``end``."""
    found: list[bytes] = []
    for part, text in enumerate((article.title, article.question, article.answer)):
        if spans[2 * part] == spans[2 * part + 1]:
            continue
        words, math = text_for_words(text)
        if math or words is not text:
            found.append(running_text(words, math).encode())
            spans[2 * part], end = end, end + len(found[-1])
            spans[2 * part + 1] = end
    if b"$" in keywords or b"\\" in keywords:  # no mathematics reaches over the end of one
        several = [running_text(keyword, math_spans(keyword)) for keyword in article.keywords]
        found.append(KEYWORD_END.join(several).encode())
        spans[2 * KEYWORDS], spans[2 * KEYWORDS + 1] = end, end + len(found[-1])
    return b"".join(found)
