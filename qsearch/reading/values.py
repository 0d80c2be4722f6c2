"""What a value means where a date, a number, keywords or links are wanted.

Each function raises Fault if the value is of another kind; whether that costs the article or only
the field is not decided here.
"""

from __future__ import annotations

import datetime
import math
import re

from qsearch.article import RelatedArticle, link_of
from qsearch.reading.faults import Fault
from qsearch.reading.mapping import kind_of
from qsearch.reading.records import MISSING, Fields, Node, Value

_LINK_PARTS = ("url", "id", "title", "subject")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_DAY_LENGTH = len("2025-01-31")
_YES_AND_NO = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


def wrong(label: str, what: str, at: int | None) -> Fault:
    """The fault of a value that is of the wrong kind for its name."""
    return Fault(f"{label} {what}", at=at, field=label.partition(".")[0])


def text(node: Node, label: str) -> str:
    """One text."""
    value, at = node
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and len(value) == 1:
        return text(value[0], label)
    raise wrong(label, f"must be text, not {kind_of(value)}", at)


def texts(node: Node, label: str) -> tuple[str, ...]:
    """One text or several, blank ones left out."""
    value, _ = node
    several = value if isinstance(value, list) else [node]
    found = (text(item, label).strip() for item in several)
    return tuple(dict.fromkeys(filter(None, found)))


def paragraphs(node: Node, label: str) -> str:
    """A text, or several one below the other."""
    value, _ = node
    if not isinstance(value, list):
        return text(node, label)
    return "\n\n".join(filter(None, (text(item, label).strip() for item in value)))


def keywords(node: Node, label: str) -> str | tuple[str, ...]:
    """A text with commas, or several phrases."""
    value, _ = node
    if isinstance(value, list):
        return tuple(text(item, label) for item in value)
    return text(node, label) or ()


def iso_day(written: str) -> datetime.date | None:
    """The day of a text such as 2025-01-31; None for any other text."""
    if len(written) == _DAY_LENGTH and written[4] == written[7] == "-":
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            pass  # which day_of explains
    return None


def date(node: Node, label: str) -> datetime.date | None:
    """A day."""
    written = text(node, label).strip()
    if not written:
        return None
    if day := iso_day(written):
        return day
    from qsearch.dates import day_of  # what few files need

    try:
        return day_of(written)
    except ValueError as error:
        reason = str(error)
        raise wrong(label, reason, node[1]) from None


def rating(node: Node, label: str) -> float | None:
    """A finite number."""
    value, at = node
    written = text(node, label).strip()
    if not written:
        return None
    if _NUMBER.fullmatch(written) and math.isfinite(number := float(written)):
        return number
    raise wrong(label, f"must be a number, not {kind_of(value)}", at)


def flag(node: Node, label: str) -> bool:
    """Yes or no; nothing is no."""
    value, at = node
    if value is None or isinstance(value, bool):
        return value or False
    answer = _YES_AND_NO.get(value.strip().lower()) if isinstance(value, str) else None
    if answer is None:
        raise wrong(label, f"must be true or false, not {kind_of(value)}", at)
    return answer


def related(node: Node, label: str, *, clean: bool) -> tuple[RelatedArticle, ...]:
    """A list of ids and blocks with a url or an id."""
    value, at = node
    if value is None:
        return ()
    if not isinstance(value, list):
        raise wrong(label, f"must be a list, not {kind_of(value)}", at)
    links = [link(label, item, clean=clean) for item in value]
    return tuple(found for found in links if found is not None)


def link(label: str, node: Node, *, clean: bool) -> RelatedArticle | None:
    """An id or a block with a url or an id; None where nothing is written."""
    value, at = node
    if value is None or isinstance(value, str):
        return RelatedArticle(id=value) if value and value.strip() else None
    if not isinstance(value, dict):
        raise wrong(label, f"must be an id or a block of fields, not {kind_of(value)}", at)
    url, id_, title, subject = [
        found.strip()
        if type(found := value.get(part, MISSING)[0]) is str
        else _part(value, part, label)
        for part in _LINK_PARTS
    ]
    if url or id_:
        if clean:
            return link_of((url or None, id_ or None, title, subject))
        return RelatedArticle(url=url or None, id=id_ or None, title=title, subject=subject)
    if title or subject:
        raise wrong(label, "needs a url or an id", at)
    return None


def _part(fields: Fields, name: str, label: str) -> str:
    value: Value
    value, at = fields.get(name, MISSING)
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    raise Fault(
        f"{label}.{name} must be text, not {kind_of(value)}",
        at=at,
        field=label,
    )
