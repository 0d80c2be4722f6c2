"""From one source to the articles in it, to what is wrong with it, and to what there is to say."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Generic, TypeVar

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.articles import ArticleMaker
from qsearch.reading.containers import PACKED, Container, container_of, ending_of
from qsearch.reading.faults import Fault, shown
from qsearch.reading.files import HashedFile, digest_of, opened, read_whole
from qsearch.reading.gunzip import DamagedGzip, unpacked
from qsearch.reading.keys import Layout
from qsearch.reading.mapping import FieldMap, field_map
from qsearch.reading.notes import SourceNotes
from qsearch.reading.records import Record
from qsearch.reading.split import parts_of

T = TypeVar("T")

MOST_REFUSED = 10_000
"""A file whose first records, so many of them, are all refused is no collection."""

MOST_ERRORS = 1_000
"""So many errors of one source are kept; of more only the number is said."""


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
        notes: what there is to say beside that.
    """

    path: str
    digest: bytes
    unchanged: bool
    articles: tuple[T, ...]
    errors: tuple[ArticleError, ...]
    notes: SourceNotes = field(default_factory=SourceNotes, compare=False)


def with_articles(content: SourceContent[Any], articles: Iterable[T]) -> SourceContent[T]:
    """Return the same content with other articles."""
    return replace(content, articles=tuple(articles))


def read_source(
    path: str, known_digest: bytes | None, limits: Limits, layout: Layout | None = None
) -> SourceContent[Article]:
    """Read one file, whatever it holds; what is wrong is in the errors of the answer.

    Arguments:
        path: the absolute path of a file.
        known_digest: the digest of an earlier reading; None if there was none.
        limits: what a file, a front matter or a record may cost.
        layout: how it is read; None: as a PATH of its own.
    """
    layout = layout or Layout(path)
    container = container_of(ending_of(path) or ".md")
    if container.streams:
        return _read_streamed(container, path, known_digest, limits, layout)
    digest = b""
    notes = SourceNotes()
    articles: list[Article] = []
    errors: list[ArticleError] = []
    try:
        data = read_whole(path, limit=limits.file_bytes)
        digest = digest_of(data)
        if digest == known_digest:
            return SourceContent(path, digest, True, (), ())
        if path.lower().endswith(PACKED):
            data = _unpacked(data, path, limits)
        _sort(
            _articles(container.records(data, path, limits), path, layout, notes), articles, errors
        )
    except ArticleError as error:
        errors.append(error)
    return SourceContent(path, digest, False, tuple(articles), tuple(errors), notes)


def _read_streamed(
    container: Container, path: str, known: bytes | None, limits: Limits, layout: Layout
) -> SourceContent[Article]:
    articles: list[Article] = []
    errors: list[ArticleError] = []
    notes = SourceNotes()
    digest = b""
    try:
        with opened(path) as (descriptor, _):
            if known is not None:
                if HashedFile(descriptor).digest_of_all() == known:
                    return SourceContent(path, known, True, (), ())
                os.lseek(descriptor, 0, os.SEEK_SET)
            file = HashedFile(descriptor)
            records = container.records(_stream(path, file), path, limits)
            _sort(_articles(records, path, layout, notes), articles, errors)
            digest = file.digest_of_all()
    except ArticleError as error:
        errors.append(error)
    return SourceContent(path, digest, False, tuple(articles), tuple(errors), notes)


def _sort(
    items: Iterable[Article | ArticleError], articles: list[Article], errors: list[ArticleError]
) -> None:
    further = 0
    last = None
    for item in items:
        if isinstance(item, Article):
            articles.append(item)
        elif len(errors) < MOST_ERRORS:
            errors.append(item)
        else:
            further, last = further + 1, item
    if last is not None:
        reason = f"{further:,} more errors in this file, the last one: {last.reason}"
        errors.append(ArticleError(reason, path=last.path, line=last.line, column=last.column))


def stream_source(
    path: str,
    limits: Limits,
    layout: Layout | None = None,
    notes: SourceNotes | None = None,
    seen: Callable[[Record], object] | None = None,
) -> Iterator[Article | ArticleError]:
    """Read one file and yield its articles and errors, holding one of them at a time.

    Arguments:
        path, limits, layout: as for ``read_source``.
        notes: takes what there is to say, until the end.
        seen: called with each record.
    """
    notes = SourceNotes() if notes is None else notes
    container = container_of(ending_of(path) or ".md")
    try:
        if container.streams:
            with opened(path) as (descriptor, _):
                stream = _stream(path, HashedFile(descriptor))
                records = container.records(stream, path, limits)
                yield from _articles(_seen(records, seen), path, layout or Layout(path), notes)
            return
        data = read_whole(path, limit=limits.file_bytes)
        if path.lower().endswith(PACKED):
            data = _unpacked(data, path, limits)
        records = container.records(data, path, limits)
        yield from _articles(_seen(records, seen), path, layout or Layout(path), notes)
    except ArticleError as error:
        yield error


