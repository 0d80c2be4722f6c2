"""Which campaigns run, and the report of what they found."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.collection import load
from benchmarks.failure import BenchmarkError, say
from benchmarks.options import add_common, work_folder
from benchmarks.report import DASH, Table, environment, header, write
from benchmarks.torture import articles, damage, kill, power, queries, refusals, soak, untrusted
from benchmarks.torture.campaign import Campaign, Setting, Tally

CAMPAIGNS: Mapping[str, Campaign] = {
    "kill": Campaign(kill.run, full=1_000, short=20, unit="kills"),
    "errno": Campaign(refusals.run, full=10_000, short=40, unit="refused system calls"),
    "power": Campaign(power.run, full=1_000, short=20, unit="power cuts"),
    "damage": Campaign(damage.run, full=10_000, short=100, unit="damaged indexes"),
    "untrusted": Campaign(untrusted.run, full=1_000, short=20, unit="untrusted indexes"),
    "queries": Campaign(queries.run, full=100_000, short=600, unit="hostile queries"),
    "articles": Campaign(articles.run, full=10_000, short=300, unit="hostile files"),
    "soak": Campaign(soak.run, full=600, short=3, unit="seconds"),
}

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
    parser.add_argument("--case", type=int, metavar="NUMBER", help="repeat this case alone")
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
    with work_folder(options) as folder:
        for name in options.only:
            setting = _setting(name, options, folder)
            say(f"{name}: {len(setting.cases):,} {CAMPAIGNS[name].unit}")
            started = time.perf_counter()
            tally = CAMPAIGNS[name].run(setting)
            seconds = time.perf_counter() - started
            found[name] = {"seed": options.seed, "seconds": round(seconds, 1), **tally.as_json()}
            failed += len(tally.failures)
            table.add(*_row(name, tally, seconds))
            lines += _details(name, tally, options.seed)
    print(header(options, outcome))
    print(table)
    print("\n" + "\n".join(lines))
    write(options, {**outcome, "campaigns": found})
    if failed:
        raise BenchmarkError(f"{failed} cases failed")


def _setting(name: str, options: argparse.Namespace, folder: Path) -> Setting:
    campaign = CAMPAIGNS[name]
    cases = range(options.budget.get(name, campaign.short))
    own = folder / name
    own.mkdir()
    articles = load(options.collection, seed=options.seed).articles if name == "queries" else ()
    return Setting(
        name=name,
        seed=options.seed,
        cases=cases if options.case is None else [options.case],
        folder=own,
        articles=articles,
        milliseconds=options.milliseconds,
    )


def _row(name: str, tally: Tally, seconds: float) -> tuple[str, ...]:
    if tally.skipped:
        return name, DASH, DASH, DASH, "skipped"
    failed = tally.outcomes["failed"]
    return name, f"{tally.cases:,}", f"{failed:,}", f"{seconds:,.0f}", CAMPAIGNS[name].unit


def _details(name: str, tally: Tally, seed: int) -> list[str]:
    """The lines below the table about one campaign."""
    if tally.skipped:
        return [f"{name}: skipped: {tally.skipped}"]
    counts = [f"{count:,} {outcome}" for outcome, count in sorted(tally.outcomes.items()) if count]
    lines = [f"{name}: {', '.join(counts)}"]
    lines += [f"  {label}: {figure}" for label, figure in tally.figures.items()]
    for failure in tally.failures[:_SHOWN]:
        lines.append(f"  FAILED case {failure.case}: {failure.what}")
        again = f"python -m benchmarks torture --seed {seed} --only {name} --case {failure.case}"
        lines.append(f"    repeat: {again}")
    if len(tally.failures) > _SHOWN:
        lines.append(f"  and {len(tally.failures) - _SHOWN:,} more: the JSON file has them")
    return lines
