"""An answer, which is Markdown with mathematics, as a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from rich.markdown import Markdown

from qsearch.cli.safetext import safe
from qsearch.mathtext import math_spans
from qsearch.plaintext import without_foreign_markup

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline


class AnswerMarkdown(Markdown):
    """Markdown for rich in which mathematics stays as it was written.

    Plain Markdown would take ``_`` and backslashes out of formulas. HTML, comments and templates
    are taken out as in any plain text; what looks like a tag and is text stays. Links are shown
    with their address, never as links: their text may be a lie.
    """

    def __init__(self, text: str) -> None:
        super().__init__("", hyperlinks=False, code_theme="ansi_dark")
        parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
        parser.inline.ruler.before("escape", "math", _math)
        self.parsed = parser.parse(safe(without_foreign_markup(text)))


def _math(state: StateInline, silent: bool) -> bool:
    """The rule of markdown-it for mathematics: if some starts here, it is text to its end."""
    if state.src[state.pos] not in "$\\":
        return False
    ends: dict[int, int] | None = state.env.get(state.src)
    if ends is None:
        ends = state.env[state.src] = dict(math_spans(state.src))
    end = ends.get(state.pos)
    if end is None or "`" in state.src[state.pos : end]:  # money, and code behind it
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True
