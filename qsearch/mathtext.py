r"""Where mathematics stands in a text: ``$...$``, ``$$...$$``, ``\(...\)`` and ``\[...\]``.

Reading asks because nothing may be decoded there, analysis because spaces mean nothing there.

A dollar sign may be money. The rule is that of pandoc's ``tex_math_dollars`` extension
(https://pandoc.org/MANUAL.html#math): the opening ``$`` has a non-space at its right, the closing
one a non-space at its left and no digit at its right. A blank line ends what is no mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter

MAX_INLINE = 1_000
"""Characters between the marks of inline mathematics; what is longer is taken as text."""

MAX_DISPLAY = 8_000
"""Characters between the marks of displayed mathematics."""

# Commands of LaTeX, AMS-LaTeX and common packages whose names start with n: before them the two
# characters \n are no line break. Sources: the LaTeX2e reference (https://latexref.xyz) and the
# AMS symbol tables (amssymb).
N_COMMANDS = frozenset(
    """nabla natural ncong ne nearrow neg neq newcommand newenvironment newline newpage newtheorem
    nexists ngeq ngeqq ngeqslant ngtr ni nleftarrow nleftrightarrow nleq nleqq nleqslant nless nmid
    nobreak nocite nolimits noindent nolinebreak nonumber nopagebreak normalfont normalsize not
    notag notin nparallel nprec npreceq nrightarrow nshortmid nshortparallel nsim nsubseteq
    nsubseteqq nsucc nsucceq nsupseteq nsupseteqq ntriangleleft ntrianglelefteq ntriangleright
    ntrianglerighteq nu num nvdash nvDash nVdash nVDash nwarrow nLeftarrow nLeftrightarrow
    nRightarrow""".split()
)

# Of escaped characters those that would be marks, or begin one, without their backslash.
_ESCAPED = re.compile(r"\\[\\$()\[\]]")
_DOLLARS = re.compile(r"\$\$?")
_MARK = re.compile(rf"{_ESCAPED.pattern}|{_DOLLARS.pattern}")
# What may end a paragraph, and other escaped characters.
_BREAK = re.compile(r"\\.|\n[ \t]*\n", re.DOTALL)
_mark_of, _place_of = itemgetter(0), itemgetter(1)
_CLOSERS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}


def math_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each piece of mathematics, its marks included, from left to right.

    The time is linear in the length of the text, whatever it holds.
    """
    if "$" not in text and "\\" not in text:
        return
    marks = _marks(text)
    next_at: _Next | None = None
    index = 0
    while index < len(marks):
        mark, start = marks[index]
        closing = None
        if mark == "$":
            closing = _closing_dollar(text, marks, index)
        elif mark in _CLOSERS:
            next_at = next_at or _Next(marks)
            closing = next_at.index(_CLOSERS[mark], index)
            limit = MAX_INLINE if mark == "\\(" else MAX_DISPLAY
            if closing is not None and marks[closing][1] - start > limit:
                closing = None
        if closing is None:
            index += 1
            continue
        end_mark, end_start = marks[closing]
        yield start, end_start + len(end_mark)
        index = closing + 1


def _marks(text: str) -> list[tuple[str, int]]:
    """What may begin or end mathematics, and where, from left to right."""
    # What begins with one certain character is found sooner than what begins with one of two.
    escaped = _found(_ESCAPED, text) if "\\" in text else []
    if "$" not in text:
        return escaped
    if not escaped:
        return _found(_DOLLARS, text)
    if "\\$" in map(_mark_of, escaped):
        return _found(_MARK, text)
    return sorted(escaped + _found(_DOLLARS, text), key=_place_of)


def _found(pattern: re.Pattern[str], text: str) -> list[tuple[str, int]]:
    return [(match.group(), match.start()) for match in pattern.finditer(text)]


def _closing_dollar(text: str, marks: list[tuple[str, int]], index: int) -> int | None:
    """The mark that closes the inline mathematics opened at ``index``, if it is mathematics."""
    start = marks[index][1]
    if start + 1 >= len(text) or text[start + 1].isspace():
        return None
    for later in range(index + 1, len(marks)):
        mark, at = marks[later]
        if at - start > MAX_INLINE or mark == "$$":
            return None
        if mark == "$":
            after = text[at + 1 : at + 2]
            closes = not (text[at - 1].isspace() or after.isdigit() or _is_broken(text, start, at))
            return later if closes else None
    return None


def _is_broken(text: str, start: int, end: int) -> bool:
    """Whether a paragraph ends between two marks: at a blank line, or at two line breaks as files
    write them.
    """
    return any(
        match.group()[0] == "\n" or text.startswith("\\n\\n", match.start())
        for match in _BREAK.finditer(text, start + 1, end)
    )


class _Next:
    """Finds the next mark of a kind after an index, in constant time on average."""

    def __init__(self, marks: list[tuple[str, int]]) -> None:
        self._places: dict[str, list[int]] = {}
        for index, (mark, _) in enumerate(marks):
            if mark in ("\\)", "\\]", "$$"):
                self._places.setdefault(mark, []).append(index)
        self._seen: dict[str, int] = {}

    def index(self, mark: str, after: int) -> int | None:
        places = self._places.get(mark, [])
        at = self._seen.get(mark, 0)
        while at < len(places) and places[at] <= after:
            at += 1
        self._seen[mark] = at
        return places[at] if at < len(places) else None
