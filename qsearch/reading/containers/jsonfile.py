"""JSON: an array of records, an object that holds one array of them, or a single record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.faults import Fault, line_and_column
from qsearch.reading.jsontext import (
    Ambiguous,
    check_depth,
    marks,
    place_of_name,
    value_at,
    value_of_json,
)
from qsearch.reading.lines import BOM, UTF_16, not_utf8
from qsearch.reading.mapping import NAMES
from qsearch.reading.records import Locate, Record

_UTF_16 = (*UTF_16, b"{\0", b"\0{", b"[\0", b"\0[")
_SPACE = re.compile(r"[ \t\n\r]*")
_LEVELS = 4
"""How deeply an array of records may lie in an object."""


class _Array(NamedTuple):
    """An array that holds objects: its path of names, its depth, and its first bracket."""

    name: str
    depth: int
    start: int


def records(data: bytes, path: str, limits: Limits) -> Iterator[Record | ArticleError]:
    """Yield the records of a JSON file, or what is wrong with each, in the order of the file.

    Arguments:
        data: the bytes of the file.
        path: its absolute path, for errors.
        limits: ``nesting`` applies.
    """
    if data.startswith(_UTF_16):
        reason = "the file is UTF-16 text: save it as UTF-8"
        yield ArticleError(reason, path=path, line=1, column=1)
        return
    try:
        text = data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        yield not_utf8(error, path, 1)
        return
    if not text.strip():
        yield ArticleError("the file is empty", path=path, line=1, column=1)
        return
    lines = _Places(text)
    try:
        yield from _records(text, path, limits, lines)
    except Fault as fault:
        line, column = lines.of(fault.at or 0)
        yield ArticleError(fault.reason, path=path, line=line, column=column)


class _Places:
    """Finds line and column of places that come in their order, without counting anew."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1

    def of(self, at: int) -> tuple[int, int]:
        if at < self._at:
            return line_and_column(self._text, at)
        self._line += self._text.count("\n", self._at, at)
        self._at = at
        return self._line, at - self._text.rfind("\n", 0, at)


def _records(
    text: str, path: str, limits: Limits, places: _Places
) -> Iterator[Record | ArticleError]:
    check_depth(text, limits.nesting)
    array = _array_of(text)
    if array is None:
        start = len(text) - len(text.lstrip())
        value = value_of_json(text, limits.nesting)
        fields = value if isinstance(value, dict) else {}
        line, column = places.of(start)
        locate = _locate(text, 0, text)
        yield Record(fields, line=line, column=column, locate=locate, number=1, lone=True)
        return
    yield from _elements(text, array.start, path, places)


def _elements(text: str, start: int, path: str, places: _Places) -> Iterator[Record | ArticleError]:
    """The records of the array that opens at ``start``.

    Raises:
        Fault: it can't be read further from there.
    """
    at = _SPACE.match(text, start + 1).end()  # type: ignore[union-attr]
    number = 0
    while not text.startswith("]", at):
        number += 1
        line, column = places.of(at)
        try:
            value, end = value_at(text, at)
            if isinstance(value, dict):
                locate = _locate(text, at, text[at:end])
                yield Record(value, line=line, column=column, locate=locate, number=number)
            else:
                reason = "a record must be an object: {...}"
                yield ArticleError(reason, path=path, line=line, column=column)
        except Ambiguous as fault:
            end = fault.end
            line, column = line_and_column(text, fault.at or 0)
            yield ArticleError(fault.reason, path=path, line=line, column=column)
        at = _SPACE.match(text, end).end()  # type: ignore[union-attr]
        if text.startswith(",", at):
            at = _SPACE.match(text, at + 1).end()  # type: ignore[union-attr]
            if text.startswith("]", at):
                raise Fault("not valid JSON: expecting value", at=at)
        elif not text.startswith("]", at):
            raise Fault("not valid JSON: expecting ',' delimiter", at=at)
    around = f"{text[:start]}[{' ' * (at - start - 1)}]{text[at + 1 :]}"
    value_of_json(around, _LEVELS * 10)  # what stands around the records, at its places


def _locate(text: str, start: int, element: str) -> Locate:
    def locate(name: str | None, at: int | None) -> tuple[int, int]:
        place = place_of_name(element, name) if at is None else at
        return line_and_column(text, start + place)

    return locate


def _array_of(text: str) -> _Array | None:
    """The array of records in a text: the outermost one that holds objects, of several the one
    with questions and answers; None if there is none, or it can't be told.
    """
    found: list[_Array] = []
    around: list[tuple[str, int, str]] = []  # the bracket, its place, the name of what it opens
    name = string = ""
    for mark, start, end in marks(text):
        if mark == '"':
            string = text[start + 1 : end - 1]
        elif mark == ":":
            name = string
        elif mark in "{[":
            if mark == "{" and around and around[-1][0] == "[":
                _, place, label = around[-1]
                arrays = sum(bracket == "[" for bracket, _, _ in around)
                if (
                    arrays == 1
                    and len(around) <= _LEVELS
                    and all(array.start != place for array in found)
                ):
                    found.append(_Array(label, len(around), place))
                    if len(around) == 1:
                        return found[0]
            around.append((mark, start, name))
            name = ""
        elif mark in "}]" and around:
            around.pop()
    outermost = min((array.depth for array in found), default=0)
    best = [array for array in found if array.depth == outermost]
    if len(best) > 1:
        best = [array for array in best if _is_asked(text, array)]
    return best[0] if len(best) == 1 else None


def _is_asked(text: str, array: _Array) -> bool:
    """Whether the first object of an array has a name for a question or an answer."""
    try:
        value, _ = value_at(text, text.index("{", array.start))
    except Fault:
        return False
    names = {name.lower() for name in value} if isinstance(value, dict) else set()
    return not names.isdisjoint((*NAMES["question"], *NAMES["answer"]))
