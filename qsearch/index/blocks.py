"""Records of texts in compressed blocks: stored articles, and whatever else is seldom read.

A block is a Zstandard frame (RFC 8878) of the sizes of all texts of its records, 4 bytes each, and
behind them the texts end to end. Blocks end at a size and not at a number of records, so merging
segments takes whole blocks over as they are.
"""

from __future__ import annotations

import itertools
import struct
import sys
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qsearch.arrays import Array
from qsearch.errors import IndexCorrupt
from qsearch.forks import ForkSafeLock
from qsearch.index.column_checks import divides
from qsearch.index.columns import ColumnFile
from qsearch.index.encoded import SAME
from qsearch.index.strings import compact, string_columns
from qsearch.index.texts import texts_from

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 1
"""Of Zstandard: its default, 3, takes more time for a little less room."""

BLOCK_BYTES = 48 * 1024
"""A block is closed when its texts reach so many bytes."""

MAX_BLOCK_BYTES = 1 << 30
"""What a block may unpack to: more is no block of ours."""

_KEPT_BLOCKS = 64


@dataclass(frozen=True, slots=True)
class Blocks:
    """Records in compressed blocks.

    Attributes:
        packed: the blocks.
        counts: how many records each one holds.
    """

    packed: tuple[bytes, ...]
    counts: tuple[int, ...]


def pack_blocks(sizes: Array, data: bytes) -> Blocks:
    """Return records as blocks.

    Arguments:
        sizes: bytes of each text, shape (records, texts a record); ``SAME`` where it stands for
            the text before it.
        data: the texts end to end, ``SAME`` ones left out.
    """
    lengths = np.where(sizes == SAME, 0, sizes).sum(axis=1)
    ends = np.cumsum(lengths)
    number = (ends - lengths) // BLOCK_BYTES
    cuts = [0, *(np.flatnonzero(number[1:] != number[:-1]) + 1).tolist(), len(lengths)]
    view = memoryview(data)
    packed, counts = [], []
    compressor = zstd.ZstdCompressor(LEVEL)  # one for all: its tables are large
    for first, last in itertools.pairwise(cuts):
        if first == last:
            continue
        start, stop = int(ends[first] - lengths[first]), int(ends[last - 1])
        raw = b"".join((sizes[first:last].astype("<u4").tobytes(), view[start:stop]))
        packed.append(compressor.compress(raw, compressor.FLUSH_FRAME))
        counts.append(last - first)
    return Blocks(tuple(packed), tuple(counts))


def lay_out(records: Sequence[Sequence[bytes]], texts: int) -> tuple[Array, bytes]:
    """Return the sizes and the texts of records, as ``pack_blocks`` takes them."""
    sizes: list[int] = []
    kept: list[bytes] = []
    for record in records:
        before = b""
        for text in record:
            if text and text == before:
                sizes.append(SAME)
            else:
                sizes.append(len(text))
                kept.append(text)
            before = text
    return np.array(sizes, dtype=np.int64).reshape(-1, texts), b"".join(kept)


def pack_records(records: Sequence[Sequence[bytes]], texts: int) -> Blocks:
    """Return records, each of so many ``texts``, as blocks."""
    return pack_blocks(*lay_out(records, texts))


def unpacked_size(packed: bytes) -> int:
    """Return how many bytes a block unpacks to; ValueError if it is none of ours."""
    try:
        size = zstd.get_frame_info(packed).decompressed_size
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from None
    if size is None or size > MAX_BLOCK_BYTES:
        raise ValueError(f"a block of {size} bytes")
    return size


def unpack_block(packed: bytes, count: int, texts: int) -> list[tuple[bytes, ...]]:
    """Return the ``count`` records of a block, each of so many ``texts``.

    Raises:
        ValueError: the bytes are no such block.
    """
    unpacked_size(packed)
    try:
        raw = zstd.decompress(packed)
    except (zstd.ZstdError, MemoryError) as error:
        raise ValueError(str(error)) from None
    at = 4 * count * texts
    if not 0 <= at <= len(raw):
        raise ValueError("a block that ends in its sizes")
    sizes = struct.unpack(f"<{count * texts}I", raw[:at])
    records = []
    for first in range(0, len(sizes), texts):
        record: list[bytes] = []
        for size in sizes[first : first + texts]:
            if size == SAME and record:
                record.append(record[-1])
            else:
                record.append(raw[at : at + size])
                at += size
        records.append(tuple(record))
    if at != len(raw):
        raise ValueError("a block whose sizes are wrong")
    return records


def join_blocks(parts: Sequence[Blocks], texts: int) -> Blocks:
    """Return the records of each part behind those of the part before it, of so many ``texts``.

    Blocks are taken over as they are, but small ones that stand side by side become one.
    """
    packed = tuple(block for part in parts for block in part.packed)
    counts = tuple(count for part in parts for count in part.counts)
    return select_blocks(Blocks(packed, counts), np.ones(sum(counts), dtype=np.bool_), texts)


