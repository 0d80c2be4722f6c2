"""The engines that a search must not tell apart: tests of searching run with each of them."""

from __future__ import annotations

import os
from typing import cast

import pytest

from qsearch.options import EngineName

WITHOUT_JIT = os.environ.get("NUMBA_DISABLE_JIT") == "1"
"""Whether the kernels run as plain Python, see ``tests/kernels/test_without_jit``."""

ENGINES: list[EngineName] = ["kernels"] if WITHOUT_JIT else ["numpy", "kernels"]


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    """What answers."""
    return cast("EngineName", request.param)
