"""Threads, forks and processes that share an index, and a file system that can only be read."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import threading
from pathlib import Path

import pytest

import qsearch
from qsearch.forks import ForkSafeLock
from qsearch.storage import FolderStorage
from qsearch.upkeep.backup import backup
from qsearch.upkeep.check import check
from tests.conftest import MakeIndex
from tests.helpers import article, open_files, ranked, run_python, start_python
from tests.storage.history import left_over

QUERIES = ("neuron release", '"neuron release"', "+neuron -release", "*")


@pytest.fixture
def index(make_index: MakeIndex) -> qsearch.Index:
    return make_index([article(f"/{n}", f"neuron {'release ' * (n % 3)}{n}") for n in range(30)])


# -- threads


def test_threads_share_an_index_while_another_writes(index: qsearch.Index) -> None:
    """Each batch has two articles; a reader sees both of them or none."""
    end = threading.Event()
    faults: list[object] = []

    def read() -> None:
        try:
            while not end.is_set():
                index.refresh()
                found = [hit.url for hit in index.search("batch", limit=None)]
                if len(found) % 2:
                    faults.append(found)
                for query in QUERIES:
                    ranked(index, query)
        except BaseException as error:
            faults.append(error)
            raise

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    with qsearch.open(index.path) as other:
        for number in range(20):
            with other.writer() as writer:
                writer.add(article(f"/a{number}", "batch one"))
                writer.add(article(f"/b{number}", "batch two"))
    end.set()
    for thread in threads:
        thread.join()
    assert faults == []
    index.refresh()
    assert index.search("batch").total == 40


def test_files_of_old_snapshots_are_let_go(index: qsearch.Index) -> None:
    def look() -> int:
        index.refresh()
        index.search("neuron")[0].snippet.strip()
        return open_files(index.path)

    counts = []
    for number in range(24):
        with index.writer() as writer:
            writer.add(article(f"/{number}", "neuron"))
        counts.append(look())
    assert max(counts) <= 12  # segments, few enough that they are merged


# -- forks

FORK_WHILE_LOADING = """
import os, signal, sys, qsearch
from qsearch.kernels import runtime
index = qsearch.open(sys.argv[1])
expected = [hit.url for hit in index.search("neuron release")]
runtime.prepare()
child = os.fork()
if not child:
    signal.alarm(50)
    runtime.wait()
    for _ in range(10):
        found = [hit.url for hit in index.search("neuron release")]
        assert found == expected, found
        assert index.search('"neuron release"').facets is not None
        index.refresh()
    os._exit(0)
_, status = os.waitpid(child, 0)
assert [hit.url for hit in index.search("neuron release")] == expected
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_a_fork_while_the_kernels_load(index: qsearch.Index) -> None:
    run_python(FORK_WHILE_LOADING, str(index.path))


FORK_WITH_KERNELS = """
import os, signal, sys, qsearch
from qsearch.kernels import runtime
assert runtime.wait()
index = qsearch.open(sys.argv[1])
index.search("neuron")
children = []
for number in range(4):
    child = os.fork()
    if not child:
        signal.alarm(50)
        assert runtime.ready()
        with index.writer(timeout=40) as writer:
            writer.add(qsearch.Article(url=f"/child-{number}", title="neuron child"))
        assert f"/child-{number}" in index
        os._exit(0)
    children.append(child)
failed = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
assert failed == [0] * 4, failed
index.refresh()
assert index.search("child").total == 4
"""


def test_forked_processes_search_and_write(index: qsearch.Index) -> None:
    run_python(FORK_WITH_KERNELS, str(index.path))


FORK_OF_A_WRITER = """
import os, sys, qsearch
index = qsearch.open(sys.argv[1])
with index.writer(memory=1) as writer:
    writer.add(qsearch.Article(url="/a", title="added before"))
    child = os.fork()
    if not child:
        try:
            writer.add(qsearch.Article(url="/b", title="never"))
        except qsearch.ArgumentError:
            raise SystemExit(0)
        raise SystemExit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    try:
        qsearch.open(sys.argv[1]).writer(timeout=0)
        raise AssertionError("the child has let go of the lock")
    except qsearch.IndexLocked:
        pass
    writer.add(qsearch.Article(url="/c", title="added after"))
assert "/a" in index and "/c" in index and "/b" not in index
"""


def test_a_fork_of_a_writer_is_no_writer(index: qsearch.Index) -> None:
    run_python(FORK_OF_A_WRITER, str(index.path))
    assert left_over(index.path) == set()


def test_a_lock_that_a_thread_held_is_free_in_a_fork() -> None:
    program = """
import os, signal, threading, time
from qsearch.forks import ForkSafeLock
lock, held, end = ForkSafeLock(), threading.Event(), threading.Event()
def hold():
    with lock:
        held.set()
        end.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
child = os.fork()
if not child:
    signal.alarm(50)
    with lock:
        os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
end.set()
thread.join()
"""
    run_python(program)
    lock = ForkSafeLock()
    with lock:
        assert lock._lock.locked()
    assert not lock._lock.locked()


