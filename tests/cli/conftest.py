from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qsearch
from qsearch import Article
from qsearch.cli.app import run as run_arguments
from tests.cli.helpers import (
    NEURONS,
    NEURONS_COPY,
    OTHER_THREE,
    ROOT,
    SODIUM,
    SYNAPSES,
    Fill,
    Outcome,
    Process,
    Run,
    Stream,
    WriteArticle,
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty current folder, a terminal of 80 columns, no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("QSEARCH_INDEX", "NO_COLOR", "FORCE_COLOR", "_QSEARCH_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    handler = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process."""

    def run_it(*arguments: str, terminal: bool = False, encoding: str = "utf-8") -> Outcome:
        streams = [Stream(io.BytesIO(), encoding=encoding) for _ in range(2)]
        with monkeypatch.context() as patch:
            for name, stream in zip(("stdout", "stderr"), streams, strict=True):
                stream.terminal = terminal
                patch.setattr(sys, name, stream)
            code = run_arguments(arguments)
        texts = []
        for stream in streams:
            stream.flush()
            buffer = stream.detach()
            assert isinstance(buffer, io.BytesIO)
            texts.append(buffer.getvalue().decode(encoding))
        return Outcome(code, *texts)

    return run_it


@pytest.fixture
def process() -> Process:
    """Run a command line in a process of its own."""

    def run_it(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        command = [sys.executable, "-m", "qsearch", *arguments]
        return subprocess.run(
            command, env=env, encoding="utf-8", timeout=60, check=False, **options
        )

    return run_it


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Make the default index of the current folder from articles."""

    def make(*articles: Article) -> Path:
        folder = tmp_path / ".qsearch"
        with qsearch.create(folder) as index, index.writer() as writer:
            writer.add_many(articles)
        return folder

    return make


@pytest.fixture
def sample(fill: Fill) -> Path:
    """An index of five articles: two copies, and two that only share an id."""
    return fill(NEURONS, NEURONS_COPY, SODIUM, SYNAPSES, OTHER_THREE)


@pytest.fixture
def write_article() -> WriteArticle:
    """Write a Markdown file under the current folder."""

    def write(name: str, **fields: str) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
        path.write_text(f"---\n{lines}---\n", encoding="utf-8")
        return path

    return write
