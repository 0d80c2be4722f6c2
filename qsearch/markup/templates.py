"""What stands in braces and is no text: Liquid, Hugo's shortcodes, attributes of kramdown."""

from __future__ import annotations

from qsearch.markup.ahead import Ahead
from qsearch.markup.edits import APART, Edits
from qsearch.markup.pattern import Pattern

_MAX_LENGTH = 4_000
"""Characters of a tag of Liquid or Hugo; what is longer is text."""

_LIQUID_END, _BRACES_END = Pattern(r"%\}"), Pattern(r"\}\}")
_ENDRAW = Pattern(r"\{%-?\s*endraw\s*-?%\}")
_RAW = Pattern(r"\{%-?\s*raw\s*-?%\}")
# No class starts with a digit: {:.2f} is a format of Python.
_PART = (
    r"""(?:\.[A-Za-z_\-][\w\-]*|#[\w\-]+"""
    r"""|[\w\-:]+=(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'|[^\s"'{}]{1,200}))"""
)
ATTRIBUTES = Pattern(rf"\{{:{{0,2}}[ \t]*{_PART}(?:[ \t]+(?:{_PART}|[\w\-]+))*[ \t]*\}}")
"""Attributes of a block, a heading or what stands before them."""

_NAME = Pattern(r"\{:{1,2}/?[ \t]*[\w\-]*[ \t]*/?\}")
_MARKERS = " \t>-*+.)0123456789"
_NEAR = 80
# What attributes stand directly behind: a link, an image, code, emphasis.
_CARRIERS = frozenset(")]`*_>")


class Templates:
    """The templates of one text, asked for from left to right.

    Arguments:
        text: the text as it was written.
        edits: receives what is to be taken out.
    """

    def __init__(self, text: str, edits: Edits) -> None:
        self._text, self._edits = text, edits
        self._ends = {"%": Ahead(_LIQUID_END, text), "{": Ahead(_BRACES_END, text)}
        self._raw_ends = Ahead(_ENDRAW, text)
        self._raw_end = -1

    def at(self, start: int, end: int) -> int:
        """Take out what starts at a brace; return where to go on.

        Arguments:
            start: where the brace stands.
            end: the end of the paragraph.
        """
        text = self._text
        following = text[start + 1 : start + 2]
        if following in ("%", "{"):
            return self._tag(start, end)
        if following == ":":
            return self._kramdown(start, end)
        found = ATTRIBUTES.match(text, start, end)
        if found and start and text[start - 1] in _CARRIERS:
            self._edits.drop(start, found.end(), foreign=True)
            return found.end()
        return start + 1

    def _tag(self, start: int, end: int) -> int:
        text = self._text
        if start < self._raw_end:
            if ending := _ENDRAW.match(text, start, end):
                self._edits.drop(start, ending.end(), APART, foreign=True)
                return ending.end()
            return start + 2
        closing = self._ends[text[start + 1]].after(start + 2)
        if closing is None or closing[1] > min(end, start + _MAX_LENGTH):
            return start + 2
        if _RAW.match(text, start, end) and (last := self._raw_ends.after(closing[1])):
            self._raw_end = last[1]
        self._edits.drop(start, closing[1], APART, foreign=True)
        return closing[1]

    def _kramdown(self, start: int, end: int) -> int:
        """Take out attributes of kramdown: directly behind what they are about, or at the beginning
        of a list item, at the end of a line; the name of some, in a line of its own.
        """
        text = self._text
        attributes = ATTRIBUTES.match(text, start, end)
        found = attributes or _NAME.match(text, start, end)
        if found is None:
            return start + 1
        line = max(text.rfind("\n", max(start - _NEAR, 0), start) + 1, start - _NEAR)
        last = text.find("\n", found.end(), min(found.end() + _NEAR, end))
        is_first = not text[line:start].strip(_MARKERS)
        is_last = not text[
            found.end() : min(end, found.end() + _NEAR) if last < 0 else last
        ].strip()
        behind = start > 0 and text[start - 1] in _CARRIERS
        if behind or (is_first and is_last) or (attributes and (is_first or is_last)):
            self._edits.drop(start, found.end(), foreign=True)
            return found.end()
        return start + 1
