"""Markdown: a page whose headings may divide it."""

from __future__ import annotations

from collections.abc import Iterator

from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.pages import page_of
from qsearch.reading.records import Record


def records(data: bytes, path: str, limits: Limits) -> Iterator[Record | ArticleError]:
    """Yield the record of a Markdown file.

    Arguments:
        data: the bytes of the file.
        path: its absolute path, for errors.
        limits: ``front_matter_bytes`` and ``nesting`` apply.
    """
    try:
        record = page_of(data, path, limits)
    except ArticleError as error:
        yield error
        return
    record.page = True
    yield record
