"""From a text to its pieces: runs without spaces, and mathematics, each with its place.

This is the only part of the analysis that sees a whole text; what a piece means depends on the
piece alone, so its words are found once and kept.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from qsearch.mathtext import math_spans

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Piece(NamedTuple):
    """A run of characters without spaces (or a piece of mathematics) and where it starts."""

    text: str
    start: int
    is_math: bool


# What never stands inside a word. A comma does between the digits of a number, and the tags of
# sub- and superscripts do within a formula (H<sub>2</sub>O).
_SEPARATORS = r"\s!\"()*,:;<>?@\[\]`|~\\$%&/“”„«»‹›…—–、。，！？：；（）「」『』《》・·"
_PIECE = rf"(?:[^{_SEPARATORS}]|</?su[bp]>|(?<=[0-9]),(?=[0-9][0-9][0-9]))+"
_TAGS = (
    "a|b|i|u|s|p|em|strong|br|hr|div|span|img|ul|ol|li|table|thead|tbody|tr|td|th|h[1-6]|code|pre"
)
_ENTITY = r"&(?:[A-Za-z]{2,8}|\#[0-9]{1,7}|\#x[0-9A-Fa-f]{1,6});"
_ATTRIBUTE = (
    r"""\s+[A-Za-z][\w:\-]{0,40}\s*=\s*(?:"[^"<>]{0,300}"|'[^'<>]{0,300}'|[^\s"'<>]{1,300})"""
)
MARKUP = rf"{_ENTITY}|</?(?:{_TAGS})(?:{_ATTRIBUTE})*\s*/?>"
_PLAIN = re.compile(_PIECE)
_WITH_MARKUP = re.compile(rf"{MARKUP}|({_PIECE})", re.IGNORECASE)


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of ``text`` from left to right; entities and HTML tags are none."""
    done = 0
    for start, end in math_spans(text):
        yield from _running_text(text, done, start)
        yield Piece(text[start:end], start, True)
        done = end
    yield from _running_text(text, done, len(text))


def _running_text(text: str, start: int, end: int) -> Iterator[Piece]:
    if "<" in text or "&" in text:
        for match in _WITH_MARKUP.finditer(text, start, end):
            if match.group(1):
                yield Piece(match.group(), match.start(), False)
    else:
        for match in _PLAIN.finditer(text, start, end):
            yield Piece(match.group(), match.start(), False)


def plain_pieces(text: str) -> list[str]:
    """Return the pieces of a text without mathematics, entities and tags."""
    return _PLAIN.findall(text)


@functools.cache
def separators() -> npt.NDArray[np.uint8]:
    """Return for each code point below 65,536 whether it stands in no piece by itself."""
    import numpy as np

    found = np.zeros(65_536, dtype=np.uint8)
    for match in re.finditer(f"[{_SEPARATORS}]", "".join(map(chr, range(found.size)))):
        found[match.start()] = 1
    return found
