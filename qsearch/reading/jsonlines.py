"""From a stream of JSON Lines to articles: one JSON object a line, with the fields of Markdown."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.faults import Fault, shown
from qsearch.reading.fields import Fields, Value, article_from
from qsearch.reading.gunzip import DamagedGzip

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{")
_SKIPPED_AT_ONCE = 64 * 1024
_MARK = re.compile(r"""\\.|["{}\[\]:]|NaN|-?Infinity""", re.DOTALL)
_HALF_PAIR = re.compile(
    r"""\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}
           |(?P<half>u[dD][89a-fA-F])
           |.)""",
    re.DOTALL | re.VERBOSE,
)


def read_json_lines(
    stream: BinaryIO, *, path: str, limits: Limits
) -> Iterator[Article | ArticleError]:
    """Yield an article, or what is wrong, for each line that isn't blank, in the order of the file.

    Memory holds one line at a time; a line over ``limits.file_bytes`` is passed over unread.

    Arguments:
        stream: the unpacked bytes of the file.
        path: its absolute path, for the articles and the errors.
        limits: ``file_bytes`` and ``nesting`` apply, to each line.
    """
    longest = int(limits.file_bytes)
    number = 0
    try:
        while True:
            line = stream.readline(longest + len("\r\n"))
            if not line:
                return
            number += 1
            content = line.removesuffix(b"\n").removesuffix(b"\r")
            if number == 1:
                content = content.removeprefix(_BOM)
            if len(content) > longest:
                _pass_over(line, stream)
                reason = f"the line is longer than {longest:,} bytes"
                yield ArticleError(reason, path=path, line=number, column=1)
            elif number == 1 and content.startswith(_UTF_16):
                reason = "the file is UTF-16 text: save it as UTF-8"
                yield ArticleError(reason, path=path, line=1, column=1)
                return
            elif content.strip():
                yield _article_or_error(content, path, number, limits.nesting)
    except DamagedGzip as damage:
        reason = f"the gzip file is damaged from here on: {damage}"
        yield ArticleError(reason, path=path, line=number + 1)


def _pass_over(line: bytes, stream: BinaryIO) -> None:
    """Read up to the end of the line, keeping nothing."""
    while line and not line.endswith(b"\n"):
        line = stream.readline(_SKIPPED_AT_ONCE)


def _article_or_error(
    line: bytes, path: str, number: int, nesting: float
) -> Article | ArticleError:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode("utf-8")) + 1
        reason = f"the byte 0x{line[error.start]:02X} is no UTF-8 text: save the file as UTF-8"
        return ArticleError(reason, path=path, line=number, column=column)
    try:
        return article_from(_fields(text, nesting), path=path, line=number)
    except ArticleError as error:
        return error
    except Fault as fault:
        at = _place_of_name(text, fault.field) if fault.at is None else fault.at
        return ArticleError(fault.reason, path=path, line=number, column=at + 1)


def _fields(text: str, nesting: float) -> Fields:
    _check_depth(text, nesting)
    try:
        fields: Value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        what = re.sub("( starting)? at$", "", error.msg)
        raise Fault(f"not valid JSON: {what[0].lower()}{what[1:]}", at=error.pos) from None
    except _NotANumber as error:
        raise _no_number(text, str(error)) from None
    except _NameGivenTwice:
        raise _name_given_twice(text) from None
    except RecursionError:
        raise Fault("nested too deeply", at=0) from None
    if "\\ud" in text or "\\uD" in text:
        _refuse_half_pairs(text)
    if not isinstance(fields, dict):
        raise Fault("the line must be an object: {...}", at=0)
    return fields


class _NotANumber(Exception):  # noqa: N818
    pass


class _NameGivenTwice(Exception):  # noqa: N818
    pass


def _object(pairs: list[tuple[str, Any]]) -> Fields:
    fields: Fields = {name: (_value(value), None) for name, value in pairs}
    if len(fields) < len(pairs):
        raise _NameGivenTwice
    return fields


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return [(_value(item), None) for item in value]
    return value  # type: ignore[no-any-return]  # objects have been through _object


def _constant(name: str) -> NoReturn:
    raise _NotANumber(name)


# Numbers stay the text that was written, as in a front matter: an id is text everywhere.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_constant
)


def _check_depth(text: str, nesting: float) -> None:
    if text.count("{") + text.count("[") <= nesting:
        return
    depth = 0
    for mark, at, _ in _marks(text):
        if mark in "{[":
            depth += 1
            if depth > nesting:
                raise Fault(f"nested deeper than {nesting} levels", at=at)
        elif mark in "}]":
            depth -= 1


def _refuse_half_pairs(text: str) -> None:
    for escape in _HALF_PAIR.finditer(text):
        if escape["half"]:
            raise Fault(
                "this escape is half a surrogate pair, which is no character", at=escape.start()
            )


def _no_number(text: str, name: str) -> Fault:
    at = next(at for mark, at, _ in _marks(text) if mark == name)
    return Fault(f"not valid JSON: {name} is no number", at=at)


def _name_given_twice(text: str) -> Fault:
    seen = set()
    for name_in_object, at in _names(text):  # noqa: B007 - there is such a name
        if name_in_object in seen:
            break
        seen.add(name_in_object)
    return Fault(f"{shown(name_in_object[1])} is given twice", at=at)


def _place_of_name(text: str, name: str | None) -> int:
    """Where a name of the outermost object stands; the start of the line if it is none."""
    return next((at for found, at in _names(text) if found == (0, name)), 0)


def _names(text: str) -> Iterator[tuple[tuple[int, str], int]]:
    """Yield the names of a JSON text, each with the number of its object (0 is the outermost one),
    and their places."""
    numbers = itertools.count()
    around: list[int] = []
    string = slice(0)
    for mark, start, end in _marks(text):
        if mark in "{[":
            around.append(next(numbers))
        elif mark in "}]":
            around.pop()
        elif mark == '"':
            string = slice(start, end)
        elif mark == ":":
            yield (around[-1], json.loads(text[string])), string.start


def _marks(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield brackets, colons and constants that stand outside strings, and whole strings as ``"``:
    each with its start and its end. The text need not be valid JSON."""
    start = -1
    for match in _MARK.finditer(text):
        mark = match.group()
        if mark == '"' and start < 0:
            start = match.start()
        elif mark == '"':
            yield mark, start, match.end()
            start = -1
        elif start < 0:
            yield mark, match.start(), match.end()
