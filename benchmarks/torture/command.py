"""Which campaigns run, and the report of what they found."""

from __future__ import annotations

import argparse
import select
import shlex
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from benchmarks.collection import load
from benchmarks.failure import BenchmarkError, say
from benchmarks.options import add_common, positive, work_folder
from benchmarks.report import DASH, Table, environment, header, write
from benchmarks.torture import (
    articles,
    damage,
    kill,
    power,
    queries,
    refreshes,
    refusals,
    soak,
    threads,
    untrusted,
)
from benchmarks.torture.campaign import Campaign, Setting, Tally
from benchmarks.torture.forked import Child

CAMPAIGNS: Mapping[str, Campaign] = {
    "kill": Campaign(kill.run, full=1_000, short=20, unit="kills"),
    "damage": Campaign(damage.run, full=10_000, short=100, unit="damaged indexes"),
    "soak": Campaign(soak.run, full=600, short=3, unit="seconds"),
    "refreshes": Campaign(refreshes.run, full=600, short=30, unit="refreshes"),
    "threads": Campaign(threads.run, full=200, short=10, unit="fresh processes"),
    "power": Campaign(power.run, full=1_000, short=20, unit="power cuts"),
    "queries": Campaign(queries.run, full=100_000, short=600, unit="hostile queries"),
    "articles": Campaign(articles.run, full=10_000, short=300, unit="hostile files"),
    "untrusted": Campaign(untrusted.run, full=1_000, short=20, unit="untrusted indexes"),
    "errno": Campaign(refusals.run, full=10_000, short=40, unit="refused system calls"),
}
"""In the order in which they are begun: those that take long come first."""

_SHOWN = 10  # failures of a campaign on stdout; the JSON file has them all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument(
        "--budget",
        type=_budget,
        default={},
        metavar="full|short|NAME=N,...",
        help="how many cases: the whole campaigns, short ones (default), or N of a campaign",
    )
    parser.add_argument(
        "--only",
        type=_names,
        default=list(CAMPAIGNS),
        metavar="NAME,...",
        help=f"some of: {', '.join(CAMPAIGNS)} (default: all)",
    )
    parser.add_argument(
        "--case",
        type=_cases,
        metavar="NUMBER[-NUMBER]",
        help="repeat this case alone, or these together",
    )
    parser.add_argument(
        "--jobs",
        type=positive,
        default=1,
        metavar="N",
        help="how many campaigns run at a time (default: 1)",
    )
    parser.add_argument(
        "--collection",
        default="data",
        metavar="NAME",
        help="what to ask hostile queries: data (default), a file or folder, or synthetic:N",
    )
    parser.add_argument(
        "--milliseconds",
        type=float,
        metavar="MS",
        help="fail a query that takes more processor time (default: only report the slowest)",
    )


def _cases(text: str) -> list[int]:
    first, _, last = text.partition("-")
    try:
        cases = list(range(int(first), int(last or first) + 1))
    except ValueError:
        cases = []
    if not cases:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number nor FIRST-LAST")
    return cases


def _names(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in CAMPAIGNS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(CAMPAIGNS)}")
    return names


def _budget(text: str) -> dict[str, int]:
    if text in ("full", "short"):
        return {
            name: campaign.full if text == "full" else campaign.short
            for name, campaign in CAMPAIGNS.items()
        }
    counts = {}
    for part in text.split(","):
        name, _, count = part.partition("=")
        if name not in CAMPAIGNS or not count.isdecimal():
            raise argparse.ArgumentTypeError(f"{part!r}: write full, short or NAME=N,...")
        counts[name] = int(count)
    return counts


def run(options: argparse.Namespace) -> None:
    if options.case is not None and len(options.only) != 1:
        raise BenchmarkError("--case repeats a case of one campaign: name it with --only")
    outcome: dict[str, object] = {
        "command": "torture",
        "reproduce": options.reproduce,
        **environment(),
        "seed": options.seed,
    }
    found: dict[str, object] = {}
    table = Table(["campaign", "cases", "failed", "seconds", "of"])
    lines: list[str] = []
    failed = 0
    started = time.monotonic()
    with work_folder(options) as folder:
        done = _run_all(options, folder)
    for name in options.only:
        tally, seconds = done[name]
        found[name] = {"seed": options.seed, "seconds": round(seconds, 1), **tally.as_json()}
        failed += len(tally.failures)
        table.add(*_row(name, tally, seconds))
        lines += _details(name, tally, options)
    outcome["seconds"] = round(time.monotonic() - started, 1)
    print(header(options, outcome))
    print(table)
    print(f"\nseed {options.seed}, {outcome['seconds']:,.0f} s in all\n" + "\n".join(lines))
    write(options, {**outcome, "campaigns": found})
    if failed:
        raise BenchmarkError(f"{failed} cases failed")


