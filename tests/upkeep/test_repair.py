"""What is whole of a damaged index is kept; the rest is said to be lost."""

from __future__ import annotations

import errno
import itertools
import random
import shutil
from pathlib import Path

import pytest

import qsearch
from benchmarks.faults import FaultyCalls, PowerCut
from benchmarks.faults.disk import put
from qsearch.index.lock import WriterLock
from qsearch.storage import FolderStorage
from qsearch.upkeep.repair import Repair, repair
from tests.helpers import article
from tests.upkeep.helpers import by_size, flip, held, is_whole, newest_is_whole


def mend(folder: Path) -> Repair | None:
    return repair(FolderStorage(folder), language="english", timeout=0)


def test_a_whole_index_stays_as_it_is(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert mend(folder) is None
    before["writer.lock"] = b""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_of_two_segments_the_whole_one_is_kept(folder: Path) -> None:
    with qsearch.open(folder) as index, index.writer() as writer:
        writer.add_many(article(f"/c{number}") for number in range(20))
    flip(by_size(folder, "segment")[-1])  # of 2 articles, in both generations
    done = mend(folder)
    assert done == Repair(kept=31, generation=None, lost=2, from_python=2)
    assert set(held(folder)) == {f"/{n}" for n in range(12) if n != 3} | {
        f"/c{n}" for n in range(20)
    }
    assert is_whole(folder)


def test_the_state_before_the_last_commit_if_that_is_more(folder: Path) -> None:
    before = held(folder)
    with qsearch.open(folder) as index, index.writer() as writer:
        writer.add(article("/new"))
    flip(by_size(folder, "manifest")[0])
    done = mend(folder)
    assert done == Repair(kept=13, generation=3, lost=None, from_python=None)
    assert held(folder) == before
    assert is_whole(folder)


def test_nothing_if_nothing_is_whole(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"garbage")
    assert mend(folder) == Repair(kept=0, generation=None, lost=None, from_python=None)
    assert held(folder) == {}
    assert is_whole(folder)


def test_segments_without_a_manifest_are_an_index_that_lost_it(folder: Path) -> None:
    for path in folder.glob("*.json"):
        path.unlink()
    with pytest.raises(qsearch.IndexCorrupt, match="manifest of the index is missing"):
        qsearch.open(folder)
    assert mend(folder) == Repair(kept=0, generation=None, lost=None, from_python=None)
    assert is_whole(folder)


def test_a_damaged_list_of_deletions_takes_its_segment_with_it(folder: Path) -> None:
    """What was deleted must not come back."""
    with qsearch.open(folder) as index, index.writer() as writer:
        writer.delete("/a")
    flip(by_size(folder, "deleted")[0], at=-1)
    for path in folder.glob("previous-*"):
        path.unlink()
    mend(folder)
    assert not set(held(folder)) & {"/3", "/a"}


def test_it_counts_what_came_from_python_if_that_can_be_read(folder: Path) -> None:
    with qsearch.open(folder) as index, index.writer() as writer:
        writer.add_many(article(f"/d{n}", f"word{n} {n % 7} is {n * n}") for n in range(400))
    path = by_size(folder, "segment")[0]
    flip(path, at=3 * path.stat().st_size // 4)
    done = mend(folder)
    assert done == Repair(kept=13, generation=None, lost=400, from_python=400)


def test_its_settings_stay(tmp_path: Path) -> None:
    path = tmp_path / "index"
    ranking = qsearch.Ranking(k1=1.5)
    with (
        qsearch.create(path, language="german", ranking=ranking) as index,
        index.writer() as writer,
    ):
        writer.add(article("/a"))
    flip(by_size(path, "segment")[0])
    mend(path)
    with qsearch.open(path) as index:
        assert index.stats()["ranking"]["k1"] == 1.5
        assert index.stats()["analyzer"]["language"] == "german"


def test_it_takes_the_lock(folder: Path) -> None:
    lock = WriterLock(FolderStorage(folder), timeout=0)
    with pytest.raises(qsearch.IndexLocked):
        mend(folder)
    lock.release()
    with pytest.raises(qsearch.IndexNotFound):
        mend(folder.parent / "nowhere")


@pytest.mark.parametrize("fault", [PowerCut, errno.ENOSPC], ids=["power cut", "ENOSPC"])
def test_a_repair_that_fails_at_any_step_can_be_done_again(
    fault: int | type[PowerCut], folder: Path, tmp_path: Path
) -> None:
    flip(by_size(folder, "segment")[-1])
    for step in itertools.count():
        place = shutil.copytree(folder, tmp_path / str(step))
        calls = FaultyCalls(place)
        calls.fail(step, fault)
        try:
            repair(FolderStorage(place, calls), language="english", timeout=0)
            failed = len(calls.steps) > step
        except (PowerCut, OSError):
            failed = True
        left = put(calls.disk.after_power_cut(random.Random(step)), tmp_path / f"{step}-left")
        mend(left)
        assert len(held(left)) == 11
        qsearch.open(left).writer(timeout=0).rollback()
        assert newest_is_whole(left)
        if not failed:
            break
    assert step > 10
