"""The two streams: results on one, what there is to say about them on the other."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from qsearch.cli.safetext import json_text, one_line, safe


def prepare_streams() -> None:
    """Make the streams such that no text can fail to be written.

    What the terminal's encoding doesn't have is written with backslash escapes. A stream that was
    closed before the start (``>&-``) swallows what it gets.
    """
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            descriptor = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
            setattr(sys, name, os.fdopen(descriptor, "w"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def is_terminal() -> bool:
    """Whether somebody is looking at the results."""
    return sys.stdout.isatty()


def write(text: str = "") -> None:
    """Write text and a line break to the results, made safe."""
    sys.stdout.write(safe(text) + "\n")


def write_json(document: object) -> None:
    """Write the one JSON document of a command to the results."""
    sys.stdout.write(_json(document, indent=2 if is_terminal() else None) + "\n")


def json_line(document: object) -> str:
    """Return a document as one line of JSON that standard output can take."""
    return _json(document, indent=None)


def _json(document: object, *, indent: int | None) -> str:
    # JSON is UTF-8. On a stream of another encoding only ASCII means the same.
    encoding = (sys.stdout.encoding or "").lower().replace("_", "-")
    return json_text(document, ascii_only=encoding not in ("utf-8", "utf8"), indent=indent)


def tell(text: str) -> None:
    """Write one line to standard error, behind all results so far."""
    sys.stdout.flush()
    sys.stderr.write(one_line(text) + "\n")
