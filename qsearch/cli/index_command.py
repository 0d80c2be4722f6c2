"""``qsearch index``: files and folders -> an index that holds what they hold."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.options import command, count
from qsearch.cli.output import json_line, tell, write, write_json
from qsearch.cli.safetext import safe_name
from qsearch.cli.source_options import error_document, names_of, note_document, source_options
from qsearch.cli.source_report import show_notes
from qsearch.errors import (
    ArgumentError,
    Error,
    IndexCorrupt,
    IndexExists,
    IndexNotFound,
)
from qsearch.machine import processors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qsearch.analysis.stems import Language
    from qsearch.index.report import Report
    from qsearch.opened import Index
    from qsearch.reading.workers import Crew
    from qsearch.upkeep.repair import Repair

_MANY_FILES = 500
"""So many files are read sooner by several processes, their start included."""


@command(
    "index",
    example="qsearch index docs/ faq.csv --map answer=reply\nqsearch index articles/ --watch",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@source_options
@click.option("--strict", is_flag=True, help="End with exit code 1 if a file was skipped.")
@click.option("--watch", is_flag=True, help="Go on, and follow every change until Ctrl-C.")
@click.option("--language", metavar="NAME", help="The language of a new index.  [default: english]")
@click.option(
    "--workers", metavar="N", type=int, callback=count,
    help=f"Processes that read.  [default: one a core for more than {_MANY_FILES} files, else 0]",
)  # fmt: skip
def index_command(
    *,
    paths: tuple[str, ...],
    names: tuple[str, ...],
    split: str | None,
    verbose: bool,
    strict: bool,
    watch: bool,
    language: Language | None,
    workers: int | None,
    folder: str,
    as_json: bool,
) -> int:
    """Make an index of articles, or bring it up to date.

    A PATH is a folder or a file: Markdown with or without front matter (.md, .markdown, .mdx), HTML
    (.html, .htm), JSON (.json), JSON Lines (.jsonl, .ndjson) or a table (.csv, .tsv), each also as
    .gz. 'qsearch inspect PATH' shows what would be read. Only what has changed is taken in again;
    articles whose files are gone from a PATH are removed. A file that can't be read is skipped and
    reported, and what the index knew of it stays. The exit code is 1 if none of the files found
    gave an article.

    A damaged index is made again: of what is whole of it, or of the state before the last commit,
    and of the files. What was added from Python, or from elsewhere than PATH, may be lost then; a
    note says how much.

    With --watch it goes on when that is done, and does it again after every burst of changes:
    files that are written, replaced, renamed or removed. Each time that something has changed
    there is a line, with --json a line of JSON. Ctrl-C and SIGTERM end it with nothing half done.
    """
    update = partial(
        _update, names=names, split=split, folder=folder, language=language, workers=workers
    )
    show = _write_line if as_json else partial(_show, verbose=verbose)
    if watch:
        from qsearch.cli.watching import follow

        if strict:
            raise click.UsageError("--strict can't be used with --watch, which ends with Ctrl-C")
        return follow(paths, update, show, folder=folder)
    report = update(paths)
    if as_json:
        write_json(_document(report))
    else:
        _show(report, verbose=verbose)
    taken = report.added + report.updated + report.unchanged
    if (report.files and not taken) or (strict and report.skipped):
        return NOTHING_FOUND
    return FOUND


def _update(
    paths: Sequence[str],
    *,
    names: Sequence[str],
    split: str | None,
    folder: str,
    language: Language | None,
    workers: int | None,
) -> Report:
    """Bring the index up to date with files, whatever state it is in."""
    from qsearch.cli.progress import progress
    from qsearch.limits import Limits
    from qsearch.reading import field_names, find_sources
    from qsearch.reading.workers import Crew

    started = time.monotonic()
    given = names_of(names)
    field_names(given)  # before anything is looked at
    asked = processors() if workers is None else workers
    # By its name: importing it here first would keep the processes waiting.
    crew = Crew("qsearch.index.encoded:encode", workers=asked, limits=Limits())
    least = _MANY_FILES if workers is None else 0

    def found(files: int) -> None:
        # They get ready while this process goes on looking, and opens the index.
        if files > least:
            crew.start()

    def run(workers: int | Crew) -> Report:
        with _opened(folder, language) as index, progress() as show:
            return index.update(sources, fields=given, split=split, workers=workers, progress=show)

    with crew:
        # Before the index is made: a missing PATH leaves nothing behind.
        sources = find_sources(paths, exclude=[folder], progress=found)
        found(len(sources.files))
        if len(sources.files) <= least:
            asked = 0
        try:
            report = run(crew if asked else 0)
        except IndexCorrupt as error:
            _repair(folder, language, error)
            report = run(asked)
        except IndexExists:
            report = run(asked)  # another run has made it since this one looked
    # All of it, the commit included.
    if not sources.files:
        from qsearch.reading.containers import ENDINGS

        tell(f"note: no file here ends in {', '.join(ENDINGS)}")
    return dataclasses.replace(report, seconds=time.monotonic() - started)


@contextmanager
def _opened(folder: str, language: Language | None) -> Iterator[Index]:
    """Give the index, a new one if there is none; a new one that can't be filled goes again."""
    import qsearch
    from qsearch import checks
    from qsearch.index.snapshot import Snapshot
    from qsearch.storage import FolderStorage

    try:
        # All of it, since damage that this run does not come upon would stay.
        Snapshot.newest(FolderStorage(checks.folder("--index", folder))).verify()
        index = qsearch.open(folder)
    except IndexNotFound:
        pass
    else:
        with index:
            _check_language(index, language)
            yield index
        return
    path = Path(folder).absolute()
    missing = [place for place in (path, *path.parents) if not place.exists()]
    index = qsearch.create(path, language=language or "english")
    try:
        with index:
            yield index
    except BaseException:
        _take_back(path, missing)
        raise


