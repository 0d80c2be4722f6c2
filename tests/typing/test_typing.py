"""Types agree with the words: two checkers pass what is accepted, and notice what is not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import ROOT
from tests.typing import program

PROGRAM = Path(program.__file__)

WRONG = """
import qsearch

index = qsearch.open("index", language="klingon")
index.search("query", sort="best")
index.search("query", fields=["title"])
index.search("query", facets="all")
index.search_many("query", depth=3)
index.search_many(["query"], sort="best")
qsearch.Article(title=5)
qsearch.Article(id=1.5, title="t")
article: qsearch.Article = index.get("/a")
index.stats()["articels"]
"""
"""Every line but the first two that import and open is wrong in one place."""


def mypy(file: Path) -> set[int]:
    """The lines in which mypy finds something."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}


def pyright(file: Path) -> set[int]:
    """The lines in which pyright finds something."""
    script = Path(sys.executable).with_name("pyright")
    if not script.exists():
        pytest.skip("pyright is not installed")
    settings = file.with_name("pyrightconfig.json")
    settings.write_text(json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(ROOT)]}))
    command = [str(script), "--outputjson", "--pythonpath", sys.executable, "-p", str(settings)]
    done = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["generalDiagnostics"]
    return {one["range"]["start"]["line"] + 1 for one in found if one["severity"] == "error"}


BOTH = pytest.mark.parametrize("check", [mypy, pyright])


@BOTH
def test_what_is_accepted_passes(tmp_path: Path, check: Callable[[Path], set[int]]) -> None:
    copy = tmp_path / "program.py"
    shutil.copy(PROGRAM, copy)
    assert check(copy) == set()


@BOTH
def test_what_is_not_accepted_is_noticed(tmp_path: Path, check: Callable[[Path], set[int]]) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(WRONG)
    lines = WRONG.splitlines()
    assert check(wrong) == {number for number in range(4, len(lines) + 1) if lines[number - 1]}


def test_the_program_runs(tmp_path: Path) -> None:
    program.main(tmp_path / "index")
