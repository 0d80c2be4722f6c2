"""Memory under refreshes: two threads search while another process commits and all of it is shown.

One ``refresh`` a commit. What is replaced must be let go of when its last reader is done, so the
memory that a process has for itself after the last refresh is compared with what it had after the
first few (``_SETTLED``). The garbage collector runs as it does in any process.
"""

from __future__ import annotations

import os
import threading
from functools import partial
from pathlib import Path
from typing import Any

import qsearch
from benchmarks.synthetic import SyntheticCorpus
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.collection import warm_up
from benchmarks.torture.forked import Child, own_memory
from qsearch import Article
from qsearch.kernels import runtime

_ARTICLES = 5_000
_WORDS = 100
_SETTLED = 20
_MOST = 1.3
_THREADS = 2
_SECONDS = 600.0


def run(setting: Setting) -> Tally:
    """Commit and refresh as often as there are cases."""
    tally = Tally()
    warm_up(setting.folder / "warm-up")
    path = setting.folder / "index"
    with qsearch.create(path) as index, index.writer() as writer:
        writer.add_many(SyntheticCorpus(_ARTICLES, seed=setting.seed, words=_WORDS))
    last = max(setting.cases)
    # The reader asks for each commit by a byte, and the writer says by one that it is done. Each
    # closes what only the other needs, and so notices when that one has ended.
    wanted, done = os.pipe(), os.pipe()
    children = [
        Child(partial(_write, path, wanted, done), seconds=None),
        Child(partial(_read, path, last + 1, wanted, done), seconds=None),
    ]
    for descriptor in (*wanted, *done):
        os.close(descriptor)
    ended = children[1].end(within=_SECONDS)
    writer_ended = children[0].end(within=_SECONDS)
    for one in (writer_ended, ended):
        if one.how != "done":
            tally.fail(last, f"{one.how}: {one.value}")
            return tally
    for wrong in ended.value["wrong"]:
        tally.fail(last, wrong)
    memory = ended.value["memory"]
    tally.figures["searches"] = ended.value["searches"]
    settled, then = memory[min(_SETTLED, len(memory)) - 1], memory[-1]
    tally.figures["MB after so many refreshes"] = {
        str(number): round(memory[number - 1] / 1e6)
        for number in (1, _SETTLED, len(memory) // 2, len(memory))
        if 0 < number <= len(memory)
    }
    if len(memory) > 2 * _SETTLED and then > _MOST * settled:
        tally.fail(last, f"memory grew from {settled / 1e6:.0f} to {then / 1e6:.0f} MB")
    tally.outcomes["refreshes"] += 0 if tally.failures else last + 1
    return tally


def _write(path: Path, wanted: tuple[int, int], done: tuple[int, int]) -> None:
    """Commit something whenever it is wanted, until nobody can want it."""
    os.close(wanted[1])
    os.close(done[0])
    number = 0
    with qsearch.open(path) as index:
        while os.read(wanted[0], 1):
            with index.writer() as writer:
                writer.add(Article(url=f"/new/{number}", title=f"Number {number}", subject="New"))
            number += 1
            os.write(done[1], b".")


def _read(
    path: Path, refreshes: int, wanted: tuple[int, int], done: tuple[int, int]
) -> dict[str, Any]:
    """Search in some threads and show each commit of the writer."""
    os.close(wanted[0])
    os.close(done[1])
    runtime.wait()
    wrong: list[str] = []
    ending = threading.Event()
    searches = [0] * _THREADS
    memory = []
    with qsearch.open(path) as index:
        queries = [" ".join(title.split()[:4]) for title in _titles(index)]

        def work(number: int) -> None:
            try:
                while not ending.is_set():
                    at = searches[number] * _THREADS + number
                    results = index.search(queries[at % len(queries)])
                    if not (results.total and results.facets and results[0].snippet):
                        raise AssertionError(f"nothing found for {results.query}")
                    searches[number] += 1
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=work, args=(number,)) for number in range(_THREADS)]
        for thread in threads:
            thread.start()
        for number in range(refreshes):
            if wrong:
                break
            os.write(wanted[1], b".")
            if not os.read(done[0], 1):
                wrong.append("the writer has ended")
            elif not index.refresh():
                wrong.append(f"commit {number} was not shown")
            memory.append(own_memory())
        ending.set()
        os.close(wanted[1])
        for thread in threads:
            thread.join()
    return {"wrong": wrong, "memory": memory, "searches": sum(searches)}


def _titles(index: qsearch.Index) -> list[str]:
    return [article.title for article, _ in zip(index, range(500), strict=False)]
