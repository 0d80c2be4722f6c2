"""What an application waits for that embeds qsearch: a table in step, a first commit, a worker.

Each figure is a median over ``--rounds``; those of a fresh process are taken within it, from before
``import qsearch``, so the start of Python is not in them.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import qsearch
from benchmarks.failure import BenchmarkError
from benchmarks.options import add_common, positive, work_folder
from benchmarks.report import Table, environment, header, number, write
from benchmarks.synthetic import SyntheticCorpus
from qsearch import Article

_CHANGED = 10
_SMALL = 50
_OPEN = 500

_FIRST_COMMIT = """
import json, sys, time
from pathlib import Path
rows = json.loads(Path(sys.argv[2]).read_text("utf-8"))
started = time.perf_counter()
import qsearch
with qsearch.create(sys.argv[1]) as index:
    made = time.perf_counter()
    with index.writer() as writer:
        writer.add_many(map(qsearch.Article.from_dict, rows))
    committed = time.perf_counter()
print(json.dumps({"create": made - started, "first commit": committed - made}))
"""
_UNKNOWN_WORD = """
import json, sys, time
started = time.perf_counter()
import qsearch
with qsearch.open(sys.argv[1]) as index:
    opened = time.perf_counter()
    len(index.search("of a blorptastically unknown word"))
    done = time.perf_counter()
print(json.dumps({"open": opened - started, "unknown word": done - opened}))
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument(
        "--rows", type=positive, default=10_000, help="of the table (default: 10000)"
    )
    parser.add_argument("--rounds", type=positive, default=9, metavar="R", help="(default: 9)")


def run(options: argparse.Namespace) -> None:
    with work_folder(options) as folder:
        figures = {
            **_table(folder / "table", options),
            **_fresh(folder, options),
            **_workers(folder / "table"),
            **_many(folder / "many"),
        }
    outcome = {
        "command": "embedding",
        "reproduce": options.reproduce,
        **environment(),
        "figures": figures,
    }
    table = Table(["", "median"])
    for name, value in figures.items():
        table.add(name, number(value))
    print(header(options, outcome))
    print(table)
    write(options, outcome)


def _rows(options: argparse.Namespace, rounds: int) -> Iterator[dict[str, Any]]:
    """The rows of a table after some rounds, each of which has changed a few of them for good."""
    corpus = SyntheticCorpus(options.rows, seed=options.seed, words=60)
    for at, article in enumerate(corpus):
        row = article.to_dict()
        if at < rounds * _CHANGED:
            row["answer"] += f" Changed in round {at // _CHANGED + 1}."
        yield row


def _table(path: Path, options: argparse.Namespace) -> dict[str, float]:
    from_rows, ready = [], []
    with qsearch.create(path) as index:
        index.sync(map(Article.from_mapping, _rows(options, 0)))
        for number_of_round in range(1, options.rounds + 1):
            rows = list(_rows(options, number_of_round))
            started = time.perf_counter()
            report = index.sync(map(Article.from_mapping, rows))
            from_rows.append(time.perf_counter() - started)
            if report.updated != _CHANGED or report.unchanged != options.rows - _CHANGED:
                raise BenchmarkError(f"the table was not brought in step as expected: {report}")
            articles = list(index)
            articles[:_CHANGED] = [
                dataclasses.replace(one, description="new") for one in articles[:_CHANGED]
            ]
            started = time.perf_counter()
            index.sync(articles)
            ready.append(time.perf_counter() - started)
            index.sync(map(Article.from_mapping, rows))
    return {
        f"sync of {options.rows:,} rows, {_CHANGED} changed, ms": 1000
        * statistics.median(from_rows),
        "the same, articles made before, ms": 1000 * statistics.median(ready),
    }


def _fresh(folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Figures of fresh processes."""
    rows = [article.to_dict() for article in SyntheticCorpus(_SMALL, seed=options.seed, words=60)]
    file = folder / "rows.json"
    file.write_text(json.dumps(rows), "utf-8")
    found: dict[str, list[float]] = {}
    for number_of_round in range(options.rounds):
        made = folder / f"small-{number_of_round}"
        for program, arguments in (
            (_FIRST_COMMIT, (made, file)),
            (_UNKNOWN_WORD, (made,)),
        ):
            for name, seconds in _process(program, *map(str, arguments)).items():
                found.setdefault(name, []).append(1000 * seconds)
    medians = {name: statistics.median(times) for name, times in found.items()}
    return {
        "fresh process: import, make an index, ms": medians["create"],
        f"fresh process: first commit of {_SMALL} articles, ms": medians["first commit"],
        "fresh process: import, open an index, ms": medians["open"],
        "fresh process: a query with unknown words, ms": medians["unknown word"],
    }


def _process(program: str, *arguments: str) -> dict[str, float]:
    root = str(Path(__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"a fresh process ended with {done.returncode}: {done.stderr[-300:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


_WORKER = """
import json, os, sys
import qsearch
from benchmarks.torture.forked import in_child
warm = sys.argv[2] == "warm"
def private():
    text = open("/proc/self/smaps_rollup").read()
    return sum(int(text.partition(name)[2].split()[0]) for name in
               ("Private_Clean:", "Private_Dirty:")) * 1024
index = qsearch.open(sys.argv[1])
if warm:
    index.warm()
def work():
    index.warm()
    queries = [article.title for article, _ in zip(index, range(200))]
    for query in queries:
        index.search(query)[0].title
    return private()
print(json.dumps({"bytes": in_child(work, seconds=600).value}))
"""


def _workers(path: Path) -> dict[str, float]:
    """The private memory of a forked worker that has answered 200 queries."""
    if not Path("/proc/self/smaps_rollup").exists():
        return {}
    return {
        f"a forked worker's own memory, parent {state}, MB": (
            _process(_WORKER, str(path), state)["bytes"] / 1e6
        )
        for state in ("cold", "warm")
    }


_MANY = """
import json, os, sys
import qsearch
from benchmarks.torture.forked import own_memory
def open_one(at):
    index = qsearch.open(os.path.join(sys.argv[1], str(at)))
    index.search("small").total
    return index
indexes = [open_one(0)]
indexes[0].warm()  # what all indexes share is loaded now, and by no thread later
memory, files = own_memory(), len(os.listdir("/dev/fd"))
more = int(sys.argv[2]) - 1
indexes += map(open_one, range(1, more + 1))
print(json.dumps({
    "MB": (own_memory() - memory) / 1e6 / more,
    "descriptors": (len(os.listdir("/dev/fd")) - files) / more,
}))
"""


def _many(folder: Path) -> dict[str, float]:
    """What each of many small open indexes takes."""
    for at in range(_OPEN):
        with qsearch.create(folder / str(at)) as index, index.writer() as writer:
            writer.add(Article(url="/a", title="A small index", answer="of one article"))
    found = _process(_MANY, str(folder), str(_OPEN))
    return {f"{name} of each of {_OPEN} open indexes": value for name, value in found.items()}
