"""Articles -> a folder with an index of Whoosh's own, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from qsearch.errors import ArgumentError
from qsearch.index.snapshot import Snapshot
from qsearch.whoosh_export.schema import document_of, make_schema

from whoosh import index as whoosh_index  # isort: skip

_UNFINISHED = "unfinished"
"""The folder in which the index is written. Until all of it has been moved out, last of all the
file by which Whoosh knows an index, there is none."""

_LOCK_ENDING = "_WRITELOCK"
_MEMORY = 128
"""MiB of postings that Whoosh collects before it writes them to disk."""


def export_whoosh(
    snapshot: Snapshot, folder: Path, progress: Callable[[int, int], None] | None = None
) -> int:
    """Write a snapshot as an index for ``whoosh.index.open_dir``; return how many articles it has.

    An error, and Ctrl-C, leaves the folder empty; after a kill it is no index.

    Arguments:
        snapshot: what to write; articles are read one after another.
        folder: one that is empty or not there.
        progress: called with the number of articles done and of all.

    Raises:
        ArgumentError: the folder holds something.
        OSError: it can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if found := sorted(path.name for path in folder.iterdir()):
        raise ArgumentError(
            f"{folder} is not empty (it holds {found[0]!r}), and nothing was written: "
            "choose an empty folder, or a new one"
        )
    unfinished = folder / _UNFINISHED
    try:
        unfinished.mkdir()
        count = _write(snapshot, unfinished, progress)
        _publish(unfinished, folder)
    except BaseException:
        _empty(folder)
        raise
    return count


def _write(snapshot: Snapshot, folder: Path, progress: Callable[[int, int], None] | None) -> int:
    total = len(snapshot)
    schema = make_schema(snapshot.manifest.analyzer)
    made = whoosh_index.create_in(str(folder), schema)
    count = 0
    try:
        if total:
            writer = made.writer(limitmb=_MEMORY)
            try:
                for article in snapshot.articles():
                    writer.add_document(**document_of(article, schema, snapshot.subjects))
                    count += 1
                    if progress:
                        progress(count, total)
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
    finally:
        made.close()
    return count


def _publish(unfinished: Path, folder: Path) -> None:
    """Move a whole index out of its folder, durably, the list of its files last."""
    names = [path for path in unfinished.iterdir() if not path.name.endswith(_LOCK_ENDING)]
    for path in sorted(names, key=lambda path: (path.suffix == ".toc", path.name)):
        _sync(path)
        path.rename(folder / path.name)
    shutil.rmtree(unfinished)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _empty(folder: Path) -> None:
    """Remove what was written, the list of files first."""
    for path in sorted(folder.iterdir(), key=lambda path: path.suffix != ".toc"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
