"""A backup, or an older generation -> the index.

Nothing is written over: what is restored is published as one more generation, so a power cut or a
kill at any moment leaves what was there before, or what is restored.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import replace

from qsearch.errors import ArgumentError, Error, IndexCorrupt, IndexExists, IndexNotFound
from qsearch.index.lock import LOCK_NAME, WriterLock
from qsearch.index.manifest import (
    FileEntry,
    Manifest,
    SegmentEntry,
    generations,
    is_own_file,
    newest_generation,
    open_columns,
    previous_name,
    publish,
    remove_unused,
)
from qsearch.storage import Storage
from qsearch.upkeep.backup import Copied, copied
from qsearch.upkeep.check import Checker, Generation


def restore(storage: Storage, source: Storage, *, replace_whole: bool, timeout: float) -> Copied:
    """Put a backup in the place of an index that is missing or damaged.

    Arguments:
        storage: where the index is, or is to be.
        source: the backup; all of it is checked first.
        replace_whole: also in the place of an index that is whole.
        timeout: seconds to wait for a writer to end.

    Raises:
        IndexNotFound: there is no backup.
        IndexTooNew, IndexTooOld: the backup is of another version.
        IndexCorrupt: the backup is damaged; its ``path`` is the damaged file.
        IndexExists: there is a whole index, and it is not to be replaced.
        ArgumentError: ``storage`` is the backup, or holds files that belong to no index.
        IndexLocked: another writer holds the index.
        OSError: the file system refused; the index is what it was.
    """
    if storage.path.resolve() == source.path.resolve():
        raise ArgumentError(f"{source.path} is the index itself: give the folder of a backup")
    try:
        number = newest_generation(source)
    except IndexNotFound:
        raise IndexNotFound(
            f"no backup at {source.path}: give a folder that 'qsearch backup' has made",
            path=source.path,
        ) from None
    checker = Checker(source)
    manifest = _whole(checker, number)
    storage.make()
    if any(not is_own_file(name) and name != LOCK_NAME for name in storage.names()):
        raise ArgumentError(f"{storage.path} holds other files: choose another folder with --index")
    lock = WriterLock(storage, timeout=timeout)
    try:
        if not replace_whole:
            _refuse_whole(storage)
        return _put(storage, manifest, source)
    finally:
        lock.release()


def go_back(storage: Storage, *, replace_whole: bool, timeout: float) -> Copied:
    """Make the newest whole generation before the newest one the index again.

    The arguments and errors are those of ``restore``.
    """
    newest_or_lost(storage)
    lock = WriterLock(storage, timeout=timeout)
    try:
        if not replace_whole:
            _refuse_whole(storage)
        checker = Checker(storage)
        older = whole_older(storage, checker)
        if older is None:
            raise IndexCorrupt(
                f"{storage.path}: there is no older generation that is whole", path=storage.path
            )
        return replace_index(storage, checker.manifests[older.number])
    finally:
        lock.release()


def with_way_back(error: IndexCorrupt, storage: Storage) -> IndexCorrupt:
    """Return an error about an index that also says which older generation is whole, if one is."""
    try:
        older = whole_older(storage, Checker(storage, thorough=False))
    except (Error, OSError):
        older = None
    if older is None or not older.articles:
        return error
    return IndexCorrupt(
        f"{error}; generation {older.number} is whole: qsearch.open({str(storage.path)!r}, "
        f"generation={older.number}) reads it, 'qsearch restore --previous' goes back to it",
        path=error.path,
    )


def newest_or_lost(storage: Storage) -> int:
    """Return the newest generation; one more than the newest that is there if its manifest is lost.

    Raises:
        IndexNotFound: there is no index.
    """
    try:
        return newest_generation(storage)
    except IndexCorrupt:
        return max(generations(storage), default=-1) + 1


def whole_older(storage: Storage, checker: Checker) -> Generation | None:
    """Return the newest whole generation before the newest one, or None."""
    newest = newest_or_lost(storage)
    older = (checker.generation(n) for n in generations(storage) if n < newest)
    return next((generation for generation in older if generation.whole), None)


def replace_index(storage: Storage, manifest: Manifest) -> Copied:
    """Publish a manifest as the next generation, and remove all others; the lock is held."""
    manifest = replace(manifest, generation=max(generations(storage), default=-1) + 1)
    publish(storage, manifest)
    # First the manifests: one is never there without its files.
    for number in generations(storage)[1:]:
        storage.remove(previous_name(number))
    storage.sync()
    remove_unused(storage, [manifest])
    return copied(storage, manifest)


def _whole(checker: Checker, number: int) -> Manifest:
    for damage in checker.generation(number).damages:
        raise IndexCorrupt(f"{damage.path}: {damage.problem}", path=damage.path)
    return checker.manifests[number]


def _refuse_whole(storage: Storage) -> None:
    newest = next(iter(generations(storage)), None)
    if newest is None or newest_or_lost(storage) != newest:
        return
    found = Checker(storage).generation(newest)
    if found.whole:
        raise IndexExists(
            f"the index at {storage.path} is whole (generation {newest}, {found.articles:,} "
            "articles): give --replace to restore another one in its place",
            path=storage.path,
        )


def _put(storage: Storage, manifest: Manifest, source: Storage) -> Copied:
    """Copy the files of a manifest under names that are free, and make it the index."""
    there = set(storage.names())
    names = {file.name: _free_name(file.name, there) for file in manifest.files()}
    renamed = _renamed(manifest, names)
    try:
        for name, new in names.items():
            storage.write(new, [memoryview(source.map(name))])
        for file in renamed.files():
            open_columns(storage, file).verify()
    except BaseException:
        for new in names.values():
            with contextlib.suppress(OSError):
                storage.remove(new)
        raise
    return replace_index(storage, renamed)


def _free_name(name: str, there: set[str]) -> str:
    """The name of a file, or one like it if that is taken, perhaps by a damaged file."""
    if name not in there:
        return name
    kind, generation, _ = name.split("-")
    return f"{kind}-{generation}-{secrets.token_hex(8)}.qs"


def _renamed(manifest: Manifest, names: Mapping[str, str]) -> Manifest:
    def file(entry: FileEntry) -> FileEntry:
        return replace(entry, name=names[entry.name])

    segments = tuple(
        SegmentEntry(file(s.file), s.articles, file(s.deleted) if s.deleted else None)
        for s in manifest.segments
    )
    return replace(manifest, segments=segments)
