"""A file system that refuses: the old or the new state, an OSError that names the file, no lock."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
import random
import stat
from pathlib import Path

import pytest

import qsearch
from benchmarks.faults import FaultyCalls
from qsearch.api import create_in
from qsearch.errors import ArgumentError
from qsearch.storage import FolderStorage
from tests.helpers import article, open_files, start_python
from tests.storage.history import History, left_over, names


@pytest.mark.parametrize("segments", [1, 7], ids=["a segment", "a merge"])
@pytest.mark.parametrize(
    ("number", "persistent"),
    [(errno.EIO, False), (errno.ENOSPC, True)],
    ids=["EIO, once", "ENOSPC from then on"],
)
def test_any_call_of_a_commit_may_fail(
    number: int, persistent: bool, segments: int, tmp_path: Path
) -> None:
    before = History(FolderStorage(tmp_path / "before"))
    before.commit(segments, split=True)
    for step in itertools.count():
        folder = tmp_path / str(step)
        calls = FaultyCalls(folder)
        history = before.copy(FolderStorage(folder, calls))
        start = len(calls.steps)
        calls.fail(step, number, persistent=persistent)
        failed = refusal(history)
        assert failed is None or failed == (number, True), failed
        reached = len(calls.steps) > start + step
        calls.heal()
        history.index.close()

        assert open_files(folder) == 0
        if failed and not persistent:
            assert left_over(folder) == set()
        history.check_after_power_cut(calls.disk, tmp_path / f"{step}-cut", random.Random(step))
        history.check(folder)  # which takes the lock
        if not reached:
            break
    assert step > 15


def refusal(history: History) -> tuple[int | None, bool] | None:
    """The number of the OSError of a commit, and whether it names a file; None: there was none."""
    try:
        history.commit(1)
    except OSError as error:
        return error.errno, isinstance(error.filename, str) and "/" in error.filename
    return None


def test_a_failed_sync_is_not_tried_again(tmp_path: Path) -> None:
    before = History(FolderStorage(tmp_path / "before"))
    before.commit(4)
    calls = FaultyCalls(tmp_path / "whole")
    history = before.copy(FolderStorage(tmp_path / "whole", calls))
    start = len(calls.steps)
    history.commit(1)
    syncs = [n for n, step in enumerate(calls.steps[start:]) if step.startswith("fsync")]
    assert len(syncs) == 5  # a segment, deletions, a manifest; the folder twice
    for step in syncs:
        calls = FaultyCalls(tmp_path / str(step))
        history = before.copy(FolderStorage(tmp_path / str(step), calls))
        start = len(calls.steps)
        calls.fail(step, errno.EIO)
        with pytest.raises(OSError, match="error"):
            history.commit(1)
        failed, *later = calls.steps[start + step :]
        assert failed.startswith("fsync")
        assert not any(later_step.startswith(("fsync", "rename")) for later_step in later)


def test_a_full_disk_says_which_file(history: History, calls: FaultyCalls) -> None:
    history.commit()
    calls.fail(0, errno.ENOSPC, persistent=True)
    # Of the lock only the note can't be written.
    with pytest.raises(OSError, match=r"No space left on device: '.*index") as caught:
        history.commit()
    assert caught.value.errno == errno.ENOSPC


def test_a_disk_that_fills_up_while_articles_are_added_ends_the_writer(
    history: History, calls: FaultyCalls
) -> None:
    history.commit()
    writer = history.index.writer(memory=1)
    calls.fail(0, errno.ENOSPC, persistent=True)
    with pytest.raises(OSError, match="No space left"):
        writer.add(article("/lost", "lost"))
    calls.heal()
    with pytest.raises(ArgumentError, match="this writer has ended"):
        writer.add(article("/later", "later"))
    assert {found.url for found in history.index} == set(history.acknowledged)


def test_a_block_whose_writer_has_ended_does_not_end_as_if_all_were_committed(
    history: History, calls: FaultyCalls
) -> None:
    """An error caught within the block was the last that was heard of all its articles."""
    history.commit()

    def add_all() -> None:
        with history.index.writer(memory=20_000) as writer:
            writer.add(article("/early", "not committed"))
            calls.fail(0, errno.ENOSPC, persistent=True)
            with contextlib.suppress(OSError):
                for number in range(100):
                    writer.add(article(f"/{number}", "lost"))
            calls.heal()

    with pytest.raises(OSError, match="No space left"):
        add_all()
    assert {found.url for found in history.index} == set(history.acknowledged)


def test_a_writer_that_was_rolled_back_in_its_block_is_no_error(history: History) -> None:
    history.commit()
    with history.index.writer() as writer:
        writer.add(article("/undone", "undone"))
        writer.rollback()
    assert "/undone" not in history.index


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_can_not_sync_folders_is_left_to_it(
    number: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Calls(FaultyCalls):
        def fsync(self, descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(number, "refused")

    storage = FolderStorage(tmp_path / "index", Calls(tmp_path / "index"))
    with create_in(storage) as index, index.writer() as writer:
        writer.add(article("/a"))
    assert "can't sync folders" in caplog.text
    assert len(qsearch.open(tmp_path / "index")) == 1


def test_a_sync_goes_to_the_medium_where_that_is_another_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On macOS fsync leaves what was written in the cache of the drive."""
    synced: list[int] = []

    def full(descriptor: int, command: int) -> int:
        assert command == 51
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOTSUP, "not of folders")
        synced.append(descriptor)
        return 0

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", full)
    storage = FolderStorage(tmp_path)
    storage.write("a", [b"one"])
    storage.sync()
    assert len(synced) == 1
    monkeypatch.setattr(fcntl, "fcntl", lambda *_: _refuse(errno.EIO))
    with pytest.raises(OSError, match="refused") as caught:
        storage.write("b", [b"two"])
    assert caught.value.errno == errno.EIO
    assert caught.value.filename == str(tmp_path / "b")


def _refuse(number: int) -> None:
    raise OSError(number, "refused")


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "refused")

    index = qsearch.create(tmp_path / "index")
    with index.writer() as writer:
        writer.add(article("/a"))
    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match="can't lock files: put the index on another one") as caught:
        index.writer()
    assert caught.value.errno == number
    assert caught.value.filename == str(index.path / "writer.lock")
    assert qsearch.open(index.path).search("title").total == 1
    with pytest.raises(OSError, match="can't lock"):
        qsearch.create(tmp_path / "other")


LIMITED = """
import resource, signal, sys, qsearch
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
index = qsearch.open(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with index.writer() as writer:
        writer.add_many(qsearch.Article(url=f"/{n}", title=f"word{n}") for n in range(300))
except OSError as error:
    print(error.errno, error.filename)
assert [found.url for found in index] == ["/a"]
"""


def test_a_file_that_may_grow_no_more(tmp_path: Path) -> None:
    """The same on the real system, where the kernel refuses."""
    with qsearch.create(tmp_path / "index") as index, index.writer() as writer:
        writer.add(article("/a"))
    before = names(tmp_path / "index")
    process = start_python(LIMITED, str(tmp_path / "index"))
    output, _ = process.communicate()
    assert process.returncode == 0
    assert output.startswith(f"{errno.EFBIG} {tmp_path / 'index'}/segment-")
    assert names(tmp_path / "index") == before
