"""Measure qsearch: speed, size and relevance, beside other engines, and how hard it is to break.

The command line: ``python -m benchmarks COMMAND``.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence

from benchmarks import commands, embedding, generate, growth, relevance, speed, titles, torture
from benchmarks.failure import BenchmarkError

_COMMANDS = {
    "speed": speed,
    "relevance": relevance,
    "titles": titles,
    "commands": commands,
    "growth": growth,
    "embedding": embedding,
    "torture": torture,
    "synthetic": generate,
}


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=_summary(__doc__))
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in _COMMANDS.items():
        summary = _summary(module.__doc__)
        module.add_arguments(subparsers.add_parser(name, help=summary, description=summary))
    return parser


def _summary(docstring: str | None) -> str:
    return (docstring or "").partition("\n")[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 done, 1 failed (2 comes from argparse)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = make_parser().parse_args(given)
    options.reproduce = shlex.join(["python", "-m", "benchmarks", *given])
    try:
        _COMMANDS[options.command].run(options)
    except (BenchmarkError, OSError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
