"""What a benchmark needs of a search engine."""

from __future__ import annotations

import importlib
import warnings
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.collection import Collection
from benchmarks.queries import KINDS, Query

Found = list[tuple[str, float]]
"""Urls with their scores, best first."""

LIMIT = 10


class Engine(ABC):
    """One engine with its index in a folder of its own.

    Attributes:
        name: what ``--peers`` and the table call it.
        packages: what has to be installed, as pip names it -> as it is imported.
        kinds: the kinds of queries that it can answer.
    """

    name: ClassVar[str]
    packages: ClassVar[dict[str, str]] = {}
    kinds: ClassVar[tuple[str, ...]] = KINDS

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def missing(cls) -> str | None:
        """Return how to install what this engine needs; None if all is there."""
        absent = [pip for pip, module in cls.packages.items() if not installed(module)]
        return f"pip install {' '.join(absent)}" if absent else None

    @abstractmethod
    def settings(self) -> dict[str, object]:
        """Return how the engine is set up, for the record."""

    @abstractmethod
    def build(self, collection: Collection) -> None:
        """Index a collection: when this returns, it is on disk and can be searched."""

    @abstractmethod
    def open(self) -> None:
        """Get the index that ``build`` has made ready for ``search``."""

    @abstractmethod
    def search(self, query: Query) -> Found:
        """Answer a query with the ten best, its analysis included."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the index, if there is one."""

    def size(self) -> int:
        """Return the bytes of all files of the index."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def installed(module: str) -> bool:
    """Whether a module can be imported."""
    try:
        load_module(module)
    except ImportError:
        return False
    return True


def load_module(name: str) -> Any:
    """Import a package that may be absent, so nothing is known of its types.

    What newer Pythons have to say about the source of older packages is not for the user.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)
