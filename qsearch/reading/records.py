"""A record: what a container gives, before anybody knows what its values mean.

Named values as they were written, each with its place, and what is no field: the text below a front
matter, the heading that a part of a file stands under. Containers make records, ``mapping`` says
which value feeds which field of an article.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Node = tuple["Value", "int | None"]
"""A value and its place, in characters from the start of the text; None if that isn't known."""

Value = str | bool | None | dict[str, Node] | list[Node]
"""What a field holds, None where nothing was written; a number is the text that was written."""

Fields = dict[str, Node]
"""Values by the names of their fields."""

Locate = Callable[["str | None", "int | None"], tuple[int, int]]
"""From the outermost name that holds a value, and its place in the text, to line and column."""

MISSING: Node = (None, None)

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""Plain texts that stand for nothing in YAML."""


def nowhere(_name: str | None, _at: int | None) -> tuple[int, int]:
    """Place every value at the start of the file."""
    return 1, 1


@dataclass(slots=True)
class Record:
    r"""Named values, and what is no field.

    Attributes:
        fields: the values by name.
        line: the line of the file where it starts, from 1.
        locate: says where in the file a value stands.
        escaped: a text without a line break may hold ``\n`` for one (YAML of the first format).
        clean: every text stood in UTF-8 as it is, so none of them holds half a surrogate pair.
        again: makes the record anew with the places of its values, which this one doesn't know: a
            wrong value is raised first. None if they are known.
        body: the text below the front matter, without blank lines around it.
        body_line: the line of the file where the body starts.
        unreadable: the place and the reason why a text below the front matter can't be read.
        number: of a record of several in its file, from 1; 0: the file itself is the article.
        heading: the heading that this part of a file stands under.
        anchor: what leads to this part of a file; None: it is no part.
        cuts: where a comment sign ends the value of a name though it may belong to it;
            None: nowhere.
        column: where in its line it starts, from 1.
        lone: the only object of a file that should hold an array of them: without question and
            answer it is no record.
        table: its names are the columns of a table, those of all its records.
        rest: it is what others leave of its file: without words of its own it is none.
        page: the body's headings can be what divides a file: it is Markdown.
    """

    fields: Fields
    line: int = 1
    locate: Locate = nowhere
    escaped: bool = False
    clean: bool = False
    again: Callable[[], Record] | None = None
    body: str = ""
    body_line: int = 1
    unreadable: tuple[int, int, str] | None = None
    number: int = 0
    heading: str = ""
    anchor: str | None = None
    cuts: Mapping[str, int] | None = None
    column: int = 1
    lone: bool = False
    table: bool = False
    rest: bool = False
    page: bool = False


def holds_something(value: Value) -> bool:
    """Whether a value is more than nothing, blanks or an empty list or block."""
    if isinstance(value, str):
        return bool(value) and not value.isspace()
    if isinstance(value, list):
        return any(holds_something(item) for item, _ in value)
    return value is not None and value != {}
