"""How good the default ranking is, by the judgments of a collection."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from math import fsum
from pathlib import Path

import qsearch
from benchmarks.collection import Collection
from benchmarks.failure import BenchmarkError, say
from benchmarks.gate import groups_of
from benchmarks.judged import Arguments, JudgedQuery, QuerySet, load_judged
from benchmarks.metrics import average_precision, ndcg, recall, reciprocal_rank
from benchmarks.options import add_common, positive, work_folder
from benchmarks.report import Table, environment, header, write

MEASURES = ("nDCG@10", "MAP", "recall@100", "MRR")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--collection", choices=["data"], default="data", help="the project's own (default)"
    )
    source.add_argument(
        "--corpus",
        type=Path,
        metavar="FOLDER",
        help="another, with corpus.jsonl.gz, queries.jsonl and qrels.tsv",
    )
    parser.add_argument("--set", metavar="NAME", help="one set of queries only (default: all)")
    parser.add_argument(
        "--depth",
        type=positive,
        default=1_000,
        metavar="N",
        help="results looked at, at most (default: 1000)",
    )


def run(options: argparse.Namespace) -> None:
    judged = load_judged(options.corpus)
    sets = [each for each in judged.sets if options.set in (None, each.name)]
    if not sets:
        names = ", ".join(each.name for each in judged.sets)
        raise BenchmarkError(f"no query set {options.set!r}; there is: {names}")
    collection = judged.collection
    say(f"indexing {len(collection.articles)} articles")
    with work_folder(options) as folder, qsearch.create(folder / "index") as index:
        with index.writer() as writer:
            writer.add_many(collection.articles)
        settings = index.stats()["ranking"]
        found = {}
        for each in sets:
            say(f"{len(each.queries)} queries: {each.name}")
            found[each.name] = judge(index, each, collection, options.depth)
    outcome: dict[str, object] = {
        "command": "relevance",
        "reproduce": options.reproduce,
        **environment(),
        "collection": {
            "name": collection.name,
            "articles": len(collection.articles),
            "skipped": collection.skipped,
            "judged_but_absent": judged.absent,
        },
        "ranking": settings,
        "depth": options.depth,
        "sets": {
            each.name: {
                "arguments": each.arguments,
                "queries": len(each.queries),
                "unanswered": each.unanswered,
                "mean": means(found[each.name]),
                "mean_with_unanswered_as_0": means(found[each.name], each.unanswered),
                "by_query": found[each.name],
            }
            for each in sets
        },
    }
    _print(options, outcome, collection, sets, found)
    write(options, outcome)


def judge(
    index: qsearch.Index, each: QuerySet, collection: Collection, depth: int = 1_000
) -> dict[str, dict[str, float]]:
    """Return the measures of every query of a set."""
    groups = Groups(collection)
    return {
        query.id: measure(index, query, each.arguments, groups, depth) for query in each.queries
    }


def measure(
    index: qsearch.Index,
    query: JudgedQuery,
    arguments: Arguments,
    groups: Groups,
    depth: int,
) -> dict[str, float]:
    """Return the measures of one query.

    A result is a group of copies, so judgments are of groups: the best grade of its urls counts,
    and the best possible ranking consists of groups too.
    """
    best: dict[object, int] = {}
    for url, grade in query.grades.items():
        group = groups.of(url)
        best[group] = max(grade, best.get(group, 0))
    results = index.search(query.text, limit=depth + (query.without is not None), **arguments)
    grades = []
    for hit in results:
        urls = hit.urls if groups.has_copies(hit.url) else [hit.url]
        if query.without not in urls:
            grades.append(max(query.grades.get(url, 0) for url in urls))
    judged = list(best.values())
    return {
        "nDCG@10": ndcg(grades, judged),
        "MAP": average_precision(grades, judged),
        "recall@100": recall(grades, judged),
        "MRR": reciprocal_rank(grades),
    }


class Groups:
    """Which articles of a collection are copies of each other."""

    def __init__(self, collection: Collection) -> None:
        self._groups = groups_of(collection.articles)
        self._sizes = Counter(self._groups.values())

    def of(self, url: str) -> object:
        """Return what the copies of an article share; an unknown url stands for itself."""
        return self._groups.get(url, url)

    def has_copies(self, url: str) -> bool:
        """Whether there is another article with the same id, question and answer."""
        return self._sizes[self._groups[url]] > 1


def means(by_query: Mapping[str, Mapping[str, float]], zeros: int = 0) -> dict[str, float]:
    """Return the mean of each measure over the queries and some more of which each counts 0."""
    count = max(len(by_query) + zeros, 1)
    return {
        name: fsum(measures[name] for measures in by_query.values()) / count for name in MEASURES
    }


def _print(
    options: argparse.Namespace,
    outcome: Mapping[str, object],
    collection: Collection,
    sets: Sequence[QuerySet],
    found: Mapping[str, Mapping[str, Mapping[str, float]]],
) -> None:
    table = Table(["set", "queries", *MEASURES])
    for each in sets:
        mean = means(found[each.name])
        table.add(each.name, str(len(each.queries)), *(f"{mean[name]:.4f}" for name in MEASURES))
    if len(sets) > 1 and collection.name == "data":
        every = {f"{name}/{query}": m for name, of in found.items() for query, m in of.items()}
        mean = means(every)
        table.add("all", str(len(every)), *(f"{mean[name]:.4f}" for name in MEASURES))
    print(
        header(options, outcome) + f"articles:  {len(collection.articles):,} of {collection.name}"
    )
    print(f"\n{table}\n")
    print(f"Measures as trec_eval has them, linear gain, first {options.depth} results; a group of")
    print("copies is one result and has the best grade of its urls.")
    for each in sets:
        if each.arguments:
            print(f"{each.name}: searched with {dict(each.arguments)}")
        if any(query.without for query in each.queries):
            print(f"{each.name}: the article that a query comes from is left out")
        if each.unanswered:
            print(f"{each.name}: {each.unanswered} queries without a relevant article left out")
