"""``qsearch backup``, ``qsearch restore`` and what ``qsearch index`` does after damage."""

from __future__ import annotations

from pathlib import Path

import qsearch
from tests.cli.helpers import Run, WriteArticle
from tests.helpers import article
from tests.upkeep.helpers import by_size, flip


def test_there_and_back(run: Run, sample: Path, tmp_path: Path) -> None:
    result = run("backup", "copy")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"5 articles are in {tmp_path / 'copy'}\n"
    assert "is whole" in run("restore", "copy").complaint
    flip(by_size(sample, "segment")[0])
    assert "'qsearch check' says more" in run("search", "neurons").complaint
    result = run("restore", "copy")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{sample} holds 5 articles again\n"
    assert run("check").code == 0
    assert run("search", "neurons").code == 0


def test_as_json(run: Run, sample: Path, tmp_path: Path) -> None:
    document = run("backup", "copy", "--json").document
    size = sum(path.stat().st_size for path in sample.glob("*.qs"))
    assert document == {
        "path": str(tmp_path / "copy"), "generation": 1, "articles": 5, "bytes": size,
    }  # fmt: skip
    document = run("restore", "copy", "--replace", "--json").document
    assert document == {"path": str(sample), "generation": 2, "articles": 5, "bytes": size}
    assert "holds other files" in run("backup", ".").complaint


def test_the_state_before_the_last_commit(run: Run, sample: Path) -> None:
    run("delete", "/biology/sodium")
    flip(by_size(sample, "manifest")[0])
    result = run("check")
    assert result.code == 1
    assert "'qsearch restore --previous' goes back to generation 1" in result.err
    assert run("restore", "--previous").code == 0
    assert run("stats", "--json").document["articles"] == 5


def test_restore_needs_to_know_what(run: Run, sample: Path) -> None:
    for arguments in ([], ["copy", "--previous"]):
        assert "either the DIR of a backup or --previous" in run("restore", *arguments).complaint


# -- made again


def test_after_damage_index_makes_it_again(run: Run, write_article: WriteArticle) -> None:
    for name in "abc":
        write_article(f"docs/{name}.md", url=f"/{name}", title=f"alpha {name}")
    run("index", "docs")
    folder = Path(".qsearch").absolute()
    (segment,) = by_size(folder, "segment")
    with qsearch.open(folder) as index, index.writer() as writer:
        writer.add(article("/python"))
    flip(segment, at=segment.stat().st_size // 2)  # where no indexing run may come by
    result = run("index", "docs", "--json")
    assert result.code == 0
    assert result.document["added"] == 3
    assert result.err == (
        f"note: the index was damaged: {segment}\n"
        "note: it is made again with 1 of its 4 articles; of the others (0 of them from Python) "
        "those are lost that no PATH holds\n"
    )
    assert run("check").code == 0
    assert run("stats", "--json").document["articles"] == 4


def test_it_says_what_it_can_not_know(run: Run, write_article: WriteArticle) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    run("index", "docs")
    folder = Path(".qsearch").absolute()
    for path in folder.iterdir():
        path.write_bytes(b"garbage")
    result = run("index", "docs")
    assert result.code == 0
    assert result.out.startswith("added 1,")
    assert "note: it is made again from nothing: what no PATH holds is lost\n" in result.err
    assert run("check").code == 0
    run("delete", "/a")
    flip(by_size(folder, "manifest")[0])
    result = run("index", "docs")
    assert "from the state before the last commit, of 1 articles\n" in result.err
    assert result.out.startswith("added 0, updated 0, unchanged 1,")
    assert run("check").code == 0
