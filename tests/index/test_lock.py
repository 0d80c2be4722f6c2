"""One writer at a time, in one process and between processes."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import threading
import time
import warnings
from pathlib import Path

import pytest

import qsearch
from qsearch.index.lock import LOCK_NAME, WriterLock
from qsearch.storage import FolderStorage
from tests.conftest import MakeIndex
from tests.helpers import article, open_files, start_python

HOLD = """
import sys, time, qsearch
index = qsearch.open(sys.argv[1])
writer = index.writer()
writer.add(qsearch.Article(url="/half", title="never committed"))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def index(make_folder: MakeIndex) -> qsearch.Index:
    return make_folder([article("/a")])


def start_holder(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the index's lock."""
    process = start_python(HOLD, str(path))
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


def test_a_second_writer_is_told_who_holds_the_index(index: qsearch.Index) -> None:
    with index.writer(), pytest.raises(qsearch.IndexLocked) as caught:
        index.writer(timeout=0)
    assert str(os.getpid()) in caught.value.holder
    assert socket.gethostname() in caught.value.holder
    assert caught.value.holder in str(caught.value)
    assert str(index.path) in str(caught.value)
    assert caught.value.path == str(index.path)


def test_another_process_is_named(index: qsearch.Index) -> None:
    process = start_holder(index.path)
    try:
        with pytest.raises(qsearch.IndexLocked) as caught:
            index.writer(timeout=0.05)
    finally:
        end(process)
    assert f"process {process.pid} " in caught.value.holder


def test_a_killed_writer_leaves_no_lock_and_no_change(index: qsearch.Index) -> None:
    process = start_holder(index.path)
    process.send_signal(signal.SIGKILL)
    end(process)
    with index.writer(timeout=5) as writer:
        writer.add(article("/b"))
    assert sorted(a.url for a in index) == ["/a", "/b"]


def test_a_second_writer_waits_for_the_first(index: qsearch.Index) -> None:
    first = index.writer()
    first.add(article("/b"))
    threading.Timer(0.1, first.commit).start()
    with index.writer(timeout=30) as second:
        second.add(article("/c"))
    assert sorted(a.url for a in index) == ["/a", "/b", "/c"]


def test_the_lock_is_released_by_commit_rollback_and_exception(index: qsearch.Index) -> None:
    index.writer().commit()
    index.writer(timeout=0).rollback()
    with pytest.raises(ZeroDivisionError), index.writer(timeout=0):
        raise ZeroDivisionError
    with index.writer(timeout=0) as writer:
        writer.delete("/a")
    index.writer(timeout=0).rollback()


def test_a_forgotten_writer_keeps_nobody_out(index: qsearch.Index) -> None:
    writer = index.writer()
    writer.add(article("/b"))
    del writer
    gc.collect()
    with index.writer(timeout=0) as writer:
        writer.add(article("/c"))
    assert [found.url for found in index] == ["/a", "/c"]


def test_reading_needs_no_lock(index: qsearch.Index) -> None:
    with index.writer():
        again = qsearch.open(index.path)
        assert [a.url for a in again] == ["/a"]
        assert again.search("title").total == 1
        again.refresh()


def test_reading_needs_no_write_access(index: qsearch.Index) -> None:
    # Also as root, who may write anywhere: nothing in the folder changes.
    before = {path.name: path.stat().st_mtime_ns for path in index.path.iterdir()}
    folder_before = index.path.stat().st_mtime_ns
    index.path.chmod(0o555)
    try:
        with qsearch.open(index.path) as again:
            assert again.search("title").total == 1
    finally:
        index.path.chmod(0o755)
    assert {path.name: path.stat().st_mtime_ns for path in index.path.iterdir()} == before
    assert index.path.stat().st_mtime_ns == folder_before


def test_the_note_in_the_lock_may_be_anything(tmp_path: Path) -> None:
    deep = b"[" * 4_096
    named = b'{"pid": 1, "since": "", "host": %s}'
    odd = [named % b'"a\\nb"', named % b'"\\u001b[31m"', named % (b'"%s"' % (b"x" * 2_000))]
    for note in (b"", b"{", b"[]", b'{"pid": 1}', b"\xff" * 5_000, deep, *odd):
        lock = WriterLock(FolderStorage(tmp_path), timeout=0)
        (tmp_path / LOCK_NAME).write_bytes(note)
        with pytest.raises(qsearch.IndexLocked) as caught:
            WriterLock(FolderStorage(tmp_path), timeout=0)
        assert caught.value.holder == "another process"
        lock.release()


def test_releasing_twice_is_fine(tmp_path: Path) -> None:
    lock = WriterLock(FolderStorage(tmp_path), timeout=0)
    lock.release()
    lock.release()
    WriterLock(FolderStorage(tmp_path), timeout=0).release()


def test_a_refused_lock_leaves_no_open_file(tmp_path: Path) -> None:
    held = WriterLock(FolderStorage(tmp_path), timeout=0)
    for _ in range(5):
        with pytest.raises(qsearch.IndexLocked):
            WriterLock(FolderStorage(tmp_path), timeout=0)
    assert open_files(tmp_path) == 1
    held.release()


def test_a_child_of_the_holder_does_not_keep_the_lock(index: qsearch.Index) -> None:
    writer = index.writer()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns if the test runner has threads
        child = os.fork()
    if not child:  # a process that has all of its parent's open files
        time.sleep(60)
        os._exit(0)
    try:
        writer.rollback()
        index.writer(timeout=0).rollback()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_child_of_a_killed_holder_does_not_keep_the_lock_either(index: qsearch.Index) -> None:
    """It had the holder's open file, and with it the lock, for as long as it lived."""
    process = start_python(HOLD_AND_FORK, str(index.path))
    assert process.stdout
    child = int(process.stdout.readline())
    process.kill()
    process.wait()
    try:
        index.writer(timeout=0).rollback()
    finally:
        os.kill(child, signal.SIGKILL)
        process.stdout.close()


HOLD_AND_FORK = """
import os, sys, time, qsearch
writer = qsearch.open(sys.argv[1]).writer()
if not os.fork():
    print(os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("target", ["file", "nothing", "folder"])
def test_a_link_in_the_place_of_the_lock_is_not_followed(
    target: str, index: qsearch.Index, tmp_path: Path
) -> None:
    """The note would have been written over what it leads to."""
    (tmp_path / "file").write_text("precious")
    (tmp_path / "folder").mkdir()
    (index.path / LOCK_NAME).unlink()
    (index.path / LOCK_NAME).symlink_to(tmp_path / target)
    with pytest.raises(qsearch.IndexCorrupt, match="not a regular file") as caught:
        index.writer()
    assert caught.value.path == str(index.path / LOCK_NAME)
    assert (tmp_path / "file").read_text() == "precious"
    assert not (tmp_path / "nothing").exists()
