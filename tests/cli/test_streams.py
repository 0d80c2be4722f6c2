"""Pipes, terminals, encodings: what real processes do with their streams."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import qsearch
from qsearch.cli.app import run as run_arguments
from tests.cli.helpers import ROOT, Fill, Process, Run


def _on_a_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run a command line with all streams on a terminal; its exit code and what is seen."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "qsearch", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=follower,
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        seen = b""
        with os.fdopen(leader, "rb", buffering=0) as terminal:
            try:
                while part := terminal.read(65536):
                    seen += part
            except OSError:
                pass  # so Linux says that the other side is closed
        return process.wait(timeout=30), seen.decode()


def test_a_terminal_gets_colours(sample: Path) -> None:
    code, seen = _on_a_terminal("search", "neurons")
    assert code == 0
    assert "\x1b[1;31mneuron\x1b[0m" in seen


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colour_gets_no_codes(sample: Path, environment: dict[str, str]) -> None:
    code, seen = _on_a_terminal("search", "neurons", **environment)
    assert code == 0
    assert "\x1b" not in seen
    assert "How do neurons fire?" in seen


def test_a_pipe_gets_no_codes_whatever_the_environment(process: Process, sample: Path) -> None:
    result = process("search", "neurons", env={"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"})
    assert "\x1b" not in result.stdout + result.stderr


def test_json_on_a_terminal_is_indented_and_has_no_codes(run: Run, sample: Path) -> None:
    out = run("search", "neurons", "--json", terminal=True).out
    assert out.startswith('{\n  "query": "neurons",\n')
    assert "\x1b" not in out
    assert run("search", "neurons", "--json").out.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["export"], ["search", "*"], ["search", "zebra"], ["--help"], ["show", "nix"]]
)
def test_a_closed_pipe_is_success(sample: Path, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [sys.executable, "-m", "qsearch", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=writer,
        stderr=writer,
        check=False,
    )
    os.close(writer)
    assert result.returncode == 0


def test_a_pipe_that_is_closed_early_is_success(fill: Fill, process: Process) -> None:
    fill(*(qsearch.Article(url=f"/{n}", title="alpha " * 100) for n in range(1000)))
    command = f"{sys.executable} -m qsearch export | head -n 1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.endswith("}\n0\n")
    assert result.stderr == ""


def test_a_closed_pipe_in_this_process(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert run_arguments(["export"]) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk_is_an_error(
    process: Process, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/full").open("w") as full:
        result = process("export", stdout=full)
    assert result.returncode == 2
    assert result.stderr.startswith("error: no space left on device: ")
    assert result.stderr.count("\n") == 1
    errors = io.StringIO()
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stderr", errors)
        assert run_arguments(["export"]) == 2
    assert "no space left" in errors.getvalue()


def test_closed_streams_are_no_trouble(sample: Path) -> None:
    command = f"{sys.executable} -m qsearch search neurons >&- 2>&-"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(["bash", "-c", command], env=env, check=False).returncode == 0


def test_streams_that_were_never_there(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert run_arguments(["search", "zebra"]) == 1
    for stream in (sys.stdout, sys.stderr):
        stream.close()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("terminal", [False, True])
def test_a_terminal_without_unicode_gets_escapes(
    run: Run, fill: Fill, encoding: str, terminal: bool
) -> None:
    fill(qsearch.Article(url="/é", title="日本 alpha"))
    result = run("search", "alpha", encoding=encoding, terminal=terminal)
    assert result.code == 0
    assert "\\u65e5\\u672c alpha" in result.out


def test_json_is_json_in_any_encoding(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/é", title="日本"))
    for command in (["search", "*"], ["show", "/é"], ["export"], ["export", "--json"]):
        out = run(*command, "--json", encoding="latin-1").out
        assert out.isascii()
        assert "日本" in json.dumps(json.loads(out), ensure_ascii=False)


def test_what_an_article_holds_never_steers_the_terminal(run: Run, fill: Fill) -> None:
    mean = "\x1b[31mred\x1b]8;;http://evil\x07link\x9b2J\u202eesrever\x00\r"
    article = qsearch.Article(
        url="/a" + mean,
        id="1" + mean,
        title="alpha" + mean,
        question="question" + mean,
        answer="alpha " + mean + " &#x202e; [x](http://e/\u202e) `" + mean + "`",
        keywords=("kw" + mean,),
        subject="s" + mean,
        related=({"url": "/b" + mean, "title": "t" + mean, "subject": "u" + mean},),
        path="/p" + mean,
        line=1,
    )
    fill(article)
    key = article.url
    commands = [["search", "alpha"], ["show", key], ["related", key], ["subjects"], ["export"]]
    commands += [["show", "nix" + mean], ["search", "zebra" + mean], ["search", "a", "-s", mean]]
    for command in [*commands, ["delete", key]]:
        for options in ([], ["--json"]):
            for terminal in (False, True):
                if command[0] == "delete" and (options or terminal):
                    continue
                result = run(*command, *options, terminal=terminal)
                assert result.code in (0, 1), result
                for char in "\x00\x07\x9b\r\u202e":
                    assert char not in result.out + result.err, (command, options, terminal)
                if not terminal:
                    assert "\x1b" not in result.out + result.err
                assert "\x1b]" not in result.out
                assert "\x1b[31mred" not in result.out
