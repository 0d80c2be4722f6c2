"""One generation of an index as a reader sees it: its segments, and what they say together."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.errors import IndexCorrupt, IndexNotFound
from qsearch.index.manifest import (
    Manifest,
    SegmentEntry,
    generations,
    load,
    newest_generation,
    open_columns,
)
from qsearch.index.segment import Segment
from qsearch.lazy import lazy
from qsearch.model.copies import NO_GROUP
from qsearch.model.fields import FIELDS
from qsearch.model.lengths import LENGTHS
from qsearch.storage import Storage
from qsearch.values import subject_key

_TRIES = 50


class Place(NamedTuple):
    """Where an article is: its segment, and its number there. A plain pair does as well."""

    segment: int
    number: int


@dataclass(frozen=True, slots=True)
class LiveSegment:
    """A segment with the articles of it that are not deleted; ``live`` is None if all are."""

    segment: Segment
    entry: SegmentEntry
    live: Array | None

    def live_mask(self) -> Array:
        """Return a new array that is true for each article that is not deleted."""
        if self.live is None:
            return np.ones(self.segment.count, dtype=np.bool_)
        return self.live.copy()

    @property
    def live_count(self) -> int:
        """How many articles are not deleted."""
        return self.segment.count if self.live is None else int(self.live.sum())


class Snapshot:
    """What an index held at one commit; never changes. Safe for use by several threads.

    Arguments:
        storage: where the index lies.
        manifest: the generation.
        earlier: a snapshot whose open segments may serve again.
    """

    def __init__(
        self, storage: Storage, manifest: Manifest, earlier: Snapshot | None = None
    ) -> None:
        self.storage = storage
        self.manifest = manifest
        known: dict[str, LiveSegment]
        known = {part.segment.name: part for part in earlier.parts} if earlier else {}
        self.parts: tuple[LiveSegment, ...] = tuple(
            _open_part(storage, entry, known.get(entry.file.name)) for entry in manifest.segments
        )

    @classmethod
    def newest(cls, storage: Storage, earlier: Snapshot | None = None) -> Snapshot:
        """Return a snapshot of the newest generation.

        A writer may remove an old generation between two steps here, so a missing file means that
        there is a newer one to look for.
        """
        for attempt in range(_TRIES):
            manifest = None
            try:
                manifest = load(storage)
                if earlier and earlier.manifest == manifest:
                    return earlier
                return cls(storage, manifest, earlier)
            except FileNotFoundError as error:
                missing = error.filename
                if attempt and manifest and manifest.generation == newest_generation(storage):
                    break
        raise IndexCorrupt(f"{missing}: the file is missing", path=str(missing))

    @classmethod
    def of(cls, storage: Storage, generation: int) -> Snapshot:
        """Return a snapshot of a generation.

        Raises:
            IndexNotFound: it is not there, or not all of it.
        """
        try:
            return cls(storage, load(storage, generation))
        except FileNotFoundError:
            folder = storage.path
            there = ", ".join(map(str, generations(storage))) or "none"
            raise IndexNotFound(
                f"there is no generation {generation} of an index at {folder}, but {there}: "
                "leave the generation out for the newest",
                path=folder,
            ) from None

    def verify(self) -> None:
        """Check every page of every file; IndexCorrupt names the first damaged one.

        Those of deletions were checked when they were read.
        """
        for part in self.parts:
            part.segment.columns.verify()

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        return self.storage.path

    # -- articles

    def __len__(self) -> int:
        return self._live_total

    @lazy
    def _live_total(self) -> int:
        return sum(part.live_count for part in self.parts)

    def find(self, url: str) -> Place | None:
        """Return where the article with this url is."""
        for index, part in enumerate(self.parts):
            number = part.segment.by_url(url)
            if number is not None and (part.live is None or part.live[number]):
                return Place(index, number)
        return None

    def find_id(self, article_id: str) -> list[Place]:
        """Return where the articles with this id are, ordered by url."""
        found = [
            Place(index, number)
            for index, part in enumerate(self.parts)
            for number in part.segment.by_id(article_id)
            if part.live is None or part.live[number]
        ]
        return sorted(found, key=self.url)

    def find_path(self, path: str) -> list[Place]:
        """Return where the articles of the file with this absolute path are, in its order."""
        found: list[tuple[int, Place]] = []
        for index, part in enumerate(self.parts):
            paths, path_of = part.segment.paths()
            if path not in paths:
                continue
            mask = (path_of == paths.index(path)) & part.live_mask()
            numbers = mask.nonzero()[0].tolist()
            lines = part.segment.columns.column("line")
            found += [(int(lines[number]), Place(index, number)) for number in numbers]
        return [place for _, place in sorted(found, key=lambda item: item[0])]

    def article(self, place: tuple[int, int]) -> Article:
        """Return the article at a place."""
        segment, number = place
        return self.parts[segment].segment.article(number)

    def url(self, place: tuple[int, int]) -> str:
        """Return the url of the article at a place."""
        segment, number = place
        return self.parts[segment].segment.urls[number]

    def urls(self) -> Iterator[str]:
        """Yield the url of every article, in the order in which they were added."""
        for part in self.parts:
            urls = part.segment.urls.all()
            yield from (urls[number] for number in np.flatnonzero(part.live_mask()).tolist())

    def group(self, place: tuple[int, int]) -> bytes | None:
        """Return what the copies of an article share; None for one that can have none."""
        segment, number = place
        group = self.parts[segment].segment.group(number)
        return group if group != NO_GROUP else None

    def subject(self, place: tuple[int, int]) -> str:
        """Return the subject of an article as it was written, of several the first."""
        segment, number = place
        return self.parts[segment].segment.subjects.first(number)

    def subjects_of(self, place: tuple[int, int]) -> tuple[str, ...]:
        """Return all subjects of an article as they were written."""
        segment, number = place
        return self.parts[segment].segment.subjects.of(number)

    def shown_subjects(self, place: tuple[int, int]) -> list[str]:
        """Return all subjects of an article in their commonest spelling."""
        return [self.subjects[subject_key(text)][0] for text in self.subjects_of(place)]

    def id(self, place: tuple[int, int]) -> str | None:
        """Return the id of an article."""
        segment, number = place
        return self.parts[segment].segment.ids[number] or None

    def date(self, place: tuple[int, int]) -> datetime.date | None:
        """Return the day of an article."""
        segment, number = place
        return self.parts[segment].segment.date(number)

    def source(self, place: tuple[int, int]) -> tuple[str | None, int | None]:
        """Return the path and the line that an article came from."""
        segment, number = place
        return self.parts[segment].segment.source(number)

    def articles(self) -> Iterator[Article]:
        """Yield every article, in the order in which they were added."""
        for part in self.parts:
            for number in np.flatnonzero(part.live_mask()).tolist():
                yield part.segment.article(number)

    def copies(self, place: tuple[int, int]) -> list[Place]:
        """Return where all copies of an article are, itself among them."""
        segment, number = place
        group = self.parts[segment].segment.groups[number]
        if not group.any():
            return [Place(segment, number)]
        found = []
        for index, part in enumerate(self.parts):
            groups = part.segment.groups
            same = np.flatnonzero(groups[:, 0] == group[0])
            same = same[groups[same, 1] == group[1]]
            if part.live is not None:
                same = same[part.live[same]]
            found += [Place(index, number) for number in same.tolist()]
        return found

    # -- statistics of the live articles

    @lazy
    def average_lengths(self) -> Array:
        """The mean length of each ranked field in words, as the length bytes have it."""
        sums = np.zeros(len(FIELDS), dtype=np.int64)
        for part in self.parts:
            lengths = part.segment.length_bytes
            sums += LENGTHS[lengths if part.live is None else lengths[part.live]].sum(axis=0)
        return sums / max(len(self), 1)

    @lazy
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""
        spellings: dict[str, Counter[str]] = {}
        for part in self.parts:
            texts, of = part.segment.subjects.labels()
            docs, more_of = part.segment.subjects.more
            if part.live is not None:
                of, more_of = of[part.live], more_of[part.live[docs]]
            counts = np.bincount(np.concatenate([of, more_of]), minlength=len(texts)).tolist()
            for text, count in zip(texts, counts, strict=True):
                if count:
                    spellings.setdefault(subject_key(text), Counter())[text] += count
        return {
            key: (min(found, key=lambda text: (-found[text], text)), found.total())
            for key, found in spellings.items()
        }

    @lazy
    def url_ranks(self) -> list[Array]:
        """For each segment the place of its articles' urls in the order of all urls."""
        if len(self.parts) == 1:
            return [self.parts[0].segment.url_ranks()]
        urls = [url for part in self.parts for url in part.segment.urls.all()]
        order = sorted(range(len(urls)), key=urls.__getitem__)
        ranks = np.empty(len(urls), dtype=np.int64)
        ranks[order] = np.arange(len(urls))
        return np.split(ranks, np.cumsum([part.segment.count for part in self.parts])[:-1])

    def term_of(self, form: str) -> str | None:
        """Return the term of a word form that occurs in the index."""
        for part in self.parts:
            term = part.segment.term_of(form)
            if term is not None:
                return term
        return None

    def document_count(self, term: str) -> int:
        """Return in how many articles a term stands."""
        found = ((part, part.segment.postings(term)) for part in self.parts)
        return sum(_live(part, postings.docs) for part, postings in found if postings)

    def form_count(self, form: str) -> int:
        """Return in how many articles a word form stands."""
        found = ((part, part.segment.form_docs(form)) for part in self.parts)
        return sum(_live(part, docs) for part, docs in found)

    def forms_of(self, term: str) -> set[str]:
        """Return the word forms of a term that occur in the index."""
        return {form for part in self.parts for form in part.segment.forms_of(term)}


def _live(part: LiveSegment, docs: Array) -> int:
    """How many of some articles of a segment are not deleted."""
    return docs.size if part.live is None else int(part.live[docs].sum())


def _open_part(storage: Storage, entry: SegmentEntry, known: LiveSegment | None) -> LiveSegment:
    if known and known.entry == entry:
        return known
    segment = known.segment if known else Segment(storage, entry)
    if entry.deleted is None:
        return LiveSegment(segment, entry, None)
    file = entry.deleted
    column = open_columns(storage, file)
    numbers = column.column("deleted")
    if column.kind("deleted") != "u4" or (numbers.size and int(numbers.max()) >= segment.count):
        path = column.path
        raise IndexCorrupt(f"{path}: names an article that is not there", path=path)
    live = np.ones(segment.count, dtype=np.bool_)
    live[numbers] = False
    return LiveSegment(segment, entry, live)
