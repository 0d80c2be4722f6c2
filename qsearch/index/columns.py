"""One immutable file of named columns, every byte under a checksum.

Layout, all numbers little-endian::

    header     64 bytes   magic, format version, sizes, CRC-32 of the directory, of the header
    columns               each starts at a multiple of 64 bytes
    pages                 CRC-32 of each 16 KiB page of the columns
    directory             JSON: name -> [dtype, offset, count, coding, number]; the last two say
                          how the values are stored (``narrow``)

The file's *seal* is a BLAKE2b hash of header, page checksums and directory; the manifest keeps it,
so a file of another index, or of another time, is noticed. Header, pages and directory are checked
when the file is opened; a page of a column is checked when it is first touched. That way opening
needs no reading of the columns, a damaged byte is found before it can answer, and a query pays for
a page once in the life of the process.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.errors import IndexCorrupt, IndexTooNew, IndexTooOld
from qsearch.index import column_codec
from qsearch.lazy import lazy
from qsearch.storage import Mapped

MAGIC = b"QSEARCH\x00"
FORMAT = 4
PAGE = 16 * 1024


_HEADER = struct.Struct("<8sIIQQII")  # magic, format, page, columns end, directory size, 2 CRCs
_HEADER_SIZE = 64
_ALIGN = 64
_CRC_BYTES = 4

_LARGE = 1024 * 1024
"""Bytes of a file whose checksums are worth a thread."""

_SHORT = 64 * 1024
"""Bytes that aren't worth a call of the system."""

_DTYPES = frozenset({"u1", "u2", "u4", "u8", "i4", "i8", "f8"})


class _Entry(NamedTuple):
    """A column, as the directory lists it."""

    kind: str
    at: int
    length: int
    coding: str
    number: int

    @property
    def size(self) -> int:
        return int(self.kind[1:])


class Packed:
    """The bytes of a file of columns.

    Arguments:
        columns: one-dimensional; they must stay as they are while the bytes are taken.

    Attributes:
        length: of the file, in bytes.
    """

    def __init__(self, columns: Mapping[str, Array]) -> None:
        directory: dict[str, _Entry] = {}
        coded = {name: column_codec.code(column) for name, column in columns.items()}
        room = sum(stored.data.nbytes for stored in coded.values())
        # The columns from where they are: a copy of a large segment takes time and memory.
        self._columns: list[bytes | memoryview] = []
        end = _HEADER_SIZE
        for name, column in columns.items():
            kind = column.dtype.str.lstrip("<|=")
            assert kind in _DTYPES, (name, kind)
            assert column.ndim == 1, (name, column.shape)
            stored = coded[name]
            if stored.coding == column_codec.SAME and column.nbytes > room:
                stored = column_codec.Coded(column_codec.PLAIN, 0, column)
            before = bytes(-end % _ALIGN)
            at = end + len(before)
            directory[name] = _Entry(kind, at, column.size, stored.coding, stored.number)
            data = np.ascontiguousarray(stored.data, dtype=stored.data.dtype.newbyteorder("<"))
            self._columns += before, data.view(np.uint8).data
            end = at + data.nbytes
        self._listing = json.dumps(directory, separators=(",", ":")).encode()
        fields = (MAGIC, FORMAT, PAGE, end, len(self._listing), zlib.crc32(self._listing))
        bare = _HEADER.pack(*fields, 0)
        self._header = _HEADER.pack(*fields, zlib.crc32(bare)).ljust(_HEADER_SIZE, b"\0")
        self._end = end
        self.length = end + _CRC_BYTES * _pages(end) + len(self._listing)

    @lazy
    def _checks(self) -> bytes:
        return _page_checksums(self._columns)

    @property
    def seal(self) -> str:
        """What tells this file from any other."""
        return _seal(self._header, self._checks, self._listing)

    def parts(self) -> Generator[bytes | bytearray | memoryview, None, None]:
        """Yield the bytes from the first to the last, few of them at a time."""
        if self.length < _LARGE:
            yield b"".join([self._header, *self._columns, self._checks, self._listing])
            return
        from qsearch.index.background import SecondThread  # not for those who only read

        # Checksums are computed while the file is written.
        with SecondThread("qsearch-checksums") as thread:
            checks = thread.submit(lambda: self._checks)
            yield from _gathered([self._header, *self._columns])
            yield checks.result() + self._listing


