"""From the text of a TOML front matter to its fields."""

from __future__ import annotations

import datetime
import re
import sys
from typing import Any

from qsearch.reading.faults import Fault
from qsearch.reading.records import Fields, Value

_PLACE = re.compile(r" ?\(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")
_BRACKET = re.compile(r"[\[\]{}]")
# The parser takes time by the square of the parts of a name, and recursion for each bracket.
_MOST_DOTS = 2_000
_DEEPEST = 100


def parse_toml(text: str, *, nesting: float) -> Fields:
    """The fields of a front matter, given without the ``+++`` lines around it.

    Raises:
        Fault: it can't be read; ``at`` is the place of the cause in ``text``, where there is one.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    _check_cost(text, nesting)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _fault(str(error), text) from None
    except RecursionError:
        raise Fault("the front matter is nested too deeply", at=0) from None
    except ValueError:  # a number of thousands of digits, a day that the calendar doesn't have
        raise Fault("a number or a date here is none", at=0) from None
    value = _value(found, nesting)
    assert isinstance(value, dict), "TOML is a table"
    return value


def _check_cost(text: str, nesting: float) -> None:
    at = 0
    for line in text.split("\n"):
        if line.count(".") > _MOST_DOTS:
            raise Fault("a name has too many parts", at=at)
        at += len(line) + 1
    depth = 0
    for bracket in _BRACKET.finditer(text):  # those in texts count, too: they come in pairs
        depth = depth + 1 if bracket.group() in "[{" else max(depth - 1, 0)
        if depth > _DEEPEST + min(nesting, _DEEPEST):
            raise Fault(f"nested deeper than {nesting} levels", at=bracket.start())


def _fault(message: str, text: str) -> Fault:
    place = _PLACE.search(message)
    reason = _PLACE.sub("", message)
    at = len(text)
    if place and place[1]:
        lines = text.split("\n")
        at = sum(len(line) + 1 for line in lines[: int(place[1]) - 1]) + int(place[2]) - 1
    return Fault(f"not valid TOML: {reason[:1].lower()}{reason[1:]}", at=min(at, len(text)))


def _value(value: Any, left: float) -> Value:
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (dict, list)) and left < 1:
        raise Fault("the front matter is nested too deeply", at=0)
    if isinstance(value, dict):
        return {name: (_value(item, left - 1), None) for name, item in value.items()}
    if isinstance(value, list):
        return [(_value(item, left - 1), None) for item in value]
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"
