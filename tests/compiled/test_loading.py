"""Kernels load beside whatever else a program does, and never end it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qsearch.kernels import runtime
from qsearch.kernels.runtime import disk_cache

_BESIDE = """
from qsearch.kernels import runtime
runtime.prepare()
import nltk.stem.snowball
"""

_ENDING = """
import atexit, sys, time
from qsearch.kernels import runtime
atexit.register(lambda: print("loading" if runtime.loading() else "at rest"))
runtime.prepare()
time.sleep(float(sys.argv[1]))
"""


def run(script: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, (done.returncode, done.stderr)
    return done.stdout.strip()


def test_other_modules_can_be_imported_while_the_kernels_load() -> None:
    """On Python 3.10, coverage, which Numba imports, dropped what other threads were importing."""
    run(_BESIDE)


@pytest.mark.parametrize("seconds", ["0", "0.3", "0.6"])
def test_a_process_that_ends_while_the_kernels_load_lets_one_come_to_its_end(seconds: str) -> None:
    """LLVM crashed where the process ended under it."""
    assert runtime.wait()
    assert run(_ENDING, seconds) == "at rest"


def test_a_process_that_ends_while_it_compiles_lets_one_kernel_come_to_its_end(
    tmp_path: Path,
) -> None:
    assert run(_ENDING, "1.5", NUMBA_CACHE_DIR=str(tmp_path)) == "at rest"


def files(folder: Path, *names: str) -> list[Path]:
    (folder / "__pycache__").mkdir(exist_ok=True)
    made = [folder / name for name in names]
    for path in made:
        path.touch()
    return made


def test_compiled_code_older_than_what_it_was_made_from_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels, analysis = tmp_path / "kernels" / "some", tmp_path / "analysis"
    kernels.mkdir(parents=True)
    analysis.mkdir()
    names = ("top.f-1.nbi", "stem.f-1.nbi", "other.f-1.nbi")
    indexes = files(kernels, *(f"__pycache__/{name}" for name in names))
    sources = ("top.py", "bounds.py", "layout.py", "stem.py", "other.py")
    top, bounds, layout, stem, _ = files(kernels, *sources)
    (english,) = files(analysis, "english.py")
    top.write_text("from qsearch.kernels.some.bounds import seek\n")
    bounds.write_text("from qsearch.kernels.some.layout import BLOCK\n")
    stem.write_text("from qsearch.analysis.english import RULES\n")
    for path in (*tmp_path.rglob("*.py"), *indexes):
        os.utime(path, (1_000, 1_000 + (path in indexes)))
    for path in (layout, english):
        os.utime(path, (2_000, 2_000))
    monkeypatch.setattr(disk_cache, "_PACKAGE", tmp_path)
    disk_cache.drop_stale()
    assert [path.name for path in indexes if path.exists()] == ["other.f-1.nbi"]


def test_code_is_complete_when_each_kernel_of_this_python_has_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_cache, "_PACKAGE", tmp_path)
    folder = tmp_path / "kernels" / "some"
    folder.mkdir(parents=True)
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    files(folder, f"__pycache__/top.f-1.{python}.nbi", "__pycache__/top.g-9.py30.nbi")
    (folder / "top.py").write_text("@njit(cache=True)\ndef f(): ...\n")
    assert disk_cache.is_complete(["some.top"])
    (folder / "top.py").write_text("@njit(cache=True)\ndef f(): ...\n" * 2)
    assert not disk_cache.is_complete(["some.top"])


def test_once_the_kernels_are_loaded_their_code_is_complete() -> None:
    assert runtime.wait()
    elsewhere = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("NUMBA_DISABLE_JIT") == "1"
    assert elsewhere or disk_cache.is_complete(runtime.KERNELS)


def test_a_process_that_leaves_waits_for_no_other_that_compiles() -> None:
    leaving = threading.Event()
    leaving.set()
    disk_cache.compile_apart(["search.layout"], leaving)
    leaving.clear()
    disk_cache.compile_apart(["search.layout"], leaving)
