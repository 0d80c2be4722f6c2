"""What is no running text: code in all its forms, what is never shown, mathematics.

Found before anything else, from left to right, because no mark in it means anything; mathematics
last, for none reaches into code. The time is linear in the length of the text but for a logarithm:
what searches ahead remembers what it found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from qsearch.markup.ahead import Ahead
from qsearch.markup.pattern import Match, Pattern
from qsearch.markup.tags import TAG
from qsearch.mathtext import math_spans

FENCE, TICKS, HTML, TEMPLATE, GONE, MATH = range(6)
"""Kinds of regions: a block between fences, code in backticks, HTML's ``pre`` and ``code`` (in
which tags and entities still are markup), code of Liquid or Hugo, what is never shown, mathematics.
"""

_FENCE_PREFIX = Pattern(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*")
_LONGEST_PREFIX = 200
_HIT = Pattern(r"`+|~{3,}|\\[!-/:-@\[-`{-~]|<(?=[!A-Za-z])|\{(?=[%{/:])")
_CLOSING_FENCE = Pattern(r"^[ \t>]*(`{3,}|~{3,})[ \t]*$", re.MULTILINE)
_TICKS = Pattern("`+")
_BLOCK_END = Pattern(r"\n[ \t>]*(?:\n|\Z|#{1,6}[ \t]|[-+*][ \t]|\d{1,9}[.)][ \t]|```|~~~)")
_QUOTE_END = Pattern(r"\n(?![ \t]*>)")
_TEMPLATE = Pattern(
    r"\{%-?[ \t]*(highlight|codeblock|prism|comment)\b[^%\n]{0,300}%\}"
    r"|\{\{[<%][ \t]*(highlight)\b[^>%\n]{0,300}[>%]\}\}|\{::(comment)\}"
)
_TEMPLATE_END = Pattern(
    r"\{%-?[ \t]*end(highlight|codeblock|prism|comment)[ \t]*-?%\}"
    r"|\{\{[<%][ \t]*/[ \t]*(highlight)[ \t]*[>%]\}\}|\{:/(comment)?\}"
)
_COMMENT_END = Pattern("-->")
_JSX_END = Pattern(r"\*/[ \t]*\}")
_HTML_END = Pattern(r"</(pre|code|script|style)\s*>", re.IGNORECASE)


class Region(NamedTuple):
    """A part of a text, from the first character of what opens it to behind what closes it.

    Attributes:
        start, end: all of it; of a fence, whole lines without the last line break.
        first, last: what stands within, from first to before last.
        kind: one of the numbers above.
    """

    start: int
    end: int
    first: int
    last: int
    kind: int


def regions(text: str) -> Iterator[Region]:
    """Yield the regions of a text, in order; none lies in another."""
    done = 0
    may_have_math = "$" in text or "\\" in text
    if "`" in text or "<" in text or "~~~" in text or "{" in text:
        for region in _Scanner(text).scan():
            if may_have_math:
                yield from _math_between(text, done, region.start)
            yield region
            done = region.end
    if may_have_math:
        yield from _math_between(text, done, len(text))


def _math_between(text: str, start: int, end: int) -> Iterator[Region]:
    for first, last in math_spans(text[start:end]):
        yield Region(start + first, start + last, start + first, start + last, MATH)


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._html_ends = Ahead(_HTML_END, text)
        self._template_ends = Ahead(_TEMPLATE_END, text)
        self._comment_ends = Ahead(_COMMENT_END, text)
        self._jsx_ends = Ahead(_JSX_END, text)
        self._runs: dict[int, list[int]] | None = None
        self._fences: list[tuple[int, int, str]] | None = None
        self._block_end = self._quote_end = -1

    def scan(self) -> Iterator[Region]:
        at = 0
        while (hit := _HIT.search(self._text, at)) is not None:
            start = hit.start()
            mark = self._text[start]
            found = None
            if mark in "`~":
                found = self._fence(hit, at) or (self._code(hit) if mark == "`" else None)
            elif mark == "<":
                found = self._html(start)
            elif mark == "{":
                found = self._template(start)
            if found is None:
                at = hit.end()
                if mark == "<" and (tag := TAG.match(self._text, start)):
                    at = tag.end()
            else:
                yield found
                at = found.end

    # -- fences

    def _fence(self, hit: Match, floor: int) -> Region | None:
        text, start = self._text, hit.start()
        if hit.end() - start < 3:
            return None
        line = text.rfind("\n", max(floor - 1, start - _LONGEST_PREFIX, 0), start) + 1
        if line == 0 and start > _LONGEST_PREFIX:
            return None
        if line < floor or not _FENCE_PREFIX.fullmatch(text, line, start):
            return None
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        if text[start] == "`" and text.find("`", hit.end(), stop) >= 0:
            return None
        first = min(stop + 1, len(text))
        limit = len(text)
        if ">" in text[line:start]:
            if self._quote_end < stop:
                ended = _QUOTE_END.search(text, stop)
                self._quote_end = ended.start() if ended else limit
            limit = self._quote_end
        closing = self._closing_fence(text[start], hit.end() - start, first, limit)
        if closing is None:
            return Region(line, limit, min(first, limit), limit, FENCE)
        return Region(line, closing[1], first, closing[0], FENCE)

    def _closing_fence(self, mark: str, length: int, at: int, limit: int) -> tuple[int, int] | None:
        if self._fences is None:
            found = _CLOSING_FENCE.finditer(self._text)
            self._fences = [(match.start(), match.end(), match[1]) for match in found]
        for index in range(bisect_left(self._fences, (at, 0, "")), len(self._fences)):
            start, end, marks = self._fences[index]
            if start >= limit:
                break
            if marks[0] == mark and len(marks) >= length:
                return start, end
        return None

    # -- backticks

    def _code(self, hit: Match) -> Region | None:
        start, first = hit.span()
        if self._runs is None:
            self._runs = {}
            for run in _TICKS.finditer(self._text):
                self._runs.setdefault(run.end() - run.start(), []).append(run.start())
        alike = self._runs.get(first - start, [])
        index = bisect_left(alike, first)
        if index == len(alike):
            return None
        if self._block_end < first:
            ended = _BLOCK_END.search(self._text, first)
            self._block_end = ended.start() if ended else len(self._text)
        last = alike[index]
        if last >= self._block_end:
            return None
        return Region(start, last + first - start, first, last, TICKS)

    # -- HTML and templates

    def _html(self, start: int) -> Region | None:
        if self._text.startswith("<!--", start):
            ended = self._comment_ends.after(start + 4)
            return ended and Region(start, ended[1], start, ended[1], GONE)
        tag = TAG.match(self._text, start)
        if tag is None or tag["close"] or tag["empty"]:
            return None
        name = tag["name"].lower()
        if name not in ("pre", "code", "script", "style"):
            return None
        ended = self._html_ends.after(tag.end(), name)
        if ended is None:
            return None
        kind = HTML if name in ("pre", "code") else GONE
        return Region(start, ended[1], tag.end(), ended[0], kind)

    def _template(self, start: int) -> Region | None:
        if self._text.startswith("{/*", start):
            ended = self._jsx_ends.after(start + 3)
            return ended and Region(start, ended[1], start, ended[1], GONE)
        opening = _TEMPLATE.match(self._text, start)
        if opening is None:
            return None
        name = next(filter(None, opening.groups()))
        ended = self._template_ends.after(opening.end(), name)
        if ended is None and opening[3]:
            ended = self._template_ends.after(opening.end())
        if ended is None:
            return None
        kind = GONE if name == "comment" else TEMPLATE
        return Region(start, ended[1], opening.end(), ended[0], kind)
