"""An article as bytes, and the digests that tell articles and copies apart."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from qsearch.article import Article

NO_GROUP = bytes(16)
"""The group of an article without an id: it is a copy of none."""

_LINK_FIELDS = ("url", "id", "title", "subject")


def encode_article(article: Article) -> bytes:
    """Return an article as JSON; what has its default value is left out, as is its source."""
    record: dict[str, Any] = {"url": article.key}
    for name in ("id", "title", "question", "answer", "subject", "description", "rating"):
        value = getattr(article, name)
        if value not in (None, ""):
            record[name] = value
    if article.keywords:
        record["keywords"] = article.keywords
    if article.date:
        record["date"] = article.date.isoformat()
    if article.related:
        record["related"] = [
            {name: value for name in _LINK_FIELDS if (value := getattr(link, name))}
            for link in article.related
        ]
    if article.no_index:
        record["no_index"] = True
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def decode_article(record: bytes, *, path: str | None, line: int | None) -> Article:
    """Return the article of ``encode_article``, with the source it came from."""
    return Article(**json.loads(record), path=path, line=line)


def group_of(article: Article) -> bytes:
    """Return 16 bytes that copies of an article share: those with its id, question and answer."""
    if article.id is None:
        return NO_GROUP
    text = "\0".join((article.id, article.question, article.answer))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def phrase_key(terms: tuple[str, ...]) -> int:
    """Return the 64-bit key under which a keyword phrase of these terms is filed.

    Among n phrases two share a key with a probability of about n**2 / 2**65; what would follow
    is a small bonus for a wrong article.
    """
    digest = hashlib.blake2b(" ".join(terms).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")
