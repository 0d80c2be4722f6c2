"""An index is brought up to date with folders: what changed is taken in, what has gone goes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import qsearch
from qsearch.index.report import Report
from tests.helpers import article, urls


class Desk:
    """A folder of articles and an index beside it."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self.files.mkdir()
        self.index = qsearch.create(folder / "index")

    def write(self, name: str, url: str, title: str = "title", **fields: str) -> Path:
        """Write a Markdown file with one article."""
        lines = [f"url: {url}", f"title: {title}"] + [f"{key}: {v}" for key, v in fields.items()]
        return self.write_text(name, "\n".join(["---", *lines, "---", ""]))

    def write_text(self, name: str, text: str) -> Path:
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def update(self, *paths: str | Path, workers: int = 0) -> Report:
        return self.index.update(paths or self.files, workers=workers)

    def counts(self, *paths: str | Path) -> tuple[int, int, int, int, int]:
        """What a run did: added, updated, unchanged, removed, skipped."""
        done = self.update(*paths)
        return (done.added, done.updated, done.unchanged, done.removed, len(done.skipped))

    @property
    def titles(self) -> dict[str, str]:
        return {found.url: found.title for found in self.index}

    @property
    def generation(self) -> object:
        return self.index.stats()["generation"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# -- what changed


def test_new_changed_unchanged_and_removed_files(desk: Desk) -> None:
    for name in "abcd":
        desk.write(f"{name}.md", f"/{name}", name)
    assert desk.counts() == (4, 0, 0, 0, 0)
    desk.write("b.md", "/b", "changed")
    desk.write("e.md", "/e", "new")
    (desk.files / "c.md").unlink()
    assert desk.counts() == (1, 1, 2, 1, 0)
    assert desk.titles == {"/a": "a", "/b": "changed", "/d": "d", "/e": "new"}
    assert sorted(urls(desk.index, "changed new c")) == ["/b", "/e"]


def test_a_run_is_one_commit(desk: Desk) -> None:
    for number in range(20):
        desk.write(f"{number}.md", f"/{number}")
    desk.update()
    assert desk.generation == 1
    assert desk.index.stats()["segments"] == 1


def test_a_run_that_changes_nothing_commits_nothing(desk: Desk) -> None:
    desk.write("a.md", "/a")
    desk.write_text("broken.md", "---\nno front matter\n---\n")
    desk.update()
    files = {path.name for path in desk.index.path.iterdir()}
    assert desk.counts() == (0, 0, 1, 0, 1)
    assert desk.generation == 1
    assert {path.name for path in desk.index.path.iterdir()} == files


def test_the_content_counts_and_not_the_time(desk: Desk) -> None:
    path = desk.write("a.md", "/a", "one")
    desk.update()
    os.utime(path, (0, 0))
    assert desk.counts() == (0, 0, 1, 0, 0)
    stat = path.stat()
    desk.write("a.md", "/a", "two")  # as long as before, with the time of before
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert desk.counts() == (0, 1, 0, 0, 0)


def test_a_change_that_means_nothing_is_read_but_no_update(desk: Desk) -> None:
    desk.write("a.md", "/a")
    desk.update()
    desk.write("a.md", "/a", ignored="an unknown field")
    assert desk.counts() == (0, 0, 1, 0, 0)


def test_an_article_that_changes_its_url(desk: Desk) -> None:
    desk.write("a.md", "/a")
    desk.update()
    desk.write("a.md", "/b")
    assert desk.counts() == (1, 0, 0, 1, 0)
    assert list(desk.titles) == ["/b"]


def test_two_files_that_change_their_urls_about(desk: Desk) -> None:
    desk.write("a.md", "/a", "first")
    desk.write("b.md", "/b", "second")
    desk.update()
    desk.write("a.md", "/b", "first")
    desk.write("b.md", "/a", "second")
    assert desk.counts() == (0, 2, 0, 0, 0)
    assert desk.titles == {"/b": "first", "/a": "second"}
    assert desk.counts() == (0, 0, 2, 0, 0)


def test_a_moved_file_keeps_its_article_and_moves_its_path(desk: Desk) -> None:
    path = desk.write("a.md", "/a")
    desk.update()
    moved = path.rename(desk.files / "z.md")
    done = desk.update()
    assert (done.added, done.removed, done.skipped) == (0, 0, ())
    found = desk.index.get("/a")
    assert found
    assert found.path == str(moved)
    assert desk.counts() == (0, 0, 1, 0, 0)


def test_an_empty_folder_makes_an_empty_index(desk: Desk) -> None:
    assert desk.counts() == (0, 0, 0, 0, 0)
    assert len(desk.index) == 0


def test_a_folder_that_became_empty_empties_the_index(desk: Desk) -> None:
    desk.write("a.md", "/a")
    desk.update()
    shutil.rmtree(desk.files)
    desk.files.mkdir()
    assert desk.counts() == (0, 0, 0, 1, 0)
    assert len(desk.index) == 0


# -- what a run must not touch


def test_only_what_lay_under_a_given_path_is_removed(desk: Desk) -> None:
    desk.write("one/a.md", "/a")
    desk.write("one-more/b.md", "/b")
    desk.write("two/c.md", "/c")
    desk.update()
    shutil.rmtree(desk.files / "two")
    (desk.files / "one-more" / "b.md").unlink()
    assert desk.counts(desk.files / "one") == (0, 0, 1, 0, 0)
    assert sorted(desk.titles) == ["/a", "/b", "/c"]
    assert desk.counts(desk.files / "one-more") == (0, 0, 0, 1, 0)
    assert desk.counts() == (0, 0, 1, 1, 0)
    assert sorted(desk.titles) == ["/a"]


def test_a_single_file_may_be_given(desk: Desk) -> None:
    path = desk.write("a.md", "/a")
    desk.write("b.md", "/b")
    assert desk.counts(path) == (1, 0, 0, 0, 0)
    assert list(desk.titles) == ["/a"]
    desk.write("a.md", "/a2")
    assert desk.counts(path, desk.files / "b.md") == (2, 0, 0, 1, 0)


def test_sources_are_remembered_by_their_absolute_path(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("a.md", "/a")
    desk.write("b.md", "/b")
    monkeypatch.chdir(desk.files.parent)
    assert desk.counts("files") == (2, 0, 0, 0, 0)
    monkeypatch.chdir(desk.files)
    assert desk.counts(".") == (0, 0, 2, 0, 0)
    assert desk.counts("../files/") == (0, 0, 2, 0, 0)
    (desk.files / "b.md").unlink()
    assert desk.counts("../files/") == (0, 0, 1, 1, 0)


def test_articles_from_python_are_never_removed(desk: Desk) -> None:
    with desk.index.writer() as writer:
        writer.add(article("/python"))
        writer.add(article("/under", path=str(desk.files / "gone.md"), line=1))
    desk.write("a.md", "/a")
    assert desk.counts() == (1, 0, 0, 0, 0)
    (desk.files / "a.md").unlink()
    assert desk.counts() == (0, 0, 0, 1, 0)
    assert sorted(desk.titles) == ["/python", "/under"]


def test_a_file_takes_over_an_article_from_python(desk: Desk) -> None:
    with desk.index.writer() as writer:
        writer.add(article("/a", "from Python"))
    desk.write("a.md", "/a", "from a file")
    assert desk.counts() == (0, 1, 0, 0, 0)
    assert desk.titles == {"/a": "from a file"}
    (desk.files / "a.md").unlink()
    assert desk.counts() == (0, 0, 0, 1, 0)


def test_an_article_deleted_by_hand_comes_back_while_its_file_is_there(desk: Desk) -> None:
    desk.write("a.md", "/a")
    desk.write_text("b.jsonl", '{"url": "/b", "title": "b"}\n{"url": "/c", "title": "c"}\n')
    desk.update()
    with desk.index.writer() as writer:
        writer.delete("/a")
        writer.delete("/c")
    desk.update()
    assert sorted(desk.titles) == ["/a", "/b", "/c"]


def test_the_index_and_hidden_folders_are_passed_over(desk: Desk) -> None:
    desk.write(".hidden/a.md", "/hidden")
    desk.write(".b.md", "/hidden-file")
    desk.write("c.md", "/c")
    inside = qsearch.create(desk.files / "index")
    (inside.path / "d.md").write_text("---\nurl: /d\ntitle: d\n---\n")
    inside.update(desk.files)
    assert [found.url for found in inside] == ["/c"]


def test_a_path_that_is_not_there_changes_nothing(desk: Desk) -> None:
    desk.write("a.md", "/a")
    with pytest.raises(FileNotFoundError):
        desk.update(desk.files, desk.files / "absent")
    assert len(desk.index) == 0
    desk.index.writer(timeout=0).rollback()


def test_wrong_paths(desk: Desk) -> None:
    for wrong in (None, 5, [None], [5], b"bytes"):
        with pytest.raises(qsearch.ArgumentError):
            desk.index.update(wrong)  # type: ignore[arg-type]
    desk.index.writer(timeout=0).rollback()


# -- what can't be read


def test_a_file_that_can_not_be_read_now_keeps_its_last_good_article(desk: Desk) -> None:
    desk.write("a.md", "/a", "good")
    desk.write("b.md", "/b")
    desk.update()
    path = desk.write_text("a.md", "---\nurl: [\n---\n")
    for _ in range(2):  # and is reported every time
        done = desk.update()
        assert (done.added, done.updated, done.unchanged, done.removed) == (0, 0, 2, 0)
        (fault,) = done.skipped
        assert fault.path == str(path)
        assert fault.line
    assert desk.titles == {"/a": "good", "/b": "title"}
    desk.write("a.md", "/a", "repaired")
    assert desk.counts() == (0, 1, 1, 0, 0)


def test_one_bad_file_never_stops_a_run(desk: Desk) -> None:
    for number in range(5):
        desk.write(f"{number}.md", f"/{number}")
        desk.write_text(f"{number}x.md", "---\ntitle: [\n---\n" if number % 2 else "")
    assert desk.counts() == (5, 0, 0, 0, 5)


def test_a_bad_file_that_goes_takes_its_article_along(desk: Desk) -> None:
    path = desk.write("a.md", "/a")
    desk.update()
    path.write_text("broken")
    desk.update()
    path.unlink()
    assert desk.counts() == (0, 0, 0, 1, 0)


def test_what_may_be_there_but_can_not_be_looked_at_stays(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    path = desk.write("folder/a.md", "/a")
    desk.update()
    outside.mkdir()
    path.rename(outside / "a.md")
    path.symlink_to(outside / "a.md")  # leads out of the folder
    assert desk.counts() == (0, 0, 1, 0, 1)
    assert list(desk.titles) == ["/a"]


# -- JSON Lines


def line(url: str, title: str = "title") -> str:
    return f'{{"url": "{url}", "title": "{title}"}}\n'


def test_lines_come_change_and_go(desk: Desk) -> None:
    desk.write_text("x.jsonl", line("/a") + line("/b") + line("/c"))
    assert desk.counts() == (3, 0, 0, 0, 0)
    desk.write_text("x.jsonl", line("/b", "changed") + line("/c") + line("/d"))
    assert desk.counts() == (1, 1, 1, 1, 0)
    assert desk.titles == {"/b": "changed", "/c": "title", "/d": "title"}
    found = desk.index.get("/c")
    assert found
    assert found.line == 2  # it has moved up
    assert desk.counts() == (0, 0, 3, 0, 0)


def test_a_bad_line_keeps_what_could_be_on_it(desk: Desk) -> None:
    desk.write_text("x.jsonl", line("/a") + line("/b"))
    desk.update()
    desk.write_text("x.jsonl", line("/a", "changed") + "{broken\n" + line("/c"))
    for expected in [(1, 1, 1, 0, 1), (0, 0, 3, 0, 1)]:
        assert desk.counts() == expected
        assert desk.titles == {"/a": "changed", "/b": "title", "/c": "title"}
    desk.write_text("x.jsonl", line("/a", "changed") + line("/c"))
    assert desk.counts() == (0, 0, 2, 1, 0)


def test_one_url_twice_in_a_file(desk: Desk) -> None:
    path = desk.write_text("x.jsonl", line("/a", "first") + line("/a", "second"))
    for _ in range(2):
        done = desk.update()
        (fault,) = done.skipped
        assert (fault.path, fault.line) == (str(path), 2)
        assert f"{path}:1" in fault.reason
        assert desk.titles == {"/a": "first"}
    assert desk.generation == 1


# -- two sources with one url


def test_the_first_in_path_order_is_kept_and_the_other_reported_in_every_run(desk: Desk) -> None:
    second = desk.write("b.md", "/same", "second")
    assert desk.counts() == (1, 0, 0, 0, 0)
    first = desk.write("a.md", "/same", "first")
    for expected in [(0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0)]:
        done = desk.update()
        assert (done.added, done.updated, done.unchanged, done.removed) == expected
        (fault,) = done.skipped
        assert fault.path == str(second)
        assert str(first) in fault.reason
        assert "/same" in fault.reason
        assert desk.titles == {"/same": "first"}


def test_the_order_of_the_given_paths_makes_no_difference(desk: Desk) -> None:
    first = desk.write("a.md", "/same", "first")
    second = desk.write("b.md", "/same", "second")
    desk.update(second, first)
    assert desk.titles == {"/same": "first"}


def test_the_other_one_takes_over_when_the_first_goes(desk: Desk) -> None:
    first = desk.write("a.md", "/same", "first")
    desk.write("b.md", "/same", "second")
    desk.update()
    first.unlink()
    assert desk.counts() == (0, 1, 0, 0, 0)
    assert desk.titles == {"/same": "second"}
    assert desk.counts() == (0, 0, 1, 0, 0)


def test_the_other_one_takes_over_when_the_first_changes_its_url(desk: Desk) -> None:
    desk.write("a.md", "/same", "first")
    desk.write("b.md", "/same", "second")
    desk.update()
    desk.write("a.md", "/other", "first")
    assert desk.counts() == (1, 1, 0, 0, 0)
    assert desk.titles == {"/other": "first", "/same": "second"}


def test_a_line_that_lost_its_url_is_reported_while_the_others_stay(desk: Desk) -> None:
    desk.write_text("x.jsonl", line("/a") + line("/same", "second"))
    desk.update()
    desk.write("a.md", "/same", "first")
    for expected in [(0, 1, 1, 0, 1), (0, 0, 2, 0, 1)]:
        assert desk.counts() == expected
        assert desk.titles == {"/a": "title", "/same": "first"}
    (desk.files / "a.md").unlink()
    assert desk.counts() == (0, 1, 1, 0, 0)
    assert desk.titles == {"/a": "title", "/same": "second"}
    assert desk.counts() == (0, 0, 2, 0, 0)


def test_a_broken_first_source_keeps_its_url(desk: Desk) -> None:
    desk.write("a.md", "/same", "first")
    desk.update()
    desk.write_text("a.md", "---\nbroken\n---\n")
    desk.write("b.md", "/same", "second")
    assert desk.counts() == (0, 0, 1, 0, 2)
    assert desk.titles == {"/same": "first"}


# -- the rest


def test_copies_in_folders_of_subjects_are_articles_of_their_own(desk: Desk) -> None:
    for subject in ("physics", "biology"):
        desk.write(f"{subject}/a.md", f"/{subject}/a", "same", id="7", subject=subject)
    assert desk.counts() == (2, 0, 0, 0, 0)
    (hit,) = desk.index.search("same")
    assert hit.urls == ["/biology/a", "/physics/a"]


def test_progress_is_told_from_none_to_all(desk: Desk) -> None:
    for number in range(3):
        desk.write(f"{number}.md", f"/{number}")
    told: list[tuple[int, int]] = []
    desk.index.update(desk.files, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_an_exception_on_the_way_changes_nothing(desk: Desk) -> None:
    for number in range(3):
        desk.write(f"{number}.md", f"/{number}")

    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.index.update(desk.files, progress=interrupt)
    assert len(qsearch.open(desk.index.path)) == 0
    desk.index.writer(timeout=0).rollback()


def test_workers_read_the_same(desk: Desk, tmp_path: Path) -> None:
    for number in range(8):
        desk.write(f"{number}.md", f"/{number % 6}", f"title {number}")
    desk.write_text("broken.md", "---\nbroken\n---\n")
    alone = desk.update()
    (tmp_path / "other").mkdir()
    other = qsearch.create(tmp_path / "other" / "index")
    together = other.update(desk.files, workers=2)
    assert list(other) == list(desk.index)
    assert list(map(str, together.skipped)) == list(map(str, alone.skipped))
    assert (together.added, together.updated) == (alone.added, alone.updated) == (6, 0)
    assert together.seconds > 0
