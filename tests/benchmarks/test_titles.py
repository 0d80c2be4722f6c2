from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.titles import misses, titles_of
from qsearch import Ranking
from qsearch.api import create_in
from qsearch.storage import MemoryStorage
from tests.benchmarks.conftest import Benchmark
from tests.helpers import article

ARTICLES = [
    article("/exact", "Installation", answer="See there."),
    article("/again", "INSTALLATION ", answer="See here."),
    article("/long", "Servers", answer="Install and installation. " * 9, keywords="installation"),
    article("/question", "", question="Why?", answer="Because."),
]


def test_titles_of_several_articles_are_typed_once() -> None:
    titles = titles_of(ARTICLES)
    assert titles["Installation"] == {"/exact", "/again"}
    assert titles["Why?"] == {"/question"}
    assert len(titles) == 3


@pytest.mark.parametrize(("bonus", "missed"), [(1.25, []), (0.0, ["Installation"])])
def test_a_title_is_missed_whose_article_is_not_the_first_hit(
    bonus: float, missed: list[str]
) -> None:
    index = create_in(MemoryStorage(), ranking=Ranking(title_bonus=bonus))
    with index.writer() as writer:
        writer.add_many(ARTICLES)
    assert misses(index, titles_of(ARTICLES)) == missed


def test_the_command_tells_both(benchmark_command: Benchmark, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.md").write_text(f"# Page {name}\n\nSome text.\n")
    found = benchmark_command("titles", "--articles", str(folder))
    assert found.code == 0
    assert found.numbers["titles"] == 2
    assert found.numbers["missed"] == {"with": [], "without": []}
    assert "100.0%" in found.out


def test_a_folder_without_titles_is_an_error(benchmark_command: Benchmark, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Only text.\n")
    found = benchmark_command("titles", "--articles", str(tmp_path))
    assert found.code == 1
    assert "no article" in found.err
