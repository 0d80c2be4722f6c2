"""From a command line to an exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

import click

from qsearch._version import __version__
from qsearch.cli.failures import FAILED, FOUND, INTERRUPTED, explain
from qsearch.cli.output import prepare_streams, tell

_NAME = "qsearch"
_COMPLETE = "_QSEARCH_COMPLETE"

_EPILOG = """\b
Start with:
  qsearch index docs/
  qsearch search how do neurons fire

\b
The index is the folder --index DIR, else $QSEARCH_INDEX, else ./.qsearch.
Exit codes: 0 found or done, 1 nothing or damage found, 2 an error, 130 Ctrl-C.

\b
Completion with the Tab key, for one of these shells:
  bash  echo 'eval "$(_QSEARCH_COMPLETE=bash_source qsearch)"' >> ~/.bashrc
  zsh   echo 'eval "$(_QSEARCH_COMPLETE=zsh_source qsearch)"' >> ~/.zshrc
  fish  echo '_QSEARCH_COMPLETE=fish_source qsearch | source' >> ~/.config/fish/config.fish
"""


_MODULES = {
    "index": "index_command",
    "inspect": "inspect_command",
    "search": "search_command",
    "show": "show_command",
    "related": "related_command",
    "subjects": "overview_commands",
    "stats": "overview_commands",
    "delete": "delete_command",
    "export": "export_command",
    "check": "check_command",
    "backup": "backup_commands",
    "restore": "backup_commands",
}
"""Where each command is at home."""


class _Commands(click.Group):
    """The commands in the order of use; a module is imported when its command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"qsearch.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command


@click.group(
    _NAME,
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Full-text search for question-and-answer articles."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code. Nothing but this code ever comes out."""
    prepare_streams()
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_closed()
        code = FOUND
    except KeyboardInterrupt:
        # A second Ctrl-C must not cut off what the first one has begun.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = _report("interrupted: nothing is half done; run the same command again", INTERRUPTED)
    except Exception as error:
        code = _report(explain(error), FAILED)
    return code


def _dispatch(arguments: Sequence[str]) -> int:
    if instruction := os.environ.get(_COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, _NAME, _COMPLETE, instruction)
    try:
        with cli.make_context(_NAME, list(arguments)) as context:
            return int(cli.invoke(context) or FOUND)
    except click.exceptions.Exit as ending:
        return ending.exit_code


def _report(line: str, code: int) -> int:
    _let_go_of_closed()
    with contextlib.suppress(OSError):
        tell(line)
    _let_go_of_closed()
    return code


def _let_go_of_closed() -> None:
    """Send nowhere what a stream still holds but can't write, so that the end of the process
    doesn't fail on it.
    """
    for stream in (sys.stdout, sys.stderr):
        if not _is_flushed(stream):
            nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _is_flushed(stream: TextIO) -> bool:
    try:
        stream.flush()
    except OSError:
        return False
    return True
