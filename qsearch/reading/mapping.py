"""Which names feed which field of an article: the one table, and what a user says beside it.

Names are compared without case. Of the names of a field the first that holds something counts. The
table stands in the docs, too; a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from qsearch.errors import ArgumentError
from qsearch.reading.faults import Fault, shown
from qsearch.reading.keys import FieldNames
from qsearch.reading.records import MISSING, Fields, Node, Value, holds_something

NAMES: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "permalink", "link"),
    "id": ("id", "_id", "uid", "question_id"),
    "title": ("title", "article_title", "name"),
    "question": ("question", "prompt"),
    "answer": ("answer", "text", "body", "content", "context", "completion"),
    "keywords": ("keywords", "seo.page_keywords"),
    "subject": ("subject", "category", "categories", "section"),
    "date": ("date", "published", "created", "created_at", "lastmod"),
    "description": ("description", "seo.page_description"),
    "rating": ("score",),
    "related": ("related",),
    "no_index": ("no_index",),
}
"""The names that feed each field, in order of preference; a dot leads into a block of fields.

What else feeds a field: ``tags`` and ``aliases`` are added to the keywords, ``related_article1``
and so on stand in for ``related``, ``slug`` names the last part of a path key.
"""

ADDED_KEYWORDS = ("tags", "aliases")
SLUG = "slug"
SHARED_FIELDS = ("url", "keywords", "subject", "date", "rating", "no_index")
"""What a part has of its file, whose key begins its own: what holds for all of it."""

PAIRS = ("faqs", "faq")
"""Names of a list of questions and answers, each of which is an article."""

_STATES = ("draft", "published")
_RELATED = re.compile(r"related_article([0-9]+)", re.IGNORECASE)
_PSEUDO = re.compile(r"body|path|heading|folder:[1-9][0-9]{0,2}", re.IGNORECASE)
_KNOWN_SHAPES = 1_000
_LONGEST_SHAPE = 100


def field_names(fields: Mapping[str, str | Sequence[str]] | None) -> FieldNames | None:
    """What a caller gives as ``fields``, checked: names by field, in a fixed order.

    Raises:
        ArgumentError: a field is none, or a name is no text.
    """
    if fields is None:
        return None
    if not isinstance(fields, Mapping):
        raise ArgumentError(f"fields must map fields to names, not {type(fields).__name__}")
    checked: dict[str, tuple[str, ...]] = {}
    for field, names in fields.items():
        if field not in NAMES:
            known = ", ".join(NAMES)
            raise ArgumentError(f"{field!r} is no field of an article: choose one of {known}")
        several = (names,) if isinstance(names, str) else tuple(names or ())
        for name in several:
            if not isinstance(name, str) or not name.strip():
                raise ArgumentError(f"the name that feeds {field} must be text, not {name!r}")
        if several:
            checked[field] = tuple(name.strip() for name in several)
    return tuple((field, checked[field]) for field in NAMES if field in checked)


def is_known(name: str) -> bool:
    """Whether a field of this name means something to an article."""
    return name.lower() in _TOPS or _RELATED.fullmatch(name) is not None


class Choice(NamedTuple):
    """A way to a value of a record.

    Attributes:
        label: the name as the table or the user has it.
        name: the outermost name as the record has it; empty for what is no field.
        inside: the names below it, in small letters.
    """

    label: str
    name: str
    inside: tuple[str, ...] = ()


@dataclass(slots=True)
class Shape:
    """What records with the same names have in common.

    Attributes:
        choices: for each field the ways to a value that these names offer, best first.
        first: for each field the name of the best value, and its name in that block, or an empty
            text; left out where the way is longer or leads to no field.
        added: the names that add keywords.
        related: the names of numbered links, in the order of their numbers.
        slug, draft, published: the name as the record has it, or an empty text.
        unread: names that feed nothing.
        unread_key: those, one a line.
        mapped: the user's names that are there.
        pairs: whether there is a name of a list of questions and answers.
        rivals: for each field that several names offer, the ways to their values.
    """

    choices: dict[str, tuple[Choice, ...]]
    first: dict[str, tuple[str, str]]
    added: tuple[str, ...]
    related: tuple[str, ...]
    slug: str
    draft: str
    published: str
    unread: tuple[str, ...]
    unread_key: str
    mapped: tuple[str, ...]
    pairs: bool
    rivals: tuple[tuple[Choice, ...], ...]


class FieldMap:
    """The table with a user's names before it; made by ``field_map``."""

    def __init__(self, fields: FieldNames) -> None:
        self._own = dict(fields)
        self._shapes: dict[tuple[str, ...], Shape] = {}
        self.shared = frozenset(
            name.partition(".")[0].lower()
            for field, names in fields
            if field in SHARED_FIELDS
            for name in names
        )
        """The user's names, in small letters, for what all parts of a file have in common."""

    def shape(self, fields: Fields) -> Shape:
        """What is to be known of a record with these names."""
        names = tuple(fields)
        found = self._shapes.get(names)
        if found is None:
            found = self._made(names)
            if len(self._shapes) >= _KNOWN_SHAPES:
                self._shapes.clear()
            if len(names) <= _LONGEST_SHAPE:
                self._shapes[names] = found
        return found

    def reads(self, names: Iterable[str]) -> bool:
        """Whether any of some names can feed a text of an article."""
        shape = self._made(tuple(names))
        return any(
            choice.name
            for field in ("title", "question", "answer")
            for choice in shape.choices.get(field, ())
        )

    def field_of(self, name: str) -> str:
        """The field that an outermost name can feed; empty if it feeds none."""
        shape = self._made((name,))
        for field, choices in shape.choices.items():
            if any(choice.name for choice in choices):
                return field
        if shape.added or name.lower() in ADDED_KEYWORDS:
            return "keywords"
        if shape.related:
            return "related"
        return "" if shape.unread else name.lower()

    def _made(self, names: tuple[str, ...]) -> Shape:
        by_lower: dict[str, str] = {}
        for name in names:
            by_lower.setdefault(name.strip().lower(), name)
        read: set[str] = set()
        mapped: list[str] = []
        choices: dict[str, tuple[Choice, ...]] = {}
        for field, table in NAMES.items():
            found: list[Choice] = []
            own = self._own.get(field, ())
            for label in own:
                ways = _choices(label, by_lower) or _no_field(label)
                mapped += [label] * len(ways)
                found += ways
            for label in table:
                if label not in own:
                    found += _choices(label, by_lower)
            read.update(choice.name for choice in found)
            choices[field] = tuple(found)
        added = tuple(by_lower[name] for name in ADDED_KEYWORDS if name in by_lower)
        related = sorted(filter(_RELATED.fullmatch, names), key=_by_number)
        slug, draft, published = (by_lower.get(name, "") for name in (SLUG, *_STATES))
        read.update(added, related, (slug, draft, published))
        read.update(by_lower[name] for name in PAIRS if name in by_lower)
        unread = tuple(name for name in names if name not in read)
        best_choices = ((field, found[0]) for field, found in choices.items() if found)
        return Shape(
            {field: found for field, found in choices.items() if found},
            {
                field: (best.name, "".join(best.inside))
                for field, best in best_choices
                if best.name and (not best.inside or (len(best.inside) == 1 and best.inside[0]))
            },
            added,
            tuple(related),
            slug,
            draft,
            published,
            unread,
            "\n".join(name.replace("\n", " ") for name in unread),
            tuple(dict.fromkeys(mapped)),
            any(name in by_lower for name in PAIRS),
            _rivals(choices, published),
        )


