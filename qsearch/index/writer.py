"""The one writer of an index: collects changes, makes segments of them, publishes a generation.

``qsearch.writer`` shows it to programs.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from qsearch.analysis.analyzer import Analyzer
from qsearch.arrays import Array
from qsearch.errors import ArgumentError, Error
from qsearch.index.collector import Collector, SegmentData, join, select
from qsearch.index.columns import Packed
from qsearch.index.documents import FIRST_SCOPE, Origin
from qsearch.index.encoded import Encoded
from qsearch.index.invert import segment_columns
from qsearch.index.kernel_collector import BulkCollector
from qsearch.index.lock import WriterLock
from qsearch.index.manifest import (
    FileEntry,
    Manifest,
    SegmentEntry,
    load,
    newest_generation,
    publish,
    remove_unused,
    settle,
)
from qsearch.index.merge import Size, choose_merge
from qsearch.index.segment import Segment
from qsearch.index.snapshot import LiveSegment, Snapshot
from qsearch.index.texts import checksums_of, texts_from
from qsearch.kernels import runtime
from qsearch.limits import MEMORY
from qsearch.log import log
from qsearch.storage import Storage

MANY = 200
"""Articles from which on a writer uses the compiled kernels, if they are there."""

LOADED_FOR = 2_500
"""Articles for which they begin to load; fewer are indexed before they would be there."""


_LOOKED_UP = 50
"""For so many urls of a segment, looking one up takes as long as summing them all up."""


_WORKING = "_base _analyzer _parts _scopes _collector _by_url _dead".split()
"""What a writer has until it ends."""


class _Part:
    """A segment of the coming generation, with the deletions made so far."""

    def __init__(self, segment: Segment, entry: SegmentEntry, live: Array | None) -> None:
        self.segment = segment
        self.entry = entry
        self.live = live
        self.changed = False
        self._sums: Array | None = None

    def delete_all(self, urls: Sequence[str], sums: Array) -> None:
        """Delete the articles with these urls, given with their checksums."""
        if _LOOKED_UP * len(urls) < self.segment.count:
            for url in urls:
                self.delete(url)
            return
        if self._sums is None:
            self._sums = np.sort(checksums_of(self.segment.url_texts()))
        places = np.minimum(self._sums.searchsorted(sums), self._sums.size - 1)
        for index in np.flatnonzero(self._sums[places] == sums).tolist():
            self.delete(urls[index])  # most likely it is there, and not another one with its sum

    def delete(self, url: str) -> bool:
        number = self.segment.by_url(url)
        if number is None or (self.live is not None and not self.live[number]):
            return False
        if not self.changed:
            self.live = LiveSegment(self.segment, self.entry, self.live).live_mask()
            self.changed = True
        assert self.live is not None
        self.live[number] = False
        return True

    @property
    def count(self) -> int:
        return LiveSegment(self.segment, self.entry, self.live).live_count

    @property
    def size(self) -> Size:
        return Size(self.count, self.segment.count, self.entry.file.length)

    def data(self) -> SegmentData:
        return self.segment.data(self.live)


class IndexWriter:
    """Adds, replaces and deletes articles, which become one generation.

    Used as a context manager it commits when the block ends well and rolls back on an exception.
    Nothing is visible to any reader before the commit, and after a crash nothing has happened.

    Arguments:
        storage: where the index lies.
        timeout: seconds to wait for another writer to end.
        memory: about how much to collect before a segment is written, in bytes.
        earlier: a snapshot whose open segments may serve again.
        committed: called after a commit.

    Raises:
        IndexLocked: another writer holds the index for longer than the timeout.
        IndexNotFound: it is gone.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        timeout: float,
        memory: int = MEMORY,
        earlier: Snapshot | None = None,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self._storage = storage
        self._memory = memory
        self._committed = committed
        self._many = False
        self._process = os.getpid()
        self._failed: BaseException | None = None
        self.sources: tuple[Mapping[str, Any], ...] = ()
        """What the index is to remember of the PATHs that it was filled from."""
        self._lock: WriterLock | None = None
        with _still_there(storage):
            self._lock = WriterLock(storage, timeout=timeout)
            try:
                self._base = Snapshot.newest(storage, earlier)
                settle(storage, self._base.manifest)
                remove_unused(storage, _kept(storage, self._base.manifest))
                self._analyzer = Analyzer.from_settings(
                    self._base.manifest.analyzer, known=self._base.term_of
                )
                self._parts = [
                    _Part(part.segment, part.entry, part.live) for part in self._base.parts
                ]
                self._scopes = list(self._base.manifest.scopes)
                self.sources = self._base.manifest.sources
                self._start_collecting()
            except BaseException:
                self._release()
                raise

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process != os.getpid():
            return
        if self._lock is None:
            if kind is None and self._failed is not None:
                # Whoever caught this in the block would take the rest for committed.
                raise self._failed
            return
        if kind is None:
            self.commit()
        else:
            self.rollback()

    @property
    def snapshot(self) -> Snapshot:
        """The state of the index that this writer started from, until it ends."""
        self._check_open()
        return self._base

    def origin_of(self, scope: str) -> int:
        """Return the origin of the articles of a scope, which the commit makes known."""
        if scope not in self._scopes:
            self._scopes.append(scope)
        return FIRST_SCOPE + self._scopes.index(scope)

    # -- changes

    def expect(self, count: int) -> None:
        """Prepare for about so many articles: for many the kernels begin to load."""
        self._many = count >= MANY
        if count >= LOADED_FOR:
            runtime.prepare()

    def add(self, article: Encoded, origin: Origin) -> None:
        """Add an article, as ``index.encoded.encode`` gives it; it replaces the one of its url.

        Raises:
            ArgumentError: the writer has ended.
            OSError: there was no room for what has been collected; the writer has ended, and the
                index is as it was. Caught inside a ``with`` block, it is raised again at its end.
        """
        self._check_open()
        try:
            self._use_kernels()
            number = self._collector.take(article, origin)
            before = self._by_url.get(article.url)
            if before is not None:
                self._dead.append(before)
            # Segments that have it are asked when all that is collected becomes one.
            self._by_url[article.url] = number
            if self._collector.memory >= self._memory:
                self._flush()
        except BaseException as error:
            self._give_up(error)
            raise

    def delete(self, url: str) -> bool:
        """Delete the article with this url; return whether there was one.

        Raises:
            ArgumentError: the writer has ended.
        """
        self._check_open()
        number = self._by_url.pop(url, None)
        if number is not None:
            self._dead.append(number)
        in_segment = any(part.delete(url) for part in self._parts)
        return number is not None or in_segment

    def delete_id(self, article_id: str) -> bool:
        """Delete every article with this id; return whether there was one.

        Raises:
            ArgumentError, OSError: as for ``add``.
        """
        self._check_open()
        try:
            self._flush()  # what is collected is not known by id, that of a segment is
        except BaseException as error:
            self._give_up(error)
            raise
        urls = {
            part.segment.urls[number]
            for part in self._parts
            for number in part.segment.by_id(article_id)
        }
        return sum(map(self.delete, urls)) > 0

    def _give_up(self, error: BaseException) -> None:
        """End the writer after an error: half of what was collected must never be committed."""
        self._failed = error
        try:
            if isinstance(error, FileNotFoundError):
                newest_generation(self._storage)  # which says so if the whole index is gone
        except Error as gone:
            self._failed = gone
            raise gone from None
        finally:
            self._release()

    # -- the end

    def commit(self) -> None:
        """Publish all changes, durably, and end the writer.

        Raises:
            ArgumentError: the writer has ended already.
            IndexNotFound: somebody has removed the folder; the writer has ended.
            OSError: the file system refused; the writer has ended. The index is as it was or, if
                only the last step failed, as it was to be.
        """
        self._check_open()
        try:
            with _still_there(self._storage):
                self._flush()
                before = [part.entry for part in self._base.parts]
                if (
                    [part.entry for part in self._parts] != before
                    or any(part.changed for part in self._parts)
                    or self.sources != self._base.manifest.sources
                ):
                    self._merge()
                    self._publish()
        finally:
            self._release()
        self._committed()

    def rollback(self) -> None:
        """Forget all changes and end the writer.

        Raises:
            ArgumentError: the writer has ended already.
        """
        self._check_open()
        self._release()

    def _release(self) -> None:
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        try:
            with contextlib.suppress(OSError, Error):
                # What no commit published is of no use; the next writer would remove it anyway.
                remove_unused(self._storage, _kept(self._storage, load(self._storage)))
        finally:
            lock.release()
            # Whoever keeps an ended writer keeps no snapshot, and nothing of what was collected.
            for name in _WORKING:
                vars(self).pop(name, None)

    def _check_open(self) -> None:
        if self._lock is None:
            raise ArgumentError("this writer has ended: make a new one with index.writer()")
        if self._process != os.getpid():
            raise ArgumentError("this writer belongs to the process that made it, not to a fork")

    # -- segments

    def _start_collecting(self) -> None:
        self._collector: Collector | BulkCollector = self._new_collector()
        self._by_url: dict[str, int] = {}
        self._dead: list[int] = []

    def _new_collector(self) -> Collector | BulkCollector:
        bulk = self._many and runtime.ready()
        return BulkCollector(self._analyzer) if bulk else Collector(self._analyzer)

    def _use_kernels(self) -> None:
        """Go over to the compiled collector once there are many articles and it can be had."""
        if isinstance(self._collector, BulkCollector):
            return
        count = len(self._collector)
        if count >= MANY:
            self._many = True
            if count == LOADED_FOR:
                runtime.prepare()
            if runtime.ready():
                self._start_again(self._collector)

    def _start_again(self, few: Collector) -> None:
        """Collect anew what the plain collector has: it has not analysed much yet."""
        self._collector = self._new_collector()
        for article, origin in few.articles():
            self._collector.take(article, origin)

    def _collected(self) -> SegmentData:
        if isinstance(self._collector, Collector):
            for _ in self._collector.analyse():
                if self._many and runtime.ready():
                    self._start_again(self._collector)
                    break
        return self._collector.data()

    def _flush(self) -> None:
        """Make a segment of what was collected."""
        if len(self._collector):
            live = np.ones(len(self._collector), dtype=np.bool_)
            live[self._dead] = False
            self._replace()
            data = self._collected()
            if live.any():
                self._parts.append(self._write(select(data, live)))
        self._start_collecting()

    def _replace(self) -> None:
        """Delete what has the url of an article that was collected."""
        if not self._parts:
            return
        texts = [url.encode() for url in self._by_url]
        sums = checksums_of(texts_from(texts))
        order = np.argsort(sums)  # neighbours are looked up one after the other
        urls = list(self._by_url)
        urls = [urls[place] for place in order.tolist()]
        for part in self._parts:
            part.delete_all(urls, sums[order])

    def _merge(self) -> None:
        while chosen := choose_merge([part.size for part in self._parts], self._memory):
            merged = [self._parts[index] for index in chosen]
            parts = [part.data() for part in merged if part.count]
            log.info("merging %d segments of %s", len(merged), self._storage.path)
            self._parts = [part for part in self._parts if part not in merged]
            if parts:
                self._parts.append(self._write(join(parts)))

    def _write(self, data: SegmentData) -> _Part:
        entry = SegmentEntry(
            file=self._write_columns("segment", segment_columns(data, self._analyzer.stop_words)),
            articles=len(data.documents),
        )
        return _Part(Segment(self._storage, entry), entry, None)

    def _write_columns(self, kind: str, columns: dict[str, Array]) -> FileEntry:
        packed = Packed(columns)
        generation = self._base.manifest.generation + 1
        # The random part keeps apart the files of two attempts at one generation.
        name = f"{kind}-{generation:08d}-{secrets.token_hex(8)}.qs"
        # If it fails, the thread behind the parts ends now and not with the error.
        with contextlib.closing(packed.parts()) as parts:
            self._storage.write(name, parts)
        return FileEntry(name=name, length=packed.length, seal=packed.seal)

    def _publish(self) -> None:
        entries = []
        for part in self._parts:
            if part.changed:
                assert part.live is not None
                numbers = np.flatnonzero(~part.live).astype("<u4")
                deleted = self._write_columns("deleted", {"deleted": numbers})
                part.entry = SegmentEntry(part.entry.file, part.entry.articles, deleted)
            entries.append(part.entry)
        before = self._base.manifest
        manifest = Manifest(
            generation=before.generation + 1,
            analyzer=before.analyzer,
            ranking=before.ranking,
            segments=tuple(entries),
            scopes=tuple(self._scopes),
            sources=self.sources,
        )
        publish(self._storage, manifest)
        log.info("committed generation %d of %s", manifest.generation, self._storage.path)


@contextlib.contextmanager
def _still_there(storage: Storage) -> Iterator[None]:
    """Let a file that is missing because the whole index is gone be an IndexNotFound."""
    try:
        yield
    except FileNotFoundError:
        newest_generation(storage)  # which says so
        raise


def _kept(storage: Storage, newest: Manifest) -> list[Manifest]:
    """The generations whose files stay: the newest and, where it can be read, the one before."""
    kept = [newest]
    if newest.generation:
        with contextlib.suppress(FileNotFoundError, Error):
            kept.append(load(storage, newest.generation - 1))
    return kept
