"""``qsearch delete``."""

from __future__ import annotations

from pathlib import Path

from tests.cli.helpers import Run, WriteArticle


def test_by_url(run: Run, sample: Path) -> None:
    result = run("delete", "/biology/sodium")
    assert (result.code, result.out, result.err) == (0, "deleted /biology/sodium\n", "")
    assert run("show", "/biology/sodium").code == 1


def test_by_an_id_that_one_article_has(run: Run, sample: Path) -> None:
    assert run("delete", "2", "--json").document == {"deleted": ["/biology/sodium"]}
    assert run("stats", "--json").document["articles"] == 4


def test_an_id_of_several_is_an_error_that_lists_their_urls(run: Run, sample: Path) -> None:
    assert run("delete", "1").complaint == (
        "2 articles have the id 1: give the url of one, or --all: /biology/neurons, /health/neurons"
    )
    assert run("stats", "--json").document["articles"] == 5


def test_all_of_an_id(run: Run, sample: Path) -> None:
    document = run("delete", "1", "--all", "--json").document
    assert document == {"deleted": ["/biology/neurons", "/health/neurons"]}


def test_an_unknown_key_is_nothing_found(run: Run, sample: Path) -> None:
    result = run("delete", "/nix")
    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    result = run("delete", "/nix", "--json")
    assert (result.code, result.document) == (1, {"deleted": []})
    assert run("stats", "--json").document["generation"] == 1


def test_it_says_that_the_file_is_still_there(run: Run, write_article: WriteArticle) -> None:
    path = write_article("docs/a.md", url="/a", title="alpha")
    run("index", "docs")
    result = run("delete", "/a")
    assert result.code == 0
    assert result.err.startswith("note: ")
    assert str(path) in result.err
