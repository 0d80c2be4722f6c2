"""From one source to the articles in it and to what is wrong with it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.files import HashedFile, digest_of, is_json_lines_name, opened, read_whole
from qsearch.reading.gunzip import unpacked
from qsearch.reading.jsonlines import read_json_lines
from qsearch.reading.markdown import read_markdown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceContent(Generic[T]):
    """What one source holds.

    Attributes:
        path: the path of the file, as given.
        digest: 16 bytes that tell this state of the file from others; ``b""`` if not all of the
            file could be read.
        unchanged: the digest is the known one; nothing was parsed.
        articles: the articles, or what was made of each, in the order of the file.
        errors: what couldn't be read, in the order of the file.
    """

    path: str
    digest: bytes
    unchanged: bool
    articles: tuple[T, ...]
    errors: tuple[ArticleError, ...]


def with_articles(content: SourceContent[Any], articles: Iterable[T]) -> SourceContent[T]:
    """Return the same content with other articles."""
    return SourceContent(
        content.path, content.digest, content.unchanged, tuple(articles), content.errors
    )


def read_source(path: str, known_digest: bytes | None, limits: Limits) -> SourceContent[Article]:
    """Read one file, whatever it holds; what is wrong is in the errors of the answer.

    Arguments:
        path: the absolute path of a file.
        known_digest: the digest of an earlier reading; None if there was none.
        limits: what a file, a front matter or a line may cost.
    """
    if is_json_lines_name(path):
        return _read_json_lines_source(path, known_digest, limits)
    digest = b""
    try:
        data = read_whole(path, limit=limits.file_bytes)
        digest = digest_of(data)
        if digest == known_digest:
            return SourceContent(path, digest, True, (), ())
        article = read_markdown(data, path=path, limits=limits)
    except ArticleError as error:
        return SourceContent(path, digest, False, (), (error,))
    return SourceContent(path, digest, False, (article,), ())


def stream_source(path: str, limits: Limits) -> Iterator[Article | ArticleError]:
    """Read one file and yield its articles and errors, holding one of them at a time."""
    if not is_json_lines_name(path):
        content = read_source(path, None, limits)
        yield from content.articles
        yield from content.errors
        return
    try:
        with opened(path) as (descriptor, _):
            yield from _items(path, HashedFile(descriptor), limits)
    except ArticleError as error:
        yield error


def _items(path: str, file: HashedFile, limits: Limits) -> Iterator[Article | ArticleError]:
    stream = unpacked(file) if path.lower().endswith(".gz") else io.BufferedReader(file)
    return read_json_lines(stream, path=path, limits=limits)


def _read_json_lines_source(
    path: str, known: bytes | None, limits: Limits
) -> SourceContent[Article]:
    articles: list[Article] = []
    errors: list[ArticleError] = []
    digest = b""
    try:
        with opened(path) as (descriptor, _):
            if known is not None:
                if HashedFile(descriptor).digest_of_all() == known:
                    return SourceContent(path, known, True, (), ())
                os.lseek(descriptor, 0, os.SEEK_SET)
            file = HashedFile(descriptor)
            for item in _items(path, file, limits):
                if isinstance(item, Article):
                    articles.append(item)
                else:
                    errors.append(item)
            digest = file.digest_of_all()
    except ArticleError as error:
        errors.append(error)
    return SourceContent(path, digest, False, tuple(articles), tuple(errors))
