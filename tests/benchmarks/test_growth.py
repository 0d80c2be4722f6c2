from __future__ import annotations

import pytest

from benchmarks.__main__ import main
from tests.benchmarks.conftest import Benchmark


def test_each_size_is_measured_in_a_process_of_its_own(benchmark_command: Benchmark) -> None:
    found = benchmark_command(
        "growth", "--sizes", "60,30", "--words", "10", "--queries", "5", "--rounds", "1"
    )
    assert found.code == 0
    small, large = found.numbers["sizes"]
    assert (small["articles"], large["articles"]) == (30, 60)
    for row in (small, large):
        assert row["peak_mb"] >= row["before_mb"] > 10
        assert row["question_ms"]["queries"] == 5
        assert row["index_bytes"] > 0
        assert row["index_seconds"] > 0
    assert "2.00" in found.out  # times the size of the row above


def test_a_size_that_can_not_be_measured_ends_the_run(
    benchmark_command: Benchmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "false")
    found = benchmark_command("growth", "--sizes", "20")
    assert found.code == 1
    assert "measuring 20 articles ended with 1" in found.err


@pytest.mark.parametrize("sizes", ["0", "x", ""])
def test_sizes_are_numbers_above_0(sizes: str) -> None:
    with pytest.raises(SystemExit):
        main(["growth", "--sizes", sizes])
