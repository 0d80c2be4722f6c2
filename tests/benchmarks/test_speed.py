from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import gate, speed
from benchmarks.engines import PEERS, Ours
from benchmarks.engines.engine import Found
from benchmarks.queries import KINDS, Query
from tests.benchmarks.conftest import Benchmark

QUICK = ("--queries", "4", "--rounds", "1")


@pytest.fixture(autouse=True)
def _little_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "_WARM_UP", 2)
    monkeypatch.setattr(speed, "_GATE_ARTICLES", 30)
    monkeypatch.setattr(speed, "_GATE_QUERIES", 1)


def test_peers_stand_beside_qsearch(benchmark_command: Benchmark) -> None:
    found = benchmark_command("speed", "--collection", "synthetic:40", *QUICK)
    assert found.code == 0
    engines = found.numbers["engines"]
    there = [name for name, peer in PEERS.items() if not peer.missing()]
    assert list(engines) == ["qsearch", *there]
    assert [line.split()[0] for line in found.numbers["missing"]] == [
        name for name in PEERS if name not in there
    ]
    for name, engine in engines.items():
        kinds = [kind for kind in KINDS if name == "qsearch" or kind in PEERS[name].kinds]
        assert list(engine["latency_ms"]) == kinds
        assert all(times["queries"] == 4 for times in engine["latency_ms"].values())
        assert engine["articles"] == 40
        assert engine["index_bytes"] > 0
        assert len(engine["index_seconds"]) == 1
        if name != "qsearch":
            assert 0 < engine["overlap_at_10"] <= 1
    assert found.numbers["check"] == {
        "articles": 30,
        "queries": 6,
        "differences": 0,
        "longer_lists": 6,
    }


def test_the_table_says_how_to_reproduce_it_and_what_it_was_made_with(
    benchmark_command: Benchmark, tmp_path: Path
) -> None:
    arguments = ("speed", "--collection", "data", "--peers", "none", *QUICK)
    found = benchmark_command(*arguments)
    assert found.code == 0
    lines = found.out.splitlines()
    assert lines[0] == "reproduce: python -m benchmarks " + " ".join(
        [*arguments, "--json", str(tmp_path / "numbers.json")]
    )
    assert any(line.startswith("question, p99 ms") for line in lines)
    assert lines[-1] == f"all numbers: {tmp_path / 'numbers.json'}"
    assert {"machine", "versions", "seed", "reproduce"} <= set(found.numbers)


def test_many_questions_at_once_stand_beside_a_loop(
    benchmark_command: Benchmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "_AT_ONCE", 50)
    found = benchmark_command("speed", "--collection", "synthetic:40", "--peers", "none", *QUICK)
    assert found.code == 0
    numbers = found.numbers["search_many"]
    assert numbers["queries"] >= 50
    one_by_one, at_once = numbers["one_by_one_seconds"], numbers["at_once_seconds"]
    assert min(one_by_one, at_once) > 0
    assert f"search_many: x{one_by_one / at_once:.2f} of a loop" in found.out


def test_stock_whoosh_gets_a_slice_and_the_table_says_so(benchmark_command: Benchmark) -> None:
    found = benchmark_command(
        "speed",
        "--collection",
        "synthetic:30",
        "--peers",
        "whoosh",
        "--whoosh-articles",
        "10",
        *QUICK,
    )
    assert found.code == 0
    assert found.numbers["engines"]["whoosh"]["articles"] == 10
    assert "whoosh indexed and searched 10 of the articles only" in found.out


def test_a_wrong_ranking_ends_the_run_before_anything_is_timed(
    benchmark_command: Benchmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Ours.search

    def wrong(engine: Ours, query: Query) -> Found:
        return [(url, score + 1) for url, score in right(engine, query)]

    monkeypatch.setattr(Ours, "search", wrong)
    found = benchmark_command("speed", "--collection", "synthetic:20", *QUICK)
    assert found.code == 1
    assert found.numbers is None
    assert "the ranking is wrong for 6 of 6 queries, so nothing is timed" in found.err
    assert found.out == ""


def test_a_list_that_depends_on_its_length_ends_the_run(
    benchmark_command: Benchmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "of_prefixes", lambda *_: [gate.Difference(Query("", "x"), [], [])])
    found = benchmark_command("speed", "--collection", "synthetic:20", "--peers", "none", *QUICK)
    assert found.code == 1
    assert "the ranking is wrong" in found.err


def test_indexes_are_removed_unless_they_are_to_be_kept(
    benchmark_command: Benchmark, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    arguments = ("speed", "--collection", "synthetic:10", "--peers", "none", *QUICK)
    assert benchmark_command(*arguments, "--keep", str(kept)).code == 0
    assert list(kept.glob("speed-*/qsearch-0/*"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--collection", "no/such/folder"),
        ("--collection", "synthetic:many"),
        ("--collection", "synthetic:0"),
        ("--peers", "lucene"),
        ("--questions", "no/such/file"),
    ],
)
def test_what_can_not_be_measured_is_an_error(
    benchmark_command: Benchmark, arguments: tuple[str, ...]
) -> None:
    found = benchmark_command("speed", *arguments)
    assert found.code == 1
    assert found.err.splitlines()[-1].startswith("benchmarks: ")


def test_a_folder_without_articles_is_an_error(
    benchmark_command: Benchmark, tmp_path: Path
) -> None:
    (tmp_path / "bad.md").write_text("---\nno front matter\n---\n")
    found = benchmark_command("speed", "--collection", str(tmp_path))
    assert found.code == 1
    assert "no article could be read" in found.err
