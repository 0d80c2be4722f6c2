from __future__ import annotations

import pytest

from tests.torture.conftest import Torture


def test_what_was_acknowledged_survives(torture: Torture) -> None:
    found = torture("--only", "power", "--budget", "power=15")
    assert found.code == 0, found.out
    assert found.campaigns["power"]["outcomes"] == {"kept": 15}
    assert found.campaigns["power"]["figures"]["commits acknowledged"] > 10


SKIPPED = """
from functools import partial
from benchmarks.torture import command, power
campaign = command.CAMPAIGNS["power"]
run = partial(power.run, skip=lambda step: step.startswith({!r}))
command.CAMPAIGNS["power"] = campaign._replace(run=run)
"""


@pytest.mark.parametrize("call", ["fsync segment", "fsync manifest", "fsync folder"])
def test_a_sync_that_is_left_out_is_found(torture: Torture, call: str) -> None:
    found = torture("--only", "power", "--budget", "power=20", faults=SKIPPED.format(call))
    assert found.code == 1
    assert found.failures("power")
