from __future__ import annotations

import pytest

from benchmarks import embedding
from tests.benchmarks.conftest import Benchmark


def test_every_figure_is_measured(
    benchmark_command: Benchmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "_OPEN", 3)
    found = benchmark_command("embedding", "--rows", "60", "--rounds", "1")
    assert found.code == 0, found.err
    figures = found.numbers["figures"]
    assert all(value > 0 for name, value in figures.items() if name.endswith("ms"))
    assert any(name.startswith("sync of 60 rows") for name in figures)
    assert figures["descriptors of each of 3 open indexes"] == 1
