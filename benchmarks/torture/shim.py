"""The shim that lets system calls of this process fail: made with ``cc``, loaded before libc."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")

KINDS = ("open", "write", "fsync", "rename", "unlink", "ftruncate", "mmap", "read")
"""In the order of the enumeration in the source."""


def missing() -> str | None:
    """Return why there can be no shim here, or None."""
    if not sys.platform.startswith("linux"):
        return "needs Linux"
    return None if shutil.which("cc") else "needs a C compiler: there is no cc"


def make(folder: Path) -> Path:
    """Compile the shim into a folder; return the library to put into ``LD_PRELOAD``."""
    library = folder / "shim.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return library


def is_loaded() -> bool:
    """Whether this process runs over the shim."""
    return hasattr(ctypes.CDLL(None), "torture_arm")


@contextlib.contextmanager
def failing(
    folder: Path, kind: str, *, at: int, number: int, persistent: bool
) -> Iterator[ctypes.CDLL]:
    """Let a system call on a folder fail inside the block.

    Arguments:
        folder: calls on it and on what is in it count.
        kind: one of ``KINDS``.
        at: which call of the kind, from 1; 0: none, the calls are only counted.
        number: the errno.
        persistent: what changes something fails from then on, too.
    """
    library = ctypes.CDLL(None)
    library.torture_count.restype = ctypes.c_long
    arm = library.torture_arm
    arm.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_long, ctypes.c_int, ctypes.c_int]
    arm(os.fsencode(folder), KINDS.index(kind), at, number, persistent)
    try:
        yield library
    finally:
        library.torture_disarm()
