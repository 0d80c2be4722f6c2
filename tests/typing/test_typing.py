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


Found = set[tuple[str, int]]
"""The files and lines in which a checker finds something."""


def mypy(folder: Path) -> Found:
    """What mypy finds."""
    files = map(str, folder.glob("*.py"))
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    places = (line.split(":") for line in done.stdout.splitlines() if ": error:" in line)
    return {(Path(file).name, int(line)) for file, line, *_ in places}


def pyright(folder: Path) -> Found:
    """What pyright finds."""
    script = Path(sys.executable).with_name("pyright")
    if not script.exists():
        pytest.skip("pyright is not installed")
    settings = folder / "pyrightconfig.json"
    settings.write_text(json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(ROOT)]}))
    command = [str(script), "--outputjson", "--pythonpath", sys.executable, "-p", str(settings)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1)
        for one in json.loads(done.stdout)["generalDiagnostics"]
        if one["severity"] == "error"
    }


@pytest.mark.parametrize("check", [mypy, pyright])
def test_what_is_accepted_passes_and_what_is_not_is_noticed(
    tmp_path: Path, check: Callable[[Path], Found]
) -> None:
    """In one run, most of which is reading the package."""
    shutil.copy(PROGRAM, tmp_path / "program.py")
    (tmp_path / "wrong.py").write_text(WRONG)
    wrong = {number for number, line in enumerate(WRONG.splitlines(), 1) if number > 3 and line}
    assert check(tmp_path) == {("wrong.py", number) for number in wrong}


def test_the_program_runs(tmp_path: Path) -> None:
    program.main(tmp_path / "index")
