from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.engines.bm25s_index import Bm25s


@dataclass(frozen=True)
class Outcome:
    """What a benchmark command gave back."""

    code: int
    out: str
    err: str
    numbers: Any


@pytest.fixture(autouse=True, scope="session")
def _bm25s_without_compiling() -> Iterator[None]:
    """Its kernels take longer to compile than all these tests take, and are cached nowhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bm25s, "backend", "numpy")
        yield


Benchmark = Callable[..., Outcome]


@pytest.fixture
def benchmark_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Benchmark:
    """Run ``python -m benchmarks`` in this process."""

    def run(*arguments: str) -> Outcome:
        file = tmp_path / "numbers.json"
        capsys.readouterr()
        code = main([*arguments, "--json", str(file)])
        out, err = capsys.readouterr()
        return Outcome(code, out, err, json.loads(file.read_text()) if file.exists() else None)

    return run