# -- processes

WRITE = """
import sys, qsearch
with qsearch.open(sys.argv[1]) as index:
    for number in range(3):
        with index.writer(timeout=120) as writer:
            writer.add(qsearch.Article(url=f"/{sys.argv[2]}-{number}", title="from a process"))
"""


def test_writers_of_several_processes_take_turns(index: qsearch.Index) -> None:
    processes = [start_python(WRITE, str(index.path), str(number)) for number in range(3)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    index.refresh()
    assert index.search("process").total == 9
    assert index.stats()["generation"] == 10
    assert left_over(index.path) == set()


def test_killed_writers_leave_nothing_after_the_next_one(index: qsearch.Index) -> None:
    program = """
import os, signal, sys, qsearch
writer = qsearch.open(sys.argv[1]).writer(memory=1)
writer.add_many(qsearch.Article(url=f"/never-{n}", title="never") for n in range(5))
os.kill(os.getpid(), signal.SIGKILL)
"""
    process = start_python(program, str(index.path))
    process.communicate()
    assert left_over(index.path) != set()
    with index.writer(timeout=0) as writer:
        writer.add(article("/next"))
    assert left_over(index.path) == set()
    assert not any(found.url.startswith("/never") for found in index)


def test_two_processes_make_one_index(tmp_path: Path) -> None:
    program = """
import sys, qsearch
try:
    qsearch.create(sys.argv[1])
except qsearch.IndexExists:
    pass
with qsearch.open(sys.argv[1]) as index, index.writer(timeout=60) as writer:
    writer.add(qsearch.Article(url=f"/{sys.argv[2]}", title="made"))
"""
    path = tmp_path / "new" / "index"
    processes = [start_python(program, str(path), str(number)) for number in range(3)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert len(qsearch.open(path)) == 3


# -- a file system that can only be read


class ReadOnly:
    """System calls of a file system that is mounted read-only."""

    close = staticmethod(os.close)
    listdir = staticmethod(os.listdir)

    def open(self, path: Path, flags: int, mode: int = 0o644) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.refuse()
        return os.open(path, flags, mode)

    def refuse(self, *_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    fsync = replace = unlink = mkdir = refuse

    def write(self, _descriptor: int, _data: memoryview) -> int:
        self.refuse()
        return 0


def test_a_read_only_file_system_can_be_searched(index: qsearch.Index, tmp_path: Path) -> None:
    storage = FolderStorage(index.path, ReadOnly())
    with qsearch.Index(storage, qsearch.Limits()) as again:
        for query in QUERIES:
            assert ranked(again, query) == ranked(index, query)
        assert not again.refresh()
        assert again.whoosh.doc_count() == 30
        assert again.search("neuron").facets is not None
        with pytest.raises(OSError, match="Read-only") as caught:
            again.writer()
        assert caught.value.filename == str(index.path / "writer.lock")
    assert check(storage).whole
    assert backup(storage, FolderStorage(tmp_path / "copy")).articles == 30


def test_any_number_of_processes_may_open_what_is_not_there_yet(tmp_path: Path) -> None:
    """Those that found no index, and then one in their way, died with IndexExists."""
    program = (
        "import sys, qsearch\n"
        "while not __import__('os').path.exists(sys.argv[2]): pass\n"
        "with qsearch.open(sys.argv[1], create=True, language='german') as index:\n"
        "    with index.writer(timeout=60) as writer:\n"
        "        writer.add(qsearch.Article(url='/' + sys.argv[3], title='da'))\n"
    )
    go, path = tmp_path / "go", tmp_path / "index"
    processes = [start_python(program, str(path), str(go), str(number)) for number in range(8)]
    go.touch()
    for process in processes:
        with process:
            process.communicate()
        assert process.returncode == 0
    with qsearch.open(path) as index:
        assert len(index) == 8


# -- an index that somebody removes


def test_a_writer_of_a_removed_index_says_so(index: qsearch.Index) -> None:
    """It was a bare FileNotFoundError."""
    writer = index.writer()
    writer.add(article("/new"))
    shutil.rmtree(index.path)
    for refused in (writer.commit, index.writer, lambda: index.sync([article("/new")])):
        with pytest.raises(qsearch.IndexNotFound, match="no index at"):
            refused()
    assert index.search("neuron").total == 30


def test_a_fork_finds_working_space_that_threads_of_its_parent_hold(index: qsearch.Index) -> None:
    assert index.warm()
    pool = index._scratch
    loans = [pool.lend(1, 1) for _ in range(pool._most)]
    with contextlib.ExitStack() as held:
        for loan in loans:
            held.enter_context(loan)
        child = os.fork()
        if not child:
            code = 1
            with contextlib.suppress(BaseException):
                code = 0 if len(index.search("neuron")) == 10 else 2
            os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
