"""Folders of articles -> an index that holds just what they hold, in one commit.

What came from which file is kept with each article, so a run knows what has changed (by the
content of files, never their times), what has gone, and what it must not touch.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qsearch.errors import ArticleError
from qsearch.index.documents import FROM_SOURCE, NO_DIGEST, Origin
from qsearch.index.encoded import Encoded, decode, encode
from qsearch.index.report import Report
from qsearch.index.snapshot import Place, Snapshot
from qsearch.index.writer import IndexWriter
from qsearch.limits import Limits
from qsearch.reading import (
    FieldNames,
    LayoutOf,
    NoteBook,
    Paths,
    SourceContent,
    SourceList,
    Task,
    check_split,
    field_names,
    find_sources,
    layouts,
    make_of_sources,
)
from qsearch.reading.content import place_of_name
from qsearch.reading.keys import Layout, is_own_key, layout_of_plain
from qsearch.reading.notes import UNKNOWN_NAME
from qsearch.reading.split import AUTO

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
    fields: FieldNames | None = None,
    split: str | None = None,
    workers: int | Crew = 0,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring an index up to date with the files under ``paths``; the caller commits.

    Arguments:
        snapshot: the state that ``writer`` starts from.
        writer: a new writer.
        paths: files and folders, one or several; or what was found there, the index passed over.
        fields: for some fields the names that feed them under these paths from now on; None: as
            the index remembers.
        split: how files under these paths are divided from now on; None: as the index remembers.
        workers: how many processes read, or those that do, who make ``encode`` of
            articles; 0 reads in this one.
        limits: what a source may cost; those of a crew are its own.
        progress: called with the number of files done and of all files.

    Raises:
        FileNotFoundError: one of ``paths`` is not there.
        ArgumentError: ``paths``, ``fields``, ``split`` or ``workers`` is of the wrong kind.
    """
    names = field_names(fields)
    check_split(split)
    run = _Run(snapshot, writer, limits or Limits(), progress)
    return run.run(paths, workers, names, split)


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
        self._notes = NoteBook()
        self._layout_of = LayoutOf(())
        self._given: Sequence[str] = ()

    def run(
        self,
        paths: Paths | SourceList,
        workers: int | Crew,
        names: tuple[tuple[str, tuple[str, ...]], ...] | None,
        split: str | None,
    ) -> Report:
        started = time.monotonic()
        sources = paths
        if not isinstance(sources, SourceList):
            sources = find_sources(sources, exclude=[self._snapshot.folder])
        self._skipped += sources.problems
        self._notes.take_sources(sources.others, sources.passed_over)
        self._given = sources.given
        files = self._tasks(sources, names, split)
        self._writer.expect(sum(digest is None for _, digest, _ in files))
        self._show(0, len(files))
        if isinstance(workers, int):
            contents = make_of_sources(encode, files, workers=workers, limits=self._limits)
        else:
            contents = workers.read(files)
        for done, content in enumerate(contents, start=1):
            self._source(content)
            self._show(done, len(files))
        self._remove_gone(sources.given, sources.problems)
        for name in self._notes.missing(_all_names(names)):
            message = f"no source has the name {name!r} that --map or fields gives"
            self._notes.add(UNKNOWN_NAME, name, 1, None, message)
        return Report(
            added=self._added,
            updated=self._updated,
            unchanged=self._unchanged,
            removed=self._removed,
            skipped=tuple(self._skipped),
            seconds=time.monotonic() - started,
            notes=self._notes.notes(partial(place_of_name, limits=self._limits)),
            files=len(files),
            details=self._notes.details(),
        )

    def _tasks(
        self,
        sources: SourceList,
        names: tuple[tuple[str, tuple[str, ...]], ...] | None,
        split: str | None,
    ) -> list[Task]:
        """What is to be read, and how; what is read otherwise than before is read anew."""
        remembered = tuple(map(layout_of_plain, self._snapshot.manifest.sources))
        now = layouts(
            sources.given,
            remembered,
            fields=names,
            split=None if split == AUTO else split,
            resplit=split is not None,
        )
        self._writer.sources = tuple(layout.plain() for layout in now)
        before, self._layout_of = LayoutOf(remembered), LayoutOf(now)
        tasks: list[Task] = []
        # Files of one folder are read alike, but for those that are PATHs themselves.
        alone = {layout.path for layout in (*remembered, *now)}
        of_folder: dict[str, tuple[Layout, bool]] = {}
        for path in sources.files:
            folder = path if path in alone else path[: path.rfind("/")]
            found = of_folder.get(folder)
            if found is None:
                layout = self._layout_of(path)
                found = of_folder[folder] = layout, before.known(path) == layout
            layout, is_same = found
            digest = _common_digest(self._known.get(path, ())) if is_same else None
            tasks.append((path, digest, layout))
        return tasks

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
            task = (content.path, None, self._layout_of(content.path))
            (content,) = make_of_sources(encode, [task], limits=self._limits)
        self._notes.take(content.path, content.notes)
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
        taken: list[Encoded] = []
        conflicts: list[ArticleError] = []
        own: set[str] = set()  # several records may stand in one line
        for values in content.articles:
            article = Encoded(*values)
            holder = self._holder(article, content.path, own)
            if holder and (other_key := self._without_slug(article.url, content.path)):
                # Sites tell files of one slug apart by their days: here their paths do.
                article = article._replace(url=other_key)
                holder = self._holder(article, content.path, own)
            if holder is None:
                taken.append(article)
                own.add(article.url)
            else:
                conflicts.append(self._taken(article, content.path, *holder))
        return taken, conflicts

    def _holder(self, article: Encoded, path: str, own: Collection[str]) -> tuple[str, int] | None:
        """Who has the key of an article that a file gives; None: nobody else, and now this file."""
        here = (path, article.line)
        holder = self._claimed.setdefault(article.url, here)
        if holder != here or article.url in own:
            return holder
        elsewhere = self._elsewhere(article, path)
        if elsewhere is None:
            return None
        self._claimed[article.url] = (elsewhere, 0)
        return elsewhere, 0

    def _without_slug(self, url: str, path: str) -> str:
        """The key of a file or of a part of it if a slug had not named it; empty if none has."""
        relative = self._layout_of(path).relative(path)
        if url.startswith("id:") or not is_own_key(url, relative) or url.startswith(relative):
            return ""
        _, sharp, anchor = url.partition("#")
        return f"{relative}{sharp}{anchor}"

    def _elsewhere(self, article: Encoded, path: str) -> str | None:
        """The file outside of this run that has given the key of an article, and is still there.

        Who writes a url in two files says that they are one article; keys that come from paths can
        meet by chance.
        """
        place = self._snapshot.find(article.url)
        if place is None or not is_own_key(article.url, self._layout_of(path).relative(path)):
            return None
        other = self._snapshot.source(place)[0]
        if other is None or other == path or other not in self._known:
            return None
        if any(_under(other, root) for root in self._given) or not Path(other).exists():
            return None
        return other

    def _taken(self, article: Encoded, path: str, other: str, line: int) -> ArticleError:
        """The error for an article whose key another source has."""
        what = "url" if not is_own_key(article.url, self._layout_of(path).relative(path)) else "key"
        reason = f"the {what} {article.url} is taken by {other}"
        reason += f":{line}, which comes first" if line else ", of an earlier run"
        if what == "key" and self._layout_of(path).path != self._layout_of(other).path:
            both = os.path.commonpath([path, other])
            reason += f"; to have both, give the folder that holds both, {both}"
        return ArticleError(reason, path=path, line=article.line or None, column=1)

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


def _all_names(names: Iterable[tuple[str, tuple[str, ...]]] | None) -> list[str]:
    return [name for _, several in names or () for name in several]


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
