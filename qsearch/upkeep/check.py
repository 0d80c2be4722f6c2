"""An index -> what is wrong with it: every damage that can change an answer."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import numpy as np

from qsearch.errors import Error, IndexCorrupt
from qsearch.index.manifest import (
    Manifest,
    SegmentEntry,
    generations,
    load,
    manifest_name,
    newest_generation,
    open_columns,
    unused,
)
from qsearch.index.recorded_settings import settings_of
from qsearch.index.segment import Segment
from qsearch.storage import Mapped, Readable
from qsearch.upkeep.segment_checks import inspect_segment

_TRIES = 50


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is wrong.

    Attributes:
        path: the file that it is wrong with.
        problem: what it is, in words.
    """

    path: str
    problem: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What was found out about one generation.

    Attributes:
        number: the generation.
        articles: how many live articles it has; None if that can't be known.
        damages: what is wrong with it.
    """

    number: int
    articles: int | None
    damages: tuple[Damage, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found out about an index.

    Attributes:
        generations: the newest one, and the one before it, which is kept in case it is damaged.
        unused: files of an index that none of these needs, as a writer that was killed, or works
            now, has them. The next writer removes them.
    """

    generations: tuple[Generation, ...]
    unused: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with any generation."""
        return all(generation.whole for generation in self.generations)


def check(storage: Readable) -> CheckReport:
    """Read all of an index and return what is wrong with it; it may be written meanwhile.

    Raises:
        IndexNotFound: there is none.
        IndexTooNew, IndexTooOld: it is of another version.
        OSError: a file can't be read.
    """
    for _ in range(_TRIES):
        held = _Held(storage)
        if generations(storage)[:2] == held.newest:
            break
    return Checker(held).run(held.newest)


class _Held:
    """The two newest generations as they are now, whatever a writer removes meanwhile.

    Attributes:
        newest: the two newest generations.
    """

    def __init__(self, storage: Readable) -> None:
        self.path = storage.path
        self._storage = storage
        self._names: list[str] = []
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            self._names = storage.names()
        self._read: dict[str, bytes] = {}
        self._mapped: dict[str, Mapped] = {}
        self.newest = generations(self)[:2]
        for number in self.newest:
            # What can't be had now is looked at, and told, by the checker.
            with contextlib.suppress(Error, OSError):
                for file in load(self, number).files():
                    with contextlib.suppress(Error, OSError):
                        self.map(file.name)

    def names(self) -> list[str]:
        """Return the names of the files that were there."""
        return self._names

    def read(self, name: str) -> bytes:
        """Return the content of a file, as it was when it was first read."""
        if name not in self._read:
            self._read[name] = self._storage.read(name)
        return self._read[name]

    def map(self, name: str) -> Mapped:
        """Return the content of a file, as it was when it was first mapped."""
        if name not in self._mapped:
            self._mapped[name] = self._storage.map(name)
        return self._mapped[name]


class Checker:
    """Looks at generations of an index, and at each file that they share once.

    Arguments:
        storage: where the index lies.
        thorough: also compare what is said in two places; else only what the checksums say.

    Attributes:
        manifests: those that could be read, by generation.
    """

    def __init__(self, storage: Readable, *, thorough: bool = True) -> None:
        self._storage = storage
        self._thorough = thorough
        # Generations share files: each is looked at once.
        self._files: dict[SegmentEntry, tuple[tuple[Damage, ...], frozenset[str]]] = {}
        self.manifests: dict[int, Manifest] = {}

    def run(self, numbers: list[int]) -> CheckReport:
        """Return what is wrong with these generations; newest first."""
        found = []
        try:
            newest_generation(self._storage)
        except IndexCorrupt as error:
            # It was removed by hand: what is left are older ones, or none.
            lost = max(numbers, default=-1) + 1
            found.append(Generation(lost, None, (_damage(error),)))
        found += [self.generation(number) for number in numbers]
        return CheckReport(tuple(found), tuple(unused(self._storage, self.manifests.values())))

    def generation(self, number: int) -> Generation:
        """Return what is wrong with a generation."""
        try:
            manifest = load(self._storage, number)
            settings_of(manifest, self._storage.path)
        except IndexCorrupt as error:
            return Generation(number, None, (_damage(error),))
        except FileNotFoundError as error:
            return Generation(number, None, (_missing(error),))
        self.manifests[number] = manifest
        damages: list[Damage] = []
        urls: list[str] = []
        for entry in manifest.segments:
            problems, live = self.segment(entry)
            damages += problems
            urls += live
        if not damages and len(set(urls)) != len(urls):
            path = str(self._storage.path / manifest_name(number))
            damages.append(Damage(path, "an article is live in two segments"))
        return Generation(number, None if damages else len(urls), tuple(damages))

    def segment(self, entry: SegmentEntry) -> tuple[tuple[Damage, ...], frozenset[str]]:
        """Return what is wrong with a segment, and the urls of its live articles."""
        if entry not in self._files:
            self._files[entry] = self._segment(entry)
        return self._files[entry]

    def _segment(self, entry: SegmentEntry) -> tuple[tuple[Damage, ...], frozenset[str]]:
        damages: list[Damage] = []
        deleted = np.zeros(0, dtype=np.int64)
        try:
            deleted = self._deleted(entry)
        except IndexCorrupt as error:
            damages.append(_damage(error))
        except FileNotFoundError as error:
            damages.append(_missing(error))
        try:
            segment = Segment(self._storage, entry)
            segment.columns.verify()
            path = str(segment.columns.path)
            if self._thorough:
                damages += [Damage(path, problem) for problem in inspect_segment(segment)]
            urls = segment.urls.all() if not damages else []
        except IndexCorrupt as error:
            damages.append(_damage(error))
        except FileNotFoundError as error:
            damages.append(_missing(error))
        if damages:
            return tuple(damages), frozenset()
        # As many as there are: how many an entry says is checked by now, and was anything before.
        live = np.ones(len(urls), dtype=np.bool_)
        live[deleted] = False
        return (), frozenset(
            url for url, is_live in zip(urls, live.tolist(), strict=True) if is_live
        )

    def _deleted(self, entry: SegmentEntry) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Which articles of a segment are deleted."""
        if entry.deleted is None:
            return np.zeros(0, dtype=np.int64)
        file = open_columns(self._storage, entry.deleted)
        file.verify()
        numbers = file.column("deleted").astype(np.int64)
        in_order = (numbers[1:] > numbers[:-1]).all() and numbers[:1].min(initial=0) >= 0
        if not in_order or (numbers.size and int(numbers[-1]) >= entry.articles):
            raise IndexCorrupt(f"{file.path}: no list of deleted articles", path=file.path)
        return numbers


def _damage(error: IndexCorrupt) -> Damage:
    path = error.path
    return Damage(path, str(error).removeprefix(f"{path}: "))


def _missing(error: FileNotFoundError) -> Damage:
    return Damage(str(error.filename), "the file is missing")
