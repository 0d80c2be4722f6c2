"""What commands print of articles and hits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qsearch.cli.safetext import safe_name

Document = dict[str, Any]


def source_text(path: str | None, line: int | None) -> str | None:
    """Return ``path:line`` of an article, short where it lies under the current folder."""
    if path is None:
        return None
    here = Path.cwd()
    file = Path(path)
    shown = str(file.relative_to(here) if file.is_relative_to(here) else file)
    return safe_name(f"{shown}:{line}" if line else shown)
