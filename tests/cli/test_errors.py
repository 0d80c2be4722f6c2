"""Every error is one line on standard error that says what to do next."""

from __future__ import annotations

import errno
import json
import sys
from pathlib import Path

import click
import pytest

import qsearch
from qsearch.cli import main
from qsearch.cli.failures import explain
from tests.cli.helpers import Run


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["bogus"], ["no such command 'bogus'", "see 'qsearch --help'"]),
        (["--bogus"], ["no such option", "see 'qsearch --help'"]),
        (["search"], ["missing argument 'QUERY...'", "see 'qsearch search --help'"]),
        (["index"], ["missing argument 'PATH...'"]),
        (["show"], ["missing argument 'KEY'"]),
        (["show", "a", "b"], ["got unexpected extra argument"]),
        (["search", "x", "--sort", "best"], ["'relevance', 'newest', 'oldest'"]),
        (["search", "x", "-n", "-1"], ["-1 is below 0"]),
        (["search", "x", "-n", "many"], ["'many' is not a valid integer"]),
        (["search", "x", "--since", "yesterday"], ["--since", "2025-01-31", "'yesterday'"]),
        (["search", "x", "--until", "2025-02-30"], ["--until", "2025-02-30"]),
        (["search", "x", "--index", ""], ["the name of the folder is empty"]),
        (["search", "x", "--keyword-boost", "much"], ["'much' is not a valid float"]),
    ],
)
def test_of_usage(run: Run, arguments: list[str], parts: list[str]) -> None:
    complaint = run(*arguments).complaint
    for part in parts:
        assert part in complaint


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "x"], ["show", "x"], ["related", "x"], ["subjects"], ["stats"],
        ["delete", "x"], ["export"], ["check"],
    ],
)  # fmt: skip
def test_of_a_missing_index(run: Run, arguments: list[str]) -> None:
    for more in ([], ["--json"]):
        complaint = run(*arguments, *more).complaint
        assert str(Path(".qsearch").absolute()) in complaint
        assert "qsearch index PATH" in complaint
    assert not Path(".qsearch").exists()


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--fields", "title"], "question, answer, keywords"),
        (["--fields", ","], "question, answer, keywords"),
        (["--keyword-boost", "nan"], "finite"),
        (["--keyword-boost", "-1"], ">= 0"),
    ],
)
def test_of_an_argument(run: Run, sample: Path, options: list[str], part: str) -> None:
    assert part in run("search", "x", *options).complaint


def test_of_a_damaged_index(run: Run, sample: Path) -> None:
    for path in sample.glob("segment-*"):
        path.write_bytes(b"")
    assert "'qsearch index PATH' makes it again" in run("search", "neurons").complaint


def test_of_an_index_of_a_later_version(run: Run, sample: Path) -> None:
    (manifest,) = sample.glob("manifest-00000001.json")
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 999}))
    assert "update qsearch" in run("search", "neurons").complaint


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "error: no space left on device: free some space, then run the same command again",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x"),
            "error: /x: permission denied: check its permissions",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", b"/x"),
            "error: /x: permission denied: check its permissions",
        ),
        (OSError(errno.EIO, "Input/output error", 3), "error: input/output error"),
        (OSError("odd"), "error: odd"),
        (
            qsearch.LimitExceeded("too long"),
            "error: too long: change the query, or leave --strict out",
        ),
        (
            qsearch.IndexTooOld("x has format 1: build it again", path="x"),
            "error: x has format 1: build it again: remove the folder of the index, then run "
            "'qsearch index PATH'",
        ),
        (qsearch.Error("no luck: try again"), "error: no luck: try again"),
        (click.ClickException("Odd."), "error: odd; see 'qsearch --help'"),
    ],
)
def test_of_any_kind(error: Exception, line: str) -> None:
    assert explain(error) == line


def test_of_memory() -> None:
    assert explain(MemoryError()).startswith("error: out of memory: ")


def test_a_mistake_of_the_program_is_one_line_too(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_index: qsearch.Index) -> None:
        raise KeyError("first line\nsecond line")

    monkeypatch.setattr(qsearch.Index, "stats", fail)
    complaint = run("stats").complaint
    assert complaint.startswith("this is a mistake in qsearch, please report it")
    assert "KeyError" in complaint
    assert "test_errors.py" in complaint


def test_a_mean_name_does_not_steer_the_terminal(run: Run) -> None:
    assert r"\x1b]0;owned\x07" in run("index", "\x1b]0;owned\x07").complaint


@pytest.fixture
def going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process doesn't end with the command line: what is garbage later is to be found."""
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("gc.set_threshold", lambda *_: None)


@pytest.mark.usefixtures("going_on")
def test_the_program_ends_with_the_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, code in ((["--version"], 0), (["bogus"], 2)):
        monkeypatch.setattr(sys, "argv", ["qsearch", *arguments])
        with pytest.raises(SystemExit) as ending:
            main()
        assert ending.value.code == code
    assert capsys.readouterr().out == f"qsearch {qsearch.__version__}\n"


@pytest.mark.usefixtures("going_on")
def test_ctrl_c_at_the_very_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qsearch.cli.app.run", interrupt)
    with pytest.raises(SystemExit) as ending:
        main()
    assert ending.value.code == 130


def test_the_index_may_be_named_behind_whatever_a_script_was_given(
    run: Run, tmp_path: Path
) -> None:
    run("index", str(tmp_path), "--index", "elsewhere")
    found = run("search", "--json", "--", "-a", "word", "--index", "elsewhere")
    assert json.loads(found.out)["query"] == "-a word"
    found = run("search", "--json", "--index", "elsewhere", "--", "an --index word")
    assert json.loads(found.out)["query"] == "an --index word"
