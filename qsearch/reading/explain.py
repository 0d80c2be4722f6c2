"""From a YAML error to a reason that a writer of articles understands, and the place of the cause.

PyYAML names what its grammar expected; writers never see that grammar, they miss a colon, leave out
quotes or indent by one space too few. What stands at the place tells these apart. The rules know
the words of both of PyYAML's parsers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qsearch.reading.faults import Fault, code_point, shown
from qsearch.reading.mapping import is_known

if TYPE_CHECKING:
    import yaml

_QUOTE = "put the whole value in quotes or in a >- block"

# What YAML calls not printable (https://yaml.org/spec/1.1/#c-printable).
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_CHARACTER = re.compile(r"\\(?:U(?!000|0010)|[uU]0*[dD][89a-fA-F])")

_NAME_AND_BLOCK = re.compile(r"(\w[\w.-]*)(?=[ \t]+[>|][-+0-9]*[ \t]*(?:\r?\n|\Z))")
_NAME_AND_TEXT = re.compile(r"(\w[\w.-]*)(?=[ \t])")
_QUOTED_VALUE = re.compile(r"""[ \t]*(?:-[ \t]+)?(?:[\w.-]+:[ \t]+)?["']""")
_NAME_AND_COLON = re.compile(r"(\w[\w.-]*:)(?=\S)")


def explain(error: yaml.YAMLError, text: str) -> Fault:
    """The fault that made one of PyYAML's parsers stop in ``text``."""
    from yaml import MarkedYAMLError

    if not isinstance(error, MarkedYAMLError):  # from the reader, which looks at characters only
        return _control_character(text)
    assert error.problem_mark is not None
    problem_at: int = error.problem_mark.index
    context_at: int = error.context_mark.index if error.context_mark else problem_at
    words = f"{error.context}: {error.problem}"
    for pattern, rule in _RULES:
        if re.search(pattern, words):
            return rule(text, context_at, problem_at)
    return Fault("this can't be read: check quotes, colons and indentation", at=problem_at)


def unknown_character(text: str, start: int = 0) -> Fault:
    r"""The fault of an escape such as ``\ud800`` that stands for no character, after ``start``."""
    escape = _NO_CHARACTER.search(text, start)
    at = escape.start() if escape else start
    return Fault(f"this escape stands for no character: {_QUOTE}", at=at)


def _control_character(text: str) -> Fault:
    control = _CONTROL.search(text)
    assert control, "YAML refused a character that is none of the control characters"
    name = code_point(control.group())
    reason = f"the control character {name} can't stand in front matter: remove it"
    return Fault(reason, at=control.start())


def no_colon(text: str, start: int, _: int = 0) -> Fault:
    """The fault of a line that should begin with a name and a colon, and starts at ``start``."""
    if name := _NAME_AND_BLOCK.match(text, start):
        return Fault(f"the colon after {shown(name[1])} is missing", at=name.end())
    if name := _NAME_AND_COLON.match(text, start):
        return Fault(f"a space is missing after {shown(name[1])}", at=name.end())
    if (name := _NAME_AND_TEXT.match(text, start)) and is_known(name[1]):
        return Fault(f"the colon after {shown(name[1])} is missing", at=name.end())
    reason = "this line is no `name: value`; text that goes on from the line above is indented"
    return Fault(reason, at=start)


def _second_colon(text: str, _: int, at: int) -> Fault:
    line_start = text.rfind("\n", 0, at) + 1
    if _QUOTED_VALUE.match(text, line_start):
        return _after_quote(text, at, at)
    return Fault(f"a plain value can't hold a colon followed by a space: {_QUOTE}", at=at)


def _question_mark(text: str, _: int, at: int) -> Fault:
    line_start = text.rfind("\n", 0, at) + 1
    if _QUOTED_VALUE.match(text, line_start):
        return _after_quote(text, at, at)
    return Fault(f"a value can't begin with a question mark and a space: {_QUOTE}", at=at)


def _after_quote(_text: str, _: int, at: int) -> Fault:
    return Fault("text stands after the closing quote: put all of it in the quotes", at=at)


def _misplaced(text: str, _: int, at: int) -> Fault:
    line_start = text.rfind("\n", 0, at) + 1
    before = text[line_start:at].rstrip()
    if not before:
        return Fault("this line is not indented like the ones that it belongs to", at=at)
    if before.endswith(('"', "'")):
        return _after_quote(text, at, at)
    if before.endswith(("]", "}")):
        return Fault(f"text stands after the closing bracket: {_QUOTE}", at=at)
    return Fault(f"this can't stand here: {_QUOTE}", at=at)


def _open_quote(text: str, start: int, _: int) -> Fault:
    return Fault(f"the quote {text[start]} that opens here is never closed", at=start)


def _escape(text: str, start: int, at: int) -> Fault:
    backslash = text.rfind("\\", start, at + 1)
    return Fault(
        "between double quotes a backslash starts an escape, and this is none: use a >- block",
        at=backslash,
    )


def _first_character(text: str, start: int, _: int) -> Fault:
    if text.startswith("\t", start):
        return _tab(text, start, start)
    if start == len(text):
        return Fault("a bracket that opened above is not closed", at=start)
    first = shown(text[start])
    return Fault(f"a value can't begin with {first}: {_QUOTE}", at=start)


def _tab(_text: str, _: int, at: int) -> Fault:
    return Fault("a tab can't stand here: use spaces", at=at)


def _bracket(text: str, start: int, _: int) -> Fault:
    reason = f"the {text[start]} that opens here is not closed, or its items are not separated"
    return Fault(f"{reason} by commas; if it is text, {_QUOTE}", at=start)


def _block_text(text: str, start: int, at: int) -> Fault:
    return Fault(f"the text after {text[start]} must start on the next line, indented", at=at)


def _dash(_text: str, _: int, at: int) -> Fault:
    return Fault(f"a list starts on a line of its own; if this is text, {_QUOTE}", at=at)


# In the order in which they are tried: on "context: problem", where the context is what was being
# read. A rule gets the text and the places of both.
_RULES: tuple[tuple[str, Callable[[str, int, int], Fault]], ...] = (
    ("could not find expected ':'", no_colon),
    ("mapping values are not allowed", _second_colon),
    ("mapping keys are not allowed", _question_mark),
    ("sequence entries are not allowed", _dash),
    ("quoted scalar: found unexpected", _open_quote),
    ("quoted scalar: ", _escape),
    ("tab character", _tab),
    ("block scalar: ", _block_text),
    ("scanning an (?:alias|anchor)|(?:scanning|parsing) a tag", _first_character),
    ("cannot start any token|node: ", _first_character),
    ("flow (?:sequence|mapping): ", _bracket),
    ("block (?:mapping|collection): ", _misplaced),
)
