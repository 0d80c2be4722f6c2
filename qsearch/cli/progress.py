"""A bar on standard error, for work that takes so long that one begins to wonder."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from qsearch.kernels import runtime

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds before the bar appears."""


class Report(Protocol):
    """What is called with the work done and all the work."""

    def __call__(self, done: int, total: int, /) -> None:
        """Show it."""


@contextmanager
def progress(doing: str | None = None, unit: str = "files") -> Iterator[Report]:
    """Give a function that shows how far the work is; nothing of it stays at the end.

    Where standard error is no terminal, nothing is ever shown.

    Arguments:
        doing: what the work is; None: an indexing run.
        unit: what it is counted in.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005
        return
    bar = _Bar(doing, unit)
    try:
        yield bar.show
    finally:
        bar.remove()


class _Bar:
    def __init__(self, doing: str | None, unit: str) -> None:
        self._doing = doing
        self._unit = unit
        self._appears = time.monotonic() + PATIENCE
        self._bar: Progress | None = None
        self._task: TaskID

    def show(self, done: int, total: int, /) -> None:
        if self._bar is None:
            if time.monotonic() < self._appears:
                return
            self._bar = _new_bar(self._unit)
            self._task = self._bar.add_task("", total=total)
        doing = self._doing or _doing(done, total)
        self._bar.update(self._task, completed=done, total=total, description=doing)

    def remove(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def _doing(done: int, total: int) -> str:
    if done < total:
        return "reading"
    # Reading takes longer than loading kernels that have been compiled before.
    return "compiling, this once, and writing" if runtime.loading() else "writing the index"


def _new_bar(unit: str) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeColumn

    from qsearch.cli.terminal import make_console

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeColumn(),
        console=make_console(sys.stderr),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.start()
    return bar
