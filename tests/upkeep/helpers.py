"""What the tests of upkeep share: what an index holds, and ways to damage it."""

from __future__ import annotations

from pathlib import Path

import qsearch
from qsearch.storage import FolderStorage
from qsearch.upkeep.check import check


def held(folder: Path, generation: int | None = None) -> dict[str, str]:
    """By url the title of each article, all of which are found."""
    with qsearch.open(folder, generation=generation) as index:
        titles = {found.url: found.title for found in index}
        for url, title in titles.items():
            assert url in [hit.url for hit in index.search(title.split()[-1])]
        return titles


def is_whole(folder: Path) -> bool:
    """Whether nothing is wrong, and no file is left over."""
    report = check(FolderStorage(folder))
    return report.whole and not report.unused


def newest_is_whole(folder: Path) -> bool:
    """Whether nothing is wrong with what the index holds now, and no file is left over."""
    report = check(FolderStorage(folder))
    return report.generations[0].whole and not report.unused


def flip(path: Path, at: int = 100) -> None:
    """Flip a bit of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def by_size(folder: Path, kind: str) -> list[Path]:
    """The files of a kind, the largest first."""
    return sorted(folder.glob(f"{kind}-*"), key=lambda path: -path.stat().st_size)
