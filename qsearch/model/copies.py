"""What the copies of an article share: those with its id, question and answer."""

from __future__ import annotations

import hashlib

from qsearch.article import Article

NO_GROUP = bytes(16)
"""The group of an article without an id: it is a copy of none."""


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
