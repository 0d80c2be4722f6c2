"""What every storage promises, whatever it is made of."""

from __future__ import annotations

import errno
import random
from pathlib import Path

import pytest

import qsearch
from benchmarks.faults import Disk, FaultyCalls
from qsearch.api import create_in
from qsearch.storage import FolderStorage, Held, MemoryStorage, Storage
from tests.helpers import article, open_files, ranked


@pytest.fixture(params=["folder", "faulty", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each storage, empty."""
    storage: Storage
    if request.param == "memory":
        storage = MemoryStorage()
    elif request.param == "folder":
        storage = FolderStorage(tmp_path / "deep" / "index")
    else:
        storage = FolderStorage(tmp_path / "index", FaultyCalls(tmp_path / "index"))
    storage.make()
    return storage


def test_a_file_comes_back(place: Storage) -> None:
    for name, content in (("a", b"one"), ("b", b""), ("c", bytes(3 << 20))):
        place.write(name, [content])
        assert place.read(name) == content
        assert bytes(place.map(name)[:]) == content
    assert sorted(place.names()) == ["a", "b", "c"]


def test_a_file_is_written_once(place: Storage) -> None:
    place.write("a", [b"one"])
    with pytest.raises(FileExistsError) as caught:
        place.write("a", [b"two"])
    assert caught.value.filename == str(place.path / "a")
    assert place.read("a") == b"one"


def test_what_is_not_there_is_named(place: Storage) -> None:
    for ask in (place.read, place.map, lambda name: place.rename(name, "b")):
        with pytest.raises(FileNotFoundError) as caught:
            ask("absent")
        assert caught.value.filename == str(place.path / "absent")
    assert place.names() == []


def test_a_renamed_file_replaces_another(place: Storage) -> None:
    place.write("a", [b"one"])
    place.write("b", [b"two"])
    place.rename("a", "b")
    assert place.names() == ["b"]
    assert place.read("b") == b"one"


def test_what_is_mapped_stays_when_the_file_goes(place: Storage) -> None:
    place.write("a", [b"one"])
    mapped = place.map("a")
    place.write("b", [b"two"])
    place.rename("b", "a")
    place.remove("a")
    place.remove("a")  # one that is not there is fine
    assert place.names() == []
    assert mapped[:] == b"one"


def test_making_the_folder_twice_is_fine(place: Storage) -> None:
    place.write("a", [b"one"])
    place.make()
    place.sync()
    assert place.names() == ["a"]


def test_a_lock_has_one_holder(place: Storage) -> None:
    lock = place.lock("x.lock", b"me")
    with pytest.raises(Held) as caught:
        place.lock("x.lock", b"you")
    assert caught.value.note == b"me"
    lock.release()
    again = place.lock("x.lock", b"you")
    lock.release()  # which does nothing to the new holder
    with pytest.raises(Held):
        place.lock("x.lock", b"third")
    again.release()
    assert place.names() == ["x.lock"]


def test_an_index_gives_the_same_answers_wherever_it_lies(place: Storage, tmp_path: Path) -> None:
    there, here = create_in(place), qsearch.create(tmp_path / "here")
    for index in (there, here):
        for number in range(10):
            with index.writer(timeout=0) as writer:
                writer.add(
                    article(f"/{number}", f"neuron {number}", answer="ion channel " * number)
                )
                writer.delete(f"/{number - 4}")
    assert ranked(there, "neuron channel") == ranked(here, "neuron channel")
    assert list(there) == list(here)
    assert there.stats()["segments"] == here.stats()["segments"]
    assert there.whoosh.doc_count() == len(here)
    with pytest.raises(qsearch.IndexExists):
        create_in(place)
    with there.writer(), pytest.raises(qsearch.IndexLocked):
        there.writer(timeout=0)


# -- a folder


def test_the_names_of_new_folders_are_synced(tmp_path: Path) -> None:
    calls = FaultyCalls(tmp_path / "a" / "b")
    FolderStorage(tmp_path / "a" / "b", calls).make()
    assert calls.steps == [
        *("mkdir a", f"open {tmp_path.name}", "fsync folder"),
        *("mkdir b", "open a", "fsync folder"),
    ]


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(FileExistsError):
        FolderStorage(tmp_path / "a").make()
    with pytest.raises(NotADirectoryError):
        FolderStorage(tmp_path / "a" / "b").make()


@pytest.mark.parametrize("step", ["write", "fsync"])
def test_an_error_without_a_name_gets_that_of_the_file(
    step: str, storage: FolderStorage, calls: FaultyCalls
) -> None:
    storage.make()
    calls.fail(1 if step == "write" else 2, errno.EIO)
    with pytest.raises(OSError, match="a\\.qs") as caught:
        storage.write("a.qs", [b"content"])
    assert calls.steps[-1] == f"{step} a.qs"
    assert caught.value.filename == str(storage.path / "a.qs")
    assert open_files(storage.path) == 0


# -- the model of a disk


def outcomes(disk: Disk) -> set[tuple[tuple[str, bytes], ...]]:
    """All that power cuts may leave."""
    return {tuple(sorted(disk.after_power_cut(random.Random(seed)).items())) for seed in range(300)}


def test_what_was_synced_survives_a_power_cut() -> None:
    disk = Disk({"old": b"0"})
    disk.create("a")
    disk.append("a", b"one")
    disk.sync_file("a")
    disk.sync_names()
    assert outcomes(disk) == {(("a", b"one"), ("old", b"0"))}


def test_a_name_that_was_not_synced_may_be_lost() -> None:
    disk = Disk()
    disk.create("a")
    disk.append("a", b"one")
    disk.sync_file("a")
    assert outcomes(disk) == {(), (("a", b"one"),)}


def test_content_that_was_not_synced_may_be_anything() -> None:
    disk = Disk()
    disk.create("a")
    disk.append("a", b"ab")
    disk.sync_names()
    left = outcomes(disk)
    assert {(), (("a", b""),), (("a", b"\0\0"),), (("a", b"a"),), (("a", b"ab"),)} < left
    flipped = {content for ((_, content),) in left - {()} if len(content) == 2}
    assert any(content not in (b"ab", b"\0\0") for content in flipped)


def test_renames_and_removals_that_were_not_synced_may_be_undone() -> None:
    disk = Disk({"a": b"1", "b": b"2"})
    disk.rename("a", "b")
    assert outcomes(disk) == {(("a", b"1"), ("b", b"2")), (("b", b"1"),)}
    disk = Disk({"a": b"1", "b": b"2"})
    disk.remove("a")
    disk.remove("b")
    assert len(outcomes(disk)) == 4


def test_what_was_synced_before_stays_before_a_tail_that_was_not() -> None:
    disk = Disk({"a": b"safe "})
    disk.append("a", b"tail")
    assert all(content.startswith(b"safe ") for ((_, content),) in outcomes(disk))
