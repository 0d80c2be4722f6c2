"""What is drawn with rich where somebody is looking; imported nowhere else than there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from qsearch.cli.safetext import safe

WIDEST = 100
"""Columns that running text takes at most: longer lines are hard to read."""

Part = tuple[str, str]
"""A text and the name of its style."""

STYLES = {"title": "bold", "match": "bold red", "faint": "dim", "url": "cyan"}


def make_console(stream: TextIO) -> Console:
    """Return a console for a stream that is a terminal; with ``NO_COLOR`` it only writes text."""
    return Console(
        file=stream,
        force_terminal=True,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )


class Screen:
    """The terminal that shows the results."""

    def __init__(self) -> None:
        self._console = make_console(sys.stdout)
        self._reading_width = min(self._console.width, WIDEST)

    def line(self, *parts: Part, indent: int = 0) -> None:
        """Write (text, style) pairs as one line, which only the terminal itself may wrap: so it
        can be copied whole.
        """
        self._print(_text([(" " * indent, ""), *parts]), soft_wrap=True)

    def paragraph(self, *parts: Part, indent: int = 0) -> None:
        """Write (text, style) pairs as running text."""
        self.block(_text(parts), indent=indent)

    def block(self, renderable: RenderableType, indent: int = 0) -> None:
        """Write whatever rich can draw, as wide as is good to read."""
        self._print(Padding(renderable, (0, 0, 0, indent)), width=self._reading_width)

    def table(self, rows: Iterable[Iterable[Part]], *, right: Iterable[int] = ()) -> None:
        """Write rows of (text, style) cells; the columns in ``right`` are flush right."""
        table = Table.grid(padding=(0, 2))
        for row in rows:
            cells = [_text([cell]) for cell in row]
            while len(table.columns) < len(cells):
                at_right = len(table.columns) in set(right)
                table.add_column(justify="right" if at_right else "left", overflow="fold")
            table.add_row(*cells)
        self._print(table)

    def _print(
        self, renderable: RenderableType, *, soft_wrap: bool = False, width: int | None = None
    ) -> None:
        self._console.print(_Guarded(renderable), soft_wrap=soft_wrap, width=width)


def _text(parts: Iterable[Part]) -> Text:
    text = Text()
    for part, style in parts:
        text.append(safe(part), STYLES.get(style, style))
    return text


class _Guarded:
    """What a renderable draws, without anything in it that could steer the terminal.

    The texts that come in are safe; this is for what is made of them on the way (Markdown turns
    ``&#8238;`` into the character of this number).
    """

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._renderable, options):
            yield Segment(safe(segment.text), segment.style)
