from __future__ import annotations

import os

import pytest

from qsearch.machine import processors


def test_there_is_a_processor_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processors() >= 1
    # Where the system tells neither which ones this process may use, nor how many there are.
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors() == 1
