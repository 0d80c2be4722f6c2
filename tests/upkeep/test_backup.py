"""A backup is a whole index; it is taken while a writer works, and put back only when asked."""

from __future__ import annotations

import errno
import itertools
import random
import shutil
import threading
from pathlib import Path

import pytest

import qsearch
from benchmarks.faults import FaultyCalls, PowerCut
from benchmarks.faults.disk import put
from qsearch.index.manifest import generations
from qsearch.storage import FolderStorage, Mapped, MemoryStorage
from qsearch.upkeep.backup import backup
from qsearch.upkeep.restore import go_back, restore
from tests.helpers import article
from tests.upkeep.helpers import by_size, flip, held, is_whole, newest_is_whole


def restore_into(folder: Path, source: Path, *, replace_whole: bool = False) -> None:
    restore(FolderStorage(folder), FolderStorage(source), replace_whole=replace_whole, timeout=0)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A backup of the index."""
    backup(FolderStorage(folder), FolderStorage(tmp_path / "copy"))
    return tmp_path / "copy"


# -- backup


def test_a_backup_is_an_index_with_the_same_answers(folder: Path, tmp_path: Path) -> None:
    done = backup(FolderStorage(folder), FolderStorage(tmp_path / "deep" / "copy"))
    assert held(tmp_path / "deep" / "copy") == held(folder)
    assert is_whole(tmp_path / "deep" / "copy")
    assert (done.generation, done.articles) == (3, 13)
    with qsearch.open(folder) as index:
        assert done.bytes == index.stats()["bytes"]


def test_a_backup_in_memory(folder: Path) -> None:
    memory = MemoryStorage()
    backup(FolderStorage(folder), memory)
    assert qsearch.Index(memory, qsearch.Limits()).search("alpha").total == 1


def test_it_needs_a_free_folder(folder: Path, copy: Path, tmp_path: Path) -> None:
    for target, reason in ((copy, "an index at"), (folder.parent, "other files")):
        with pytest.raises(qsearch.ArgumentError, match=reason):
            backup(FolderStorage(folder), FolderStorage(target))
    assert is_whole(copy)
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        backup(FolderStorage(folder), FolderStorage(tmp_path / "file"))


def test_of_no_index(tmp_path: Path) -> None:
    with pytest.raises(qsearch.IndexNotFound):
        backup(FolderStorage(tmp_path), FolderStorage(tmp_path / "copy"))
    assert not (tmp_path / "copy").exists()


def test_of_a_damaged_index(folder: Path, tmp_path: Path) -> None:
    (path, *_) = by_size(folder, "segment")
    flip(path)
    with pytest.raises(qsearch.IndexCorrupt) as caught:
        backup(FolderStorage(folder), FolderStorage(tmp_path / "copy"))
    assert caught.value.path == str(path)
    with pytest.raises(qsearch.IndexNotFound):
        qsearch.open(tmp_path / "copy")


def test_files_may_go_while_it_copies(folder: Path, tmp_path: Path) -> None:
    index = qsearch.open(folder)

    class Busy(FolderStorage):
        """A writer commits before a file is looked for, so often that it has gone by then."""

        left = 4

        def map(self, name: str) -> Mapped:
            while self.left:
                self.left -= 1
                with index.writer() as writer:
                    writer.delete(f"/{self.left}")
            return super().map(name)

    backup(Busy(folder), FolderStorage(tmp_path / "copy"))
    assert is_whole(tmp_path / "copy")
    assert held(tmp_path / "copy") == held(folder)


def test_backups_while_a_thread_writes(folder: Path, tmp_path: Path) -> None:
    end = threading.Event()

    def write() -> None:
        with qsearch.open(folder) as index:
            for number in itertools.count():
                if end.is_set():
                    return
                with index.writer() as writer:
                    writer.add(article("/count", f"commit {number}"))
                    writer.add(article("/count too", f"commit {number}"))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(8):
            copy = tmp_path / str(number)
            backup(FolderStorage(folder), FolderStorage(copy))
            titles = held(copy)
            assert is_whole(copy)
            assert titles.get("/count") == titles.get("/count too")
    finally:
        end.set()
        thread.join()


def test_an_interrupted_backup_can_be_begun_again(folder: Path, tmp_path: Path) -> None:
    for step in itertools.count():
        copy = tmp_path / str(step)
        calls = FaultyCalls(copy)
        calls.fail(step)
        try:
            backup(FolderStorage(folder), FolderStorage(copy, calls))
        except PowerCut:
            left = put(calls.disk.after_power_cut(random.Random(step)), tmp_path / f"{step}-left")
            if not generations(FolderStorage(left)):
                backup(FolderStorage(folder), FolderStorage(left))
            assert held(left) == held(folder)
            assert is_whole(left)
        else:
            break
    assert step > 20
    kept = put(calls.disk.after_power_cut(random.Random(0)), tmp_path / "kept")
    assert held(kept) == held(folder)


# -- restore


@pytest.mark.parametrize("damage", ["missing", "a segment", "the manifest", "everything", "empty"])
def test_a_backup_takes_the_place_of_a_damaged_index(damage: str, folder: Path, copy: Path) -> None:
    expected = held(folder)
    if damage == "missing":
        shutil.rmtree(folder)
    elif damage == "empty":
        shutil.rmtree(folder)
        folder.mkdir()
    elif damage == "a segment":
        flip(by_size(folder, "segment")[0])
    elif damage == "the manifest":
        flip(by_size(folder, "manifest")[0])
    else:
        for path in folder.iterdir():
            path.write_bytes(b"garbage")
    restore_into(folder, copy)
    assert held(folder) == expected
    assert is_whole(folder)
    assert is_whole(copy)
    with qsearch.open(folder) as index, index.writer(timeout=0) as writer:
        writer.add(article("/new"))
    assert set(held(folder)) == {*expected, "/new"}


def test_a_whole_index_is_replaced_only_when_asked(folder: Path, copy: Path) -> None:
    before = held(folder)
    with qsearch.open(folder) as index:
        reader = qsearch.open(folder)
        with index.writer() as writer:
            writer.add(article("/new"))
        with pytest.raises(qsearch.IndexExists, match=r"is whole .* give --replace"):
            restore_into(folder, copy)
        assert "/new" in held(folder)
        restore_into(folder, copy, replace_whole=True)
        assert held(folder) == before
        assert is_whole(folder)
        # Whoever has it open comes along.
        assert index.refresh()
        assert "/new" not in index
        reader.refresh()
        assert len(reader) == len(before)


def test_a_damaged_backup_changes_nothing(folder: Path, copy: Path) -> None:
    flip(by_size(folder, "manifest")[0])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (path, *_) = by_size(copy, "segment")
    flip(path)
    with pytest.raises(qsearch.IndexCorrupt) as caught:
        restore_into(folder, copy)
    assert caught.value.path == str(path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_can_be_no_backup(folder: Path, copy: Path, tmp_path: Path) -> None:
    with pytest.raises(qsearch.ArgumentError, match="is the index itself"):
        restore_into(folder, folder, replace_whole=True)
    with pytest.raises(qsearch.IndexNotFound, match=r"no backup at .*nowhere.*'qsearch backup'"):
        restore_into(folder, tmp_path / "nowhere", replace_whole=True)
    with pytest.raises(qsearch.ArgumentError, match="other files"):
        restore_into(tmp_path, copy)
    assert is_whole(folder)


def test_it_waits_for_a_writer(folder: Path, copy: Path) -> None:
    with qsearch.open(folder).writer(), pytest.raises(qsearch.IndexLocked):
        restore_into(folder, copy, replace_whole=True)


@pytest.mark.parametrize("fault", [PowerCut, errno.EIO], ids=["power cut", "EIO"])
def test_a_restore_that_fails_at_any_step(
    fault: int | type[PowerCut], folder: Path, copy: Path, tmp_path: Path
) -> None:
    with qsearch.open(folder) as index, index.writer() as writer:
        writer.add(article("/new", "neuron gamma"))
    newer, older = held(folder), held(copy)
    for step in itertools.count():
        place = shutil.copytree(folder, tmp_path / str(step))
        calls = FaultyCalls(place)
        calls.fail(step, fault)
        failed = True
        try:
            restore(FolderStorage(place, calls), FolderStorage(copy), replace_whole=True, timeout=0)
            failed = len(calls.steps) > step
        except (PowerCut, OSError):
            calls.heal()
        left = put(calls.disk.after_power_cut(random.Random(step)), tmp_path / f"{step}-left")
        assert held(left) in (newer, older)
        qsearch.open(left).writer(timeout=0).rollback()
        assert newest_is_whole(left)
        if not failed:
            assert held(left) == older
            break
    assert step > 20


# -- the state before the last commit


def test_the_previous_generation_can_be_read_beside_a_damaged_one(folder: Path) -> None:
    before = held(folder)
    with qsearch.open(folder) as index, index.writer() as writer:
        writer.add(article("/new"))
    flip(by_size(folder, "manifest")[0])
    with pytest.raises(qsearch.IndexCorrupt, match="generation 3 is whole: qsearch") as caught:
        qsearch.open(folder)
    assert "'qsearch restore --previous'" in str(caught.value)
    assert held(folder, generation=3) == before
    with pytest.raises(qsearch.IndexNotFound, match=r"no generation 2 .* but 4, 3"):
        qsearch.open(folder, generation=2)
    with pytest.raises(qsearch.ArgumentError):
        qsearch.open(folder, generation="3")  # type: ignore[arg-type]


def test_nothing_is_promised_of_a_previous_generation_that_is_damaged_too(folder: Path) -> None:
    for path in folder.glob("segment-*"):
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(qsearch.IndexCorrupt) as caught:
        qsearch.open(folder)
    assert "whole" not in str(caught.value)


@pytest.mark.parametrize("damage", ["missing", "flipped"])
def test_going_back(damage: str, folder: Path) -> None:
    expected = held(folder, generation=2)
    (path,) = folder.glob("manifest-*")
    flip(path) if damage == "flipped" else path.unlink()
    done = go_back(FolderStorage(folder), replace_whole=False, timeout=0)
    assert held(folder) == expected
    assert done.articles == len(expected) == 14
    assert is_whole(folder)


def test_going_back_from_a_whole_index_only_when_asked(folder: Path) -> None:
    expected = held(folder, generation=2)
    with pytest.raises(qsearch.IndexExists):
        go_back(FolderStorage(folder), replace_whole=False, timeout=0)
    go_back(FolderStorage(folder), replace_whole=True, timeout=0)
    assert held(folder) == expected


def test_going_back_where_there_is_nothing(folder: Path, tmp_path: Path) -> None:
    for path in folder.glob("segment-*"):
        path.write_bytes(b"")
    with pytest.raises(qsearch.IndexCorrupt, match="no older generation"):
        go_back(FolderStorage(folder), replace_whole=False, timeout=0)
    with pytest.raises(qsearch.IndexNotFound):
        go_back(FolderStorage(tmp_path / "nowhere"), replace_whole=False, timeout=0)