def _gathered(parts: Iterable[bytes | memoryview]) -> Iterator[bytearray | bytes | memoryview]:
    """Yield short parts together with those before and after them."""
    short = bytearray()
    for part in parts:
        if len(part) < _SHORT:
            short += part
            continue
        if short:
            yield short
            short = bytearray()
        yield part
    if short:
        yield short


def _pages(end: int) -> int:
    """How many pages columns that end here have."""
    return -(-(end - _HEADER_SIZE) // PAGE)


def _page_checksums(parts: Iterable[bytes | memoryview]) -> bytes:
    checks = []
    check, room = 0, PAGE
    for part in parts:
        at = 0
        while at < len(part):
            piece = part[at : at + room]
            check = zlib.crc32(piece, check)
            at += len(piece)
            room -= len(piece)
            if not room:
                checks.append(check)
                check, room = 0, PAGE
    if room < PAGE:
        checks.append(check)
    return np.array(checks, dtype="<u4").tobytes()


def _seal(header: bytes, checks: bytes, listing: bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in (header, checks, listing):
        digest.update(part)
    return digest.hexdigest()


class ColumnFile:
    """The columns of one file. Safe for use by several threads.

    Arguments:
        content: of the file, best mapped into memory.
        path: of the file, for messages.
        seal: what ``pack`` returned.
        length: of the file, in bytes.

    Raises:
        IndexCorrupt: the file is not whole, or not the one with this ``seal``.
        IndexTooNew, IndexTooOld: it is of another format version.
    """

    def __init__(self, content: Mapped, *, path: Path, seal: str, length: int) -> None:
        self.path = path
        self._content = content
        if len(content) != length or length < _HEADER_SIZE:
            raise self._corrupt(f"{len(content)} bytes long instead of {length}")
        self._directory = self._open(seal, length)
        # Columns that are asked for as a whole and have to be decoded.
        self._decoded: dict[str, Array] = {}

    def _open(self, seal: str, length: int) -> dict[str, _Entry]:
        header = self._content[:_HEADER_SIZE]
        magic, version, page, end, listing_size, listing_crc, header_crc = _HEADER.unpack(
            header[: _HEADER.size]
        )
        if magic != MAGIC:
            raise self._corrupt("not a file of a qsearch index")
        if version > FORMAT:
            raise IndexTooNew(
                f"{self.path} has format {version}, this version reads {FORMAT}: update qsearch",
                path=self.path,
            )
        if version < FORMAT:
            raise IndexTooOld(
                f"{self.path} has format {version}, this version reads {FORMAT}: build it again",
                path=self.path,
            )
        bare = _HEADER.pack(magic, version, page, end, listing_size, listing_crc, 0)
        pages = _pages(end)
        listing_at = end + _CRC_BYTES * pages
        if (
            zlib.crc32(bare) != header_crc
            or page != PAGE
            or end < _HEADER_SIZE
            or listing_at + listing_size != length
        ):
            raise self._corrupt("the header is damaged")
        checks, listing = self._content[end:listing_at], self._content[listing_at:]
        if _seal(header, checks, listing) != seal:
            raise self._corrupt("not the file that the index names")
        self._end = end
        self._checks = np.frombuffer(checks, dtype="<u4")
        self._seen = np.zeros(pages, dtype=np.bool_)
        return self._parse(listing)

    def _parse(self, listing: bytes) -> dict[str, _Entry]:
        try:
            directory = json.loads(listing.decode())
            columns = {
                str(name): _Entry(str(kind), int(at), int(count), str(coding), int(number))
                for name, (kind, at, count, coding, number) in directory.items()
            }
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            raise self._corrupt("the directory is damaged") from None
        if not all(map(self._is_inside, columns.values())):
            raise self._corrupt("a column reaches out of the file")
        return columns

    def _is_inside(self, entry: _Entry) -> bool:
        kind, at, length, coding, number = entry
        if kind not in _DTYPES or length < 0 or at < _HEADER_SIZE or at % _ALIGN:
            return False
        stored = column_codec.stored_bytes(coding, kind, length, number)
        if stored is None or at + stored > self._end:
            return False
        # Equal values take memory when they are read, but no more than the file.
        return coding != column_codec.SAME or length * entry.size <= self._end

    def _corrupt(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(f"{self.path}: {what}", path=self.path)

    def count(self, name: str) -> int:
        """Return the number of values of a column."""
        return self._entry(name).length

    def kind(self, name: str) -> str:
        """Return the type of a column's values, as NumPy writes it without the byte order."""
        return self._entry(name).kind

    def _entry(self, name: str) -> _Entry:
        try:
            return self._directory[name]
        except KeyError:
            raise self._corrupt(f"the column {name} is missing") from None

    def column(self, name: str, start: int = 0, stop: int | None = None) -> Array:
        """Return the values ``start`` to ``stop`` of a column, read-only.

        Raises:
            IndexCorrupt: there is no such column, no such range, or a page of it is damaged.
        """
        entry = self._entry(name)
        stop = entry.length if stop is None else stop
        if not 0 <= start <= stop <= entry.length:
            raise self._corrupt(f"the column {name} has no values {start} to {stop}")
        if entry.coding == column_codec.PLAIN:
            return self._stored(entry, start, stop)
        if (start, stop) == (0, entry.length) or entry.coding == column_codec.STEPS:
            return self._whole(name, entry)[start:stop]
        return self._decode(name, entry, start, stop)

    def _whole(self, name: str, entry: _Entry) -> Array:
        """A column that is coded; kept, since others may ask for it again."""
        found = self._decoded.get(name)
        if found is None:
            found = self._decode(name, entry, 0, entry.length)
            if entry.coding != column_codec.SAME:
                self._decoded[name] = found
        return found

    def _decode(self, name: str, entry: _Entry, start: int, stop: int) -> Array:
        coded = column_codec.Coded(entry.coding, entry.number, self._stored(entry, start, stop))
        try:
            values = column_codec.decode(coded, "<" + entry.kind, stop - start)
        except ValueError:
            raise self._corrupt(f"the column {name} can't be decoded") from None
        values.flags.writeable = False
        return values

    def _stored(self, entry: _Entry, start: int, stop: int) -> Array:
        """What is stored of the values ``start`` to ``stop``; all of it where they are steps."""
        kind = column_codec.stored_kind(entry.coding, entry.kind)
        size = int(kind[1:])
        if entry.coding == column_codec.STEPS:
            start, stop = 0, entry.number * entry.size + entry.length
        elif entry.coding == column_codec.SAME:
            start = stop = 0
        if start < stop:
            self._verify(entry.at + start * size, entry.at + stop * size)
        return np.frombuffer(
            self._content, dtype="<" + kind, count=stop - start, offset=entry.at + start * size
        )

    def _verify(self, start: int, stop: int) -> None:
        """Check the pages that hold the bytes ``start`` to ``stop`` of the file."""
        first = (start - _HEADER_SIZE) // PAGE
        last = (stop - 1 - _HEADER_SIZE) // PAGE + 1
        if self._seen[first:last].all():
            return
        with memoryview(self._content) as view:
            for page in range(first, last):
                if self._seen[page]:
                    continue
                at = _HEADER_SIZE + page * PAGE
                if zlib.crc32(view[at : min(at + PAGE, self._end)]) != self._checks[page]:
                    raise self._corrupt(f"the bytes from {at} on are damaged")
                self._seen[page] = True

    def verify(self) -> None:
        """Check every page; IndexCorrupt names the first damaged one."""
        if self._end > _HEADER_SIZE:
            self._verify(_HEADER_SIZE, self._end)
