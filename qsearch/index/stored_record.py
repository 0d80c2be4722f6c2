"""An article as it is stored, and the digest of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from json.encoder import encode_basestring as quoted
from typing import Any

from qsearch.article import Article
from qsearch.model.copies import NO_GROUP

STORED = ("title", "question", "answer", "keywords", "description", "more")
"""The texts of a stored record: what no column of its own has. ``more`` is JSON or nothing."""

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
        links = [
            f"[{quoted(link.url) if link.url else 'null'},{quoted(link.id) if link.id else 'null'},"
            f"{quoted(link.title)},{quoted(link.subject)}]"
            for link in article.related
        ]
        more.append(f'"related":[{",".join(links)}]')
    if article.no_index:
        more.append('"no_index":true')
    return f"{{{','.join(more)}}}".encode() if more else b""


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
