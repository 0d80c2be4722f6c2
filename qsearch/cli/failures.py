"""What went wrong, as one line that says what to do next, and the exit code."""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path

import click

from qsearch.errors import Error, IndexCorrupt, IndexTooOld, LimitExceeded, QueryError

FOUND = 0
"""Found, or done."""
NOTHING_FOUND = 1
"""Nothing found, or a file was skipped and that was not to happen, or damage was found."""
FAILED = 2
"""An error; nothing was done."""
INTERRUPTED = 130
"""Ctrl-C."""
TERMINATED = 143
"""SIGTERM, of a watch, which ends on nothing else but Ctrl-C."""

_ADVICE = {
    errno.EACCES: "check its permissions",
    errno.EPERM: "check its permissions",
    errno.EROFS: "choose a place that can be written",
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "a part of this path is a file: choose another one",
    errno.EEXIST: "a file is in the way: choose another path",
    errno.EISDIR: "this is a folder: choose another path",
    errno.ENAMETOOLONG: "choose a shorter path",
    errno.ELOOP: "symbolic links lead in a circle here: mend them",
    errno.ENOSPC: "free some space, then run the same command again",
    errno.EDQUOT: "free some space, then run the same command again",
    errno.EMFILE: "raise the number of open files (ulimit -n), then run it again",
    errno.ENOLCK: "this file system can't lock: choose another place for the index",
}

# Of the errors that don't say it themselves.
_REMEDIES: dict[type[Error], str] = {
    QueryError: ": change the query, or leave --strict out",
    LimitExceeded: ": change the query, or leave --strict out",
    IndexCorrupt: ": 'qsearch check' says more, 'qsearch index PATH' makes it again from the files",
    IndexTooOld: ": remove the folder of the index, then run 'qsearch index PATH'",
}


def explain(error: Exception) -> str:
    """Return one line about an error: what it is and what to do next."""
    if isinstance(error, click.ClickException):
        return f"error: {_usage(error)}"
    if isinstance(error, Error):
        advice = next((text for kind, text in _REMEDIES.items() if isinstance(error, kind)), "")
        return f"error: {error}{advice}"
    if isinstance(error, OSError):
        return f"error: {_system(error)}"
    if isinstance(error, MemoryError):
        return "error: out of memory: close other programs, or give fewer PATHs at a time"
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
    return f"error: this is a mistake in qsearch, please report it with this line: {what}"


def _usage(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    message = message[:1].lower() + message[1:]
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "qsearch"
    return f"{message}{' See' if message.endswith('?') else '; see'} '{path} --help'"


def _system(error: OSError) -> str:
    reason = error.strerror or str(error)
    parts = [os.fsdecode(error.filename)] if isinstance(error.filename, (str, bytes)) else []
    parts.append(reason[:1].lower() + reason[1:])
    if error.errno in _ADVICE:
        parts.append(_ADVICE[error.errno])
    return ": ".join(parts)
