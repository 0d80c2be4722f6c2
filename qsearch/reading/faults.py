"""What is wrong in a text, and where, before the file and line that hold the text are known."""

from __future__ import annotations

_SHOWN = 40


class Fault(Exception):  # noqa: N818 - it never crosses the door: it becomes an ArticleError
    """Something that keeps a text from being read as an article.

    Attributes:
        reason: what is wrong, in words for the person who writes the article.
        at: where, in characters from the start of the text that was parsed; None if only the
            field is known.
        field: the top-level field that holds the cause, or None if none does.
    """

    def __init__(self, reason: str, *, at: int | None = None, field: str | None = None) -> None:
        self.reason = reason
        self.at = at
        self.field = field
        super().__init__(reason)


def line_and_column(text: str, at: int) -> tuple[int, int]:
    r"""The line and the column of a character, both from 1.

    Only ``\n`` ends a line, as in an editor; YAML would also count U+0085, U+2028 and U+2029.
    """
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def shown(text: str) -> str:
    """A written text in quotes, for a reason: short, and without characters that do something."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def code_point(char: str) -> str:
    """The name of a character that can't be shown: ``U+000C``."""
    return f"U+{ord(char):04X}"