def _rivals(
    choices: Mapping[str, Sequence[Choice]], published: str
) -> tuple[tuple[Choice, ...], ...]:
    """The ways to values of which only one counts, where there are several."""
    several = (
        tuple(one for one in found if one.name and one.name != published)
        for field, found in choices.items()
        if field != "url"
    )
    return tuple(found for found in several if any(not one.inside for one in found[1:]))


def _choices(label: str, by_lower: Mapping[str, str]) -> list[Choice]:
    """The way to a value by its name; a name with a dot may be one name or lead into a block."""
    lower = label.lower()
    if lower in by_lower:
        return [Choice(label, by_lower[lower])]
    top, *inside = lower.split(".")
    return [Choice(label, by_lower[top], tuple(inside))] if inside and top in by_lower else []


def _no_field(label: str) -> list[Choice]:
    """The way to what is no field: the body, the path, the heading, a folder."""
    lower = label.lower()
    return [Choice(lower, "")] if _PSEUDO.fullmatch(lower) else []


@lru_cache(maxsize=64)
def field_map(fields: FieldNames) -> FieldMap:
    """The table with some names before it."""
    return FieldMap(fields)


def value_of(fields: Fields, choice: Choice) -> Node:
    """The value that a choice leads to, in a record that has its outermost name.

    Raises:
        Fault: what should hold other fields is none that could.
    """
    node = fields[choice.name]
    return _inside(node, choice.inside, choice) if choice.inside else node


def _inside(node: Node, names: tuple[str, ...], choice: Choice) -> Node:
    value, at = node
    if not names or value is None:
        return node
    if isinstance(value, dict):
        name = names[0]
        found = value.get(name) or next(
            (inner for key, inner in value.items() if key.lower() == name), MISSING
        )
        return _inside(found, names[1:], choice)
    if isinstance(value, list):
        inner = [_inside(item, names, choice) for item in value]
        return [item for item in inner if holds_something(item[0])], at
    if value == "":
        return MISSING
    raise Fault(f"{choice.name} must be a block of fields, not {kind_of(value)}", at=at)


def kind_of(value: Value) -> str:
    """A value as a reason names it."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "a list" if isinstance(value, list) else "a block of fields"


def _by_number(name: str) -> tuple[int, str]:
    digits = name.lower().lstrip("_abcdefghijklmnopqrstuvwxyz0")
    return len(digits), digits  # the order of the numbers, of any length


_TOPS = frozenset(
    name.partition(".")[0]
    for name in (*(n for names in NAMES.values() for n in names), *ADDED_KEYWORDS, SLUG, *PAIRS)
) | frozenset(_STATES)
