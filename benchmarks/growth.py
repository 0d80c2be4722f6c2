"""Query time and peak memory of indexing against the size of the collection."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.failure import BenchmarkError, say
from benchmarks.options import add_common, positive, work_folder
from benchmarks.report import DASH, Table, environment, header, number, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument(
        "--sizes",
        type=_sizes,
        default=[10_000, 100_000, 1_000_000],
        metavar="N,N,...",
        help="numbers of articles (default: 10000,100000,1000000)",
    )
    parser.add_argument(
        "--words", type=positive, default=40, help="mean length of an answer (default: 40)"
    )
    parser.add_argument(
        "--queries", type=positive, default=200, metavar="K", help="whole questions (default: 200)"
    )
    parser.add_argument(
        "--rounds", type=positive, default=3, metavar="R", help="times a query (default: 3)"
    )
    parser.add_argument(
        "--memory",
        type=positive,
        metavar="MB",
        help="the writer's budget (default: the library's own)",
    )


def _sizes(text: str) -> list[int]:
    return sorted({positive(part) for part in text.split(",")})


def run(options: argparse.Namespace) -> None:
    with work_folder(options) as folder:
        sizes = [measure(size, folder / f"index-{size}", options) for size in options.sizes]
    outcome = {
        "command": "growth",
        "reproduce": options.reproduce,
        **environment(),
        "seed": options.seed,
        "words": options.words,
        "sizes": sizes,
    }
    table = Table(
        ["articles", "articles/s", "p50 ms", "p99 ms", "size x", "p50 x", "peak MB", "before MB"]
    )
    for before, found in zip([None, *sizes[:-1]], sizes, strict=True):
        latency = found["question_ms"]
        table.add(
            f"{found['articles']:,}",
            number(found["articles"] / found["index_seconds"]),
            number(latency["p50"]),
            number(latency["p99"]),
            DASH if before is None else number(found["articles"] / before["articles"]),
            DASH if before is None else number(latency["p50"] / before["question_ms"]["p50"]),
            number(found["peak_mb"]),
            number(found["before_mb"]),
        )
    print(header(options, outcome))
    print(f"{table}\n")
    print(f"Synthetic articles with answers of {options.words} words; 'x' compares with the row")
    print("above. Peak memory is that of a process of its own that makes the articles as it goes;")
    print(
        "'before' is what it had needed before the first was added. The writer's budget: "
        f"{sizes[0]['budget_mb']:,.0f} MB."
    )
    write(options, outcome)


def measure(size: int, index: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure one size in a process of its own; return its figures."""
    say(f"{size} articles")
    asked = {
        "articles": size,
        "index": str(index),
        "seed": options.seed,
        "words": options.words,
        "queries": options.queries,
        "rounds": options.rounds,
        "memory": options.memory and options.memory * 1_000_000,
    }
    root = str(Path(__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth_of_one", json.dumps(asked)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"measuring {size} articles ended with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
