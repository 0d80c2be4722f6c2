"""An index as programs hold it: ``Index``."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, TypedDict

from qsearch import checks, values
from qsearch.article import Article
from qsearch.engine.scratch import ScratchPool
from qsearch.errors import ArgumentError
from qsearch.forks import ForkSafeLock
from qsearch.freshness import Freshness
from qsearch.index.recorded_settings import settings_of
from qsearch.index.snapshot import Snapshot
from qsearch.kernels import runtime
from qsearch.limits import MEMORY, Limits
from qsearch.query.tree import Note
from qsearch.ranking.settings import Ranking
from qsearch.results.results import Results
from qsearch.searcher import Searcher
from qsearch.storage import Storage

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from qsearch.index.report import Report
    from qsearch.index.writer import IndexWriter
    from qsearch.options import EngineName, FacetsOf, FieldName, SearchOptions, Sort
    from qsearch.reading import FieldNames, Paths, SourceList
    from qsearch.reading.workers import Crew
    from qsearch.values import DateLike, IdLike
    from qsearch.whoosh_view import WhooshView
    from qsearch.writer import Writer


class Stats(TypedDict):
    """Figures about an index: what ``Index.stats`` returns.

    ``generation`` counts the commits; ``deleted`` articles are still on disk; ``bytes`` is the size
    of all files; ``analyzer`` and ``ranking`` are the settings of the index.
    """

    path: str
    generation: int
    articles: int
    deleted: int
    subjects: int
    terms: int
    segments: int
    bytes: int
    analyzer: dict[str, Any]
    ranking: dict[str, Any]


class Index:
    """An index: a collection of articles that can be searched. Made by ``create`` and ``open``.

    Every search answers from one snapshot: the state at the newest commit when the index was
    opened, refreshed, or written through this object. Threads may share an index.
    """

    def __init__(
        self,
        storage: Storage,
        limits: Limits,
        generation: int | None = None,
        refresh_every: float | None = None,
        *,
        engine: EngineName = "auto",
    ) -> None:
        self.path: Path = storage.path
        """The folder of the index."""
        self._storage = storage
        self._limits = limits
        self._engine: EngineName = engine
        self._refreshing = ForkSafeLock()
        self._scratch = ScratchPool()
        self._searcher: Searcher | None = None  # of the snapshot that is shown; None when closed
        self._freshness: Freshness | None = None
        if generation is None:
            self._use(Snapshot.newest(storage))
        else:
            self._use(Snapshot.of(storage, generation))
        if refresh_every is not None:
            # Weak: otherwise the two would keep one another, and the files open.
            known = weakref.ref(self)

            def look() -> None:
                if (index := known()) is not None:
                    index.refresh()

            self._freshness = Freshness(refresh_every, look)

    def _use(self, snapshot: Snapshot) -> None:
        analyzer, ranking = settings_of(snapshot.manifest, self.path, snapshot.term_of)
        self._searcher = Searcher(
            snapshot, analyzer, ranking, self._limits, self._scratch, engine=self._engine
        )

    def _require(self, language: str | None, ranking: Ranking | None) -> None:
        """Raise ArgumentError unless the index has this language and this ranking."""
        searcher = self._shown()
        if language not in (None, searcher.analyzer.language):
            raise ArgumentError(
                f"the index {self.path} is {searcher.analyzer.language}, not {language}: leave "
                "language out, or make another index"
            )
        if ranking not in (None, searcher.ranking):
            raise ArgumentError(
                f"the index {self.path} has other numbers of the ranking: leave ranking out, or "
                "make another index"
            )

    def _shown(self) -> Searcher:
        searcher = self._searcher
        if searcher is None:
            raise ArgumentError(f"the index {self.path} is closed: open it again")
        return searcher

    def _opened(self) -> Searcher:
        """What answers now, not further behind than it may be."""
        if self._freshness is not None:
            self._shown()
            self._freshness.keep()
        return self._shown()

    def _current(self) -> Snapshot:
        return self._opened().snapshot

    def _troubles(self) -> tuple[Note, ...]:
        trouble = self._freshness and self._freshness.trouble
        return (Note(f"this may not be the newest state: {trouble}"),) if trouble else ()

    # -- searching

    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        offset: int = 0,
        subject: str | Iterable[str] | None = None,
        since: DateLike | None = None,
        until: DateLike | None = None,
        fields: FieldName | Iterable[FieldName] | None = None,
        keyword_boost: float | None = None,
        sort: Sort = "relevance",
        facets: FacetsOf = "filtered",
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
            keyword_boost: the weight of the keyword field instead of the index's own; the bonus for
                whole keywords goes along. 0: it is neither searched nor scored.
            sort: ``relevance``, ``newest`` or ``oldest``.
            facets: ``filtered`` counts the results; ``unfiltered`` counts in ``facets`` what
                ``subject`` leaves out, too: what a list of subjects to choose from shows.
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
            facets=facets,
            strict=strict,
            more_notes=self._troubles(),
        )

    def search_many(
        self, queries: Iterable[str], **options: Unpack[SearchOptions]
    ) -> list[Results]:
        """Return the results of several queries in their order, found with all processors: kernels
        answer many at once and side by side; what is done in Python is done one after another.

        Each is what ``search`` returns for it; all answer from one snapshot. The options are those
        of ``search`` and hold for every query.

        Arguments:
            queries: the texts; none gives an empty list.

        Raises:
            ArgumentError: an argument is wrong, or ``queries`` is a single text.
            QueryError, LimitExceeded: in strict mode only, for the first query that calls for it.
        """
        return self._opened().search_many(queries, more_notes=self._troubles(), **options)

    @property
    def whoosh(self) -> WhooshView:
        """The index as a read-only ``whoosh.index.Index`` over the same segments.

        Its fields are url, id, title, question, answer, keywords, subject and date. It shows the
        snapshot that this object shows now.
        """
        from qsearch.whoosh_view import WhooshView

        return WhooshView(self._current())

    # -- articles

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self._current())

    def __contains__(self, key: object) -> bool:
        """Whether there is an article with this url, or with this id (a number or a UUID)."""
        snapshot = self._current()
        if isinstance(key, str):
            return snapshot.find(key) is not None
        try:
            return bool(snapshot.find_id(values.key_id(key)))
        except ArgumentError:
            return False

    def __iter__(self) -> Iterator[Article]:
        """Yield every article, in the order in which they were added."""
        return self._current().articles()

    def get(self, url: str) -> Article | None:
        """Return the article with this url, or None.

        Raises:
            ArgumentError: ``url`` is no text.
        """
        if not isinstance(url, str):
            raise ArgumentError(
                f"url must be text, not {type(url).__name__}; index.by_id finds articles by id"
            )
        snapshot = self._current()
        place = snapshot.find(url)
        return None if place is None else snapshot.article(place)

    def by_id(self, article_id: IdLike) -> list[Article]:
        """Return every article with this id (a text, a number, a UUID), ordered by url; an id is
        not unique.

        Raises:
            ArgumentError: ``article_id`` is none of these.
        """
        wanted = values.identity("an id", article_id)
        if wanted is None:
            if article_id is None:
                raise ArgumentError("an id must be text or a whole number, not None")
            return []
        snapshot = self._current()
        return [snapshot.article(place) for place in snapshot.find_id(wanted)]

    def by_path(self, path: str | os.PathLike[str]) -> list[Article]:
        """Return every article that was read from a file, in its order.

        Arguments:
            path: of the file; one that is not absolute counts from the current folder.

        Raises:
            ArgumentError: ``path`` is no path.
        """
        absolute = str(checks.folder("path", path))
        snapshot = self._current()
        found = snapshot.find_path(os.path.normpath(absolute))
        return [snapshot.article(place) for place in found]

    def urls(self) -> list[str]:
        """Return the urls of all articles, in the order in which they were added."""
        return list(self._current().urls())

    @property
    def subjects(self) -> dict[str, int]:
        """How many articles each subject has, by its commonest spelling, most first.

        Spellings that differ in case are one subject; articles without one are left out, one of
        several subjects counts for each.
        """
        found = sorted(
            (value for key, value in self._current().subjects.items() if key),
            key=lambda value: (-value[1], value[0]),
        )
        return dict(found)

    def stats(self) -> Stats:
        """Return figures about the index, by name."""
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

    # -- changes

    def writer(self, *, timeout: float = 5.0, memory: int = MEMORY) -> Writer:
        """Return the one writer; use it in a ``with`` block.

        Arguments:
            timeout: seconds to wait for another writer to end.
            memory: about how much to collect before a segment is written, in bytes.

        Raises:
            IndexLocked: another writer still holds the index; the text says who.
            IndexNotFound: somebody has removed the folder.
        """
        from qsearch.writer import Writer

        return Writer(self._inner_writer(timeout, memory))

    def _inner_writer(self, timeout: float, memory: int = MEMORY) -> IndexWriter:
        from qsearch.index.writer import IndexWriter

        return IndexWriter(
            self._storage,
            timeout=checks.number("timeout", timeout),
            memory=checks.whole_number("memory", memory),
            earlier=self._shown().snapshot,
            committed=self._show_own_commit,
        )

    def _show_own_commit(self) -> None:
        if self._searcher is not None:
            self.refresh()

    def sync(
        self,
        articles: Iterable[Article],
        *,
        scope: str | None = None,
        remove_missing: bool = True,
        timeout: float = 5.0,
    ) -> Report:
        """Bring the index up to date with what a table holds now, in one commit.

        New articles are added, changed ones replaced, and what the table does not hold any more is
        removed. What is the same costs no unpacking. Articles that ``update`` or ``qsearch index``
        took from files are left alone.

        Arguments:
            articles: all of the table, each once.
            scope: a name, where several tables are kept in one index: only what was added with this
                scope is removed. None: what was added from Python without a scope, by ``writer``
                too.
            remove_missing: False keeps what is not given; then a part of the table is enough.
            timeout: seconds to wait for another writer to end.

        Raises:
            ArgumentError: an argument is wrong, or an item is no Article.
            IndexLocked: another writer still holds the index; the text says who.
            IndexNotFound: somebody has removed the folder.
        """
        from qsearch.index.sync import sync

        if isinstance(articles, (str, bytes)) or not isinstance(articles, Iterable):
            raise ArgumentError(f"articles must be several, not {type(articles).__name__}")
        if scope is not None and not (isinstance(scope, str) and scope.strip()):
            raise ArgumentError(f"scope must be a name, not {checks.shown(scope)}")
        with self._inner_writer(timeout) as writer:
            return sync(
                writer.snapshot, writer, articles, scope=scope, remove_missing=remove_missing
            )

    def update(
        self,
        paths: Paths | SourceList,
        *,
        fields: FieldNames | None = None,
        split: str | None = None,
        workers: int | Crew = 0,
        progress: Callable[[int, int], None] | None = None,
        timeout: float = 5.0,
    ) -> Report:
        """Bring the index up to date with files and folders of articles, in one commit.

        Arguments:
            paths: files and folders, one or several, or what ``find_sources`` made of them.
                What the index took from under them and is gone there, goes.
            fields: for some fields of an article the name that feeds it, or several, best first;
                they come before the names that are known. They are kept for these paths; None:
                as the index remembers them.
            split: "h1" to "h6": an article for each heading of that level of a Markdown file;
                "none": one for each file; "auto": one for each heading where those are questions.
                It is kept as well; None: as the index remembers it.
            workers: how many processes read, or those that do; 0 reads in this one.
            progress: called with the number of files done and of all files.
            timeout: seconds to wait for another writer to end.

        Raises:
            FileNotFoundError: one of ``paths`` is not there; nothing has changed.
            ArgumentError: an argument is wrong.
            IndexLocked: another writer still holds the index; the text says who.
        """
        from qsearch.index.update import update

        with self._inner_writer(timeout) as writer:
            return update(
                writer.snapshot,
                writer,
                paths,
                fields=fields,
                split=split,
                workers=workers,
                limits=self._limits,
                progress=progress,
            )

    def refresh(self) -> bool:
        """Show what others have committed meanwhile; return whether there was anything."""
        with self._refreshing:
            before = self._shown().snapshot
            newest = Snapshot.newest(self._storage, before)
            if newest is before:
                return False
            self._use(newest)
            return True

    def warm(self, timeout: float | None = None) -> bool:
        """Load the kernels, the stemmer and what every query needs, and wait for it.

        For a server before it forks: its workers then share all this memory. Otherwise queries load
        what they need, and are answered more slowly until it is there.

        Arguments:
            timeout: seconds to wait for the kernels at most; None for as long as it takes: the
                first time after an installation they are compiled.

        Returns:
            whether the kernels are ready; without them everything works, slower.
        """
        is_ready = runtime.wait(timeout)
        self._opened().warm()
        return is_ready

    def close(self) -> None:
        """Let go of the files; the object can't be used afterwards. Closing twice is fine."""
        with self._refreshing:  # else a refresh on its way would open it again
            self._searcher = None

    def __enter__(self) -> Index:
        self._shown()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise ArgumentError(
            "an Index can't be pickled: give the other process its path, and open it there with "
            f"qsearch.open({str(self.path)!r})"
        )

    def __repr__(self) -> str:
        searcher = self._searcher
        state = "closed" if searcher is None else f"{len(searcher.snapshot)} articles"
        return f"<qsearch.Index {str(self.path)!r}: {state}>"
