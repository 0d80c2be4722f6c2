"""Let the modes of files hold for root, too, so that what is forbidden can be tried as root."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from pathlib import Path

_VERSION = 0x20080522  # of the interface: two structures of 32 capabilities each
_OVERRIDE = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def bind() -> bool:
    """Give up the rights that root has over files, for this process; return whether modes hold now.

    What root owns stays root's, so its own files can be read and written where their modes say so.
    See capabilities(7); without effect where there are none.
    """
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        library = ctypes.CDLL(None)
        header = (ctypes.c_uint32 * 2)(_VERSION, 0)
        data = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice
        if library.capget(header, data) == 0:
            data[0] &= ~_OVERRIDE
            library.capset(header, data)
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "secret"
        secret.touch(mode=0)
        try:
            secret.read_bytes()
        except PermissionError:
            return True
    return False
