"""The outcome: a table on stdout and a JSON file that says where and how it was measured."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import qsearch
from benchmarks.options import json_path
from qsearch.machine import processors

_PACKAGES = ("whoosh", "numpy", "numba", "nltk", "PyYAML", "tantivy", "bm25s", "PyStemmer")
DASH = "-"


@dataclass
class Table:
    """Rows of text under a heading; the first column is aligned left, the others right."""

    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Add a row."""
        self.rows.append(cells)

    def __str__(self) -> str:
        everything = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*everything, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if place == 0 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in everything
        ]
        return "\n".join([lines[0], "-" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]])


def number(value: float) -> str:
    """Return a number with three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 if value >= 1 else 3}f}" if value >= 0.1 else f"{value:.3g}"


def with_ratio(value: float, ratio: float) -> str:
    """Return a number and how many times better qsearch is."""
    return f"{number(value)} x{ratio:.{2 if ratio < 10 else 1 if ratio < 100 else 0}f}"


def environment() -> dict[str, object]:
    """Return what the figures depend on besides the code: machine and versions."""
    return {
        "machine": {
            "system": platform.platform(terse=True),
            "processor": _processor(),
            "cores": processors(),
            "load": [round(load, 2) for load in os.getloadavg()],
        },
        "versions": {
            "qsearch": qsearch.__version__,
            "commit": _commit(),
            "python": platform.python_version(),
            **{name: version for name in _PACKAGES if (version := _version(name))},
        },
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }


def header(options: argparse.Namespace, about: Mapping[str, object]) -> str:
    """Return the lines above a table: how to reproduce it, and where it was made."""
    machine, versions = about["machine"], about["versions"]
    assert isinstance(machine, dict)
    assert isinstance(versions, dict)
    told = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return (
        f"reproduce: {options.reproduce}\n"
        f"machine:   {machine['processor']}, {machine['cores']} cores, {machine['system']}, "
        f"load {machine['load'][0]}\n"
        f"versions:  {told}\n"
    )


def write(options: argparse.Namespace, outcome: Mapping[str, object]) -> None:
    """Write the JSON file and say where it is."""
    path = json_path(options)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(outcome, indent=1, ensure_ascii=False, default=str)
    path.write_text(text + "\n", "utf-8")
    print(f"\nall numbers: {path}")


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _commit() -> str | None:
    """The commit of the checkout, with a + if files differ from it; None outside of one."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
