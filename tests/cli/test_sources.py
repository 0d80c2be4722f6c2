"""What the terminal says about sources: notes, exit codes, ``inspect``, keys that are paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import Run


def write(name: str, text: str) -> None:
    path = Path("docs") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_what_is_left_out_is_one_line_a_kind(run: Run) -> None:
    for number in range(3):
        write(f"{number}.md", f"---\ntitle: t{number}\nauthor: me\ndate: 0{number}/06/2024\n---\n")
        write(f"b{number}.md", f"---\nx: {number}\n---\n")
    write("c.rst", "x")
    result = run("index", "docs")
    assert result.code == 0
    assert "skipped 3" in result.out
    here = Path.cwd()
    assert result.err.splitlines() == [
        "refused: title, question and answer are all empty (3 files, first docs/b0.md:1:1)",
        "note: 1 .rst file: this kind is not read, first docs/c.rst",
        "note: date '00/06/2024' is no day of the calendar (3 times, first docs/0.md:4:7)",
        "note: not read: field 'author' (3 articles), first docs/0.md:3:9",
        "note: not read: field 'x' (3 articles), first docs/b0.md:2:4",
    ]
    document = run("index", "docs", "--json", "--index", "other").document
    assert [(note["kind"], note["count"]) for note in document["notes"]] == [
        ("unread files", 1), ("field left out", 3), ("unread field", 3), ("unread field", 3),
    ]  # fmt: skip
    assert document["notes"][1]["example"] == {
        "path": f"{here}/docs/0.md", "line": 4, "column": 7,
    }  # fmt: skip
    listed = run("index", "docs", "-v", "--index", "third").err
    for number in range(3):
        assert f"docs/b{number}.md:1:1: title, question" in listed
        assert f"docs/{number}.md:4:7: date " in listed
        assert f"docs/{number}.md: not read: author" in listed


def test_sources_of_which_none_is_taken_are_exit_1(run: Run) -> None:
    write("a.md", "---\nauthor: me\n---\n")
    write("b.json", "{}")
    result = run("index", "docs")
    assert result.code == 1
    assert "a.md:1:1: title, question and answer are all empty" in result.err
    assert "a JSON file without an array of records" in result.err
    write("c.md", "# Title")
    assert run("index", "docs").code == 0
    assert run("index", "docs").code == 0  # unchanged is taken, too


def test_names_are_mapped_and_a_wrong_one_is_said(run: Run) -> None:
    write(
        "a.jsonl", '{"nr": "7", "frage": "Is it free?", "antwort": {"de": "Yes, for schools."}}\n'
    )
    options = ("--map", "id=nr", "--map", "question=frage", "--map", "answer=antwort.de")
    assert run("index", "docs", *options).code == 0
    assert run("search", "--json", "schools").document["hits"][0]["urls"] == ["id:7"]
    write("a.jsonl", '{"nr": "8", "frage": "Is it far?", "antwort": {"de": "Yes."}}\n')
    assert run("index", "docs").code == 0  # the index remembers
    assert run("search", "--json", "far").document["hits"][0]["urls"] == ["id:8"]
    assert "choose one of url, id, title" in run("index", "docs", "--map", "questoin=x").complaint
    assert "is no FIELD=NAME" in run("index", "docs", "--map", "question").complaint
    assert "no source has the name 'prage'" in run("index", "docs", "--map", "title=prage").err


def test_an_article_is_shown_by_its_path(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("sub/faq.md", "# FAQ\n## Why?\nBecause.\n## How?\nSo.\n")
    assert run("index", "docs").code == 0
    keys = ("sub/faq.md#why", "docs/sub/faq.md#why", str(Path("docs/sub/faq.md#why").absolute()))
    for key in keys:
        assert "Because." in run("show", key).out
    whole = run("show", "docs/sub/faq.md").out
    assert "Because." in whole
    assert "So." in whole
    assert "2 articles are in docs/sub/faq.md" in run("delete", "docs/sub/faq.md").complaint
    monkeypatch.chdir("docs")
    assert run("delete", "sub/faq.md#why", "--index", "../.qsearch").code == 0
    assert run("show", "sub/nothing.md", "--index", "../.qsearch").code == 1


def test_what_has_no_title_is_called_like_its_file(run: Run) -> None:
    write("shipping-abroad.md", "By sea to Norway.")
    write("returns/README.md", "Within a month.")
    run("index", "docs")
    assert run("search", "--json", "norway").document["hits"][0]["title"] == "Shipping abroad"
    assert run("search", "--json", "month").document["hits"][0]["title"] == "Returns"
    assert run("show", "shipping-abroad.md").out.startswith("Shipping abroad\n")


def test_inspect_shows_what_would_be_read(run: Run) -> None:
    write("a.md", "---\ntitle: Is it free?\nauthor: me\n---\nYes, for schools.\n")
    write("b.csv", "question,answer,prix\nIs it far?,No.,5\n")
    write("c.rst", "x")
    result = run("inspect", "docs")
    assert result.code == 0
    for line in ("1  .md", "1  .csv", "1  .rst  not read", "-> title", "-> answer", "articles: 2"):
        assert line in result.out
    assert "not read        me" in result.out
    assert not Path(".qsearch").exists()
    document = run("inspect", "docs", "--json", "--map", "keywords=prix").document
    assert document["files"] == {".md": 1, ".csv": 1, ".rst": 1}
    names = {one["name"]: one for one in document["names"]}
    assert names["prix"] == {"name": "prix", "count": 1, "example": "5", "field": "keywords"}
    assert names["body"]["field"] == "answer"
    assert names["author"]["field"] is None
    assert [one["url"] for one in document["shown"]] == ["a.md", "b.csv:1"]
    assert [note["kind"] for note in document["notes"]] == ["unread files", "unread field"]
    write("a.md", "---\n---\n")
    assert run("inspect", "docs/a.md").code == 1
