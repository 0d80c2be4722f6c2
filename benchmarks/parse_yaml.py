"""The yardstick of ``commands``: nothing but parsing the front matter of Markdown files.

``python -m benchmarks.parse_yaml FOLDER`` reads every Markdown file with PyYAML's CSafeLoader in
two processes and keeps nothing.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

import yaml

PROCESSES = 2


def parse(path: Path) -> bool:
    """Parse the front matter of one file; return whether there was one without fault."""
    _, _, after = path.read_text("utf-8", "replace").partition("---\n")
    matter, mark, _ = after.partition("\n---")
    try:
        return bool(mark) and isinstance(yaml.load(matter, Loader=yaml.CSafeLoader), dict)
    except yaml.YAMLError:
        return False


def main() -> None:
    folder = Path(sys.argv[1])
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".markdown"))
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        parsed = sum(pool.imap_unordered(parse, paths, chunksize=64))
    print(f"{parsed} of {len(paths)} files parsed")


if __name__ == "__main__":
    main()
