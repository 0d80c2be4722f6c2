"""From the text of a front matter to its fields, straight from YAML's events.

A value stays the text that was written (``no`` is no False here and ``0123`` no 83). What YAML
can do beyond that - references, tags, merging - is refused, as is anything nested too deeply, on
the event stream: before anything is built.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qsearch.reading.explain import explain, no_colon, unknown_character
from qsearch.reading.faults import Fault, shown
from qsearch.reading.records import NULLS, Fields, Node, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_HALF_PAIR = re.compile("[\ud800-\udfff]")
_FIRST_LINE = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)  # neither blank nor a comment
_COMMENT = re.compile(r"[ \t]+#|(?<=[ \t])#")
_SOMETHING = re.compile(r"\S")


def parse_with_cuts(text: str, *, nesting: float) -> tuple[Fields, dict[str, int]]:
    """The fields of a front matter, given without the ``---`` lines around it, and where a comment
    sign ends one of them.

    Raises:
        Fault: it can't be read; ``at`` is the place of the cause in ``text``.
    """
    import yaml

    first = _FIRST_LINE.search(text)
    if first and first.group() == "%":
        # A directive. libyaml compares each %TAG with all earlier ones: many of them take seconds.
        raise Fault("a line of the front matter can't begin with %", at=first.start())
    try:
        builder = _Builder(text, nesting)
        return builder.fields(), builder.cuts
    except yaml.YAMLError as error:
        if _is_too_deep(error):
            raise _depth_fault(text, nesting, error) from None
        raise explain(error, text) from None
    except (ValueError, OverflowError):
        raise unknown_character(text) from None  # PyYAML's own parser passes on what chr() raises
    except RecursionError:
        raise Fault("the front matter is nested too deeply", at=0) from None


def _is_too_deep(error: Exception) -> bool:
    """Whether libyaml gave up at a depth of its own (of 1,000 levels, from PyYAML 6.0.4 on)."""
    return "nesting depth" in str(getattr(error, "problem", ""))


def _depth_fault(text: str, nesting: float, error: Any) -> Fault:
    """The fault of a text that is too deep for libyaml, too.

    To know whether brackets begin a name, libyaml reads on behind them and may give up before
    there is an event for the first of them. What stands before that place has its events.
    """
    import yaml

    at: int = max(error.problem_mark.index - 1, 0)
    try:
        _Builder(text[:at], nesting).fields()
    except Fault as fault:
        return fault
    except (yaml.YAMLError, RecursionError):
        pass  # it ends in the middle, or Python is not as deep either
    return Fault("nested deeper than YAML can be read here", at=at)


class _Builder:
    """Builds the fields of one text from its events."""

    def __init__(self, text: str, nesting: float) -> None:
        import yaml
        from yaml import events

        # Of a loader only the parser at its base is used; libyaml's is ten times as fast.
        loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        self._next: Callable[[], Any] = loader(text).get_event
        self._text = text
        self._nesting = nesting
        self.cuts: dict[str, int] = {}
        self._document = events.DocumentStartEvent
        self._scalar = events.ScalarEvent
        self._mapping = events.MappingStartEvent
        self._mapping_end = events.MappingEndEvent
        self._sequence_end = events.SequenceEndEvent
        self._alias = events.AliasEvent

    def fields(self) -> Fields:
        self._next()  # the start of the stream
        if type(self._next()) is not self._document:
            return {}  # nothing but comments
        value, at = self._node(self._next(), 1)
        if not isinstance(value, dict):
            # Without a colon in the first line, all up to the next one is a single text.
            raise no_colon(self._text, at)
        end: int = self._next().end_mark.index
        if rest := _SOMETHING.search(self._text, end):
            raise Fault(
                "this line doesn't belong to the front matter above it: check the indentation",
                at=rest.start(),
            )
        return value

    def _node(self, event: Any, depth: int) -> tuple[Value, int]:
        kind = type(event)
        at: int = event.start_mark.index
        if kind is self._alias or event.anchor is not None or event.tag is not None:
            raise Fault(f"a value that begins with {self._text[at]} must be in quotes", at=at)
        if kind is self._scalar:
            value: str = event.value
            if event.style:
                if event.style == '"' and _HALF_PAIR.search(value):
                    raise unknown_character(self._text, at)
                return value, at
            return None if value in NULLS else value, at
        if depth > self._nesting:
            raise Fault(f"nested deeper than {self._nesting} levels", at=at)
        if kind is self._mapping:
            return self._fields_of_block(depth), at
        items: list[Node] = []
        while type(event := self._next()) is not self._sequence_end:
            items.append(self._node(event, depth + 1))
        return items, at

    def _fields_of_block(self, depth: int) -> Fields:
        fields: Fields = {}
        while type(event := self._next()) is not self._mapping_end:
            at: int = event.start_mark.index
            if type(event) is not self._scalar or event.anchor is not None or event.tag is not None:
                raise Fault("a name must be plain text; a value that begins so, in quotes", at=at)
            name: str = event.value
            if name in fields:
                raise Fault(f"{shown(name)} is given twice", at=at)
            if name == "<<":
                raise Fault("<< merges nothing here: write the fields themselves", at=at)
            value = self._next()
            fields[name] = self._node(value, depth + 1)
            if depth == 1 and type(value) is self._scalar and not value.style:
                self._look_for_cut(name, value)
        return fields

    def _look_for_cut(self, name: str, value: Any) -> None:
        """Note where a comment sign ends a plain value."""
        if cut := _COMMENT.match(self._text, value.end_mark.index):
            self.cuts[name] = cut.end() - 1
