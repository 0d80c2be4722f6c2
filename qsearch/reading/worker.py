"""What one of several reading processes does, and what travels between it and who asks.

This module brings a worker no more than reading takes: all of them start while everybody waits.
"""

from __future__ import annotations

import datetime
import marshal
import os
import pickle
import pkgutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from operator import attrgetter
from typing import Any

from qsearch.article import Article, RelatedArticle, article_of, link_of
from qsearch.errors import ArticleError
from qsearch.reading.content import SourceContent, read_source
from qsearch.reading.keys import Layout
from qsearch.reading.notes import notes_of

Task = tuple[str, "bytes | None"] | tuple[str, "bytes | None", Layout]
"""The path of a file, its known digest, and how it is read."""

Make = Callable[[Article], tuple[Any, ...]]
"""Makes plain data of an article."""

LENGTH_BYTES = 8
"""Of the number before an answer that says how long it is."""

_WRITTEN_BYTES = 256 * 1024


def work(descriptor: int) -> None:
    """What a worker process does: answer on ``descriptor`` what is asked on the standard input."""
    questions = sys.stdin.buffer
    with (
        suppress(EOFError, BrokenPipeError),
        os.fdopen(descriptor, "wb", buffering=_WRITTEN_BYTES) as answers,
    ):
        limits, make = pickle.load(questions)
        if isinstance(make, str):
            make = pkgutil.resolve_name(make)
        while True:
            batch: list[Task] = pickle.load(questions)
            for path, digest, *layout in batch:
                answer = _packed(read_source(path, digest, limits, *layout), make)
                answers.write(len(answer).to_bytes(LENGTH_BYTES, "little"))
                answers.write(answer)
            answers.flush()


_Packed = tuple[str, bytes, bool, list[tuple[Any, ...]], list[tuple[Any, ...]], tuple[Any, ...]]


def _packed(content: SourceContent[Article], make: Make) -> bytes:
    # marshal takes no subclass of a tuple.
    articles = [tuple(make(article)) for article in content.articles]
    errors = [(error.reason, error.path, error.line, error.column) for error in content.errors]
    notes = content.notes.plain()
    packed: _Packed = (content.path, content.digest, content.unchanged, articles, errors, notes)
    return marshal.dumps(packed)


def unpacked(data: bytes) -> SourceContent[tuple[Any, ...]]:
    """What a worker packed; EOFError, TypeError or ValueError if that is not all of it."""
    packed: _Packed = marshal.loads(data)
    path, digest, unchanged, articles, errors, notes = packed
    return SourceContent(
        path,
        digest,
        unchanged,
        tuple(articles),
        tuple([ArticleError(reason, path=a, line=b, column=c) for reason, a, b, c in errors]),
        notes_of(notes),
    )


_NAMES = tuple(part.name for part in fields(Article))
_DATE, _RELATED, _SUBJECTS = map(_NAMES.index, ("date", "related", "subjects"))
_attributes_of = attrgetter(*_NAMES)
_link_attributes_of = attrgetter(*(part.name for part in fields(RelatedArticle)))


def values_of(article: Article) -> tuple[Any, ...]:
    """An article as plain data."""
    values = list(_attributes_of(article))
    values[_DATE] = article.date.toordinal() if article.date else 0
    values[_SUBJECTS] = tuple(article.subjects)  # marshal takes no subclass of it
    values[_RELATED] = [_link_attributes_of(link) for link in article.related]
    return tuple(values)


def article_with(plain: tuple[Any, ...]) -> Article:
    """The article of ``values_of``, put together without the checks that it has been through."""
    values = list(plain)
    values[_DATE] = datetime.date.fromordinal(values[_DATE]) if values[_DATE] else None
    values[_RELATED] = tuple(map(link_of, values[_RELATED]))
    return article_of(values)
