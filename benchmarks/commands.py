"""Times of the command line, and of one article replaced in a running process."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter_ns

import qsearch
from benchmarks.collection import DATA
from benchmarks.failure import BenchmarkError, say
from benchmarks.options import add_common, positive, work_folder
from benchmarks.replacing import SYNCED_FILES, time_replacements
from benchmarks.report import DASH, Table, environment, header, number, write

_ROOT = Path(__file__).parents[1]
_QUERIES = 50

FRESH, AGAIN, PARSE = "qsearch index", "qsearch index, unchanged", "CSafeLoader, two processes"
SEARCH, NUMPY = "qsearch search, cold", 'python -c "import numpy"'
REPLACED, SYNCED = "one article replaced", f"{SYNCED_FILES} fsyncs of 4 KiB files"

GENERIC, LOADED = "qsearch index, generic folder", "python-frontmatter, two processes"

BESIDE = {FRESH: PARSE, GENERIC: LOADED, AGAIN: FRESH, SEARCH: NUMPY, REPLACED: SYNCED}
"""What each time is compared with."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument(
        "--articles",
        type=Path,
        default=DATA / "articles",
        metavar="FOLDER",
        help="a folder of Markdown articles (default: data/articles)",
    )
    parser.add_argument(
        "--generic",
        type=Path,
        metavar="FOLDER",
        help="Markdown files in any layout, indexed beside python-frontmatter that loads them",
    )
    parser.add_argument(
        "--rounds", type=positive, default=7, metavar="N", help="times a command (default: 7)"
    )
    parser.add_argument(
        "--replacements",
        type=positive,
        default=100,
        metavar="N",
        help="articles replaced, each in a commit of its own (default: 100)",
    )


def run(options: argparse.Namespace) -> None:
    if not options.articles.is_dir():
        raise BenchmarkError(f"{options.articles}: there is no such folder")
    if options.generic is not None and not options.generic.is_dir():
        raise BenchmarkError(f"{options.generic}: there is no such folder")
    with work_folder(options) as folder:
        times = time_commands(folder, options.articles, options.rounds, options.generic)
        with qsearch.open(folder / f"index-{options.rounds}") as index:
            articles = len(index)
            say(f"replacing {options.replacements} of {articles} articles")
            times[REPLACED], times[SYNCED] = time_replacements(
                index, folder, options.replacements, options.seed
            )
    medians = {name: median(found) for name, found in times.items()}
    ratios = {
        name: medians[name] / medians[other] for name, other in BESIDE.items() if name in medians
    }
    outcome = {
        "command": "commands",
        "reproduce": options.reproduce,
        **environment(),
        "seed": options.seed,
        "articles": articles,
        "milliseconds": {
            name: {
                "median": medians[name],
                "times": found,
                "beside": BESIDE.get(name),
                "ratio": ratios.get(name),
            }
            for name, found in times.items()
        },
    }
    table = Table(["", "times", "median ms", "least", "most", "ratio", "to"])
    for name, found in times.items():
        figures = map(number, (medians[name], min(found), max(found)))
        ratio = f"{ratios[name]:.2f}" if name in ratios else DASH
        table.add(name, str(len(found)), *figures, ratio, BESIDE.get(name, DASH))
    print(header(options, outcome) + f"articles:  {articles:,} from {options.articles}")
    print(f"\n{table}\n")
    print("Each command is a new process writing to a pipe, from its start to its end; one untimed")
    print("round comes first. A replacement ends when it is durable and can be searched.")
    write(options, outcome)


def time_commands(
    folder: Path, articles: Path, rounds: int, generic: Path | None = None
) -> dict[str, list[float]]:
    """Return the milliseconds of every command, once a round, all commands in turn.

    The index of the last round stays in ``folder`` as ``index-<rounds>``.
    """
    names = (PARSE, FRESH, AGAIN, SEARCH, NUMPY, *((LOADED, GENERIC) if generic else ()))
    times: dict[str, list[float]] = {name: [] for name in names}
    queries = [""]
    run = partial(_run, folder / "bytecode")
    for turn in range(rounds + 1):
        say(f"commands, {'untimed' if not turn else f'round {turn} of {rounds}'}")
        index = folder / f"index-{turn}"
        indexing = ["-m", "qsearch", "index", "--index", str(index), str(articles)]
        found = {
            PARSE: run(["-m", "benchmarks.parse_yaml", str(articles)]),
            FRESH: run(indexing),
            AGAIN: run(indexing),
        }
        if not turn:
            queries = known_queries(index)
        query = queries[turn % len(queries)]
        found[SEARCH] = run(["-m", "qsearch", "search", "--index", str(index), "--", query])
        found[NUMPY] = run(["-c", "import numpy"])
        if generic:
            other = folder / f"generic-{turn}"
            found[LOADED] = run(["-m", "benchmarks.load_frontmatter", str(generic)])
            found[GENERIC] = run(["-m", "qsearch", "index", "--index", str(other), str(generic)])
        if turn:
            shutil.rmtree(folder / f"index-{turn - 1}")
            for name, took in found.items():
                times[name].append(took)
    return times


def known_queries(index: Path) -> list[str]:
    """Return queries whose words all stand in an index: questions of its articles."""
    with qsearch.open(index) as opened:
        texts = [article.question or article.title for article in islice(opened, _QUERIES)]
    queries = [text for text in (" ".join(text.split()) for text in texts) if text]
    if not queries:
        raise BenchmarkError("no article has a question to search for")
    return queries


def _run(bytecode: Path, arguments: Sequence[str]) -> float:
    """The milliseconds of a Python process that must succeed.

    Installed packages come with bytecode, so all that runs here finds its own in a folder, which
    the untimed round fills, whatever the environment says about writing any.
    """
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONPYCACHEPREFIX": str(bytecode),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]
    started = perf_counter_ns()
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    took = perf_counter_ns() - started
    if done.returncode:
        shown = done.stderr.decode("utf-8", "replace").strip()[-500:]
        raise BenchmarkError(f"{' '.join(arguments)} ended with {done.returncode}: {shown}")
    return took / 1e6