def _seen(
    items: Iterable[Record | ArticleError], seen: Callable[[Record], object] | None
) -> Iterator[Record | ArticleError]:
    for item in items:
        if seen is not None and isinstance(item, Record):
            seen(item)
        yield item


def place_of_name(path: str, name: str, limits: Limits) -> tuple[int | None, int | None]:
    """The line and the column of the first value with this name in a file; None if there is none.

    Arguments:
        path: the absolute path of the file.
        name: an outermost name.
        limits: what a file may cost.
    """
    first: tuple[int, int] | None = None

    def seen(record: Record) -> None:
        nonlocal first
        if first is None and name in record.fields:
            record = record.again() if record.again else record
            value, at = record.fields.get(name, (None, None))
            if value:
                first = record.locate(name, at)

    with contextlib.suppress(ArticleError):
        for _ in stream_source(path, limits, seen=seen):
            if first is not None:
                break
    return first or (None, None)


def articles_in(
    stream: BinaryIO,
    *,
    path: str,
    limits: Limits,
    layout: Layout | None = None,
    notes: SourceNotes | None = None,
) -> Iterator[Article | ArticleError]:
    """Yield the articles and errors of the unpacked bytes of a file, in their order.

    Arguments:
        stream: the bytes.
        path: the absolute path of the file; its name says what is in it.
        limits, layout, notes: as for ``stream_source``.
    """
    container = container_of(ending_of(path) or ".md")
    source = stream if container.streams else stream.read()
    records = container.records(source, path, limits)
    layout = layout or Layout(path)
    yield from _articles(records, path, layout, SourceNotes() if notes is None else notes)


def _stream(path: str, file: HashedFile) -> BinaryIO:
    return unpacked(file) if path.lower().endswith(PACKED) else io.BufferedReader(file)


def _unpacked(data: bytes, path: str, limits: Limits) -> bytes:
    """All that a packed file holds, if that is not too much."""
    longest = int(limits.file_bytes)
    try:
        whole = unpacked(io.BytesIO(data)).read(longest + 1)
    except DamagedGzip as damage:
        raise ArticleError(f"the gzip file is damaged: {damage}", path=path) from None
    if len(whole) > longest:
        raise ArticleError(f"the unpacked file is longer than {longest:,} bytes", path=path)
    return whole


def _articles(
    items: Iterable[Record | ArticleError], path: str, layout: Layout, notes: SourceNotes
) -> Iterator[Article | ArticleError]:
    fields = field_map(layout.fields)
    maker = ArticleMaker(path, layout, fields, notes)
    made = refused = 0
    for item in items:
        if not isinstance(item, Record):
            found: Iterable[Article | ArticleError] = (item,)
        elif item.table and item.number == 1 and not fields.reads(item.fields):
            yield _no_column(item, path)
            return
        else:
            found = _articles_of(maker, item, layout.split, fields)
        for one in found:
            if isinstance(one, Article):
                made += 1
            else:
                refused += 1
            yield one
        if refused >= MOST_REFUSED and not made:
            reason = f"the first {refused:,} records are refused: the others are not read"
            yield ArticleError(reason, path=path, line=item.line or 1, column=1)
            return


def _articles_of(
    maker: ArticleMaker, record: Record, split: str | None, fields: FieldMap
) -> Iterable[Article | ArticleError]:
    """The articles of one record, and what is wrong with it or with parts of it."""
    try:
        making = maker.making(record)
        if making.divides:
            return _made(maker, record, split, fields)
        article = making.article()
    except ArticleError as error:
        return (error,)
    except Fault:
        return _made_again(maker, record, split, fields)
    return () if article is None else (article,)


def _made_again(
    maker: ArticleMaker, record: Record, split: str | None, fields: FieldMap
) -> list[Article | ArticleError]:
    """The articles of a record that doesn't know the places of its values, which matter now."""
    assert record.again, "only such a record raises a fault"
    try:
        again = record.again()
        again.page = record.page
        return _made(maker, again, split, fields)
    except ArticleError as error:
        return [error]


def _no_column(record: Record, path: str) -> ArticleError:
    names = ", ".join(map(shown, list(record.fields)[:5]))
    reason = (
        f"no column feeds a question, an answer or a title: the first row must name the columns, "
        f"and names {names}; say which is which with --map question=NAME"
    )
    return ArticleError(reason, path=path, line=1, column=1)


def _made(
    maker: ArticleMaker, record: Record, split: str | None, fields: FieldMap
) -> list[Article | ArticleError]:
    """The articles of one record, and the errors of its parts."""
    made: list[Article | ArticleError] = []
    for part in parts_of(record, split, fields.shared):
        article = _article_or_error(maker, part)
        if article is not None:
            made.append(article)
    return made


def _article_or_error(maker: ArticleMaker, record: Record) -> Article | ArticleError | None:
    try:
        return maker.article(record)
    except ArticleError as error:
        return error
