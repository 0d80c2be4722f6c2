"""One generation of an index -> a whole index in another folder, while a writer works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qsearch.errors import ArgumentError, IndexCorrupt
from qsearch.index.columns import ColumnFile
from qsearch.index.lock import LOCK_NAME, WriterLock
from qsearch.index.manifest import (
    FileEntry,
    Manifest,
    generations,
    is_own_file,
    load,
    newest_generation,
    open_columns,
    publish,
)
from qsearch.storage import Mapped, Storage

_TRIES = 50


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    Attributes:
        generation: of the index that it is now.
        articles: how many live articles it holds.
        bytes: how long its files are.
    """

    generation: int
    articles: int
    bytes: int


def backup(storage: Storage, target: Storage) -> Copied:
    """Copy the newest generation of an index to another place, durably, and verify the copy.

    The copy is an index as any other. A writer may work meanwhile: the files of a generation never
    change, and what is mapped here stays also when the writer removes it.

    Arguments:
        storage: the index.
        target: a folder that is not there, is empty, or holds what a backup that was interrupted
            has left.

    Raises:
        IndexNotFound, IndexCorrupt, IndexTooNew, IndexTooOld: of the index.
        ArgumentError: ``target`` holds something else.
        IndexLocked: somebody else writes there.
        OSError: of either.
    """
    manifest, contents = _held(storage)
    target.make()
    _refuse_others(target)
    lock = WriterLock(target, timeout=0)
    try:
        if generations(target):
            raise ArgumentError(f"there is an index at {target.path}: choose another folder")
        for name in target.names():
            if is_own_file(name):
                target.remove(name)
        for file in manifest.files():
            _copy(storage, file, contents[file.name], target)
        publish(target, manifest)
    finally:
        lock.release()
    return copied(target, manifest)


def _held(storage: Storage) -> tuple[Manifest, Mapping[str, Mapped]]:
    """The newest generation, with all its files mapped."""
    missing: object = None
    for _ in range(_TRIES):
        number = newest_generation(storage)
        try:
            manifest = load(storage, number)
            return manifest, {file.name: storage.map(file.name) for file in manifest.files()}
        except FileNotFoundError as error:
            missing = error.filename
            if newest_generation(storage) == number:
                break
    raise IndexCorrupt(f"{missing}: the file is missing", path=str(missing))


def _refuse_others(target: Storage) -> None:
    if any(name != LOCK_NAME and not is_own_file(name) for name in target.names()):
        raise ArgumentError(f"{target.path} holds other files: choose an empty folder")


def _copy(source: Storage, file: FileEntry, content: Mapped, target: Storage) -> None:
    path = source.path / file.name
    ColumnFile(content, path=path, seal=file.seal, length=file.length).verify()
    target.write(file.name, [memoryview(content)])
    open_columns(target, file).verify()


def copied(storage: Storage, manifest: Manifest) -> Copied:
    """Return what an index of this manifest holds."""
    deleted = sum(
        open_columns(storage, entry.deleted).count("deleted")
        for entry in manifest.segments
        if entry.deleted
    )
    return Copied(
        generation=manifest.generation,
        articles=sum(entry.articles for entry in manifest.segments) - deleted,
        bytes=sum(file.length for file in manifest.files()),
    )
