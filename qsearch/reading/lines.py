"""Text files that aren't trusted, line by line, and what is wrong with their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from qsearch.errors import ArticleError

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_SKIPPED_AT_ONCE = 64 * 1024


class Lines:
    """The lines of a stream, numbered from 1, without their ends; None for one that is too long.

    Attributes:
        longest: bytes of the longest line that is held in memory.
        number: of the line that was read last.
    """

    def __init__(self, stream: BinaryIO, longest: int) -> None:
        self._stream = stream
        self.longest = longest
        self.number = 0

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        while line := self._stream.readline(self.longest + len("\r\n")):
            self.number += 1
            content = line.removesuffix(b"\n").removesuffix(b"\r")
            if self.number == 1:
                content = content.removeprefix(BOM)
            if len(content) > self.longest:
                self._pass_over(line)
                yield self.number, None
            else:
                yield self.number, content

    def _pass_over(self, line: bytes) -> None:
        """Read up to the end of the line, keeping nothing."""
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(_SKIPPED_AT_ONCE)


def not_utf8(error: UnicodeDecodeError, path: str, line: int) -> ArticleError:
    """The error of a byte that is no UTF-8; ``line`` is that of the start of what was decoded."""
    data: bytes = error.object
    readable = data[: error.start].decode("utf-8")
    column = len(readable) - readable.rfind("\n")
    reason = f"the byte 0x{data[error.start]:02X} is no UTF-8 text: save the file as UTF-8"
    return ArticleError(reason, path=path, line=line + readable.count("\n"), column=column)
