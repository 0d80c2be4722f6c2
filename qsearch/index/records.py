"""An article as bytes, and the digests that tell articles and copies apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from qsearch.article import Article, RelatedArticle

NO_GROUP = bytes(16)
"""The group of an article without an id: it is a copy of none."""

STORED = ("title", "question", "answer", "keywords", "description", "more")
"""The texts of a stored record: what no column of its own has. ``more`` is JSON or nothing."""

TITLE, QUESTION, ANSWER, KEYWORDS = range(4)
"""The parts that positions distinguish: the first texts of a stored record."""

PARTS = 4

KEYWORD_END = "\x1f"
"""Between keywords: white space, so that none holds it (``Article`` makes it a space)."""

_LINK_FIELDS = ("url", "id", "title", "subject")


def encode_article(article: Article) -> tuple[bytes, ...]:
    """Return the texts of ``STORED``; url, id, subjects, date and source have their own columns."""
    return (
        article.title.encode(),
        article.question.encode(),
        article.answer.encode(),
        KEYWORD_END.join(article.keywords).encode(),
        article.description.encode(),
        _more(article),
    )


def _more(article: Article) -> bytes:
    """An object of JSON, put together from its texts: a general encoder takes twice the time."""
    more: list[str] = []
    if article.rating is not None:
        more.append(f'"rating":{article.rating!r}')
    if article.related:
        more.append(f'"related":[{",".join(map(_link, article.related))}]')
    if article.no_index:
        more.append('"no_index":true')
    return f"{{{','.join(more)}}}".encode() if more else b""


def _link(link: RelatedArticle) -> str:
    url = "null" if link.url is None else quoted(link.url)
    id_ = "null" if link.id is None else quoted(link.id)
    return f"[{url},{id_},{quoted(link.title)},{quoted(link.subject)}]"


def decode_article(record: Sequence[bytes], **columns: Any) -> Article:
    """Return the article of ``encode_article``.

    Arguments:
        columns: url, id, subjects, date, path and line.

    Raises:
        ValueError, TypeError: the bytes are no such record.
    """
    title, question, answer, keywords, description, more = record
    fields = json.loads(more.decode()) if more else {}
    if related := fields.pop("related", None):
        fields["related"] = [dict(zip(_LINK_FIELDS, link, strict=True)) for link in related]
    return Article(
        title=title.decode(),
        question=question.decode(),
        answer=answer.decode(),
        keywords=tuple(keywords.decode().split(KEYWORD_END)) if keywords else (),
        description=description.decode(),
        **fields,
        **columns,
    )


def same_text(title: str, question: str) -> bool:
    """Whether a title says the same as the question, white space apart."""
    return title == question or title.split() == question.split()


def group_of(article: Article) -> bytes:
    """Return 16 bytes that copies of an article share: those with its id, question and answer."""
    return group_key(
        (article.id or "").encode(), article.question.encode(), article.answer.encode()
    )


def group_key(article_id: bytes, question: bytes, answer: bytes) -> bytes:
    """Return what ``group_of`` says of an article with these texts; no id is an empty one."""
    if not article_id:
        return NO_GROUP
    text = b"\0".join((article_id, question, answer))
    return hashlib.blake2b(text, digest_size=16).digest()


def content_digest(article: Article, group: bytes, record: Sequence[bytes]) -> bytes:
    """Return 16 bytes that tell an article from one of the same url with another content.

    Arguments:
        article: path and line aside, which are no content.
        group: what ``group_of`` says of it. It stands for id, question and answer where there is
            an id; hashing long texts once is enough.
        record: what ``encode_article`` makes of it.
    """
    texts = [
        article.title,
        KEYWORD_END.join(article.keywords),
        article.description,
        article.date.isoformat() if article.date else "",
    ]
    if group == NO_GROUP:
        texts += (article.question, article.answer)
    texts += article.subjects  # last, for there may be any number of them
    sizes = "%d " * len(texts) % tuple(map(len, texts))
    whole = "".join((sizes, *texts)).encode()
    return hashlib.blake2b(b"".join((group, record[-1], whole)), digest_size=16).digest()


PHRASE_FACTOR = 0x9E3779B97F4A7C15
"""The odd number that mixes the hashes of a phrase: 2**64 over the golden ratio (Knuth, "The Art of
Computer Programming", volume 3, section 6.4).
"""

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3

_WORD = (1 << 64) - 1


@lru_cache(maxsize=65_536)
def term_hash(term: str) -> int:
    """Return a 64-bit number that stands for a term in the keys of phrases: FNV-1a
    (draft-eastlake-fnv) of its bytes, never 0.
    """
    value = FNV_OFFSET
    for byte in term.encode():
        value = ((value ^ byte) * FNV_PRIME) & _WORD
    return value or 1


def longer_phrase(key: int, term: int) -> int:
    """Return the key of a phrase (0: the empty one) with one more term, given by its hash.

    Among n phrases two share a key with a probability of about n**2 / 2**65; what would follow
    is a small bonus for a wrong article.
    """
    return ((key ^ term) * PHRASE_FACTOR) & _WORD


def phrase_key(terms: Iterable[str]) -> int:
    """Return the 64-bit key under which a keyword phrase of these terms is filed."""
    key = 0
    for term in terms:
        key = longer_phrase(key, term_hash(term))
    return key
