"""``qsearch index``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import qsearch
from qsearch.cli import index_command
from qsearch.index.lock import WriterLock
from qsearch.machine import processors
from qsearch.storage import FolderStorage
from tests.cli.helpers import ROOT, Run, WriteArticle


def test_it_makes_an_index_and_says_what_it_did(run: Run, write_article: WriteArticle) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    write_article("docs/b.md", url="/b", title="beta")
    result = run("index", "docs")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("added 2, updated 0, unchanged 0, removed 0, skipped 0 in ")
    assert result.out.endswith(" s\n")
    assert run("search", "alpha").code == 0


def test_it_brings_an_index_up_to_date_in_one_commit(run: Run, write_article: WriteArticle) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    write_article("docs/b.md", url="/b", title="beta")
    write_article("docs/c.md", url="/c", title="gamma")
    run("index", "docs")
    write_article("docs/a.md", url="/a", title="alpha, changed")
    Path("docs/b.md").unlink()
    write_article("docs/d.md", url="/d", title="delta")
    document = run("index", "docs", "--json").document
    assert list(document) == [
        "added",
        "updated",
        "unchanged",
        "removed",
        "skipped",
        "notes",
        "seconds",
    ]
    seconds = document.pop("seconds")
    assert seconds > 0
    assert document == {
        "added": 1,
        "updated": 1,
        "unchanged": 1,
        "removed": 1,
        "skipped": [],
        "notes": [],
    }
    assert run("stats", "--json").document["generation"] == 2


def test_what_is_skipped_is_reported_with_its_place(run: Run, write_article: WriteArticle) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    Path("docs/bad.md").write_text("---\ntitle: [\n---\n")
    result = run("index", "docs")
    assert result.code == 0
    assert result.out.startswith("added 1, updated 0, unchanged 0, removed 0, skipped 1 in ")
    (line,) = result.err.splitlines()
    place, _, reason = line.partition(": ")
    path, line_number, column = place.rsplit(":", 2)
    assert path == "docs/bad.md"  # short, as it lies below the current folder
    assert int(line_number) >= 1
    assert int(column) >= 1
    assert reason
    (skipped,) = run("index", "docs", "--json").document["skipped"]
    assert skipped == {
        "path": str(Path(path).absolute()),
        "line": int(line_number),
        "column": int(column),
        "reason": reason,
    }


def test_with_strict_a_skipped_file_is_exit_1_and_the_rest_is_committed(
    run: Run, write_article: WriteArticle
) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    Path("docs/bad.md").write_text("---\nno front matter\n---\n")
    assert run("index", "docs", "--strict").code == 1
    assert run("search", "alpha").code == 0
    assert run("index", "docs/a.md", "--strict").code == 0


def test_a_missing_path_is_an_error_and_leaves_nothing_behind(
    run: Run, write_article: WriteArticle
) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    complaint = run("index", "docs", "nowhere").complaint
    assert complaint == "nowhere: no such file or directory: check the path"
    assert not Path(".qsearch").exists()


def test_a_missing_path_changes_no_index(run: Run, write_article: WriteArticle) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    run("index", "docs")
    Path("docs/a.md").unlink()
    assert run("index", "docs", "nowhere").code == 2
    assert run("search", "alpha").code == 0


def test_an_empty_folder_makes_an_empty_index(run: Run) -> None:
    Path("docs").mkdir()
    result = run("index", "docs")
    assert result.code == 0
    assert result.err == (
        "note: no file here ends in .md, .markdown, .mdx, .jsonl, .ndjson, .json, .csv, .tsv, "
        ".html, .htm\n"
    )
    assert run("stats", "--json").document["articles"] == 0


def test_the_folder_that_holds_the_index_may_be_indexed(
    run: Run, write_article: WriteArticle
) -> None:
    write_article("a.md", url="/a", title="alpha")
    for _ in range(2):
        assert run("index", ".", "--index", "visible", "--json").document["skipped"] == []
    assert run("index", "visible", "--index", "visible").code == 0
    assert run("stats", "--json", "--index", "visible").document["articles"] == 1


def test_the_language_of_a_new_index(run: Run, write_article: WriteArticle) -> None:
    write_article("docs/a.md", url="/a", title="Häuser")
    assert run("index", "docs", "--language", "german").code == 0
    assert run("index", "docs", "--language", "german").code == 0
    assert run("search", "Haus").code == 0
    assert "is german" in run("index", "docs", "--language", "english").complaint


def test_an_unknown_language_leaves_nothing_behind(run: Run) -> None:
    Path("docs").mkdir()
    assert "klingon" in run("index", "docs", "--language", "klingon").complaint
    assert not Path(".qsearch").exists()


def test_workers_read_the_same(run: Run, write_article: WriteArticle) -> None:
    for number in range(5):
        write_article(f"docs/{number}.md", url=f"/{number}", title="alpha")
    assert run("index", "docs", "--workers", "2", "--json").document["added"] == 5
    assert "-1 is below 0" in run("index", "docs", "--workers", "-1").complaint


def test_many_files_are_read_by_a_process_a_core(
    run: Run, write_article: WriteArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    start = subprocess.Popen.__init__

    def spy(process: subprocess.Popen[bytes], *arguments: Any, **others: Any) -> None:
        started.append(process)
        start(process, *arguments, **others)

    monkeypatch.setattr(subprocess.Popen, "__init__", spy)
    monkeypatch.setattr(index_command, "_MANY_FILES", 1)
    write_article("docs/a.md", url="/a", title="alpha")
    run("index", "docs")
    write_article("docs/b.md", url="/b", title="beta")
    assert not started
    assert "added 1, updated 0, unchanged 1" in run("index", "docs").out
    assert len(started) == processors()
    assert all(process.returncode is not None for process in started), "they have ended"


def test_a_locked_index_names_the_holder(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = qsearch.Index._inner_writer
    monkeypatch.setattr(qsearch.Index, "_inner_writer", lambda index, _: writer(index, 0))
    lock = WriterLock(FolderStorage(sample), timeout=0)
    try:
        Path("docs").mkdir()
        complaint = run("index", "docs").complaint
    finally:
        lock.release()
    assert f"process {os.getpid()}" in complaint


def _interrupt(*_arguments: object, **_options: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_leaves_a_new_index_nowhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("docs").mkdir()
    monkeypatch.setattr(qsearch.Index, "update", _interrupt)
    result = run("index", "docs", "--index", "deep/down")
    assert (result.code, result.out) == (130, "")
    assert result.err.startswith("interrupted: ")
    assert result.err.count("\n") == 1
    assert not Path("deep").exists()


def test_ctrl_c_leaves_an_empty_folder_that_was_there(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("docs").mkdir()
    Path("there").mkdir()
    monkeypatch.setattr(qsearch.Index, "update", _interrupt)
    assert run("index", "docs", "--index", "there").code == 130
    assert list(Path("there").iterdir()) == []


def test_an_index_that_another_writes_meanwhile_is_not_taken_back(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("docs").mkdir()
    locks = []

    def lock_and_interrupt(index: qsearch.Index, *_: object, **_options: object) -> None:
        locks.append(WriterLock(FolderStorage(Path(index.path)), timeout=0))
        raise KeyboardInterrupt

    monkeypatch.setattr(qsearch.Index, "update", lock_and_interrupt)
    run("index", "docs")
    locks[0].release()
    assert run("stats").code == 0


def test_an_index_that_another_has_filled_meanwhile_is_not_taken_back(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("docs").mkdir()

    def fill_and_interrupt(index: qsearch.Index, *_: object, **_options: object) -> None:
        with index.writer() as writer:
            writer.add(qsearch.Article(url="/a", title="alpha"))
        raise KeyboardInterrupt

    monkeypatch.setattr(qsearch.Index, "update", fill_and_interrupt)
    run("index", "docs")
    assert run("search", "alpha").code == 0


def test_ctrl_c_keeps_the_old_state_of_an_index(sample: Path) -> None:
    """In a real process, with a real signal, in the middle of reading."""
    Path("docs").mkdir()
    Path("docs/a.md").write_text("---\nurl: /a\ntitle: alpha\n---\n")
    script = (
        "import sys, time, qsearch.index.update as update\n"
        "def read(*_, **__):\n"
        "    print('reading', flush=True)\n"
        "    time.sleep(60)\n"
        "update.make_of_sources = read\n"
        "from qsearch.cli import main\n"
        "main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, "index", "docs"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "reading\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert err == "interrupted: nothing is half done; run the same command again\n"
    with qsearch.open(sample) as index:
        assert len(index) == 5
        with index.writer(timeout=0):
            pass


def test_a_file_in_the_way_is_an_error(run: Run) -> None:
    Path("docs").mkdir()
    Path("file").touch()
    assert "choose another path" in run("index", "docs", "--index", "file").complaint


def test_a_folder_with_other_files_is_an_error(run: Run) -> None:
    Path("docs").mkdir()
    Path("docs/notes.txt").touch()
    assert "holds other files" in run("index", "docs", "--index", "docs").complaint
    assert list(Path("docs").iterdir()) == [Path("docs/notes.txt")]
