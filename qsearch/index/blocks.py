"""Stored articles in compressed blocks, packed beside the work of the calling thread."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

BLOCK = 8
"""Articles that are compressed together."""

LEVEL = 6
"""Of zlib: its default, between time and size."""

_PORTION = 512


def pack_block(records: Sequence[bytes]) -> bytes:
    """Return records as one compressed block, each behind its length in 4 bytes."""
    raw = b"".join(len(record).to_bytes(4, "little") + record for record in records)
    return zlib.compress(raw, LEVEL)


def pack_blocks(records: Sequence[bytes]) -> list[bytes]:
    """Return the blocks of records; only the last one may hold fewer than ``BLOCK``."""
    return [pack_block(records[at : at + BLOCK]) for at in range(0, len(records), BLOCK)]


class BlockPacker:
    """Packs records in a second thread while they come: zlib lets go of the interpreter."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="qsearch-pack")
        self._packed: list[Future[list[bytes]]] = []
        self._waiting: list[bytes] = []

    def add(self, record: bytes) -> None:
        """Take a record in."""
        self._waiting.append(record)
        if len(self._waiting) == _PORTION:
            self._submit()

    def _submit(self) -> None:
        self._packed.append(self._thread.submit(pack_blocks, self._waiting))
        self._waiting = []

    def blocks(self) -> list[bytes]:
        """Return all blocks, and end the thread."""
        self._submit()
        done = [block for future in self._packed for block in future.result()]
        self._thread.shutdown()
        return done