def _check_language(index: Index, language: str | None) -> None:
    settings = index.stats()["analyzer"]
    assert isinstance(settings, dict)
    if language not in (None, settings["language"]):
        raise ArgumentError(
            f"the index {index.path} is {settings['language']}: leave --language out, or make a "
            f"new index for {language} with --index"
        )


def _repair(folder: str, language: str | None, error: IndexCorrupt) -> None:
    """Make a damaged index whole, and tell what became of it."""
    from qsearch import checks
    from qsearch.storage import FolderStorage
    from qsearch.upkeep.repair import repair

    storage = FolderStorage(checks.folder("--index", folder))
    done = repair(storage, language=language or "english", timeout=5.0)
    if done is None:
        return
    tell(f"note: the index was damaged: {safe_name(error.path)}")
    tell(f"note: it is made again {_left(done)}")


def _left(done: Repair) -> str:
    if done.generation is not None and done.lost is None:
        return f"from the state before the last commit, of {done.kept:,} articles"
    if done.lost is None:
        return "from nothing: what no PATH holds is lost"
    python = "perhaps some" if done.from_python is None else f"{done.from_python:,}"
    return (
        f"with {done.kept:,} of its {done.kept + done.lost:,} articles; of the others ({python} of "
        "them from Python) those are lost that no PATH holds"
    )


def _take_back(folder: Path, made: Sequence[Path]) -> None:
    """Remove an index without articles and the folders that were made for it."""
    from qsearch.index.lock import LOCK_NAME, WriterLock
    from qsearch.index.manifest import generations, manifest_name
    from qsearch.storage import FolderStorage

    # If anything is in the way, an empty index stays, which does no harm.
    with suppress(OSError, Error):
        storage = FolderStorage(folder)
        lock = WriterLock(storage, timeout=0)
        try:
            if generations(storage) == [0]:
                (folder / manifest_name(0)).unlink()
                (folder / LOCK_NAME).unlink()
                for place in made:
                    place.rmdir()
        finally:
            lock.release()


def _write_line(report: Report) -> None:
    write(json_line(_document(report)))


def _document(report: Report) -> dict[str, object]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "skipped": [error_document(error) for error in report.skipped],
        "notes": [note_document(note) for note in report.notes],
        "seconds": round(report.seconds, 3),
    }


def _show(report: Report, *, verbose: bool) -> None:
    write(
        f"added {report.added:,}, updated {report.updated:,}, unchanged {report.unchanged:,}, "
        f"removed {report.removed:,}, skipped {len(report.skipped):,} in {report.seconds:.1f} s"
    )
    show_notes(report.skipped, report.notes, report.details, verbose=verbose)
