"""JSON that isn't trusted: depth and names checked, values with their places.

A number stays the text that was written, as in a front matter: an id is text everywhere.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from qsearch.reading.faults import Fault, shown
from qsearch.reading.records import Fields, Value

_MARK = re.compile(r"""\\.|["{}\[\]:]|NaN|-?Infinity""", re.DOTALL)
_HALF_PAIR = re.compile(
    r"""\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}
           |(?P<half>u[dD][89a-fA-F])
           |.)""",
    re.DOTALL | re.VERBOSE,
)


def value_of_json(text: str, nesting: float) -> Value:
    """The value that is all of a text.

    Raises:
        Fault: it is no valid JSON, nested deeper than ``nesting``, or ambiguous.
    """
    check_depth(text, nesting)
    start = len(text) - len(text.lstrip(" \t\n\r"))
    value, end = value_at(text, start)
    rest = text[end:].lstrip(" \t\n\r")
    if rest:
        raise Fault("not valid JSON: extra data", at=len(text) - len(rest))
    return value


def value_at(text: str, start: int) -> tuple[Value, int]:
    """The value that begins at a place of a text, whose depth was checked, and its end.

    Raises:
        Fault: it is no valid JSON.
        Ambiguous: it is, but can't be used.
    """
    try:
        found, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        what = re.sub("( starting)? at$", "", error.msg)
        raise Fault(f"not valid JSON: {what[0].lower()}{what[1:]}", at=error.pos) from None
    except _NotANumber as error:
        end = _end_of_value(text, start)
        raise Ambiguous(_no_number(text[start:end], str(error)), start, end) from None
    except _NameGivenTwice:
        end = _end_of_value(text, start)
        raise Ambiguous(_name_given_twice(text[start:end]), start, end) from None
    except RecursionError:
        raise Fault("nested too deeply", at=start) from None
    if "\\ud" in text or "\\uD" in text:
        half = _half_pair(text[start:end])
        if half is not None:
            raise Ambiguous(half, start, end)
    return _value(found), end


class Ambiguous(Fault):
    """A value that is valid JSON, but not one that can be used.

    Attributes:
        end: where it ends.
    """

    def __init__(self, fault: Fault, start: int, end: int) -> None:
        super().__init__(fault.reason, at=start + (fault.at or 0))
        self.end = end


def _end_of_value(text: str, start: int) -> int:
    """Where an object or an array that begins at ``start`` ends; the end of the text if nowhere."""
    depth = 0
    for mark, _, end in marks(text, start):
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth <= 0:
                return end
    return len(text)


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


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_constant
)


def check_depth(text: str, nesting: float) -> None:
    """Raise Fault where a text that need not be valid JSON nests deeper than that."""
    if text.count("{") + text.count("[") <= nesting:
        return
    depth = 0
    for mark, at, _ in marks(text):
        if mark in "{[":
            depth += 1
            if depth > nesting:
                raise Fault(f"nested deeper than {nesting} levels", at=at)
        elif mark in "}]":
            depth -= 1


def _half_pair(text: str) -> Fault | None:
    for escape in _HALF_PAIR.finditer(text):
        if escape["half"]:
            reason = "this escape is half a surrogate pair, which is no character"
            return Fault(reason, at=escape.start())
    return None


def _no_number(text: str, name: str) -> Fault:
    at = next(at for mark, at, _ in marks(text) if mark == name)
    return Fault(f"not valid JSON: {name} is no number", at=at)


def _name_given_twice(text: str) -> Fault:
    seen = set()
    for name_in_object, at in _names(text):  # noqa: B007 - there is such a name
        if name_in_object in seen:
            break
        seen.add(name_in_object)
    return Fault(f"{shown(name_in_object[1])} is given twice", at=at)


def place_of_name(text: str, name: str | None) -> int:
    """Where a name of the outermost object stands; the start of the text if it is none."""
    return next((at for found, at in _names(text) if found == (0, name)), 0)


def _names(text: str) -> Iterator[tuple[tuple[int, str], int]]:
    """Yield the names of a JSON text, each with the number of its object (0 is the outermost one),
    and their places."""
    numbers = itertools.count()
    around: list[int] = []
    string = slice(0)
    for mark, start, end in marks(text):
        if mark in "{[":
            around.append(next(numbers))
        elif mark in "}]":
            around.pop()
        elif mark == '"':
            string = slice(start, end)
        elif mark == ":":
            yield (around[-1], json.loads(text[string])), string.start


def marks(text: str, start: int = 0) -> Iterator[tuple[str, int, int]]:
    """Yield brackets, colons and constants that stand outside strings, and whole strings as ``"``:
    each with its start and its end. The text need not be valid JSON."""
    opened = -1
    for match in _MARK.finditer(text, start):
        mark = match.group()
        if mark == '"' and opened < 0:
            opened = match.start()
        elif mark == '"':
            yield mark, opened, match.end()
            opened = -1
        elif opened < 0:
            yield mark, match.start(), match.end()
