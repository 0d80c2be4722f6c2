from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import qsearch
from qsearch.analysis.analyzer import Analyzer

MakeIndex = Callable[..., qsearch.Index]

# Machines differ, and other work may share them: no test fails for its time.
settings.register_profile("qsearch", deadline=None)
settings.load_profile("qsearch")

# A shell starts background jobs with interrupts ignored, and what pytest starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def english() -> Analyzer:
    return Analyzer("english")


@pytest.fixture
def make_index(tmp_path: Path) -> Iterator[MakeIndex]:
    """Make an index of articles, each batch in a commit of its own."""
    made: list[qsearch.Index] = []

    def make(*batches: Iterable[qsearch.Article], **settings: object) -> qsearch.Index:
        index = qsearch.create(tmp_path / f"index-{len(made)}", **settings)  # type: ignore[arg-type]
        made.append(index)
        for batch in batches:
            with index.writer() as writer:
                writer.add_many(batch)
        return index

    yield make
    for index in made:
        index.close()
