"""The index as its users see it: ``create``, ``open`` and ``Index``."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from qsearch import checks
from qsearch.analysis.analyzer import Analyzer
from qsearch.article import Article
from qsearch.errors import ArgumentError, Error, IndexCorrupt, IndexExists
from qsearch.forks import ForkSafeLock
from qsearch.index.lock import WriterLock
from qsearch.index.manifest import Manifest, generations, publish
from qsearch.index.snapshot import Snapshot
from qsearch.limits import MEMORY, Limits
from qsearch.search import Ranking, Results, Searcher
from qsearch.search.scratch import ScratchPool
from qsearch.search.settings import settings_of
from qsearch.storage import FolderStorage, Storage

if TYPE_CHECKING:
    from qsearch.index.update import Report
    from qsearch.index.whoosh_view import WhooshView
    from qsearch.index.writer import Writer
    from qsearch.reading import Paths, SourceList
    from qsearch.reading.workers import Crew


def create(
    path: str | os.PathLike[str],
    *,
    language: str = "english",
    ranking: Ranking | None = None,
    limits: Limits | None = None,
) -> Index:
    """Make an empty index and open it.

    Arguments:
        path: a folder that doesn't exist yet (it is made, with its parents) or is empty.
        language: the language of the stemmer and of the stop words: arabic, danish, dutch,
            english, finnish, french, german, hungarian, italian, norwegian, portuguese, romanian,
            russian, spanish or swedish.
        ranking: the numbers of the ranking formula; the index records them.
        limits: what a query may cost.

    Raises:
        IndexExists: there is an index at ``path`` already.
        IndexLocked: somebody else is making one there.
        ArgumentError: ``path`` is a folder with other files in it, or a language is unknown.
        OSError: the folder can't be made or written.
    """
    _require_posix()
    storage = FolderStorage(checks.folder("path", path))
    return create_in(storage, language=language, ranking=ranking, limits=limits)


def create_in(
    storage: Storage,
    *,
    language: str = "english",
    ranking: Ranking | None = None,
    limits: Limits | None = None,
) -> Index:
    """Make an empty index wherever ``storage`` is; otherwise as ``create``."""
    ranking = Ranking() if ranking is None else ranking
    limits = Limits() if limits is None else limits
    checks.instance("ranking", ranking, Ranking)
    checks.instance("limits", limits, Limits)
    _check_free(storage)
    analyzer = Analyzer(language)
    storage.make()
    if any(not name.endswith((".lock", ".new")) for name in storage.names()):
        # Perhaps the files of an index that somebody has made meanwhile.
        _check_free(storage)
        raise ArgumentError(
            f"{storage.path} holds other files: choose an empty folder for the index"
        )
    lock = WriterLock(storage, timeout=5.0)
    try:
        _check_free(storage)
        publish(
            storage,
            Manifest(generation=0, analyzer=analyzer.settings(), ranking=ranking.settings()),
        )
    finally:
        lock.release()
    return Index(storage, limits)


def _check_free(storage: Storage) -> None:
    if generations(storage):
        raise IndexExists(
            f"there is an index at {storage.path} already: open it with qsearch.open, or remove "
            "the folder first",
            path=storage.path,
        )


def open(  # noqa: A001
    path: str | os.PathLike[str], *, limits: Limits | None = None, generation: int | None = None
) -> Index:
    """Open an index; reading needs no lock and no write access.

    Arguments:
        path: the folder of the index.
        limits: what a query may cost.
        generation: an older state of the index instead of the newest. The one before the newest is
            kept until the next commit: if the newest is damaged, IndexCorrupt says whether that
            one is whole. ``refresh`` and ``writer`` go on from the newest all the same.

    Raises:
        IndexNotFound: there is no index, or not this generation of it.
        IndexCorrupt: a file of it is damaged or missing.
        IndexTooNew, IndexTooOld: it is of another version.
    """
    _require_posix()
    limits = Limits() if limits is None else limits
    checks.instance("limits", limits, Limits)
    if generation is not None:
        checks.whole_number("generation", generation)
    storage = FolderStorage(checks.folder("path", path))
    try:
        return Index(storage, limits, generation)
    except IndexCorrupt as error:
        from qsearch.upkeep.restore import with_way_back

        raise with_way_back(error, storage) from None


class Index:
    """An index: a collection of articles that can be searched. Made by ``create`` and ``open``.

    Every search answers from one snapshot: the state at the newest commit when the index was
    opened, refreshed, or written through this object. Threads may share an index.
    """

    def __init__(self, storage: Storage, limits: Limits, generation: int | None = None) -> None:
        self.path: Path = storage.path
        """The folder of the index."""
        self._storage = storage
        self._limits = limits
        self._refreshing = ForkSafeLock()
        self._scratch = ScratchPool()
        self._searcher: Searcher | None = None  # of the snapshot that is shown; None when closed
        if generation is None:
            self._use(Snapshot.newest(storage))
        else:
            self._use(Snapshot.of(storage, generation))

    def _use(self, snapshot: Snapshot) -> None:
        analyzer, ranking = settings_of(snapshot.manifest, self.path, snapshot.term_of)
        self._searcher = Searcher(snapshot, analyzer, ranking, self._limits, self._scratch)

    def _opened(self) -> Searcher:
        searcher = self._searcher
        if searcher is None:
            raise ArgumentError(f"the index {self.path} is closed: open it again")
        return searcher

    def _current(self) -> Snapshot:
        return self._opened().snapshot

    # -- searching

    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        offset: int = 0,
        subject: str | Iterable[str] | None = None,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        fields: str | Iterable[str] | None = None,
        keyword_boost: float | None = None,
        sort: str = "relevance",
        strict: bool = False,
    ) -> Results:
        """Return the articles that answer a query, best first.

        Arguments:
            query: words joined by OR; ``"a phrase"``, ``+must``, ``-must_not``, ``AND OR NOT`` in
                capitals, parentheses, ``term^2`` and ``*`` for every article.
            limit: how many results at most; None for all, 0 to count only.
            offset: how many of the best to leave out.
            subject: one or several subjects, in any case; None for all.
            since, until: the first and last day, as ``datetime.date`` or ISO text, both included.
                An undated article passes neither.
            fields: some of ``question`` (with the title), ``answer`` and ``keywords``.
            keyword_boost: the weight of the keyword field instead of the index's own; 0: it is
                neither searched nor scored.
            sort: ``relevance``, ``newest`` or ``oldest``.
            strict: raise where something in the query would otherwise be ignored with a note.

        Raises:
            ArgumentError: an argument is wrong.
            QueryError, LimitExceeded: in strict mode only.
        """
        return self._opened().search(
            query,
            limit=limit,
            offset=offset,
            subject=subject,
            since=since,
            until=until,
            fields=fields,
            keyword_boost=keyword_boost,
            sort=sort,
            strict=strict,
        )

    def search_many(
        self,
        queries: Iterable[str],
        *,
        limit: int | None = 10,
        offset: int = 0,
        subject: str | Iterable[str] | None = None,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        fields: str | Iterable[str] | None = None,
        keyword_boost: float | None = None,
        sort: str = "relevance",
        strict: bool = False,
    ) -> list[Results]:
        """Return the results of several queries in their order, found with all processors: kernels
        answer many at once and side by side; what is done in Python is done one after another.

        Each is what ``search`` returns for it; all answer from one snapshot. The other arguments
        are those of ``search`` and hold for every query.

        Arguments:
            queries: the texts; none gives an empty list.

        Raises:
            ArgumentError: an argument is wrong, or ``queries`` is a single text.
            QueryError, LimitExceeded: in strict mode only, for the first query that calls for it.
        """
        return self._opened().search_many(
            queries,
            limit=limit,
            offset=offset,
            subject=subject,
            since=since,
            until=until,
            fields=fields,
            keyword_boost=keyword_boost,
            sort=sort,
            strict=strict,
        )

    @property
    def whoosh(self) -> WhooshView:
        """The index as a read-only ``whoosh.index.Index`` over the same segments.

        Its fields are url, id, title, question, answer, keywords, subject and date. It shows the
        snapshot that this object shows now.
        """
        from qsearch.index.whoosh_view import WhooshView

        return WhooshView(self._current())

    # -- articles

    def __len__(self) -> int:
        return len(self._current())

    def __contains__(self, url: object) -> bool:
        return isinstance(url, str) and self._current().find(url) is not None

    def __iter__(self) -> Iterator[Article]:
        return self._current().articles()

    def get(self, url: str) -> Article | None:
        """Return the article with this url, or None.

        Raises:
            ArgumentError: ``url`` is no text.
        """
        if not isinstance(url, str):
            raise ArgumentError(f"url must be text, not {type(url).__name__}")
        snapshot = self._current()
        place = snapshot.find(url)
        return None if place is None else snapshot.article(place)

    def by_id(self, article_id: str) -> list[Article]:
        """Return every article with this id, ordered by url; an id is not unique.

        Raises:
            ArgumentError: ``article_id`` is no text.
        """
        if not isinstance(article_id, str):
            raise ArgumentError(f"an id must be text, not {type(article_id).__name__}")
        snapshot = self._current()
        return [snapshot.article(place) for place in snapshot.find_id(article_id)]

    @property
    def subjects(self) -> Mapping[str, int]:
        """How many articles each subject has, by its commonest spelling, most first.

        Spellings that differ in case are one subject; articles without one are left out, one of
        several subjects counts for each.
        """
        found = sorted(
            (value for key, value in self._current().subjects.items() if key),
            key=lambda value: (-value[1], value[0]),
        )
        return dict(found)

    def stats(self) -> dict[str, object]:
        """Return figures about the index, by name.

        ``path`` and ``generation`` (the number of commits); ``articles``, ``deleted`` (still on
        disk), ``subjects``, ``terms``, ``segments``, ``bytes`` (on disk); the settings ``analyzer``
        and ``ranking``.
        """
        snapshot = self._current()
        manifest = snapshot.manifest
        return {
            "path": str(self.path),
            "generation": manifest.generation,
            "articles": len(snapshot),
            "deleted": sum(entry.articles for entry in manifest.segments) - len(snapshot),
            "subjects": len(self.subjects),
            "terms": len({term for part in snapshot.parts for term in part.segment.terms.all()}),
            "segments": len(snapshot.parts),
            "bytes": sum(file.length for file in manifest.files()),
            "analyzer": dict(manifest.analyzer),
            "ranking": dict(manifest.ranking),
        }

    # -- life

    def writer(self, *, timeout: float = 5.0, memory: int = MEMORY) -> Writer:
        """Return the one writer; use it in a ``with`` block.

        Arguments:
            timeout: seconds to wait for another writer to end.
            memory: about how much to collect before a segment is written, in bytes.

        Raises:
            IndexLocked: another writer still holds the index; the text says who.
        """
        from qsearch.index.writer import Writer

        earlier = self._current()
        timeout = checks.number("timeout", timeout)
        memory = checks.whole_number("memory", memory)
        return Writer(
            self._storage,
            timeout=timeout,
            memory=memory,
            earlier=earlier,
            committed=self._show_own_commit,
        )

    def _show_own_commit(self) -> None:
        if self._searcher is not None:
            self.refresh()

    def update(
        self,
        paths: Paths | SourceList,
        *,
        workers: int | Crew = 0,
        progress: Callable[[int, int], None] | None = None,
        timeout: float = 5.0,
    ) -> Report:
        """Bring the index up to date with files and folders of articles, in one commit.

        Arguments:
            paths: files and folders, one or several, or what ``find_sources`` made of them.
                What the index took from under them and is gone there, goes.
            workers: how many processes read, or those that do; 0 reads in this one.
            progress: called with the number of files done and of all files.
            timeout: seconds to wait for another writer to end.

        Raises:
            FileNotFoundError: one of ``paths`` is not there; nothing has changed.
            ArgumentError: an argument is wrong.
            IndexLocked: another writer still holds the index; the text says who.
        """
        from qsearch.index.update import update

        with self.writer(timeout=timeout) as writer:
            return update(
                writer.snapshot,
                writer,
                paths,
                workers=workers,
                limits=self._limits,
                progress=progress,
            )

    def refresh(self) -> bool:
        """Show what others have committed meanwhile; return whether there was anything."""
        with self._refreshing:
            before = self._current()
            newest = Snapshot.newest(self._storage, before)
            if newest is before:
                return False
            self._use(newest)
            return True

    def close(self) -> None:
        """Let go of the files; the object can't be used afterwards. Closing twice is fine."""
        with self._refreshing:  # else a refresh on its way would open it again
            self._searcher = None

    def __enter__(self) -> Index:
        self._opened()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        searcher = self._searcher
        state = "closed" if searcher is None else f"{len(searcher.snapshot)} articles"
        return f"<qsearch.Index {str(self.path)!r}: {state}>"


def _require_posix() -> None:
    if sys.platform == "win32":
        raise Error("qsearch runs on Linux and macOS; on Windows use it within WSL")
