"""A damaged index -> what is whole of it, to be filled up from the files again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qsearch.analysis.analyzer import Analyzer
from qsearch.errors import IndexCorrupt
from qsearch.index.documents import FROM_SOURCE
from qsearch.index.lock import WriterLock
from qsearch.index.manifest import Manifest, SegmentEntry, generations
from qsearch.index.segment import Segment
from qsearch.ranking.settings import Ranking
from qsearch.storage import Storage
from qsearch.upkeep.check import Checker
from qsearch.upkeep.restore import newest_or_lost, replace_index, whole_older


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of a damaged index.

    Attributes:
        kept: how many articles it holds now.
        generation: the older generation that it went back to; None for what is whole of the newest
            one that has a manifest.
        lost: how many articles were in what was given up, deleted ones among them; None if nobody
            can know.
        from_python: how many of those were added from Python, so that no file holds them; None if
            nobody can know.
    """

    kept: int
    generation: int | None
    lost: int | None
    from_python: int | None


def repair(storage: Storage, *, language: str, timeout: float) -> Repair | None:
    """Make of a damaged index one that is whole, of what is whole of it.

    That is the generation before the newest one or, where they hold more, those segments of the
    newest one that are whole. It is published as one more generation; damaged files are removed.

    Arguments:
        storage: the index.
        language: of the analyser, if no manifest can be read.
        timeout: seconds to wait for a writer to end.

    Returns:
        what was done; None if nothing is wrong, as when somebody else has repaired it.

    Raises:
        IndexNotFound, IndexTooNew, IndexTooOld: there is no index, or one of another version.
        IndexLocked: another writer holds the index.
        OSError: the file system refused; the index is as damaged as it was.
    """
    newest_or_lost(storage)
    lock = WriterLock(storage, timeout=timeout)
    try:
        return _repair(storage, language)
    finally:
        lock.release()


def _repair(storage: Storage, language: str) -> Repair | None:
    checker = Checker(storage)
    newest = newest_or_lost(storage)
    if checker.generation(newest).whole:
        return None
    older = whole_older(storage, checker)
    for number in generations(storage):
        checker.generation(number)
    if not checker.manifests:
        manifest = Manifest(0, Analyzer(language).settings(), Ranking().settings())
        return Repair(replace_index(storage, manifest).articles, None, None, None)
    manifest = checker.manifests[max(checker.manifests)]
    whole = [entry for entry in manifest.segments if not checker.segment(entry)[0]]
    kept = sum(len(checker.segment(entry)[1]) for entry in whole)
    if older and (older.number == manifest.generation or (older.articles or 0) > kept):
        done = replace_index(storage, checker.manifests[older.number])
        return Repair(done.articles, older.number, None, None)
    given_up = [entry for entry in manifest.segments if entry not in whole]
    lost = sum(max(entry.articles, 0) for entry in given_up)
    from_python = _from_python(storage, given_up)
    done = replace_index(storage, replace(manifest, segments=tuple(whole)))
    known = manifest.generation == newest
    return Repair(done.articles, None, lost if known else None, from_python if known else None)


def _from_python(storage: Storage, entries: list[SegmentEntry]) -> int | None:
    """How many articles of damaged segments were added from Python, where that can be read."""
    try:
        origins = [Segment(storage, entry).columns.column("origin") for entry in entries]
    except (IndexCorrupt, FileNotFoundError):
        return None
    return sum(int((column != FROM_SOURCE).sum()) for column in origins)
