"""Reading in several processes, with the answers in the order of the files.

The workers are fresh interpreters that talk through pipes, not ``multiprocessing`` processes. The
time until two of them have imported PyYAML (Linux, Python 3.11, 2 cores): fork 0.03 s, forkserver
0.04 s, these 0.05 s, spawn 0.06 s. Against seconds of reading the difference is nothing, and

- fork is unsafe once the application has threads (NumPy starts some when it is imported), and a
  DeprecationWarning since Python 3.12;
- spawn and forkserver run the application's main script again in each worker: a script without
  ``if __name__ == "__main__"`` would break on asking for workers;
- in a session of their own the workers never see the Ctrl-C of the terminal, so they print nothing
  then; they end with the pipe, even if this process is killed.

The pipes also bound the look-ahead: a worker that is ahead waits until its answers are taken.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from qsearch.article import Article
from qsearch.errors import Error
from qsearch.limits import Limits
from qsearch.reading.content import SourceContent, with_articles
from qsearch.reading.worker import LENGTH_BYTES, Make, Task, article_with, unpacked, values_of

# A worker holds at most so many batches that it hasn't answered. All but the one that it works on
# fit into the buffer of a pipe (64 KiB on Linux), so sending a batch never waits for a worker that
# waits to answer.
_BATCHES = 4
_BATCH_FILES = 32
_BATCH_CHARACTERS = 4_096

# A pipe that holds some hundred articles lets the workers go on while this process is busy.
_PIPE_BYTES = 1024 * 1024

_START = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from qsearch.reading.worker import work; work(int(sys.argv[1]))"
)


def read_in_workers(
    files: Iterable[Task], *, workers: int, limits: Limits
) -> Iterator[SourceContent[Article]]:
    """Read each file in one of ``workers`` processes; yield what they hold in the given order.

    The processes end with the generator, however it ends.

    Raises:
        Error: a process couldn't be started or ended unexpectedly.
    """
    for content in make_in_workers(values_of, files, workers=workers, limits=limits):
        yield with_articles(content, map(article_with, content.articles))


def make_in_workers(
    make: Make, files: Iterable[Task], *, workers: int, limits: Limits
) -> Iterator[SourceContent[tuple[Any, ...]]]:
    """As ``read_in_workers``, but yield what ``make`` makes of articles."""
    with Crew(make, workers=workers, limits=limits) as crew:
        yield from crew.read(files)


class Crew:
    """Processes that read files for one caller; used as a context manager, which ends them.

    Arguments:
        make: what to make of each article where it is read: a function of a module, or
            ``module:name`` of one that this process need not have imported. It returns a tuple of
            what ``marshal`` writes: articles travel as plain data, not as pickled objects.
        workers: how many processes.
        limits: what a file, a front matter or a line may cost.
    """

    def __init__(self, make: Make | str, *, workers: int, limits: Limits) -> None:
        self._order = limits, make
        self._size = workers
        self._workers: list[_Worker] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()

    def start(self) -> None:
        """Start all processes now, so that they get ready while the caller does other things.

        Raises:
            Error: a process couldn't be started.
        """
        while len(self._workers) < self._size:
            self._start_one()

    def _start_one(self) -> None:
        worker = _Worker()
        self._workers.append(worker)
        worker.ask(self._order)

    def read(self, files: Iterable[Task]) -> Iterator[SourceContent[tuple[Any, ...]]]:
        """Read each file; yield what they hold in the given order. Called once.

        No more processes are started than there is work for.

        Raises:
            Error: a process couldn't be started or ended unexpectedly.
        """
        asked: deque[tuple[_Worker, int]] = deque()
        for turn, batch in enumerate(_batches(files)):
            if turn < self._size and turn == len(self._workers):
                self._start_one()
            if len(asked) == _BATCHES * self._size:
                yield from _answers(asked)
            worker = self._workers[turn % self._size]
            worker.ask(batch)
            asked.append((worker, len(batch)))
        while asked:
            yield from _answers(asked)


def _answers(
    asked: deque[tuple[_Worker, int]],
) -> Iterator[SourceContent[tuple[Any, ...]]]:
    worker, count = asked.popleft()
    for _ in range(count):
        yield worker.answer()


def _batches(files: Iterable[Task]) -> Iterator[list[Task]]:
    batch: list[Task] = []
    characters = 0
    for task in files:
        batch.append(task)
        characters += len(task[0])
        if len(batch) == _BATCH_FILES or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


class _Worker:
    """One process that reads files, seen from the process that asked for it."""

    def __init__(self) -> None:
        # Not the standard output: whatever the start of Python prints would get into the answers.
        answers, answers_of_child = os.pipe()
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):  # only root may have more than the system allows
                fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._answers = os.fdopen(answers, "rb", buffering=_PIPE_BYTES // 8)
        utf8 = ["-X", "utf8"] if sys.flags.utf8_mode else []
        command = [sys.executable, *utf8, "-c", _START, str(answers_of_child)]
        try:
            self._process = subprocess.Popen(
                [*command, *(entry for entry in sys.path if isinstance(entry, str))],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(answers_of_child,),
                start_new_session=True,
            )
        except OSError as error:
            self._answers.close()
            reason = error.strerror or error
            raise Error(f"no worker process can be started ({reason}): use workers=0") from None
        finally:
            os.close(answers_of_child)
        assert self._process.stdin
        self._questions = self._process.stdin

    def ask(self, question: object) -> None:
        """Send the limits and what to make of articles first, then batches of files."""
        try:
            pickle.dump(question, self._questions, pickle.HIGHEST_PROTOCOL)
            self._questions.flush()
        except BrokenPipeError:
            raise _ended() from None

    def answer(self) -> SourceContent[tuple[Any, ...]]:
        """Wait for the next answer: there is one for each file of a batch."""
        length = self._answers.read(LENGTH_BYTES)
        answer = self._answers.read(int.from_bytes(length, "little"))
        if len(length) < LENGTH_BYTES or not answer:
            raise _ended()
        try:
            return unpacked(answer)
        except (EOFError, TypeError, ValueError):  # no answer at all, or a part of one
            raise _ended() from None

    def stop(self) -> None:
        """End the process; it only reads, so there is nothing that it would have to finish."""
        self._process.kill()
        self._process.wait()
        self._answers.close()
        with suppress(BrokenPipeError):
            self._questions.close()


def _ended() -> Error:
    return Error("a worker process ended unexpectedly: with workers=0 the cause can be seen")
