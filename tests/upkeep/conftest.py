from __future__ import annotations

from pathlib import Path

import pytest

import qsearch
from tests.helpers import article


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three commits: 12 articles, 2 more in a segment of their own, one deleted."""
    with qsearch.create(tmp_path / "index") as index:
        with index.writer() as writer:
            writer.add_many(article(f"/{number}", f"neuron word{number}") for number in range(12))
        with index.writer() as writer:
            writer.add_many([article("/a", "neuron alpha"), article("/b", "neuron beta")])
        with index.writer() as writer:
            writer.delete("/3")
    return tmp_path / "index"
