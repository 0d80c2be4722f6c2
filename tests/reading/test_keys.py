"""Keys: a url where one is written, else the path counted from the PATH a file was found under."""

from __future__ import annotations

from pathlib import Path

import pytest

import qsearch
from qsearch.api import create_in
from qsearch.reading import Layout, LayoutOf, layouts
from qsearch.storage import MemoryStorage
from tests.reading.conftest import Write
from tests.reading.helpers import read

PAGE = "# Is it far?\n\nNo.\n"


def index() -> qsearch.Index:
    return create_in(MemoryStorage())


def keys(made: qsearch.Index) -> list[str]:
    return sorted(article.url for article in made)


@pytest.mark.parametrize(
    ("front", "key"),
    [
        ("url: /a", "/a"),
        ("permalink: /faq/refund/", "/faq/refund/"),
        ("permalink: https://example.org/a", "https://example.org/a"),
        ("permalink: pretty", "x/y.md"),
        ("permalink: /:categories/:title/", "x/y.md"),
        ("URL: /a\npermalink: /b", "/a"),
        ("slug: parcel", "x/parcel"),
        ("slug: /all/of/it", "/all/of/it"),
        ("id: 7", "x/y.md"),
        ("author: me", "x/y.md"),
    ],
)
def test_the_key_of_a_page(front: str, key: str) -> None:
    (page,), _, _ = read("x/y.md", f"---\n{front}\n---\n{PAGE}")
    assert page.url == key


def test_a_permalink_that_leads_nowhere_by_itself_is_noted() -> None:
    _, _, notes = read("y.md", f"---\ntitle: t\npermalink: pretty\n---\n{PAGE}")
    ((_, _, *place, message),) = notes.found
    assert (place, message[:26]) == ([3, 12], "permalink is no address by")


@pytest.mark.parametrize("record", ['{"id": 7, "title": "t"}', '{"title": "t"}'])
def test_the_key_of_a_record(record: str) -> None:
    (one,), _, _ = read("x/a.jsonl", f"\n{record}\n")
    assert one.url == ("id:7" if "id" in record else "x/a.jsonl:1")


def test_keys_are_the_same_however_a_folder_is_given(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("docs/sub/a.md", PAGE)
    monkeypatch.chdir(tmp_path)
    made = index()
    for path in ("docs", "docs/", "./docs", tmp_path / "docs", "docs/../docs"):
        report = made.update(path)
        assert keys(made) == ["sub/a.md"]
        assert report.removed == report.updated == 0
    for path in ("docs/sub", "docs/sub/a.md"):  # what lies inside keeps its keys
        assert made.update(path).unchanged == 1
    write("docs/sub/b.md", PAGE)
    made.update("docs/sub")
    assert keys(made) == ["sub/a.md", "sub/b.md"]
    assert {article.subject for article in made} == {"sub"}


def test_a_folder_around_an_earlier_one_leaves_its_keys(write: Write, tmp_path: Path) -> None:
    write("docs/sub/a.md", PAGE)
    write("docs/b.md", PAGE)
    made = index()
    made.update(tmp_path / "docs" / "sub")
    made.update(tmp_path / "docs")
    assert keys(made) == ["a.md", "b.md"]


def test_two_folders_with_a_name_in_common_do_not_overwrite_each_other(
    write: Write, tmp_path: Path
) -> None:
    first, second = write("de/a.md", "# Eins\n"), write("en/a.md", "# One\n")
    made = index()
    (skip,) = made.update([tmp_path / "en", tmp_path / "de"]).skipped
    assert skip.path == second
    assert skip.reason.startswith(f"the key a.md is taken by {first}:1, which comes first")
    assert skip.reason.endswith(f"give the folder that holds both, {tmp_path}")
    (skip,) = made.update(tmp_path / "en").skipped  # nor in a later run
    assert "of an earlier run" in skip.reason
    assert [article.title for article in made] == ["Eins"]
    made.update(tmp_path)
    assert keys(made) == ["a.md"]
    (tmp_path / "de" / "a.md").unlink()
    made.update([tmp_path / "de", tmp_path / "en"])
    assert [article.title for article in made] == ["One"]


def test_files_of_one_slug_are_told_apart_by_their_paths(write: Write, tmp_path: Path) -> None:
    for day in ("01", "02"):
        write(f"posts/{day}-report.md", f"---\ntitle: {day}\nslug: report\n---\n")
    made = index()
    for _ in range(2):
        assert made.update(tmp_path).skipped == ()
        assert keys(made) == ["posts/02-report.md", "posts/report"]


def test_records_of_one_id_in_one_line_are_no_article_each(write: Write, tmp_path: Path) -> None:
    write("a.json", '[{"id": 1, "title": "one"}, {"id": 1, "title": "two"}]')
    made = index()
    (skip,) = made.update(tmp_path).skipped
    assert "the key id:1 is taken" in skip.reason
    assert [article.title for article in made] == ["one"]


def test_the_mapping_and_the_split_of_a_path_are_remembered(write: Write, tmp_path: Path) -> None:
    write("a/x.jsonl", '{"nr": 7, "text": "no", "reply": "Yes."}\n')
    write("a/b.md", "# A\n## B\nb\n## C\nc\n")
    made = index()
    made.update(tmp_path / "a", fields={"id": "nr", "answer": "reply"}, split="h2")
    assert keys(made) == ["b.md#b", "b.md#c", "id:7"]
    found = made.get("id:7")
    assert found
    assert found.answer == "Yes."
    again = made.update(tmp_path / "a")
    assert (again.unchanged, again.notes) == (3, ())
    made.update(tmp_path / "a", fields={}, split="auto")
    assert keys(made) == ["b.md", "x.jsonl:1"]


def test_a_name_that_no_source_has_is_noted_and_a_wrong_field_is_an_error(
    write: Write, tmp_path: Path
) -> None:
    write("x.jsonl", '{"text": "no"}\n')
    made = index()
    notes = made.update(tmp_path, fields={"answer": "reply"}).notes
    assert [note.kind for note in notes] == ["unknown name"]
    assert "'reply'" in notes[0].message
    with pytest.raises(qsearch.ArgumentError, match=r"'anwser' is no field .*answer, keywords"):
        made.update(tmp_path, fields={"anwser": "reply"})
    with pytest.raises(qsearch.ArgumentError, match="split must be one of h1"):
        made.update(tmp_path, split="h7")


def test_layouts_keep_their_order_and_leave_out_what_says_nothing_new() -> None:
    one = layouts(["/b", "/a/x"], (), fields=None, split=None, resplit=False)
    assert [layout.path for layout in one] == ["/a/x", "/b"]
    more = layouts(["/a", "/b/c"], one, fields=None, split=None, resplit=False)
    assert [layout.path for layout in more] == ["/a/x", "/b", "/a"]
    of = LayoutOf(more)
    assert of("/a/x/y.md").relative("/a/x/y.md") == "y.md"
    assert of("/a/z/y.md").relative("/a/z/y.md") == "z/y.md"
    assert of("/b/c/y.md").relative("/b/c/y.md") == "c/y.md"
    split = layouts(["/b/c"], more, fields=None, split="h2", resplit=True)
    inner = LayoutOf(split)("/b/c/y.md")
    assert (inner.relative("/b/c/y.md"), inner.split) == ("c/y.md", "h2")
    assert LayoutOf(())("/q/y.md") == Layout("/q/y.md")
