"""``qsearch index --watch`` as a process that follows, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qsearch
from tests.cli.helpers import ROOT, Run, WriteArticle

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a command that is killed at the end of the test if it still runs."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "qsearch", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "interrupted: nothing"), (signal.SIGTERM, 143, "ended: nothing")],
)
def test_it_follows_until_it_is_told_to_end(
    start: Start, write_article: WriteArticle, number: int, code: int, said: str
) -> None:
    write_article("articles/a.md", url="/a", title="Alpha")
    process = start("index", "articles", "--watch")
    assert line(process).startswith("added 1, updated 0, unchanged 0, removed 0, skipped 0 in ")
    write_article(".b.md", url="/b", title="Beta").replace("articles/b.md")
    assert line(process).startswith("added 1, updated 0, unchanged 1, removed 0, skipped 0 in ")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, "")
    first, last = err.splitlines()
    assert first == "watching articles; Ctrl-C ends it"
    assert last.startswith(said)
    with qsearch.open(".qsearch") as index:
        assert sorted(one.url for one in index) == ["/a", "/b"]
        with index.writer(timeout=0):
            pass  # nobody holds it


def test_each_report_is_a_line_of_json(start: Start, write_article: WriteArticle) -> None:
    write_article("articles/a.md", url="/a", title="Alpha")
    process = start("index", "articles", "--watch", "--json")
    assert json.loads(line(process))["added"] == 1
    Path(".bad").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    Path(".bad").replace("articles/bad.md")
    report = json.loads(line(process))
    assert [Path(error["path"]).name for error in report["skipped"]] == ["bad.md"]


def test_another_writer_is_waited_for_from_the_start(
    start: Start, write_article: WriteArticle
) -> None:
    write_article("articles/a.md", url="/a", title="Alpha")
    with qsearch.create(".qsearch") as index, index.writer():
        process = start("index", "articles", "--watch")
        assert process.stderr
        assert "note: waiting: " in process.stderr.readline()
    assert line(process).startswith("added 1")


def test_what_is_wrong_at_the_start_is_an_error(run: Run, write_article: WriteArticle) -> None:
    assert "nowhere" in run("index", "nowhere", "--watch").complaint
    assert not Path(".qsearch").exists()
    write_article("a.md", url="/a", title="Alpha")
    assert "--strict" in run("index", "a.md", "--watch", "--strict").complaint
