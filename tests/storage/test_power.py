"""What was acknowledged survives a power cut at any step; the model finds what would break that."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import qsearch
from benchmarks.faults import FaultyCalls, PowerCut
from qsearch.errors import Error
from qsearch.index import writer as writer_module
from qsearch.index.manifest import Manifest, manifest_name, publish
from qsearch.storage import FolderStorage, Storage
from tests.storage.history import History


@pytest.mark.parametrize("segments", [1, 7], ids=["a segment", "a merge"])
def test_a_power_cut_at_any_step_of_a_commit(segments: int, tmp_path: Path) -> None:
    before = History(FolderStorage(tmp_path / "before"))
    before.commit(segments, split=True)
    for step in itertools.count():
        calls = FaultyCalls(tmp_path / str(step))
        history = before.copy(FolderStorage(tmp_path / str(step), calls))
        calls.fail(step)
        cut = is_cut(history)
        for seed in range(2):
            folder = tmp_path / f"{step}-{seed}"
            history.check_after_power_cut(calls.disk, folder, random.Random(seed))
        if not cut:
            break
    assert step > 15


def is_cut(history: History) -> bool:
    """Whether the power is cut during a commit."""
    try:
        history.commit(1)
    except PowerCut:
        return True
    return False


@pytest.mark.parametrize("seed", range(15))
def test_a_power_cut_at_some_moment_of_a_long_history(
    seed: int, history: History, calls: FaultyCalls
) -> None:
    choice = random.Random(seed)
    calls.fail(choice.randrange(400))

    def commit_for_ever() -> None:
        while True:
            history.commit(choice.choice([1, 2, 4, 9]), split=choice.random() < 0.3)

    with pytest.raises(PowerCut):
        commit_for_ever()


def test_a_power_cut_while_an_index_is_made(tmp_path: Path) -> None:
    calls = FaultyCalls(tmp_path / "whole")
    History(FolderStorage(tmp_path / "whole", calls))
    for step in range(len(calls.steps)):
        path = tmp_path / str(step)
        cut = FaultyCalls(path)
        cut.fail(step)
        with pytest.raises(PowerCut):
            History(FolderStorage(path, cut))
        # What is left is no index, or one, and never in the way of making it.
        for name, content in cut.disk.after_power_cut(random.Random(step)).items():
            (path / name).write_bytes(content)
        try:
            qsearch.create(path)
        except qsearch.IndexExists:
            assert len(qsearch.open(path)) == 0


# -- faults put in on purpose


def loses_something(folder: Path, skip: Callable[[str], bool] = lambda _: False) -> bool:
    """Whether a power cut after some commits loses what was acknowledged."""
    calls = FaultyCalls(folder, skip=skip)
    history = History(FolderStorage(folder, calls))
    for _ in range(3):
        history.commit()
    return any(
        fails(history, calls, folder.with_name(f"{folder.name}-{seed}"), seed) for seed in range(60)
    )


def fails(history: History, calls: FaultyCalls, folder: Path, seed: int) -> bool:
    """Whether a power cut now breaks a promise."""
    try:
        history.check_after_power_cut(calls.disk, folder, random.Random(seed))
    except (AssertionError, Error):
        return True
    return False


def test_the_shipped_order_loses_nothing(tmp_path: Path) -> None:
    assert not loses_something(tmp_path / "index")


@pytest.mark.parametrize(
    "left_out", ["fsync segment", "fsync deleted", "fsync manifest", "fsync folder", "fsync"]
)
def test_the_model_finds_a_sync_that_is_left_out(left_out: str, tmp_path: Path) -> None:
    assert loses_something(tmp_path / "index", lambda step: step.startswith(left_out))


def _renamed_too_early(storage: Storage, manifest: Manifest) -> None:
    """As ``publish``, but a file that the manifest names is written after it."""
    publish(storage, manifest)
    for entry in manifest.segments[-1:]:
        content = storage.read(entry.file.name)
        storage.remove(entry.file.name)
        storage.write(entry.file.name, [content])


def _not_synced_at_the_end(storage: Storage, manifest: Manifest) -> None:
    publish(storage, manifest)
    name = manifest_name(manifest.generation)
    storage.rename(name, f"{name}.new")
    storage.rename(f"{name}.new", name)


def _previous_removed_too_early(storage: Storage, manifest: Manifest) -> None:
    for name in storage.names():
        if name.endswith(".qs") and name not in {file.name for file in manifest.files()}:
            storage.remove(name)
    for name in storage.names():
        if name.endswith(".json"):
            storage.remove(name)
    storage.sync()
    publish(storage, manifest)


@pytest.mark.parametrize("wrong", [_renamed_too_early, _not_synced_at_the_end])
def test_the_model_finds_a_wrong_order(
    wrong: Callable[[Storage, Manifest], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "publish", wrong)
    assert loses_something(tmp_path / "index")


def test_the_model_finds_that_the_old_state_went_before_the_new_one_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "publish", _previous_removed_too_early)
    lost = 0
    for step in range(30):
        calls = FaultyCalls(tmp_path / f"{step}")
        history = History(FolderStorage(tmp_path / f"{step}", calls))
        history.commit()
        history.commit()
        calls.fail(step)
        with pytest.raises(PowerCut):
            history.commit()
        lost += fails(history, calls, tmp_path / f"{step}-left", step)
    assert lost
