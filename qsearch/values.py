"""What a value of an article may be given as: by hand, or as a row of a database holds it.

Each function returns the value as an article has it, or raises an ArgumentError that names the
field, what is accepted and what came.
"""

from __future__ import annotations

import datetime
import math
import operator
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Union

from qsearch.checks import shown
from qsearch.errors import ArgumentError

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T][0-9]{2}:[0-9]{2}:[0-9]{2})?")

IdLike = Union[str, int, "UUID", "Decimal"]
"""What an id may be given as."""

DateLike = datetime.date | str | float
"""What a day may be given as: a ``date``, a ``datetime`` (its day), a text, seconds since 1970."""


def text(name: str, value: object) -> str:
    """Return a text; None is an empty one."""
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()  # such a text could not be stored
            except UnicodeEncodeError:
                reason = f"{name} holds half a surrogate pair, which is no character"
                raise ArgumentError(reason) from None
        return value
    if value is None:
        return ""
    raise ArgumentError(f"{name} must be text, not {type(value).__name__}")


def text_or_none(name: str, value: object) -> str | None:
    """Return a text without the blanks around it; None if nothing is left."""
    return text(name, value).strip() or None


def identity(name: str, value: object) -> str | None:
    """Return an id as text: of a text, a whole number (``Decimal`` among them) or a UUID."""
    if value.__class__ is int:  # the commonest, sooner than by the rules below
        value = str(value) if -(10**18) < value < 10**18 else value
    if value is None or isinstance(value, str):
        return text_or_none(name, value)
    if not isinstance(value, bool):
        if _is_a(value, "uuid", "UUID"):
            return str(value)
        if _is_a(value, "decimal", "Decimal") and value == value.to_integral_value():  # type: ignore[attr-defined]  # a Decimal, which nobody has imported here
            value = int(value)  # type: ignore[call-overload]
        if hasattr(value, "__index__"):  # whole numbers of NumPy among them
            try:
                return str(operator.index(value))
            except ValueError:
                pass  # thousands of digits
    raise ArgumentError(f"{name} must be text or a whole number, not {shown(value)}")


def key_id(value: object) -> str:
    """Return the id that a key means which is no text, and so no url."""
    found = None if isinstance(value, str) else identity("a key", value)
    if found is None:
        raise ArgumentError(
            f"a key must be a url, or an id as a number or a UUID, not {shown(value)}"
        )
    return found


def keywords(value: object) -> tuple[str, ...]:
    """Return keywords of a list of texts, or of one text with commas between them."""
    if value is None or (isinstance(value, (tuple, list)) and not value):
        return ()
    if isinstance(value, str):
        return keywords_of(text("a keyword", value))
    if isinstance(value, Iterable) and not isinstance(value, (bytes, Mapping)):
        parts = [" ".join(text("a keyword", part).split()) for part in value]
        return tuple(dict.fromkeys(filter(None, parts)))
    raise ArgumentError(f"keywords must be texts, not {type(value).__name__}")


def keywords_of(joined: str) -> tuple[str, ...]:
    """Return the keywords of a comma-separated text."""
    parts = map(str.strip, " ".join(joined.split()).split(","))
    return tuple(dict.fromkeys(filter(None, parts)))


class Subjects(tuple[str, ...]):
    """The subjects of an article, as it holds them.

    ``dataclasses.replace`` hands them on beside a ``subject`` that it was given or not. So these
    give way to another ``subject``, where others that a caller gives must agree with it.
    """

    __slots__ = ()


def subject_key(subject: str) -> str:
    """Return what subjects that differ only in case or spaces share; "" for a blank one."""
    return " ".join(subject.casefold().split())


def subjects(subject: object, several: object = ()) -> Subjects:
    """Return the subjects of an article, each once, without blank ones.

    Arguments:
        subject: one or several; None if it was not given.
        several: the same, of which ``subject`` is the first if both are given.
    """
    if (
        isinstance(several, tuple) and not several and (subject is None or isinstance(subject, str))
    ):  # nearly always
        return Subjects(_subjects("subject", subject))
    given, others = _subjects("subject", subject), _subjects("subjects", several)
    is_first = subject is None or (isinstance(subject, str) and given == others[:1])
    if isinstance(several, Subjects):
        return several if is_first else Subjects(given)
    if given and others and not is_first and given != others:
        raise ArgumentError(
            f"subject {shown(subject)} is not the first of subjects {shown(several)}: "
            "give only one of the two"
        )
    return Subjects(others or given)


def _subjects(name: str, value: object) -> tuple[str, ...]:
    if value is None or isinstance(value, str):
        single = text(name, value)
        return () if not single or single.isspace() else (single,)
    if not isinstance(value, Iterable) or isinstance(value, (bytes, Mapping)):
        raise ArgumentError(f"{name} must be text or several texts, not {type(value).__name__}")
    by_key: dict[str, str] = {}
    for item in value:
        by_key.setdefault(subject_key(text("a subject", item)), item)
    by_key.pop("", None)
    return tuple(by_key.values())


def day(name: str, value: object) -> datetime.date | None:
    """Return the day that a ``date``, a ``datetime``, a text as in files (``dates``), seconds since
    1970 or None mean.
    """
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str) and (written := _DAY.fullmatch(value)):  # as databases write it
        try:
            return datetime.date.fromisoformat(written[1])
        except ValueError:
            pass  # which is explained below
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        from qsearch.dates import day_of  # which has many patterns

        try:
            return day_of(value if isinstance(value, str) else str(value))
        except ValueError as error:
            raise ArgumentError(f"{name} {error}") from None
    raise ArgumentError(f"{name} must be a date or a text such as 2025-01-31, not {shown(value)}")


def rating(value: object) -> float | None:
    """Return a finite number, None for None."""
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) or _is_a(value, "decimal", "Decimal")
    if is_number and not isinstance(value, bool):
        try:
            found = float(value)  # type: ignore[arg-type]
        except (OverflowError, ValueError):
            found = math.inf
        if math.isfinite(found):
            return found
    raise ArgumentError(f"rating must be a finite number, not {shown(value)}")


def flag(name: str, value: object) -> bool:
    """Return True or False; None, 0 and 1, as databases hold them, are accepted."""
    if value is None or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise ArgumentError(f"{name} must be True or False, not {shown(value)}")


def line(value: object) -> int | None:
    """Return the number of a line, from 1, or None."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise ArgumentError(f"line must be a whole number from 1, not {shown(value)}")


def _is_a(value: object, module: str, name: str) -> bool:
    """Whether a value is of a class of a module that nothing here imports: who has a value of it
    has imported it.
    """
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, getattr(loaded, name))
