"""JSON Lines: one JSON object a line, each a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.faults import Fault
from qsearch.reading.gunzip import DamagedGzip
from qsearch.reading.jsontext import place_of_name, value_of_json
from qsearch.reading.lines import UTF_16, Lines, not_utf8
from qsearch.reading.records import Locate, Record

_UTF_16 = (*UTF_16, b"{\0", b"\0{")


def records(stream: BinaryIO, path: str, limits: Limits) -> Iterator[Record | ArticleError]:
    """Yield a record, or what is wrong, for each line that isn't blank, in the order of the file.

    Memory holds one line at a time; a line over ``limits.file_bytes`` is passed over unread.

    Arguments:
        stream: the unpacked bytes of the file.
        path: its absolute path, for the errors.
        limits: ``file_bytes`` and ``nesting`` apply, to each line.
    """
    lines = Lines(stream, int(limits.file_bytes))
    count = 0
    try:
        for number, content in lines:
            if content is None:
                reason = f"the line is longer than {lines.longest:,} bytes"
                yield ArticleError(reason, path=path, line=number, column=1)
            elif number == 1 and content.startswith(_UTF_16):
                reason = "the file is UTF-16 text: save it as UTF-8"
                yield ArticleError(reason, path=path, line=1, column=1)
                return
            elif content.strip():
                count += 1
                yield _record(content, path, number, count, limits.nesting)
    except DamagedGzip as damage:
        reason = f"the gzip file is damaged from here on: {damage}"
        yield ArticleError(reason, path=path, line=lines.number + 1)


def _record(
    line: bytes, path: str, number: int, count: int, nesting: float
) -> Record | ArticleError:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return not_utf8(error, path, number)
    try:
        fields = value_of_json(text, nesting)
        if not isinstance(fields, dict):
            raise Fault("the line must be an object: {...}", at=0)
    except Fault as fault:
        return ArticleError(fault.reason, path=path, line=number, column=(fault.at or 0) + 1)
    return Record(fields, line=number, locate=_locate(text, number), number=count)


def _locate(text: str, number: int) -> Locate:
    def locate(name: str | None, at: int | None) -> tuple[int, int]:
        return number, (place_of_name(text, name) if at is None else at) + 1

    return locate
