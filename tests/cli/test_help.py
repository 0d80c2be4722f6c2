"""``--help``, ``--version``, completion, and what the start costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import qsearch
from tests.cli.helpers import ROOT, Run

COMMANDS = [
    "index",
    "inspect",
    "search",
    "show",
    "related",
    "subjects",
    "stats",
    "delete",
    "export",
    "check",
    "backup",
    "restore",
]


def test_alone_it_prints_the_help(run: Run) -> None:
    result = run()
    assert result.code == 0
    assert result.out == run("--help").out == run("-h").out


def test_the_help_lists_all_commands_in_the_order_of_use(run: Run) -> None:
    lines = run("-h").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines] == COMMANDS
    assert not any(line.endswith("...") for line in lines)


def test_the_help_documents_completion_exit_codes_and_the_index(run: Run) -> None:
    out = run("-h").out
    for part in ("bash_source", "zsh_source", "fish_source", "130 Ctrl-C", "$QSEARCH_INDEX"):
        assert part in out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_the_shared_options_and_an_example(run: Run, command: str) -> None:
    out = run(command, "--help").out
    assert out == run(command, "-h").out
    for part in ("--index DIR", "--json", "-h, --help"):
        assert part in out
    assert f"\n  Example:\n    qsearch {command}" in out
    assert "\b" not in out
    assert "\\b" not in out


def test_the_version(run: Run) -> None:
    assert run("--version").out == f"qsearch {qsearch.__version__}\n"


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_shell_gets_its_completion(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_QSEARCH_COMPLETE", f"{shell}_source")
    assert "_QSEARCH_COMPLETE" in run().out


def test_commands_are_completed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_QSEARCH_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", "qsearch se")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert "search" in run().out.split()


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["search", "--help"]])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    heavy = ["numpy", "nltk", "whoosh", "yaml", "rich", "numba"]
    script = (
        "import sys\n"
        "from qsearch.cli.app import run\n"
        f"run({arguments!r})\n"
        f"sys.exit(repr([name for name in {heavy!r} if name in sys.modules]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert result.stderr == "[]\n"


def test_a_search_in_a_pipe_loads_no_rich(sample: Path) -> None:
    script = (
        "import sys\n"
        "from qsearch.cli.app import run\n"
        "run(['search', 'neurons'])\n"
        "sys.exit(repr([name for name in ('nltk', 'rich', 'yaml') if name in sys.modules]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{script}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == "[]\n"
