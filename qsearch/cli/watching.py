"""``qsearch index --watch``: the same run again after each burst of changes, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from qsearch.cli.failures import TERMINATED, explain
from qsearch.cli.output import tell
from qsearch.cli.safetext import safe_name

if TYPE_CHECKING:
    from qsearch.index.report import Report


class _Terminated(KeyboardInterrupt):
    """The process was asked to end; it does what it does on Ctrl-C."""


def follow(
    paths: Sequence[str],
    update: Callable[[Sequence[str]], Report],
    show: Callable[[Report], None],
    *,
    folder: str,
) -> int:
    """Keep an index up to date with files; return the exit code for SIGTERM. On Ctrl-C
    KeyboardInterrupt comes out.

    Arguments:
        paths: files and folders.
        update: brings the index up to date with some of ``paths``.
        show: prints a report.
        folder: of the index.
    """
    from qsearch.watch import watch

    def show_at_once(report: Report) -> None:
        first, told[:] = not told, [True]
        show(report)
        sys.stdout.flush()
        if first:
            names = ", ".join(map(safe_name, paths))
            tell(f"watching {names}; Ctrl-C ends it")

    told: list[bool] = []
    try:
        with _terminable():
            watch(paths, update, exclude=[folder], show=show_at_once, tell=tell, explain=explain)
    except _Terminated:
        tell("ended: nothing is half done")
        return TERMINATED
    raise AssertionError("nobody stops the watch")  # but a signal


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does."""

    def end(_number: int, _frame: object) -> NoReturn:
        # A second one must not cut off what the first one has begun.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise _Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
