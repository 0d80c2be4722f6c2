"""What is no regular file in the place of a file of an index: an error that names it, at once.

Opening a FIFO waited for ever, a link to a device was read until memory ran out, and a folder gave
an error of the system.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qsearch
from benchmarks.torture.hostile_files import unix_socket
from qsearch.storage import FolderStorage
from qsearch.storage.contract import MOST_READ
from qsearch.upkeep.check import check
from tests.conftest import MakeIndex
from tests.helpers import article, open_files


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MOST_READ + 1)


ODD: dict[str, Callable[[Path], None]] = {
    "a FIFO": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": unix_socket,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a file of /proc": lambda path: path.symlink_to("/proc/self/status"),
    "a file without end": _huge,
}


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    signal.alarm(60)
    yield
    signal.alarm(0)


@pytest.fixture
def path(make_folder: MakeIndex) -> Path:
    index = make_folder([article("/a")], [article("/b")])
    index.close()
    return index.path


def _replace(path: Path, pattern: str, make: Callable[[Path], None]) -> Path:
    victim = max(path.glob(pattern))
    victim.unlink()
    make(victim)
    return victim


@pytest.mark.parametrize("pattern", ["manifest-*", "segment-*"])
@pytest.mark.parametrize("odd", ODD)
def test_an_index_with_something_else_in_the_place_of_a_file(
    odd: str, pattern: str, path: Path
) -> None:
    victim = _replace(path, pattern, ODD[odd])
    with pytest.raises(qsearch.IndexCorrupt) as caught:
        qsearch.open(path)
    assert caught.value.path == str(victim)
    assert "\n" not in str(caught.value)
    assert str(victim) in {
        damage.path
        for generation in check(FolderStorage(path)).generations
        for damage in generation.damages
    }
    del caught  # which has the files of the attempt, perhaps in a cycle of exceptions
    gc.collect()
    assert open_files(path) == 0


@pytest.mark.parametrize("odd", ODD)
def test_the_generation_before_may_be_anything(odd: str, path: Path) -> None:
    _replace(path, "previous-*", ODD[odd])
    with qsearch.open(path) as index:
        with index.writer() as writer:
            writer.add(article("/c"))
        assert [found.url for found in index] == ["/a", "/b", "/c"]
    assert check(FolderStorage(path)).whole


@pytest.mark.parametrize("odd", ODD)
def test_what_a_writer_would_remove_may_be_anything(odd: str, path: Path) -> None:
    stray = path / "segment-00000009-0123456789abcdef.qs"
    ODD[odd](stray)
    with qsearch.open(path) as index, index.writer() as writer:
        writer.add(article("/c"))
    assert os.path.lexists(stray) == (odd == "a folder")
    assert len(qsearch.open(path)) == 3


@pytest.mark.parametrize("odd", sorted(set(ODD) - {"a file without end"}))
def test_something_else_in_the_place_of_the_lock(odd: str, path: Path) -> None:
    _replace(path, "writer.lock", ODD[odd])
    with qsearch.open(path) as index:
        with pytest.raises(qsearch.IndexCorrupt, match=r"writer\.lock: not a regular file"):
            index.writer()
        assert index.search("title").total == 2


def test_a_file_may_be_a_link_to_a_regular_one(path: Path, tmp_path: Path) -> None:
    """So do stores that keep each content once."""
    for file in [*path.glob("manifest-*"), *path.glob("segment-*")]:
        file.rename(tmp_path / file.name)
        file.symlink_to(tmp_path / file.name)
    assert len(qsearch.open(path)) == 2
