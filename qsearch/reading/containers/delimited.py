"""CSV and TSV: the first row names the columns, each further row is a record.

Values stand between commas, semicolons (as some spreadsheets write) or tabs; the first row tells
which. A value in quotes may hold line breaks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.faults import shown
from qsearch.reading.gunzip import DamagedGzip
from qsearch.reading.lines import UTF_16, Lines, not_utf8
from qsearch.reading.records import Fields, Locate, Record

_TAB = ".tsv"


class _Stop(Exception):  # noqa: N818 - it becomes an ArticleError
    """What ends the reading of a file."""

    def __init__(self, error: ArticleError) -> None:
        self.error = error


def records(stream: BinaryIO, path: str, limits: Limits) -> Iterator[Record | ArticleError]:
    """Yield a record, or what is wrong, for each row that isn't blank, in the order of the file.

    Memory holds one row at a time.

    Arguments:
        stream: the unpacked bytes of the file.
        path: its absolute path, whose name says whether tabs part the values.
        limits: ``file_bytes`` applies to each row, ``columns`` to the number of its values.
    """
    # A setting of the whole process. It is only ever raised: others may rely on theirs.
    csv.field_size_limit(max(csv.field_size_limit(), int(limits.file_bytes)))
    try:
        yield from _Table(stream, path, limits).records()
    except _Stop as stop:
        yield stop.error


class _Table:
    """One file on its way."""

    def __init__(self, stream: BinaryIO, path: str, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._source = iter(Lines(stream, int(limits.file_bytes)))
        self._first: str | None = None
        self._row: list[str] = []  # the lines of the row that is being read
        self._size = 0  # of those
        self._line = 1  # where it starts
        self._number = 0  # of the line that was read last
        self._delimiter = ","

    def records(self) -> Iterator[Record | ArticleError]:
        self._first = self._next_line()
        while self._first is not None and not self._first.strip():
            self._first = self._next_line()
        if self._first is None:
            return
        self._delimiter = self._parts_values()
        self._begin_row(self._number)
        rows = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        names = self._names(rows)
        count = 0
        while True:
            self._begin_row(self._number + 1)
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._error(self._reason(error))
                continue
            if not any(row):
                continue  # a blank line, or only delimiters
            count += 1
            yield self._record(names, row, count)

    def _names(self, rows: Iterator[list[str]]) -> list[str]:
        try:
            names = [name.strip() for name in next(rows)]
        except csv.Error as error:
            raise _Stop(self._error(self._reason(error))) from None
        if len(names) > self._limits.columns:
            raise _Stop(self._error(f"more than {self._limits.columns:,} columns"))
        seen: set[str] = set()
        for number, name in enumerate(names):
            if name in seen:
                column = self._place_of_cell("".join(self._row), number)
                raise _Stop(self._error(f"the column {shown(name)} is given twice", column))
            if name:
                seen.add(name)
        return names

    def _record(self, names: list[str], row: list[str], count: int) -> Record | ArticleError:
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            reason = (
                f"the row has {len(row):,} values for {len(names):,} columns: put a value that "
                f"holds {_called(self._delimiter)} in quotes"
            )
            return self._error(reason)
        if any("\0" in cell for cell in row):
            return self._error("the control character U+0000 can't stand in a value: remove it")
        fields: Fields = {}
        for number, (name, cell) in enumerate(zip(names, row, strict=False)):
            text = cell.replace("\r\n", "\n") if "\r" in cell else cell
            fields[name or f"column {number + 1}"] = (text or None, None)
        return Record(
            fields,
            line=self._line,
            locate=self._locate(names, self._row, self._line),
            number=count,
            table=True,
        )

    def _locate(self, names: list[str], lines: list[str], line: int) -> Locate:
        def locate(name: str | None, _at: int | None) -> tuple[int, int]:
            if name not in names:
                return line, 1
            row = "".join(lines)
            before = row[: self._place_of_cell(row, names.index(name))]
            return line + before.count("\n"), len(before) - before.rfind("\n")

        return locate

    def _place_of_cell(self, row: str, number: int) -> int:
        """Where in the text of a row its value of this number, from 0, begins."""
        quoted = False
        for at, char in enumerate(row):
            if not number:
                return at
            if char == '"':
                quoted = not quoted
            elif char == self._delimiter and not quoted:
                number -= 1
        return len(row)

    # -- lines

    def _lines(self) -> Iterator[str]:
        """The lines of the file for the parser, the first one again."""
        line = self._first
        while line is not None:
            self._row.append(line)
            self._size += len(line)
            if self._size > self._limits.file_bytes:
                reason = f"a row is longer than {int(self._limits.file_bytes):,} bytes"
                raise _Stop(self._error(f"{reason}: is a quote never closed?"))
            yield line
            line = self._next_line()

    def _begin_row(self, line: int) -> None:
        self._row, self._size, self._line = [], 0, line

    def _next_line(self) -> str | None:
        """The next line with a line break behind it; None at the end."""
        try:
            found = next(self._source, None)
        except DamagedGzip as damage:
            reason = f"the gzip file is damaged from here on: {damage}"
            raise _Stop(ArticleError(reason, path=self._path, line=self._number + 1)) from None
        if found is None:
            return None
        self._number, content = found
        if content is None:
            reason = f"the line is longer than {int(self._limits.file_bytes):,} bytes"
            raise _Stop(ArticleError(reason, path=self._path, line=self._number, column=1))
        if self._number == 1 and content.startswith(UTF_16):
            reason = "the file is UTF-16 text: save it as UTF-8"
            raise _Stop(ArticleError(reason, path=self._path, line=1, column=1))
        try:
            return content.decode("utf-8") + "\n"
        except UnicodeDecodeError as error:
            raise _Stop(not_utf8(error, self._path, self._number)) from None

    def _parts_values(self) -> str:
        """What stands between the values of the first row."""
        if self._path.lower().removesuffix(".gz").endswith(_TAB):
            return "\t"
        outside = "".join((self._first or "").split('"')[::2])
        counts = {sign: outside.count(sign) for sign in (",", ";", "\t")}
        return max(counts, key=lambda sign: counts[sign])  # a comma, if there is none

    # -- errors

    def _error(self, reason: str, at: int = 0) -> ArticleError:
        return ArticleError(reason, path=self._path, line=self._line, column=at + 1)

    def _reason(self, error: csv.Error) -> str:
        what = str(error)
        if "end of data" in what:
            return "a quote that opens in this row is never closed"
        if "expected after" in what:
            return "text stands behind a closing quote: write a quote in a value twice"
        if "NUL" in what:
            return "the control character U+0000 can't stand in a value: remove it"
        return f"the row can't be read: {what}"


def _called(delimiter: str) -> str:
    return {",": "a comma", ";": "a semicolon"}.get(delimiter, "a tab")
