"""What commands print of articles and hits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qsearch.cli.safetext import safe_name

Document = dict[str, Any]


def source_text(path: str | None, line: int | None) -> str | None:
    """Return ``path:line`` of an article, short where it lies under the current folder."""
    return place_text(path, line, None) or None


def place_text(path: str | None, line: int | None, column: int | None) -> str:
    """Return ``path:line:column``, as far as known; short below the current folder."""
    file, here = Path(path or ""), Path.cwd()
    shown = file.relative_to(here) if path and file.is_relative_to(here) else path
    places = (safe_name(str(shown or "")), line, column)
    return ":".join(str(place) for place in places if place)
