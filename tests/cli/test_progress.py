"""The bar that shows how far a long run is."""

from __future__ import annotations

import io
import sys

import pytest

from qsearch.cli import progress as module
from qsearch.kernels import runtime
from tests.cli.helpers import Stream


def _run(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, fails: bool = False) -> str:
    """What standard error gets from a run of ten files."""
    stream = Stream(io.BytesIO(), encoding="utf-8")
    stream.terminal = terminal
    monkeypatch.setattr(sys, "stderr", stream)
    try:
        with module.progress() as show:
            show(0, 10)
            show(3, 10)
            if fails:
                raise KeyboardInterrupt
            show(10, 10)
    except KeyboardInterrupt:
        assert fails
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, terminal=True) == ""


def test_a_long_run_shows_a_bar_and_removes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    seen = _run(monkeypatch, terminal=True)
    assert "10/10" in seen
    assert seen.endswith("\x1b[2K")


@pytest.mark.parametrize(
    ("loading", "doing"), [(True, "compiling, this once"), (False, "writing the index")]
)
def test_it_says_what_a_first_run_waits_for(
    loading: bool, doing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    monkeypatch.setattr(runtime, "loading", lambda: loading)
    assert doing in _run(monkeypatch, terminal=True)


def test_the_bar_goes_when_the_run_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    seen = _run(monkeypatch, terminal=True, fails=True)
    assert "reading" in seen
    assert seen.endswith("\x1b[2K")


def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    assert _run(monkeypatch, terminal=False) == ""
