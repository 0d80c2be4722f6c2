from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import FaultyCalls
from qsearch.storage import FolderStorage
from tests.storage.history import History


@pytest.fixture
def calls(tmp_path: Path) -> FaultyCalls:
    """System calls on the folder of ``storage``, which a test may let fail."""
    return FaultyCalls(tmp_path / "index")


@pytest.fixture
def storage(tmp_path: Path, calls: FaultyCalls) -> FolderStorage:
    """The shipped storage over ``calls``."""
    return FolderStorage(tmp_path / "index", calls)


@pytest.fixture
def history(storage: FolderStorage, calls: FaultyCalls, tmp_path: Path) -> Iterator[History]:
    """An index with a past. Every test of it ends with power cuts and a look at what is left."""
    history = History(storage)
    yield history
    history.index.close()
    calls.heal()
    for seed in range(12):
        folder = tmp_path / f"after-{seed}"
        history.check_after_power_cut(calls.disk, folder, random.Random(seed))
