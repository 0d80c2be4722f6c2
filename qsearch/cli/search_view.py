"""A list of results as a person reads it: drawn on a terminal, plain lines in a pipe.

A result is a block of lines that always come in the same order: rank and title; subjects and date;
snippet; the url, and the urls of copies; the file and the line.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qsearch.cli.documents import source_text
from qsearch.cli.output import write
from qsearch.cli.safetext import one_line, safe

if TYPE_CHECKING:
    from qsearch.results.results import Hit, Results
    from qsearch.results.snippets import Snippet

_FACETS = 5


class _View(ABC):
    """How a list of results is written."""

    @abstractmethod
    def hit(self, hit: Hit) -> None:
        """Write a result."""

    @abstractmethod
    def summary(self, results: Results, took_ms: float) -> None:
        """Write what there is to say about all results."""


class PipeView(_View):
    """Plain text, one line for each thing, however long."""

    def hit(self, hit: Hit) -> None:
        """Write a result and an empty line."""
        write(f"{hit.rank}. {one_line(hit.title)}")
        lines = [_subjects_and_date(hit), _joined(hit.snippet), *hit.urls]
        for line in (*lines, source_text(hit.path, hit.line)):
            if line:
                write(f"   {one_line(line)}")
        write()

    def summary(self, results: Results, took_ms: float) -> None:
        """Write the line at the end."""
        write(_summary(results, took_ms))


class TerminalView(_View):
    """Drawn with rich, the words of the query highlighted."""

    def __init__(self) -> None:
        from qsearch.cli.terminal import Screen

        self._screen = Screen()

    def hit(self, hit: Hit) -> None:
        """Write a result and an empty line."""
        screen = self._screen
        rank = f"{hit.rank}. "
        indent = len(rank)
        title = one_line(hit.title)
        screen.paragraph((rank, "faint"), (title, "title"))
        if about := _subjects_and_date(hit):
            screen.paragraph((about, ""), indent=indent)
        screen.paragraph(*_pieces(hit.snippet), indent=indent)
        for url in hit.urls:
            screen.line((one_line(url), "url"), indent=indent)
        if source := source_text(hit.path, hit.line):
            screen.line((source, "faint"), indent=indent)
        screen.line()

    def summary(self, results: Results, took_ms: float) -> None:
        """Write the line at the end."""
        self._screen.paragraph((_summary(results, took_ms), "faint"))


def _joined(snippet: str) -> str:
    # One character for one: the marks stay where they are.
    return snippet.replace("\n", " ")


def _subjects_and_date(hit: Hit) -> str:
    date = hit.date
    parts = [", ".join(map(one_line, hit.subjects)), date.isoformat() if date else ""]
    return " | ".join(part for part in parts if part)


def _pieces(snippet: Snippet) -> Iterator[tuple[str, str]]:
    text, done = _joined(snippet), 0
    for start, end in snippet.marks:
        yield safe(text[done:start]), ""
        yield safe(text[start:end]), "match"
        done = end
    yield safe(text[done:]), ""


def _summary(results: Results, took_ms: float) -> str:
    total = results.total
    count = f"{'' if results.total_exact else 'at least '}{total:,}"
    noun = "result" if total == 1 else "results"
    if not results or len(results) == total:
        shown = f"{count} {noun}"
    else:
        first, last = results[0].rank, results[-1].rank
        place = f"{first:,}" if first == last else f"{first:,}-{last:,}"
        shown = f"{place} of {count} {noun}"
    subjects = list(results.facets["subject"].items())
    parts = [f"{one_line(name)} {number:,}" for name, number in subjects[:_FACETS]]
    if len(subjects) > _FACETS:
        parts.append(f"{len(subjects) - _FACETS} more subjects")
    line = f"{shown} in {took_ms:.0f} ms"
    return f"{line}: {', '.join(parts)}" if parts else line
