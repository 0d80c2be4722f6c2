"""What several tests of reading share: the articles of some bytes, as a file gives them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.content import articles_in
from qsearch.reading.keys import Layout
from qsearch.reading.notes import SourceNotes
from qsearch.reading.records import Fields
from qsearch.reading.yamlfields import parse_with_cuts


def read_json_lines(
    stream: BinaryIO, *, path: str, limits: Limits
) -> Iterator[Article | ArticleError]:
    """The articles and errors of a stream of JSON Lines."""
    return articles_in(stream, path=path, limits=limits)


def read_markdown(
    data: bytes, *, path: str, limits: Limits, notes: SourceNotes | None = None
) -> Article:
    """The one article of a Markdown file, or its error."""
    (item,) = articles_in(io.BytesIO(data), path=path, limits=limits, notes=notes)
    if isinstance(item, ArticleError):
        raise item
    return item


def read(
    name: str,
    data: str | bytes,
    *,
    fields: tuple[tuple[str, tuple[str, ...]], ...] = (),
    split: str | None = None,
    limits: Limits | None = None,
) -> tuple[list[Article], list[ArticleError], SourceNotes]:
    """What a file below the PATH ``/root`` gives: articles, errors, notes."""
    notes = SourceNotes()
    items = list(
        articles_in(
            io.BytesIO(data.encode() if isinstance(data, str) else data),
            path=f"/root/{name}",
            limits=limits or Limits(),
            layout=Layout("/root", fields, split),
            notes=notes,
        )
    )
    return (
        [item for item in items if isinstance(item, Article)],
        [item for item in items if isinstance(item, ArticleError)],
        notes,
    )


def parse_front_matter(text: str, *, nesting: float) -> Fields:
    """The fields of a front matter."""
    return parse_with_cuts(text, nesting=nesting)[0]
