"""Hostile files: each gives exactly one reported skip, and the rest is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.torture.hostile_containers import CONTAINERS, PEACEFUL
from benchmarks.torture.hostile_files import FILES, FORGIVEN, GOOD, THINGS
from qsearch.errors import ArticleError
from qsearch.reading import read_articles


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_a_hostile_file_is_one_reported_skip(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.md").write_bytes(GOOD)
    (tmp_path / "b.md").write_bytes(data)
    (tmp_path / "c.md").write_bytes(GOOD)
    errors: list[ArticleError] = []
    assert len(list(read_articles(tmp_path, on_error=errors.append))) == 2
    (error,) = errors
    assert error.path == str(tmp_path / "b.md")
    assert error.reason.isprintable()
    assert len(error.reason) < 200


@pytest.mark.parametrize(("ending", "data"), CONTAINERS.values(), ids=CONTAINERS)
def test_a_hostile_file_of_any_container_is_one_reported_skip(
    tmp_path: Path, ending: str, data: bytes
) -> None:
    (tmp_path / "a.md").write_bytes(GOOD)
    (tmp_path / f"b{ending}").write_bytes(data)
    (tmp_path / "c.md").write_bytes(GOOD)
    errors: list[ArticleError] = []
    assert len(list(read_articles(tmp_path, on_error=errors.append))) == 2
    (error,) = errors
    assert error.path == str(tmp_path / f"b{ending}")
    assert error.reason.isprintable()
    assert len(error.reason) < 300


@pytest.mark.parametrize(("ending", "data"), PEACEFUL.values(), ids=PEACEFUL)
def test_what_only_looks_hostile_is_read_in_any_container(
    tmp_path: Path, ending: str, data: bytes
) -> None:
    (tmp_path / f"b{ending}").write_bytes(data)
    (article,) = read_articles(tmp_path)
    assert "free" in f"{article.title} {article.question} {article.answer}"


@pytest.mark.parametrize("data", FORGIVEN.values(), ids=FORGIVEN)
def test_what_only_looks_hostile_is_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "b.md").write_bytes(data)
    (article,) = read_articles(tmp_path)
    assert (article.url, article.title) == ("/x", "t")


@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS)
def test_what_is_no_readable_file_is_one_reported_skip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_bytes(GOOD)
    make(tmp_path / "b.md")
    (tmp_path / "c.md").write_bytes(GOOD)
    errors: list[ArticleError] = []
    assert len(list(read_articles(tmp_path, on_error=errors.append))) == 2
    assert [error.path for error in errors] == [str(tmp_path / "b.md")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_forbidden_file_is_one_reported_skip(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_bytes(GOOD)
    (tmp_path / "b.md").chmod(0)
    with pytest.raises(ArticleError, match="Permission denied"):
        list(read_articles(tmp_path))


def test_links_in_a_circle_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.md").write_bytes(GOOD)
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "b").symlink_to("a")
    assert len(list(read_articles(tmp_path))) == 1
