"""A yardstick of ``commands``: python-frontmatter loading Markdown files, and nothing else.

``python -m benchmarks.load_frontmatter FOLDER`` loads every Markdown file in two processes and
keeps nothing.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

import frontmatter
import yaml

PROCESSES = 2


def load(path: Path) -> bool:
    """Load one file; return whether that went well."""
    try:
        frontmatter.load(str(path))
    except (yaml.YAMLError, ValueError):
        return False
    return True


def main() -> None:
    folder = Path(sys.argv[1])
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".markdown"))
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        loaded = sum(pool.imap_unordered(load, paths, chunksize=64))
    print(f"{loaded} of {len(paths)} files loaded")


if __name__ == "__main__":
    main()
