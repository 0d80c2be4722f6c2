"""What an index asks of a file system: whole files, in order, that stay.

The promise of each operation is in its docstring; a commit is nothing but these in the right
order (``manifest.publish``).
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_durably(path: Path, data: bytes) -> None:
    """Create ``path`` with ``data``; on return its content survives a power cut.

    Its *name* does only after ``sync_folder``. An existing file is an error: files are written
    once.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` (new files, renames) survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_durably(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one step that survives a power cut: all of it, or nothing."""
    beside = path.with_name(path.name + ".new")
    with contextlib.suppress(FileNotFoundError):
        beside.unlink()
    write_durably(beside, data)
    beside.replace(path)
    sync_folder(path.parent)
