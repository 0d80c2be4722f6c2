"""What all commands share: ``--index``, ``--json``, ``-h``, an example at the end of the help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Function = Callable[..., Any]


class _Command(click.Command):
    """Knows that what looks like an unknown option may be a word of a query, or an id."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, _index_first(args))
        except click.NoSuchOption as error:
            if error.possibilities:
                raise
            message = error.format_message().rstrip(".")
            hint = f"{message}: if it is no option but a word or a KEY, write -- before it"
            raise click.UsageError(hint, ctx) from None


def _index_first(args: list[str]) -> list[str]:
    """Put ``--index DIR`` first if it is the end of a command line that has a ``--`` before it.

    A script that runs ``qsearch "$@" --index DIR`` means the option, whatever it was given. Who
    searches for these two words writes the query in quotes.
    """
    at = len(args) - 2
    if "--" in args[: max(at, 0)] and args[at] == "--index":
        return [*args[at:], *args[:at]]
    return args


def command(name: str, *, example: str) -> Callable[[Function], click.Command]:
    """Return a decorator that makes a function a command with the shared options.

    Arguments:
        name: what is typed.
        example: command lines that end its help, one a line.
    """
    lines = "\n".join(f"  {line}" for line in example.splitlines())

    def decorate(function: Function) -> click.Command:
        make = click.command(
            name,
            cls=_Command,
            context_settings={"help_option_names": ["-h", "--help"]},
            epilog=f"\b\nExample:\n{lines}",
        )
        made = make(function)
        made.params += [_INDEX, _JSON]  # behind its own
        return made

    return decorate


def count(_context: click.Context, _option: click.Parameter, value: int | None) -> int | None:
    """Check, as the callback of an option, that it is a whole number from 0."""
    if value is not None and value < 0:
        raise click.BadParameter(f"{value} is below 0")
    return value


def _not_empty(_context: click.Context, _option: click.Parameter, value: str) -> str:
    # An unset variable of a script must not become the current folder.
    if not value:
        raise click.BadParameter("the name of the folder is empty")
    return value


_INDEX = click.Option(
    ["--index", "folder"],
    metavar="DIR",
    envvar="QSEARCH_INDEX",
    default=".qsearch",
    callback=_not_empty,
    help="The folder of the index.  [default: $QSEARCH_INDEX, else ./.qsearch]",
)
_JSON = click.Option(
    ["--json", "as_json"], is_flag=True, help="Print one JSON document and nothing else."
)
