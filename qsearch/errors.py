"""Every error that crosses the public door.

    Error
    |- ArticleError     a source, or a value of it, that can't be read as an article
    |- ArgumentError    a wrong argument of a call (also a ValueError)
    |- QueryError       a query that can't be used as written (strict mode only)
    |- LimitExceeded    a query that needs more than a limit allows (strict mode only)
    |- IndexNotFound    no index at a path
    |- IndexExists      an index where a new one was to be made
    |- IndexLocked      another writer holds the index
    |- IndexCorrupt     a file of the index is damaged or missing
    |- IndexTooNew      the index was written by a later version of qsearch
    `- IndexTooOld      the index was written by a version that is no longer read

An exception of another library never crosses the door; an OSError does for the caller's own paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Error(Exception):
    """The base of every qsearch error; its text is one line that says what to do next."""

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole, whatever the constructor asks for."""
        return _error_again, (type(self), self.args, vars(self))


def _error_again(
    kind: type[Error], args: tuple[object, ...], attributes: dict[str, object]
) -> Error:
    error = kind.__new__(kind, *args)
    vars(error).update(attributes)
    return error


class ArticleError(Error):
    """A source that can't be read as an article.

    Attributes:
        path: the file, or None for an article that was made in Python.
        line: the line of the cause in the file, from 1; None where there is none.
        column: the column of the cause in the file, from 1; None where there is none.
        reason: what is wrong, in words for the person who writes the article.
    """

    def __init__(
        self,
        reason: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.reason = reason
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {reason}" if place else reason)


class ArgumentError(Error, ValueError):
    """A wrong argument of a call: the text names the argument, the value and what is accepted."""


class QueryError(Error):
    """A query that can't be used as written; raised in strict mode only.

    Attributes:
        query: the query as given.
        position: where in the query the cause stands, in characters from 0.
    """

    def __init__(self, message: str, *, query: str, position: int) -> None:
        self.query = query
        self.position = position
        super().__init__(f"{message} (at character {position + 1} of the query)")


class LimitExceeded(Error):  # noqa: N818 - the name is part of the contract
    """A query that needs more than a limit allows; raised in strict mode only."""


class _IndexError(Error):
    """An error about one index.

    Attributes:
        path: the folder or the file that it is about, as text.
    """

    def __init__(self, message: str, *, path: str | Path) -> None:
        self.path = str(path)
        super().__init__(message)


class IndexNotFound(_IndexError):  # noqa: N818
    """There is no index at ``path``."""


class IndexExists(_IndexError):  # noqa: N818
    """There is an index at ``path`` already."""


class IndexLocked(_IndexError):  # noqa: N818
    """Another writer holds the index.

    Attributes:
        path: the folder of the index, as text.
        holder: who holds it, as text: process, host and since when.
    """

    def __init__(self, message: str, *, path: str | Path, holder: str) -> None:
        self.holder = holder
        super().__init__(message, path=path)


class IndexCorrupt(_IndexError):  # noqa: N818
    """A file of the index is damaged or missing; ``path`` is that file."""


class IndexTooNew(_IndexError):  # noqa: N818
    """The index was written in a later format than this version reads."""


class IndexTooOld(_IndexError):  # noqa: N818
    """The index was written in a format that this version no longer reads, or with an analyser
    whose terms differ from this version's: it has to be built again."""
