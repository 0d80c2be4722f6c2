"""An article as bytes, and the digests that tell articles and copies apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
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
    text = "\0".join((article.id, article.question, article.answer)).encode()
    digest = hashlib.blake2b(digest_size=16)
    # For a longer piece hashlib would let another thread in, and have to wait for it.
    for at in range(0, len(text), 2_047):
        digest.update(text[at : at + 2_047])
    return digest.digest()


PHRASE_FACTOR = 0x9E3779B97F4A7C15
"""The odd number that mixes the hashes of a phrase: 2**64 over the golden ratio (Knuth, "The Art of
Computer Programming", volume 3, section 6.4).
"""

_WORD = (1 << 64) - 1


@lru_cache(maxsize=65_536)
def term_hash(term: str) -> int:
    """Return a 64-bit number that stands for a term in the keys of phrases."""
    digest = hashlib.blake2b(term.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


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
