"""Unpacking gzip as a stream that gives out all that can be had of a damaged file."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PACKED_CHUNK = 64 * 1024

# What a damage takes with it: the bytes that were being unpacked when it was found.
_UNPACKED_CHUNK = 4 * 1024

_GZIP_HEADER = 16 + zlib.MAX_WBITS


class DamagedGzip(Exception):  # noqa: N818 - it becomes an ArticleError
    """The packed data ends too early or is not what was packed."""


def unpacked(packed: io.RawIOBase | io.BufferedIOBase) -> BinaryIO:
    """The unpacked bytes of a gzip file, of any number of members.

    Reading from it raises DamagedGzip, after everything before the damage was given out but for
    at most 4 KiB. ``gzip.GzipFile`` loses up to 128 KiB there.
    """
    return io.BufferedReader(_Unpacked(packed), _UNPACKED_CHUNK)


class _Unpacked(io.RawIOBase):
    def __init__(self, packed: io.RawIOBase | io.BufferedIOBase) -> None:
        self._packed = packed
        self._input = b""
        self._member: Any = None  # a zlib decompressor, None between two members

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        while True:
            at_end = not self._input and not self._fill()
            if self._member is None:
                self._input = self._input.lstrip(b"\0")  # padding
                if at_end:
                    return 0
                if not self._input:
                    continue
                self._member = zlib.decompressobj(_GZIP_HEADER)
            data = self._unpack(len(target))
            if data:
                target[: len(data)] = data
                return len(data)
            if at_end:
                raise DamagedGzip("it ends before its data does")

    def _fill(self) -> bool:
        self._input = self._packed.read(_PACKED_CHUNK) or b""
        return bool(self._input)

    def _unpack(self, size: int) -> bytes:
        try:
            data: bytes = self._member.decompress(self._input, size)
        except zlib.error:
            raise DamagedGzip("its data is not what was packed") from None
        if self._member.eof:
            self._input = self._member.unused_data
            self._member = None
        else:
            self._input = self._member.unconsumed_tail
        return data
