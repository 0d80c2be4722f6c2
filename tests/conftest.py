from __future__ import annotations

import contextlib
import itertools
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import qsearch
from qsearch.analysis.analyzer import Analyzer
from qsearch.api import create_in
from qsearch.kernels import runtime
from qsearch.options import EngineName
from qsearch.storage import MemoryStorage
from tests.helpers import fill

MakeIndex = Callable[..., qsearch.Index]

# Machines differ, and other work may share them: no test fails for its time.
settings.register_profile("qsearch", deadline=None)
settings.load_profile("qsearch")

# A shell starts background jobs with interrupts ignored, and what pytest starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _kernels() -> None:
    """The kernels are loaded before the first test: nothing depends on when they would be."""
    assert runtime.wait(), "Numba is a dependency, so the kernels can be had"


@pytest.fixture(scope="session")
def engine() -> EngineName:
    """What answers; folders about searching have it twice, see ``tests.engines``."""
    return "auto"


@pytest.fixture(scope="session")
def english() -> Analyzer:
    return Analyzer("english")


@pytest.fixture
def make_index(engine: EngineName) -> Iterator[MakeIndex]:
    """Make an index of articles in memory, each batch in a commit of its own."""
    with contextlib.ExitStack() as open_indexes:

        def make(*batches: Iterable[qsearch.Article], **settings: Any) -> qsearch.Index:
            index = open_indexes.enter_context(
                create_in(MemoryStorage(), engine=engine, **settings)
            )
            return fill(index, *batches)

        yield make


@pytest.fixture
def make_folder(tmp_path: Path, engine: EngineName) -> Iterator[MakeIndex]:
    """As ``make_index``, in a folder of its own: where files are the subject, or other processes
    open it.
    """
    numbers = itertools.count()
    with contextlib.ExitStack() as open_indexes:

        def make(*batches: Iterable[qsearch.Article], **settings: Any) -> qsearch.Index:
            folder = tmp_path / f"index-{next(numbers)}"
            index = open_indexes.enter_context(qsearch.create(folder, engine=engine, **settings))
            return fill(index, *batches)

        yield make
