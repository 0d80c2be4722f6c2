"""Containers: what the bytes of a file hold -> records. One module a container.

A container is a module with ``records``, which yields a Record, or an ArticleError with the place
of what can't be read, in the order of the file; it never stops for one of them. It takes the bytes
of a file, or, where ``STREAMS`` says so, the stream of them. Another container is another module
and its endings here.

markdown   a page whose headings may divide it
htmlpage   a page, and the questions of a schema.org FAQPage in it
jsonfile   an array of records, or an object that holds one
jsonlines  a record a line
delimited  a table with a header: CSV, TSV
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from qsearch.errors import ArticleError
from qsearch.reading.records import Record

ENDINGS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".jsonl": "jsonlines",
    ".ndjson": "jsonlines",
    ".json": "jsonfile",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".html": "htmlpage",
    ".htm": "htmlpage",
}
"""The module of each kind of file, by how the name ends, in any case; ``.gz`` may stand behind."""

STREAMS = frozenset(("jsonlines", "delimited"))
"""Modules that read a stream, so that a file may be of any length."""

PACKED = ".gz"

_LONGEST = max(map(len, ENDINGS)) + len(PACKED)

Item = Record | ArticleError


class Container(NamedTuple):
    """How files of one kind are read.

    Attributes:
        ending: how their names end, without ``.gz``.
        streams: whether ``records`` takes a stream; else it takes the bytes.
        records: from that, the path for errors, and the limits, to records and errors.
    """

    ending: str
    streams: bool
    records: Callable[[Any, str, Any], Iterator[Item]]


def ending_of(name: str) -> str:
    """How the name of a readable file ends, without ``.gz``; empty if its kind is not read."""
    if name.endswith(".md"):
        return ".md"
    end = name[-_LONGEST:].lower().removesuffix(PACKED)
    ending = end[end.rfind(".") :] if "." in end else ""
    return ending if ending in ENDINGS else ""


@lru_cache(maxsize=len(ENDINGS))
def container_of(ending: str) -> Container:
    """The container of files that end so."""
    name = ENDINGS[ending]
    module = import_module(f"qsearch.reading.containers.{name}")
    return Container(ending, name in STREAMS, module.records)
