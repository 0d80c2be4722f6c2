"""Indexing speed, index size and query latency, beside other engines in the same run."""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from benchmarks import gate, speed_table
from benchmarks.collection import Collection, load
from benchmarks.engines import PEERS, Engine, Ours, StockWhoosh, choose
from benchmarks.failure import BenchmarkError, say
from benchmarks.options import add_common, positive, work_folder
from benchmarks.queries import KINDS, Query, draw, read_questions
from benchmarks.report import environment, write
from benchmarks.timing import TURNS, Latency, interleaved, quiet, set_aside, settle, time_of
from qsearch.machine import processors

_WARM_UP = 20
_GATE_ARTICLES, _GATE_QUERIES = 300, 5
_OVERLAP_QUERIES = 50
_AT_ONCE = 1_000
"""So many questions at least are asked at once where ``search_many`` is timed."""

_MANY = 50_000
"""From so many articles on each index is built once only."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument(
        "--collection",
        default="data",
        metavar="data|PATH|synthetic:N",
        help="the project's articles, a folder or file, or made-up ones (default: data)",
    )
    parser.add_argument(
        "--peers",
        default=",".join(PEERS),
        metavar="NAMES",
        help=f"engines beside qsearch; none for none (default: {','.join(PEERS)})",
    )
    parser.add_argument(
        "--queries", type=positive, default=200, metavar="K", help="of each kind (default: 200)"
    )
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="JSONL",
        help="ask these texts as whole questions instead of the articles' own",
    )
    parser.add_argument(
        "--rounds", type=positive, default=3, metavar="R", help="times a query (default: 3)"
    )
    parser.add_argument(
        "--turns",
        choices=TURNS,
        default=TURNS[0],
        help="whether each engine answers all queries of a round in its turn, with warm caches, "
        f"or one query (default: {TURNS[0]})",
    )
    parser.add_argument(
        "--whoosh-articles",
        type=positive,
        default=2_000,
        metavar="N",
        help="stock Whoosh indexes at most so many, evenly chosen (default: 2000)",
    )


@dataclass
class Built:
    """An engine with its index, and what making it cost."""

    engine: Engine
    collection: Collection
    seconds: list[float]
    size: int


def run(options: argparse.Namespace) -> None:
    names = [] if options.peers == "none" else options.peers.split(",")
    peers, missing = choose(names)
    collection = load(options.collection, seed=options.seed)
    say(f"{len(collection.articles)} articles")
    texts = read_questions(options.questions) if options.questions else None
    # The first of each kind are for warming up only: what is timed is new to every engine.
    drawn = draw(
        collection.articles, options.queries + _WARM_UP, seed=options.seed, questions=texts
    )
    with set_aside(), work_folder(options) as folder:
        checked = check(folder / "check", collection, drawn)
        built = build_all(folder, [Ours, *peers], collection, options)
        checked["longer_lists"] = check_whole(built[0].engine, drawn)
        overlaps = overlaps_of(folder, built, drawn)
        latencies = {}
        for kind in KINDS:
            if drawn.get(kind):
                say(f"queries: {kind}")
                latencies[kind] = latency_of(kind, built, drawn[kind], options)
        outcome = {
            "command": "speed",
            "reproduce": options.reproduce,
            **environment(),
            "seed": options.seed,
            "turns": options.turns,
            "collection": {
                "name": collection.name,
                "articles": len(collection.articles),
                "skipped": collection.skipped,
            },
            "check": checked,
            "search_many": many(built[0].engine, drawn.get("question", []), options),
            "missing": missing,
            "engines": {
                part.engine.name: {
                    "articles": len(part.collection.articles),
                    "index_seconds": part.seconds,
                    "index_bytes": part.size,
                    "settings": part.engine.settings(),
                    "overlap_at_10": overlaps.get(part.engine.name),
                    "latency_ms": {
                        kind: found[part.engine.name].as_json()
                        for kind, found in latencies.items()
                        if part.engine.name in found
                    },
                }
                for part in built
            },
        }
        for part in built:
            part.engine.close()
    print(speed_table.text(options, outcome))
    write(options, outcome)


# -- correctness


def check(folder: Path, collection: Collection, drawn: dict[str, list[Query]]) -> dict[str, object]:
    """Compare qsearch with the reference scorer on a sample.

    Raises:
        BenchmarkError: a ranking differs.
    """
    sample = collection.slice(_GATE_ARTICLES)
    say(f"checking the ranking of {len(sample.articles)} articles")
    queries = _some(drawn, _GATE_QUERIES)
    engine = Ours(folder)
    engine.build(sample)
    try:
        _require(gate.against_reference(engine.search, sample.articles, queries), len(queries))
    finally:
        engine.close()
    return {"articles": len(sample.articles), "queries": len(queries), "differences": 0}


def check_whole(engine: Engine, drawn: dict[str, list[Query]]) -> int:
    """Check on the whole collection that a short result list begins a longer one."""
    assert isinstance(engine, Ours)
    queries = _some(drawn, _GATE_QUERIES)
    _require(gate.of_prefixes(engine.top, queries), len(queries))
    return len(queries)


def _some(drawn: dict[str, list[Query]], count: int) -> list[Query]:
    return list(chain.from_iterable(queries[:count] for queries in drawn.values()))


def _require(differences: Sequence[gate.Difference], asked: int) -> None:
    if differences:
        shown = "\n  ".join(map(str, differences[:5]))
        raise BenchmarkError(
            f"the ranking is wrong for {len(differences)} of {asked} queries, so nothing is "
            f"timed:\n  {shown}"
        )


# -- indexing


def build_all(
    folder: Path,
    kinds: Sequence[type[Engine]],
    collection: Collection,
    options: argparse.Namespace,
) -> list[Built]:
    """Build every index, in turn and in a new order each time; the last of each is kept open."""
    built = []
    for kind in kinds:
        part = collection
        if kind.name == "whoosh":
            part = collection.slice(options.whoosh_articles)
        warm_up = kind(folder / f"{kind.name}-warm-up")
        warm_up.build(collection.slice(50))
        warm_up.close()
        built.append(Built(kind(folder / kind.name), part, [], 0))
    _ = collection.records  # made beforehand: the articles are in memory for every engine
    rounds = 1 if len(collection.articles) >= _MANY else options.rounds
    rng = random.Random(options.seed)
    for turn in range(rounds):
        for part_built in rng.sample(built, len(built)):
            part_built.engine.close()
            kind = type(part_built.engine)
            part_built.engine = kind(folder / f"{kind.name}-{turn}")
            say(f"indexing with {kind.name}")
            _ = part_built.collection.records
            with quiet():
                took = time_of(partial(part_built.engine.build, part_built.collection))
            part_built.seconds.append(took / 1e9)
    for part_built in built:
        part_built.engine.open()
        part_built.size = part_built.engine.size()
    return built


# -- searching


def overlaps_of(
    folder: Path, built: Sequence[Built], drawn: dict[str, list[Query]]
) -> dict[str, float]:
    """Return for each peer how many of its ten best qsearch has too, on the same articles."""
    ours = built[0]
    found = {}
    for part in built[1:]:
        mine: Engine = ours.engine
        if part.collection is not ours.collection:
            mine = Ours(folder / f"qsearch-as-{part.engine.name}")
            mine.build(part.collection)
        groups = gate.groups_of(part.collection.articles)
        queries = drawn.get("question", [])[:_OVERLAP_QUERIES]
        if isinstance(part.engine, StockWhoosh):
            part.engine.optimize = False
        found[part.engine.name] = gate.overlap(mine.search, part.engine.search, queries, groups)
        if isinstance(part.engine, StockWhoosh):
            part.engine.optimize = True
        if mine is not ours.engine:
            mine.close()
    return found


def latency_of(
    kind: str, built: Sequence[Built], queries: Sequence[Query], options: argparse.Namespace
) -> dict[str, Latency]:
    """Return the latency of every engine that can answer this kind of query."""
    actions = {part.engine.name: part.engine.search for part in built if kind in part.engine.kinds}
    # A small collection may not give enough: then the same queries warm up and are timed.
    few = len(queries) <= _WARM_UP
    warm_up, timed = queries[:_WARM_UP], queries if few else queries[_WARM_UP:]
    for action in actions.values():
        settle(action, warm_up)
    times = interleaved(
        actions, timed, rounds=options.rounds, seed=options.seed, turns=options.turns
    )
    return {name: Latency.of(found) for name, found in times.items()}


def many(
    engine: Engine, queries: Sequence[Query], options: argparse.Namespace
) -> dict[str, float] | None:
    """Return how long many questions take at once, and one after another; None if there are none.

    Both read url and score of ten; the seconds are medians over the rounds.
    """
    assert isinstance(engine, Ours)
    if not queries:
        return None
    asked = list(queries) * -(-_AT_ONCE // len(queries))
    ways = {
        "one_by_one": lambda asked: [engine.search(query) for query in asked],
        "at_once": engine.search_many,
    }
    say("search_many")
    times = interleaved(ways, [asked], rounds=options.rounds, seed=options.seed)
    seconds = {name: float(np.median(found)) / 1e9 for name, found in times.items()}
    return {
        "queries": len(asked),
        "processors": processors(),
        **{f"{name}_seconds": float(f"{took:.5g}") for name, took in seconds.items()},
    }
