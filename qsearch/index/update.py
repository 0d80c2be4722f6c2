"""Folders of articles -> an index that holds just what they hold, in one commit.

What came from which file is kept with each article, so a run knows what has changed (by the
content of files, never their times), what has gone, and what it must not touch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qsearch.errors import ArticleError
from qsearch.index.documents import FROM_SOURCE, NO_DIGEST, Origin
from qsearch.index.encoded import Encoded, decode, encode
from qsearch.index.report import Report
from qsearch.index.snapshot import Place, Snapshot
from qsearch.index.writer import IndexWriter
from qsearch.limits import Limits
from qsearch.reading import Paths, SourceContent, SourceList, find_sources, make_of_sources

if TYPE_CHECKING:
    from qsearch.reading.workers import Crew


@dataclass(slots=True)
class _Known:
    """An article of the index that a source gave."""

    url: str
    place: Place
    line: int
    digest: bytes
    siblings: int


def update(
    snapshot: Snapshot,
    writer: IndexWriter,
    paths: Paths | SourceList,
    *,
    workers: int | Crew = 0,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring an index up to date with the files under ``paths``; the caller commits.

    Arguments:
        snapshot: the state that ``writer`` starts from.
        writer: a new writer.
        paths: files and folders, one or several; or what was found there, the index passed over.
        workers: how many processes read, or those that do, who make ``encode`` of
            articles; 0 reads in this one.
        limits: what a source may cost; those of a crew are its own.
        progress: called with the number of files done and of all files.

    Raises:
        FileNotFoundError: one of ``paths`` is not there.
        ArgumentError: ``paths`` or ``workers`` is of the wrong kind.
    """
    return _Run(snapshot, writer, limits or Limits(), progress).run(paths, workers)


class _Run:
    def __init__(
        self,
        snapshot: Snapshot,
        writer: IndexWriter,
        limits: Limits,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._snapshot = snapshot
        self._writer = writer
        self._limits = limits
        self._progress = progress
        self._known = _known_sources(snapshot)
        self._claimed: dict[str, tuple[str, int]] = {}
        self._skipped: list[ArticleError] = []
        self._added = self._updated = self._unchanged = self._removed = 0

    def run(self, paths: Paths | SourceList, workers: int | Crew) -> Report:
        started = time.monotonic()
        sources = paths
        if not isinstance(sources, SourceList):
            sources = find_sources(sources, exclude=[self._snapshot.folder])
        self._skipped += sources.problems
        files = [(path, _common_digest(self._known.get(path, ()))) for path in sources.files]
        self._writer.expect(sum(digest is None for _, digest in files))
        self._show(0, len(files))
        if isinstance(workers, int):
            contents = make_of_sources(encode, files, workers=workers, limits=self._limits)
        else:
            contents = workers.read(files)
        for done, content in enumerate(contents, start=1):
            self._source(content)
            self._show(done, len(files))
        self._remove_gone(sources.given, sources.problems)
        return Report(
            added=self._added,
            updated=self._updated,
            unchanged=self._unchanged,
            removed=self._removed,
            skipped=tuple(self._skipped),
            seconds=time.monotonic() - started,
        )

    def _show(self, done: int, total: int) -> None:
        if self._progress:
            self._progress(done, total)

    def _source(self, content: SourceContent[tuple[Any, ...]]) -> None:
        known = self._known.get(content.path, [])
        if content.unchanged:
            if not any(article.url in self._claimed for article in known):
                for article in known:
                    self._claimed[article.url] = (content.path, article.line)
                self._unchanged += len(known)
                return
            # An earlier source took one of its articles over: it is read after all, to say so.
            (content,) = make_of_sources(encode, [(content.path, None)], limits=self._limits)
        taken, conflicts = self._claim(content)
        self._skipped += content.errors
        self._skipped += conflicts
        if content.errors:
            # What could not be read may be any of these: they stay.
            for article in known:
                if self._claimed.setdefault(article.url, (content.path, article.line)) == (
                    content.path,
                    article.line,
                ):
                    self._unchanged += article.url not in {new.url for new in taken}
        whole = not content.errors and not conflicts
        origin = Origin(FROM_SOURCE, content.digest if whole else NO_DIGEST, len(taken))
        for new in taken:
            self._take(new, origin)

    def _claim(
        self, content: SourceContent[tuple[Any, ...]]
    ) -> tuple[list[Encoded], list[ArticleError]]:
        """The articles of a source whose urls nobody had before it in this run."""
        taken, conflicts = [], []
        for values in content.articles:
            article = Encoded(*values)
            here = (content.path, article.line)
            holder = self._claimed.setdefault(article.url, here)
            if holder is here or holder == here:
                taken.append(article)
            else:
                path, first = holder
                reason = f"the url {article.url} is taken by {path}:{first}, which comes first"
                conflicts.append(
                    ArticleError(reason, path=content.path, line=article.line or None, column=1)
                )
        return taken, conflicts

    def _take(self, article: Encoded, origin: Origin) -> None:
        place = self._snapshot.find(article.url)
        if place is None:
            self._added += 1
        else:
            before = next(
                (known for known in self._known.get(article.path, ()) if known.place == place),
                None,
            )
            if before is None or self._snapshot.article(place) != decode(article):
                self._updated += 1
            else:
                self._unchanged += 1
                same = (before.digest, before.siblings, before.line)
                if same == (origin.digest, origin.siblings, article.line):
                    return
        self._writer.add(article, origin)

    def _remove_gone(self, given: Sequence[str], problems: Iterable[ArticleError]) -> None:
        """Delete what a source under a given path gave and gives no more."""
        kept = [problem.path for problem in problems if problem.path]
        for path, articles in self._known.items():
            if not any(_under(path, root) for root in given):
                continue
            if any(_under(path, root) for root in kept):
                # It may be there but can't be seen now.
                self._unchanged += sum(article.url not in self._claimed for article in articles)
                continue
            for article in articles:
                if article.url not in self._claimed:
                    self._writer.delete(article.url)
                    self._removed += 1


def _known_sources(snapshot: Snapshot) -> dict[str, list[_Known]]:
    """By path: the articles that an indexing run took from it."""
    known: dict[str, list[_Known]] = {}
    for index, part in enumerate(snapshot.parts):
        segment = part.segment
        paths, path_of = segment.paths()
        digests = segment.columns.column("digest").tobytes()
        ours = part.live_mask() & (segment.columns.column("origin") == FROM_SOURCE)
        lines = segment.columns.column("line").tolist()
        siblings = segment.columns.column("siblings").tolist()
        urls = segment.urls.all()
        numbers = path_of.tolist()
        for number in ours.nonzero()[0].tolist():
            known.setdefault(paths[numbers[number]], []).append(
                _Known(
                    url=urls[number],
                    place=Place(index, number),
                    line=lines[number],
                    digest=digests[16 * number : 16 * number + 16],
                    siblings=siblings[number],
                )
            )
    return known


def _common_digest(articles: Sequence[_Known]) -> bytes | None:
    """What the content of a source was, if the index still holds all that it gave."""
    digests = {article.digest for article in articles}
    if len(digests) != 1 or articles[0].siblings != len(articles):
        return None
    digest = digests.pop()
    return None if digest == NO_DIGEST else digest


def _under(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")