def _run_all(options: argparse.Namespace, folder: Path) -> dict[str, tuple[Tally, float]]:
    """Run the campaigns, each in a process of its own; return tallies and seconds by name."""
    waiting = list(options.only)
    running: dict[Child, str] = {}
    done: dict[str, tuple[Tally, float]] = {}
    while waiting or running:
        while waiting and len(running) < options.jobs:
            name = waiting.pop(0)
            running[Child(partial(_run_one, name, options, folder))] = name
        for child in select.select(list(running), [], [])[0]:
            name = running.pop(child)
            ended = child.end()
            if ended.how == "done":
                tally, seconds = ended.value
                done[name] = Tally.from_json(tally), seconds
            else:
                say(f"{name}: {ended.how}: {ended.value}")
                done[name] = Tally(), 0.0
                why = str(ended.value).strip().rpartition("\n")[2]
                done[name][0].fail(0, f"the campaign could not go on: {ended.how}: {why}")
    return done


def _run_one(name: str, options: argparse.Namespace, folder: Path) -> tuple[object, float]:
    """Run a campaign; return its tally, as JSON, and the seconds that it took."""
    setting = _setting(name, options, folder)
    say(f"{name}: {len(setting.cases):,} {CAMPAIGNS[name].unit}")
    started = time.monotonic()
    tally = CAMPAIGNS[name].run(setting)
    seconds = time.monotonic() - started
    say(f"{name}: {len(tally.failures):,} failed, {seconds:,.0f} s")
    return tally.as_json(), seconds


def _setting(name: str, options: argparse.Namespace, folder: Path) -> Setting:
    campaign = CAMPAIGNS[name]
    cases = range(options.budget.get(name, campaign.short))
    own = folder / name
    own.mkdir()
    articles = load(options.collection, seed=options.seed).articles if name == "queries" else ()
    return Setting(
        name=name,
        seed=options.seed,
        cases=cases if options.case is None else options.case,
        folder=own,
        articles=articles,
        milliseconds=options.milliseconds,
    )


def _row(name: str, tally: Tally, seconds: float) -> tuple[str, ...]:
    if tally.skipped:
        return name, DASH, DASH, DASH, "skipped"
    failed = tally.outcomes["failed"]
    return name, f"{tally.cases:,}", f"{failed:,}", f"{seconds:,.0f}", CAMPAIGNS[name].unit


def _shown(figure: object) -> str:
    """A figure of a campaign, which may be made of others, as one line."""
    if isinstance(figure, Mapping):
        return ", ".join(f"{name}: {_shown(value)}" for name, value in figure.items())
    if isinstance(figure, list):
        return "; ".join(map(_shown, figure))
    return str(figure)


def _details(name: str, tally: Tally, options: argparse.Namespace) -> list[str]:
    """The lines below the table about one campaign."""
    if tally.skipped:
        return [f"{name}: skipped: {tally.skipped}"]
    counts = [f"{count:,} {outcome}" for outcome, count in sorted(tally.outcomes.items()) if count]
    lines = [f"{name}: {', '.join(counts)}"]
    lines += [f"  {label}: {_shown(figure)}" for label, figure in tally.figures.items()]
    again = ["python", "-m", "benchmarks", "torture", "--seed", str(options.seed), "--only", name]
    if name == "queries":
        again += ["--collection", options.collection]
        again += ["--milliseconds", f"{options.milliseconds:g}"] if options.milliseconds else []
    for failure in tally.failures[:_SHOWN]:
        lines.append(f"  FAILED case {failure.cases}: {failure.what}")
        lines.append(f"    repeat: {shlex.join([*again, '--case', failure.cases])}")
    if len(tally.failures) > _SHOWN:
        lines.append(f"  and {len(tally.failures) - _SHOWN:,} more: the JSON file has them")
    return lines
