"""Command-line arguments that several commands share."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add ``--seed``, ``--json`` and ``--keep``."""
    parser.add_argument("--seed", type=int, default=1, help="of everything drawn (default: 1)")
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="where all numbers go (default: benchmarks/results/COMMAND.json)",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="put the indexes here and leave them (default: a temporary folder, removed)",
    )


def positive(text: str) -> int:
    """Return a whole number above 0."""
    if not text.isdecimal() or not (value := int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return value


def json_path(options: argparse.Namespace) -> Path:
    """Return the file that the numbers go to."""
    path: Path | None = options.json
    return path or RESULTS / f"{options.command}.json"


@contextlib.contextmanager
def work_folder(options: argparse.Namespace) -> Iterator[Path]:
    """Give a new folder for all files of a run; it is removed unless ``--keep`` was given."""
    if options.keep is None:
        with tempfile.TemporaryDirectory(prefix="qsearch-benchmark-") as folder:
            yield Path(folder)
    else:
        options.keep.mkdir(parents=True, exist_ok=True)
        yield Path(tempfile.mkdtemp(prefix=f"{options.command}-", dir=options.keep))
