"""From a text to its pieces: runs without spaces, and mathematics, each with its place.

This is the only part of the analysis that sees a whole text; what a piece means depends on the
piece alone, so its words are found once and kept.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from qsearch.mathtext import math_spans

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from qsearch.plaintext import PlainText


class Piece(NamedTuple):
    """A run of characters without spaces (or a piece of mathematics) and where it starts."""

    text: str
    start: int
    is_math: bool


# What never stands inside a word; a comma does between the digits of a number.
_SEPARATORS = r"\s!\"()*,:;<>?@\[\]`|~\\$%&/“”„«»‹›…—–、。，！？：；（）「」『』《》・·"
_PIECE = re.compile(rf"(?:[^{_SEPARATORS}]|(?<=[0-9]),(?=[0-9][0-9][0-9]))+")


def pieces(text: str | PlainText) -> Iterator[Piece]:
    """Yield the pieces of a text from left to right.

    Arguments:
        text: a plain text, which knows where its mathematics stands, or a text without markup (what
            is typed, a keyword), in which it is looked for.
    """
    if isinstance(text, str):
        return pieces_between(text, math_spans(text))
    return pieces_between(text.text, text.math)


def pieces_between(text: str, math: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    """Yield the pieces of a text whose mathematics stands at ``math``."""
    done = 0
    for start, end in math:
        for match in _PIECE.finditer(text, done, start):
            yield Piece(match.group(), match.start(), False)
        yield Piece(text[start:end], start, True)
        done = end
    for match in _PIECE.finditer(text, done):
        yield Piece(match.group(), match.start(), False)


def plain_pieces(text: str) -> list[str]:
    """Return the pieces of a text without mathematics."""
    return _PIECE.findall(text)


@functools.cache
def separators() -> npt.NDArray[np.uint8]:
    """Return for each code point below 65,536 whether it stands in no piece by itself."""
    import numpy as np

    found = np.zeros(65_536, dtype=np.uint8)
    for match in re.finditer(f"[{_SEPARATORS}]", "".join(map(chr, range(found.size)))):
        found[match.start()] = 1
    return found
