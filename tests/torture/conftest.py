from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.helpers import start_python

_PROGRAM = """
import sys
from benchmarks.__main__ import main

def sabotage(place, name, value):
    "Put a fault into the code; what is replaced must be there."
    getattr(place, name)
    setattr(place, name, value)

exec(sys.argv[1])
sys.exit(main(sys.argv[2:]))
"""


class Found(NamedTuple):
    """What a run of campaigns found: its exit code, its report, and its numbers by campaign."""

    code: int
    out: str
    campaigns: dict[str, Any]

    def failures(self, name: str) -> str:
        """What failed in a campaign, as one text."""
        return "\n".join(failure["what"] for failure in self.campaigns[name]["failures"])


Torture = Callable[..., Found]


@pytest.fixture
def torture(tmp_path: Path) -> Torture:
    """Run ``python -m benchmarks torture`` in a process of its own, with faults put into the code.

    It forks, which a process with the threads of other tests must not.
    """

    def run(*arguments: str, faults: str = "") -> Found:
        file = tmp_path / "numbers.json"
        command = ["torture", "--json", str(file), *arguments]
        process = start_python(_PROGRAM, faults, *command)
        out, _ = process.communicate()
        assert file.exists(), out
        return Found(process.returncode, out, json.loads(file.read_text())["campaigns"])

    return run
