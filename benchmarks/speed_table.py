"""The table of ``speed``, from the numbers that go into its JSON file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from statistics import median
from typing import Any

from benchmarks.report import DASH, Table, header, number, with_ratio

_OURS = "qsearch"
_TURNS = {
    "round": "take turns after all queries of a round, so that each works with its caches warm.",
    "query": "take turns after each query, so that each finds the caches full of the others' data.",
}


def text(options: argparse.Namespace, outcome: Mapping[str, Any]) -> str:
    """Return all that is printed."""
    engines = outcome["engines"]
    table = Table(["", *engines])
    rates = {
        name: part["articles"] / median(part["index_seconds"]) for name, part in engines.items()
    }
    ours = rates[_OURS]
    table.add("indexing, articles/s", *_cells(rates, lambda rate: ours / rate))
    sizes = {name: part["index_bytes"] / part["articles"] for name, part in engines.items()}
    table.add("index, bytes an article", *_cells(sizes, lambda size: size / sizes[_OURS]))
    for kind in engines[_OURS]["latency_ms"]:
        for figure in ("p50", "p99"):
            times = {
                name: part["latency_ms"].get(kind, {}).get(figure) for name, part in engines.items()
            }
            own = times[_OURS]
            table.add(f"{kind}, {figure} ms", *_cells(times, lambda time, own=own: time / own))
    overlaps = {name: part["overlap_at_10"] for name, part in engines.items()}
    table.add(
        "top ten in common",
        *(DASH if share is None else f"{share:.0%}" for share in overlaps.values()),
    )
    collection = outcome["collection"]
    check = outcome["check"]
    lines = [
        header(options, outcome)
        + f"articles:  {collection['articles']:,} of {collection['name']}"
        + (f", {collection['skipped']} could not be read" if collection["skipped"] else ""),
        f"checked:   {check['queries']} top tens over {check['articles']} articles are the "
        f"reference scorer's; over all {check['longer_lists']} top tens begin the longer list",
        "",
        str(table),
        "",
        "xN: how many times better qsearch is (below 1: worse). p50 and p99 are over the queries,",
        "each with its median over the rounds; one thread, top ten, url and score. The engines",
        _TURNS[outcome["turns"]],
        *_remarks(engines, collection["articles"]),
        *_many(outcome["search_many"]),
        *outcome["missing"],
    ]
    return "\n".join(lines)


def _cells(values: Mapping[str, float | None], better: Any) -> list[str]:
    return [
        DASH
        if value is None
        else number(value)
        if name == _OURS
        else with_ratio(value, better(value))
        for name, value in values.items()
    ]


def _remarks(engines: Mapping[str, Any], articles: int) -> list[str]:
    own = engines[_OURS]["latency_ms"]
    remarks = []
    if "question" in own:
        asked = own["question"]
        remarks.append(
            f"qsearch, whole questions: p99/p50 {asked['p99'] / asked['p50']:.2f}; "
            f"p50 of the first round {number(asked['first_p50'])} ms"
        )
        if "filtered" in own:
            share = own["filtered"]["p50"] / asked["p50"]
            remarks.append(f"qsearch, filtered by subject: p50 is {share:.2f} of the unfiltered")
    for name, part in engines.items():
        if part["articles"] < articles:
            remarks.append(
                f"{name} indexed and searched {part['articles']:,} of the articles only, evenly "
                "chosen: its times would be longer on all"
            )
    return remarks


def _many(found: Mapping[str, float] | None) -> list[str]:
    if found is None:
        return []
    gain = found["one_by_one_seconds"] / found["at_once_seconds"]
    return [
        f"qsearch, {found['queries']:,} questions by search_many: x{gain:.2f} of a loop over "
        f"search, {found['processors']} processors"
    ]
