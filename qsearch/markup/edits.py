"""What is to be changed in a text, put down in any order."""

from __future__ import annotations

from typing import NamedTuple

APART = " "
"""Stands for what is no text between two words: a space, unless they are apart already."""


class Edit(NamedTuple):
    """What stands for a part of the text as it was written.

    Attributes:
        start, end: the part, in characters.
        text: what takes its place, mostly nothing.
        foreign: it is no Markdown: a reader of Markdown would not take it out.
    """

    start: int
    end: int
    text: str
    foreign: bool


class Edits(list[Edit]):
    """Edits of one text."""

    def drop(self, start: int, end: int, text: str = "", *, foreign: bool = False) -> None:
        """Put ``text`` in the place of a part."""
        self.append(Edit(start, end, text, foreign))
