"""A second thread does tasks in order; where there can be none, who gives them does them."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qsearch.index.background import SecondThread
from tests.conftest import MakeIndex
from tests.helpers import article


def test_tasks_are_done_in_order_in_one_other_thread() -> None:
    done: list[tuple[int, str]] = []

    def task(number: int) -> int:
        done.append((number, threading.current_thread().name))
        return number

    with SecondThread("other") as second:
        futures = [second.submit(lambda number=number: task(number)) for number in range(5)]  # type: ignore[misc]
    assert [future.result() for future in futures] == [number for number, _ in done] == [*range(5)]
    assert {name for _, name in done} == {"other_0"}


def test_without_a_thread_the_caller_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    names: list[str] = []

    def task() -> None:
        names.append(threading.current_thread().name)

    def failing() -> None:
        raise ValueError("a task that fails")

    with SecondThread("other") as second:
        assert second.submit(task).done()
        assert second.submit(task).done()
        failed = second.submit(failing)
    assert names == [threading.current_thread().name] * 2
    with pytest.raises(ValueError, match="a task that fails"):
        failed.result()


def test_tasks_given_before_threads_are_refused_come_first() -> None:
    order: list[int] = []
    begun = threading.Event()
    second = SecondThread("other")

    def first() -> None:
        begun.wait(10)
        order.append(1)

    second.submit(first)
    second.end(wait=False)
    begun.set()
    second.submit(lambda: order.append(2)).result()
    assert order == [1, 2]


_LATE = """
import random, sys, threading
import qsearch
from qsearch import Article
from qsearch.kernels import runtime

index = qsearch.create(sys.argv[1])
words = random.Random(1)

def commit():
    threading.main_thread().join()
    if sys.argv[2] == "kernels":
        assert runtime.wait()
    with index.writer() as writer:
        for number in range(150):
            letters = "".join(map(chr, words.choices(range(0x4e00, 0x9000), k=3_000)))
            writer.add(Article(url=f"/{number}", question="x", answer=" ".join(letters)))
    print(len(index))

threading.Thread(target=commit).start()
"""


@pytest.mark.parametrize("kernels", ["kernels", "plain"])
def test_a_thread_that_outlives_the_main_one_commits(tmp_path: Path, kernels: str) -> None:
    command = [sys.executable, "-W", "error", "-c", _LATE, str(tmp_path / "index"), kernels]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr) == ("150\n", "")
    (segment,) = (tmp_path / "index").glob("segment-*")
    assert segment.stat().st_size > 1024 * 1024


def test_a_write_that_fails_leaves_no_thread(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer = make_index().writer()
    writer.add(article("/a", "neuron"))
    monkeypatch.setattr("qsearch.index.columns._LARGE", 0)
    monkeypatch.setattr("qsearch.storage.files._System.write", staticmethod(full))
    with pytest.raises(OSError, match="No space left") as caught:
        writer.commit()
    # Whoever keeps an error keeps all that was under way.
    assert not [one.name for one in threading.enumerate() if "checksums" in one.name]
    assert caught.value.filename
