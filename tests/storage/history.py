"""An index with a past: what each commit promised, and whether an index keeps that promise."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from random import Random

import qsearch
from benchmarks.faults import Disk
from benchmarks.faults.disk import put
from qsearch.api import create_in
from qsearch.index.lock import LOCK_NAME
from qsearch.index.manifest import generations, load, manifest_name, previous_name
from qsearch.limits import Limits
from qsearch.opened import Index
from qsearch.storage import FolderStorage, Storage
from tests.helpers import article, urls

State = dict[str, str]
"""By url: the title of each article."""


class History:
    """An index that is changed step by step.

    Attributes:
        index: the index.
        acknowledged: what it held after the last commit that was acknowledged.
        tried: what it would hold after the last commit that was begun.
    """

    def __init__(self, storage: Storage) -> None:
        self.index = create_in(storage)
        self.acknowledged: State = {}
        self.tried: State = {}
        self.number = 0

    def copy(self, storage: Storage) -> History:
        """A history that goes on from here in a new place."""
        storage.make()
        for name in names(self.index.path):
            storage.write(name, [(self.index.path / name).read_bytes()])
        storage.sync()
        other = copy(self)
        other.index = Index(storage, Limits())
        return other

    def commit(self, articles: int = 4, *, split: bool = False) -> None:
        """Add, replace and delete articles in one commit; with ``split`` in a segment each."""
        self.number += 1
        self.tried = dict(self.acknowledged)
        with self.index.writer(timeout=0, memory=1 if split else 1 << 20) as writer:
            for part in range(articles):
                url, title = f"/{self.number}-{part}", f"neuron{self.number} word{part}"
                writer.add(article(url, title, keywords=f"key{part}"))
                self.tried[url] = title
            replaced = f"/{self.number - 1}-0"
            writer.add(article(replaced, f"replaced{self.number} word0"))
            self.tried[replaced] = f"replaced{self.number} word0"
            writer.delete(f"/{self.number - 2}-0")
            self.tried.pop(f"/{self.number - 2}-0", None)
        self.acknowledged = self.tried

    def check(self, folder: Path) -> None:
        """Check that the index in a folder holds and finds what was acknowledged, or all that was
        tried; that it can be written; and that nothing is left over then.
        """
        with qsearch.open(folder) as index:
            held = {found.url: found.title for found in index}
            assert held in (self.acknowledged, self.tried)
            for url, title in held.items():
                assert url in urls(index, title.split()[0])
            assert index.search("*").total == len(held)
            with index.writer(timeout=0) as writer:
                writer.add(article("/after", "afterwards"))
            assert urls(index, "afterwards") == ["/after"]
        assert left_over(folder) == set()

    def check_after_power_cut(self, disk: Disk, folder: Path, random: Random) -> None:
        """Check what a power cut now would leave; ``folder`` is made for it."""
        self.check(put(disk.after_power_cut(random), folder))


def names(folder: Path) -> set[str]:
    """The names of all files in a folder but the lock."""
    return {path.name for path in folder.iterdir()} - {LOCK_NAME}


def left_over(folder: Path) -> set[str]:
    """The names of the files that neither of the two newest generations needs."""
    storage = FolderStorage(folder)
    left = names(folder)
    for number in generations(storage)[:2]:
        left -= {file.name for file in load(storage, number).files()}
        left -= {manifest_name(number), previous_name(number)}
    return left
