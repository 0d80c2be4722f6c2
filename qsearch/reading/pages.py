"""The page: a front matter, or none, and a body. Markdown and HTML files are pages.

A front matter is YAML between lines of ``---``, TOML between lines of ``+++``, or a JSON object
that begins the file. One that is there but can't be read is an error, never text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.faults import Fault, line_and_column
from qsearch.reading.lines import BOM, UTF_16, not_utf8
from qsearch.reading.records import Fields, Locate, Record
from qsearch.reading.regular import LEVELS, regular_fields

_OPENING = re.compile(rb"(---|\+\+\+)[ \t]*(?:\r?\n|\Z)")
_CLOSING = {
    b"---": re.compile(rb"\n---[ \t]*\r?(?=\n|\Z)"),
    b"+++": re.compile(rb"\n\+\+\+[ \t]*\r?(?=\n|\Z)"),
}
# A brace that begins neither Liquid, nor a shortcode, nor JSX.
_JSON = re.compile(rb'\{\s*["}]')
_ALMOST = re.compile(rb"[ \t]*-{3,}[^\n]*\n[A-Za-z_][\w-]{0,60}:[ \t\r\n]")
_UTF_16 = (*UTF_16, b"-\0", b"\0-")
_NO_BODY = (b"", b"&nbsp;")


class _Front(NamedTuple):
    """Where a front matter stands: its text from start to end, then the body."""

    start: int
    end: int
    body: int
    line: int
    read: Callable[[str, float], tuple[Fields, dict[str, int]]]
    escaped: bool = False


def page_of(data: bytes, path: str, limits: Limits) -> Record:
    """The record of a page.

    Arguments:
        data: the bytes of the file.
        path: its absolute path, for errors.
        limits: ``front_matter_bytes`` and ``nesting`` apply.

    Raises:
        ArticleError: it can't be read; line and column are those of the cause.
    """

    def refusal(reason: str, line: int, column: int = 1) -> ArticleError:
        return ArticleError(reason, path=path, line=line, column=column)

    if data.startswith(_UTF_16):
        raise refusal("the file is UTF-16 text: save it as UTF-8", 1)
    data = data.removeprefix(BOM)
    content = data.lstrip()
    if not content:
        raise refusal("the file is empty", 1)
    start = data.rfind(b"\n", 0, len(data) - len(content)) + 1
    first_line = data.count(b"\n", 0, start) + 1
    try:
        front = _front(data, start, first_line, limits)
    except Fault as fault:
        raise refusal(fault.reason, first_line, (fault.at or 0) + 1) from None
    if front is None:
        return _with_body(Record({}, line=first_line), data, start, path)
    matter = data[front.start : front.end]
    if len(matter) > limits.front_matter_bytes:
        allowed = limits.front_matter_bytes
        raise refusal(f"the front matter is longer than {allowed:,} bytes", first_line)
    try:
        text = matter.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(error, path, front.line) from None

    def whole() -> Record:
        try:
            fields, cuts = front.read(text, limits.nesting)
        except Fault as fault:
            line, column = line_and_column(text, fault.at or 0)
            raise refusal(fault.reason, front.line - 1 + line, column) from None
        record = Record(
            fields,
            line=first_line,
            locate=_locate(text, front.line),
            escaped=front.escaped,
            cuts=cuts,
        )
        return _with_body(record, data, front.body, path)

    if front.read is _read_yaml and limits.nesting >= LEVELS:
        regular = regular_fields(text)
        if regular is not None:
            record = Record(regular, line=first_line, escaped=True, clean=True, again=whole)
            return _with_body(record, data, front.body, path)
    return whole()


def _with_body(record: Record, data: bytes, start: int, path: str) -> Record:
    """The record with the text that stands below its front matter."""
    body = data[start:]
    content = body.strip()
    if content in _NO_BODY:
        return record
    blank = len(body) - len(body.lstrip())
    begin = start + body.rfind(b"\n", 0, blank) + 1
    line = data.count(b"\n", 0, begin) + 1
    try:
        text = data[begin:].decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = not_utf8(error, path, line)
        record.unreadable = (wrong.line or line, wrong.column or 1, wrong.reason)
        return record
    record.body = text.replace("\r\n", "\n").rstrip()
    record.body_line = line
    return record


def _front(data: bytes, start: int, first_line: int, limits: Limits) -> _Front | None:
    """Where the front matter of a page stands; None if it has none.

    Raises:
        Fault: it has no end.
    """
    if opening := _OPENING.match(data, start):
        mark = opening[1]
        # The line break that ends the opening line can begin the closing one: an empty one.
        closing = _CLOSING[mark].search(data, opening.end() - 1)
        if closing is None:
            sign = mark.decode()
            raise Fault(f"the front matter that opens here has no closing line of just {sign}")
        end = closing.start()
        after = data.find(b"\n", end + 1)
        body = len(data) if after < 0 else after + 1
        read = _read_yaml if mark == b"---" else _read_toml
        return _Front(opening.end(), end + 1, body, first_line + 1, read, read is _read_yaml)
    if _JSON.match(data, start):
        end = _end_of_json(data, start, limits)
        return _Front(start, end, end, first_line, _read_json)
    if _ALMOST.match(data, start):
        raise Fault("there is no front matter: the first line must be just ---")
    return None


def _end_of_json(data: bytes, start: int, limits: Limits) -> int:
    from qsearch.reading.jsontext import marks

    # Only marks matter here, and those are ASCII: each byte may count as a character.
    longest = int(limits.front_matter_bytes)
    text = data[start : start + longest + 1].decode("latin-1")
    depth = 0
    for mark, at, _ in marks(text):
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth <= 0:
                return start + at + 1
    if len(text) > longest:
        raise Fault(f"the front matter is longer than {longest:,} bytes")
    raise Fault("the { that opens here is never closed")


def _locate(text: str, first_line: int) -> Locate:
    def locate(name: str | None, at: int | None) -> tuple[int, int]:
        if at is None:
            # Of TOML and JSON only names have a place that is known.
            found = re.search(
                rf'^\s*\[*\s*["\']?{re.escape(name or "")}["\']?\s*[=:\]]', text, re.M
            )
            at = found.end() - len(found.group().lstrip()) if found else 0
        line, column = line_and_column(text, at)
        return first_line - 1 + line, column

    return locate


def _read_yaml(text: str, nesting: float) -> tuple[Fields, dict[str, int]]:
    from qsearch.reading.yamlfields import parse_with_cuts  # what few files need

    fields, cuts = parse_with_cuts(text, nesting=nesting)
    return fields, cuts


def _read_toml(text: str, nesting: float) -> tuple[Fields, dict[str, int]]:
    from qsearch.reading.tomlfields import parse_toml

    return parse_toml(text, nesting=nesting), {}


def _read_json(text: str, nesting: float) -> tuple[Fields, dict[str, int]]:
    from qsearch.reading.jsontext import value_of_json

    fields = value_of_json(text, nesting)
    assert isinstance(fields, dict), "it begins with a brace"
    return fields, {}
