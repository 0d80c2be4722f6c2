"""Days as people and programs write them.

Only what can mean one day is read. ``05/06/2024`` is the fifth of June to some and the sixth of May
to others, so it is refused; ``25/12/2024`` is not.
"""

from __future__ import annotations

import datetime
import re

from qsearch.checks import shown

_TIME = r"""(?:[Tt]|,?[ \t]+) [0-9]{1,2}:[0-9]{2}(?: :[0-9]{2}(?:[.,][0-9]*)?)?
    (?:[ \t]*[AaPp]\.?[Mm]\.?)? [ \t]*
    (?:[Zz]|[A-Z]{2,4}|(?:GMT|UTC)?[+-][0-9]{1,2}(?: :?[0-9]{2})?)? (?:[ \t]*\([A-Z]{2,5}\))?"""


def _form(day: str) -> re.Pattern[str]:
    """A form of a day, with or without a time behind it."""
    return re.compile(rf"{day} (?:{_TIME})?", re.VERBOSE)


_ISO = _form(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})")
_YEAR_FIRST = _form(r"(?P<y>[0-9]{4})(?P<sign>[-/.])(?P<m>[0-9]{1,2})(?P=sign)(?P<d>[0-9]{1,2})")
_YEAR_LAST = _form(r"(?P<a>[0-9]{1,2})(?P<sign>[-/.])(?P<b>[0-9]{1,2})(?P=sign)(?P<y>[0-9]{4})")
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?[ \t]+)?"
_MONTH = "(?P<name>[A-Za-z]{3,9})"
_WORDS = tuple(
    re.compile(pattern, re.VERBOSE | re.IGNORECASE)
    for pattern in (
        rf"{_WEEKDAY} {_MONTH}\.?[ \t]+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[ \t]+(?P<y>[0-9]{{4}})"
        rf"(?:{_TIME})?",
        rf"{_WEEKDAY} (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?[ \t-]+{_MONTH}\.?,?[ \t-]+"
        rf"(?P<y>[0-9]{{4}}) (?:{_TIME})?",
        # As the C library writes it: Fri Jan  5 10:00:00 2024.
        rf"{_WEEKDAY} {_MONTH}[ \t]+(?P<d>[0-9]{{1,2}})[ \t]+[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}"
        r"[ \t]+(?P<y>[0-9]{4})",
    )
)
_MONTHS = """january february march april may june july august september october november
december""".split()
# Since 1973 and in this millennium's first three centuries: shorter numbers could be days.
_SECONDS = re.compile(r"(-?[0-9]{9,10})(?:\.[0-9]*)?")
_MILLISECONDS = re.compile(r"[0-9]{12,13}")


def day_of(text: str) -> datetime.date:
    """Return the day that a text means: ``2024-01-05``, also with a time, ``2024/1/5``,
    ``January 5, 2024``, ``5 Jan 2024``, ``Fri, 05 Jan 2024 10:00:00 +0000``, or seconds since 1970.

    The day is the one that is written, whatever the time zone; of seconds it is that of UTC.

    Raises:
        ValueError: it means no day, or may mean several; the text says why.
    """
    text = text.strip()
    if match := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return _day(text, match["y"], match["m"], match["d"])
    if match := _YEAR_LAST.fullmatch(text):
        first, second = int(match["a"]), int(match["b"])
        if first != second and 1 <= first <= 12 and 1 <= second <= 12:
            raise ValueError(f"{shown(text)} may be two days: write it like 2025-01-31")
        day, month = (first, second) if second <= 12 else (second, first)
        return _day(text, match["y"], month, day)
    for pattern in _WORDS:
        if (match := pattern.fullmatch(text)) and (month := _month(match["name"])):
            return _day(text, match["y"], month, match["d"])
    if match := _SECONDS.fullmatch(text):
        return _since_1970(int(match[1]))
    if _MILLISECONDS.fullmatch(text):
        return _since_1970(int(text) // 1000)
    raise ValueError(f"must be written like 2025-01-31, not {shown(text)}")


def _month(name: str) -> int:
    """The number of a month by its English name, short or whole; 0 if it is none."""
    name = name.lower()
    for number, month in enumerate(_MONTHS, start=1):
        if name in (month, month[:3]) or (name == "sept" and number == 9):
            return number
    return 0


def _since_1970(seconds: int) -> datetime.date:
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)).date()


def _day(text: str, year: str, month: str | int, day: str | int) -> datetime.date:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"{shown(text)} is no day of the calendar") from None
