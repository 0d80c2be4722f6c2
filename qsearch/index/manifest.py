"""The root of an index: one JSON file a generation that names every other file.

``manifest-<generation>.json`` holds the format version, the analyser, the ranking settings and,
for each segment, its files with length and seal, under a checksum of its own. The highest
generation is the index; the one before it stays, with its files, until the next commit. By then its
manifest is called ``previous-<generation>.json``, so that it never passes for the index when the
newer one is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qsearch.errors import IndexCorrupt, IndexNotFound, IndexTooNew, IndexTooOld
from qsearch.index.columns import ColumnFile
from qsearch.storage import Readable, Storage

MAGIC = "qsearch index"
FORMAT = 1

_NUMBER = "([0-9]{8}|[1-9][0-9]{8,15})"  # eight digits, or as many as a generation needs
_NAME = re.compile(rf"(manifest|previous)-{_NUMBER}\.json")
_COLUMNS = re.compile(rf"(segment|deleted)-{_NUMBER}-[0-9a-f]{{16}}\.qs")
_UNPUBLISHED = re.compile(rf"manifest-{_NUMBER}\.json\.new")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the index: its name in the folder, its length in bytes and its seal."""

    name: str
    length: int
    seal: str


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment: its columns, how many articles they hold, and which of them are deleted."""

    file: FileEntry
    articles: int
    deleted: FileEntry | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation of an index.

    Attributes:
        generation: counts the commits, from 0 for a new index.
        analyzer: what ``Analyzer.settings`` gave.
        ranking: the numbers of the ranking formula.
        segments: oldest first.
        scopes: the names of what ``Index.sync`` keeps apart; an article names its own by number
            (``documents.FIRST_SCOPE``).
        sources: the PATHs that indexing runs were given, in their order, and how each is read
            (``reading.keys.Layout`` as plain data).
    """

    generation: int
    analyzer: Mapping[str, Any]
    ranking: Mapping[str, Any]
    segments: tuple[SegmentEntry, ...] = ()
    scopes: tuple[str, ...] = ()
    sources: tuple[Mapping[str, Any], ...] = ()

    def files(self) -> list[FileEntry]:
        """Return the files of columns that this generation needs."""
        return [
            file
            for segment in self.segments
            for file in (segment.file, segment.deleted)
            if file is not None
        ]


def manifest_name(generation: int) -> str:
    """Return the file name of a generation's manifest while it is the newest."""
    return f"manifest-{generation:08d}.json"


def previous_name(generation: int) -> str:
    """Return the file name of a generation's manifest when there is a newer one."""
    return f"previous-{generation:08d}.json"


def open_columns(storage: Readable, file: FileEntry) -> ColumnFile:
    """Return the columns of a file that a manifest names.

    Raises:
        IndexCorrupt, IndexTooNew, IndexTooOld: it can't be read.
        FileNotFoundError: it is not there (a newer generation may have replaced it).
    """
    path = storage.path / file.name
    return ColumnFile(storage.map(file.name), path=path, seal=file.seal, length=file.length)


def generations(storage: Readable) -> list[int]:
    """Return the generations that have a manifest, newest first."""
    names = _names(storage)
    found = {int(match.group(2)) for name in names if (match := _NAME.fullmatch(name))}
    return sorted(found, reverse=True)


def newest_generation(storage: Readable) -> int:
    """Return the generation that is the index.

    Raises:
        IndexNotFound: there is no index.
        IndexCorrupt: there are files of an index, but not its manifest.
    """
    names = _names(storage)
    found = [match for name in names if (match := _NAME.fullmatch(name))]
    newest = max((int(m.group(2)) for m in found if m.group(1) == "manifest"), default=None)
    if newest is not None:
        return newest
    folder = storage.path
    if found or any(_COLUMNS.fullmatch(name) for name in names):
        raise IndexCorrupt(f"{folder}: the manifest of the index is missing", path=folder)
    raise IndexNotFound(
        f"no index at {folder}: make one with 'qsearch index PATH --index {folder}' "
        f"or qsearch.create({str(folder)!r})",
        path=folder,
    )


def _names(storage: Readable) -> list[str]:
    try:
        return storage.names()
    except (FileNotFoundError, NotADirectoryError):
        return []


def publish(storage: Storage, manifest: Manifest) -> None:
    """Make ``manifest`` the index: after this it survives a power cut, before it never was.

    The files that it names must have been written durably.

    Raises:
        OSError: the index is as it was or, if only the last step failed, as it was to be.
    """
    body = {"magic": MAGIC, "format": FORMAT, **asdict(manifest)}
    text = json.dumps({**body, "checksum": _checksum(body)}, indent=1, sort_keys=True)
    name = manifest_name(manifest.generation)
    beside = f"{name}.new"
    storage.remove(beside)  # which a crash may have left
    storage.write(beside, [text.encode()])
    # The files that it names, and itself, are there for good before anybody looks for them.
    storage.sync()
    storage.rename(beside, name)
    storage.sync()
    # This one is safe now. If that fails, the next writer does it.
    with contextlib.suppress(OSError):
        _demote(storage, manifest.generation)


