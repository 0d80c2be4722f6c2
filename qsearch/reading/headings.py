"""The headings of a Markdown text, found without parsing the rest of it.

CommonMark decides: code between fences, indented code and comments hold none
(https://spec.commonmark.org/0.31.2/#leaf-blocks). A fence may open behind the mark of a list.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(
    r"""^(?P<before>[ ]{0,3}(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+|>[ \t]?)*)(?P<fence>`{3,}|~{3,})
        (?P<info>[^\n]*)
    |^[ ]{0,3}(?P<sharps>\#{1,6})(?:[ \t]+(?P<text>[^\n]*))?$
    |^[ ]{0,3}(?P<comment><!--)
    |^(?P<line>[ ]{0,3}[^\s><|][^\n]*)\n[ ]{0,3}(?P<under>=+|-+)[ \t]*$""",
    re.MULTILINE | re.VERBOSE,
)
_FENCE = {
    sign: re.compile(rf"^[ >\t]*({re.escape(sign)}{{3,}})[ \t]*$", re.MULTILINE) for sign in "`~"
}
_CLOSING_SHARPS = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_IDENTITY = re.compile(r"[ \t]*\{:?[ \t]*#[^{}\n]*\}[ \t]*$")
_NO_PARAGRAPH = re.compile(r"[ ]{0,3}(?:[-*+][ \t]|[0-9]{1,9}[.)][ \t]|(?:[-*_][ \t]*){3,}$)")


class Heading(NamedTuple):
    """A heading and where it stands in its text.

    Attributes:
        level: from 1 to 6.
        text: what is written, without the signs of a heading.
        start, end: its lines; the end is behind the last line break.
    """

    level: int
    text: str
    start: int
    end: int


def headings(text: str) -> list[Heading]:
    """The headings of a Markdown text whose lines end in line feeds, in their order."""
    if "#" not in text and "\n=" not in text and "\n-" not in text:
        return []
    found: list[Heading] = []
    at = 0
    while match := _MARK.search(text, at):
        at = match.end()
        kind = match.lastgroup
        if match["fence"]:
            sign = match["fence"][0]
            if sign == "`" and "`" in match["info"]:
                continue  # code within a line
            at = _end_of_fence(text, at, sign, len(match["fence"]))
        elif match["comment"]:
            end = text.find("-->", at)
            at = len(text) if end < 0 else end + 3
        elif match["sharps"]:
            words = _CLOSING_SHARPS.sub("", match["text"] or "").strip()
            found.append(_heading(len(match["sharps"]), words, match, text))
        elif kind == "under" and not _NO_PARAGRAPH.match(match["line"]):
            level = 1 if match["under"][0] == "=" else 2
            found.append(_heading(level, match["line"].strip(), match, text))
        elif kind == "under":
            at = match.end("line")  # its second line may begin something
    return found


def _heading(level: int, words: str, match: re.Match[str], text: str) -> Heading:
    end = match.end() + 1 if match.end() < len(text) else match.end()
    return Heading(level, _IDENTITY.sub("", words), match.start(), end)


def _end_of_fence(text: str, at: int, sign: str, length: int) -> int:
    for match in _FENCE[sign].finditer(text, at):
        if len(match[1]) >= length:
            return match.end()
    return len(text)
