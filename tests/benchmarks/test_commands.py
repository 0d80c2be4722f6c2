from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import commands, replacing
from benchmarks.collection import DATA
from benchmarks.commands import AGAIN, FRESH, NUMPY, PARSE, REPLACED, SEARCH, SYNCED
from benchmarks.failure import BenchmarkError
from benchmarks.parse_yaml import parse
from tests.benchmarks.conftest import Benchmark

ARTICLE = """---
question: What is number {0}?
answer: It is number {0}.
url: /{0}
---
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(ARTICLE.format(number))
    return folder


def test_commands_and_replacements_are_timed_beside_their_yardsticks(
    benchmark_command: Benchmark, articles: Path
) -> None:
    found = benchmark_command(
        "commands", "--articles", str(articles), "--rounds", "1", "--replacements", "3"
    )
    assert found.code == 0, found.err
    rows = found.numbers["milliseconds"]
    assert set(rows) == {PARSE, FRESH, AGAIN, SEARCH, NUMPY, REPLACED, SYNCED}
    assert [len(rows[name]["times"]) for name in (FRESH, SEARCH, REPLACED)] == [1, 1, 3]
    assert rows[FRESH]["beside"] == PARSE
    assert rows[FRESH]["ratio"] == rows[FRESH]["median"] / rows[PARSE]["median"]
    assert found.numbers["articles"] == 3
    assert NUMPY in found.out


def test_a_command_that_fails_ends_the_run_with_its_message(
    benchmark_command: Benchmark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(commands, "SEARCH", "x")
    found = benchmark_command("commands", "--articles", str(tmp_path / "empty"), "--rounds", "1")
    assert found.code == 1
    assert "no article has a question" in found.err
    with pytest.raises(BenchmarkError, match=r"(?s)ended with 1.*no_such_module"):
        commands._run(tmp_path, ["-c", "import no_such_module"])


def test_a_missing_folder_is_an_error(benchmark_command: Benchmark) -> None:
    found = benchmark_command("commands", "--articles", "no/such/folder")
    assert found.code == 1
    assert "no/such/folder" in found.err


def test_a_replacement_that_did_not_take_place_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import qsearch

    with qsearch.create(tmp_path / "index") as index:
        with index.writer() as writer:
            writer.add(qsearch.Article(url="/a", question="What?"))
        monkeypatch.setattr(replacing, "_commit", lambda *_: None)
        with pytest.raises(BenchmarkError, match="as it was before"):
            replacing.time_replacements(index, tmp_path, 1, seed=1)


def test_the_yaml_yardstick_parses_front_matter(articles: Path, tmp_path: Path) -> None:
    assert parse(articles / "0.md")
    assert all(parse(path) for path in (DATA / "articles").rglob("*.md"))
    (tmp_path / "bad.md").write_text("---\na: b: c\n---\n")
    assert not parse(tmp_path / "bad.md")
    (tmp_path / "none.md").write_text("text")
    assert not parse(tmp_path / "none.md")