def settle(storage: Storage, newest: Manifest) -> None:
    """Finish what a writer that was killed in ``publish`` began; only a writer may."""
    if _undemoted(storage, newest.generation):
        storage.sync()
        _demote(storage, newest.generation)


def _demote(storage: Storage, newest: int) -> None:
    """Let no generation before the newest pass for the index."""
    for generation in _undemoted(storage, newest):
        storage.rename(manifest_name(generation), previous_name(generation))


def _undemoted(storage: Storage, newest: int) -> list[int]:
    there = set(storage.names())
    return [n for n in generations(storage) if n < newest and manifest_name(n) in there]


def load(storage: Readable, generation: int | None = None) -> Manifest:
    """Return a generation of an index, the newest one unless it is named.

    Raises:
        IndexNotFound: there is none.
        IndexCorrupt, IndexTooNew, IndexTooOld: it can't be read.
        FileNotFoundError: that generation has gone meanwhile.
    """
    if generation is None:
        generation = newest_generation(storage)
    name = manifest_name(generation)
    try:
        raw = storage.read(name)
    except FileNotFoundError:
        name = previous_name(generation)
        raw = storage.read(name)
    return _parse(storage.path / name, raw, generation)


def _parse(path: Path, raw: bytes, generation: int) -> Manifest:
    try:
        # Decoded here: of bytes json would guess the encoding, and import what decodes UTF-32.
        body = json.loads(raw.decode())
        checksum = body.pop("checksum")
        if body["magic"] != MAGIC:
            raise ValueError("not a manifest")
        version = int(body["format"])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise IndexCorrupt(f"{path}: not a readable manifest", path=path) from None
    if version > FORMAT:
        raise IndexTooNew(
            f"{path} has format {version}, this version reads {FORMAT}: update qsearch", path=path
        )
    if checksum != _checksum(body):
        raise IndexCorrupt(f"{path}: the checksum does not match", path=path)
    if version < FORMAT:
        raise IndexTooOld(
            f"{path} has format {version}, this version reads {FORMAT}: build it again", path=path
        )
    try:
        manifest = Manifest(
            generation=int(body["generation"]),
            analyzer=dict(body["analyzer"]),
            ranking=dict(body["ranking"]),
            segments=tuple(_segment(item) for item in body["segments"]),
            scopes=tuple(map(str, body.get("scopes", ()))),
            # Earlier versions remembered none.
            sources=tuple(_source(item) for item in body.get("sources", ())),
        )
    except (ValueError, TypeError, KeyError, OverflowError):
        raise IndexCorrupt(f"{path}: the manifest is incomplete", path=path) from None
    if manifest.generation != generation:
        raise IndexCorrupt(f"{path}: holds generation {manifest.generation}", path=path)
    return manifest


def _source(item: Mapping[str, Any]) -> Mapping[str, Any]:
    fields, split = item["fields"], item["split"]
    names = {str(field): [str(name) for name in names] for field, names in dict(fields).items()}
    return {
        "path": str(item["path"]),
        "fields": names,
        "split": None if split is None else str(split),
    }


def _segment(item: Mapping[str, Any]) -> SegmentEntry:
    deleted = item["deleted"]
    return SegmentEntry(
        file=_file(item["file"]),
        articles=int(item["articles"]),
        deleted=None if deleted is None else _file(deleted),
    )


def _file(item: Mapping[str, Any]) -> FileEntry:
    name = str(item["name"])
    if not _COLUMNS.fullmatch(name):
        # A manifest never leads out of its folder.
        raise ValueError(name)
    return FileEntry(name=name, length=int(item["length"]), seal=str(item["seal"]))


def _checksum(body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def is_own_file(name: str) -> bool:
    """Whether a file of this name belongs to an index, the lock aside."""
    return any(pattern.fullmatch(name) for pattern in (_NAME, _COLUMNS, _UNPUBLISHED))


def unused(storage: Readable, keep: Collection[Manifest]) -> list[str]:
    """Return the names of the files of an index that no generation in ``keep`` needs, sorted."""
    needed = {file.name for manifest in keep for file in manifest.files()}
    for manifest in keep:
        needed |= {manifest_name(manifest.generation), previous_name(manifest.generation)}
    return sorted(name for name in storage.names() if name not in needed and is_own_file(name))


def remove_unused(storage: Storage, keep: Collection[Manifest]) -> None:
    """Remove the files of an index that no generation in ``keep`` needs; only a writer may."""
    for name in unused(storage, keep):
        storage.remove(name)
