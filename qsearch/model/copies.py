"""Copies: articles with the same id, question and answer, and the key that they share."""

from __future__ import annotations

import hashlib

from qsearch.article import Article

NO_GROUP = bytes(16)
"""The group key of an article without an id, which has no copies."""


def group_of(article: Article) -> bytes:
    """Return the group key of an article: 16 bytes that its copies share."""
    return group_key(
        (article.id or "").encode(), article.question.encode(), article.answer.encode()
    )


def group_key(article_id: bytes, question: bytes, answer: bytes) -> bytes:
    """Return ``group_of`` an article with these texts; an empty id is none."""
    if not article_id:
        return NO_GROUP
    text = b"\0".join((article_id, question, answer))
    return hashlib.blake2b(text, digest_size=16).digest()
