"""What is to be changed in a text, put down in any order."""

from __future__ import annotations

from typing import NamedTuple

# What may follow a word without a space between.
_CLOSING = frozenset(".,;:!?)]}\"'’”")


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
    """Edits of one text.

    Arguments:
        text: the text as it was written.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def drop(self, start: int, end: int, text: str = "", *, foreign: bool = False) -> None:
        """Put ``text`` in the place of a part."""
        self.append(Edit(start, end, text, foreign))

    def drop_between_words(self, start: int, end: int) -> None:
        """Take out what is no Markdown and never joins the words on its two sides."""
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        apart = bool(before and after) and not (before.isspace() or after.isspace())
        if apart and (after in _CLOSING or not (before.isalnum() or before in _CLOSING)):
            apart = False
        self.append(Edit(start, end, " " if apart else "", True))
