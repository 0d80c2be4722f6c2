"""A second thread for whoever makes a segment; where there can be none, the first does its work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")


class SecondThread:
    """A thread that does one task after another, in the order in which they were given.

    Once the main thread of a program has ended, Python starts no thread for a pool any more; other
    threads, and functions of ``atexit``, still commit. A system can refuse threads, too. Whoever
    submits a task then does it, when all before are done.

    Used as a context manager it waits for all tasks at the end of the block.

    Arguments:
        name: of the thread, for those who look at a program from outside.
    """

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def __enter__(self) -> SecondThread:
        return self

    def __exit__(self, *_: object) -> None:
        self.end(wait=True)

    def submit(self, task: Callable[[], _T]) -> Future[_T]:
        """Return what a task is going to return, or raise."""
        try:
            return self._pool.submit(task)
        except RuntimeError:
            self.end(wait=True)
        done: Future[_T] = Future()
        try:
            done.set_result(task())
        except BaseException as error:
            done.set_exception(error)
        return done

    def end(self, *, wait: bool) -> None:
        """End the thread when its tasks are done."""
        self._pool.shutdown(wait=wait)