def select_blocks(blocks: Blocks, keep: Array, texts: int) -> Blocks:
    """Return the records where ``keep`` is true; a block that loses none stays as it is, but small
    ones that stand side by side become one.
    """
    packed: list[bytes] = []
    counts: list[int] = []
    loose: list[tuple[bytes, ...]] = []

    def pack_loose() -> None:
        again = pack_records(loose, texts)
        packed.extend(again.packed)
        counts.extend(again.counts)
        loose.clear()

    first = size = 0
    for block, count in zip(blocks.packed, blocks.counts, strict=True):
        kept = keep[first : first + count]
        first += count
        raw = unpacked_size(block)
        if kept.all() and 2 * raw >= BLOCK_BYTES:
            pack_loose()
            packed.append(block)
            counts.append(count)
            size = 0
            continue
        records = unpack_block(block, count, texts)
        loose += [record for record, stays in zip(records, kept.tolist(), strict=True) if stays]
        size += raw
        if size >= BLOCK_BYTES:
            pack_loose()
            size = 0
    pack_loose()
    return Blocks(tuple(packed), tuple(counts))


def block_columns(name: str, blocks: Blocks) -> Iterator[tuple[str, Array]]:
    """Yield the columns ``name.first`` (the first record of each block, and how many records there
    are), ``name.starts`` and ``name.bytes``.
    """
    first = np.zeros(len(blocks.counts) + 1, dtype=np.int64)
    np.cumsum(blocks.counts, out=first[1:])
    yield f"{name}.first", compact(first)
    yield from string_columns(name, texts_from(blocks.packed)).items()


class StoredBlocks:
    """The records of three columns, unpacked when they are asked for. Safe for several threads.

    Arguments:
        file: the columns.
        name: their name, before the dot.
        texts: how many texts a record has.
    """

    def __init__(self, file: ColumnFile, name: str, *, texts: int) -> None:
        self._file = file
        self._name = name
        self._texts = texts
        self._kept: OrderedDict[int, list[tuple[bytes, ...]]] = OrderedDict()
        self._lock = ForkSafeLock()
        self._in_order = False

    def __getitem__(self, number: int) -> tuple[bytes, ...]:
        first = self._firsts()
        block = int(first.searchsorted(number, side="right")) - 1
        if not 0 <= block < first.size - 1:
            raise self._corrupt(f"there is no record {number}")
        return self._block(block)[number - int(first[block])]

    def _firsts(self) -> Array:
        """The first record of each block, and how many records there are: in order."""
        first = self._file.column(f"{self._name}.first")
        if not self._in_order:
            if not divides(first, int(first[-1])):
                raise self._corrupt("the blocks are not in order")
            self._in_order = True
        return first

    def _block(self, number: int) -> list[tuple[bytes, ...]]:
        with self._lock:
            records = self._kept.get(number)
            if records is not None:
                self._kept.move_to_end(number)
                return records
        start, stop = self._file.column(f"{self._name}.starts", number, number + 2).tolist()
        first, last = self._firsts()[number : number + 2].tolist()
        records = self._unpack(number, start, stop, last - first)
        with self._lock:
            self._kept[number] = records
            if len(self._kept) > _KEPT_BLOCKS:
                self._kept.popitem(last=False)
        return records

    def _unpack(self, number: int, start: int, stop: int, count: int) -> list[tuple[bytes, ...]]:
        packed = self._file.column(f"{self._name}.bytes", start, stop).tobytes()
        try:
            return unpack_block(packed, count, self._texts)
        except ValueError as error:
            raise self._corrupt(f"the block {number} can't be unpacked: {error}") from None

    def all(self) -> Iterator[tuple[bytes, ...]]:
        """Yield every record, without keeping any."""
        first = self._firsts().tolist()
        starts = self._file.column(f"{self._name}.starts").tolist()
        for number in range(len(first) - 1):
            count = first[number + 1] - first[number]
            yield from self._unpack(number, starts[number], starts[number + 1], count)

    def blocks(self) -> Blocks:
        """Return all blocks as they are."""
        starts = self._file.column(f"{self._name}.starts").tolist()
        first = self._firsts().astype(np.int64)
        whole = self._file.column(f"{self._name}.bytes").tobytes()
        packed = tuple(whole[a:b] for a, b in itertools.pairwise(starts))
        return Blocks(packed, tuple(np.diff(first).tolist()))

    def _corrupt(self, what: str) -> IndexCorrupt:
        path = self._file.path
        return IndexCorrupt(f"{path}: {self._name}: {what}", path=path)
