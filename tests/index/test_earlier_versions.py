"""What an earlier version wrote is opened, answers as it did, and can be written on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import qsearch
from qsearch import Article
from qsearch.index.columns import FORMAT
from qsearch.storage import FolderStorage
from qsearch.upkeep.check import check
from tests.index.earlier.make import HERE, told

FORMATS = sorted(file.stem for file in HERE.glob("format-*.json"))
"""Those that are read; the folders of others are there to be refused."""


@pytest.fixture(params=FORMATS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, object]:
    shutil.copytree(HERE / request.param, tmp_path / "index")
    expected = json.loads((HERE / f"{request.param}.json").read_text(encoding="utf-8"))
    return tmp_path / "index", expected


def test_one_of_an_earlier_analyser_is_refused() -> None:
    with pytest.raises(qsearch.IndexTooOld, match=r"analyser qsearch 1, this is .* build it again"):
        qsearch.open(HERE / "analyser-1")


def test_one_of_an_earlier_format_is_refused() -> None:
    with pytest.raises(qsearch.IndexTooOld, match=r"format 3, this .* build it again"):
        qsearch.open(HERE / "format-3")


def test_there_is_an_index_of_this_format() -> None:
    assert f"format-{FORMAT}" in FORMATS


def test_it_holds_and_answers_what_it_did(kept: tuple[Path, object]) -> None:
    folder, expected = kept
    with qsearch.open(folder) as index:
        assert json.loads(json.dumps(told(index))) == expected


def test_nothing_is_wrong_with_it(kept: tuple[Path, object]) -> None:
    assert check(FolderStorage(kept[0])).whole


def test_it_can_be_written_on(kept: tuple[Path, object]) -> None:
    with qsearch.open(kept[0]) as index:
        before = len(index)
        with index.writer() as writer:
            writer.add(Article(url="/new", title="Something new"))
        assert len(index) == before + 1
        assert [hit.url for hit in index.search("new")] == ["/new"]
        # Ten more commits merge what was there.
        for number in range(10):
            with index.writer() as writer:
                writer.add(Article(url=f"/n{number}", title="More of it"))
        assert len(index) == before + 11
        assert index.get("/calcium") is not None


def test_whoosh_finds_what_is_in_it(kept: tuple[Path, object]) -> None:
    from whoosh.qparser import QueryParser

    with qsearch.open(kept[0]) as index, index.whoosh.searcher() as searcher:
        query = QueryParser("answer", index.whoosh.schema).parse("channels")
        assert {hit["url"] for hit in searcher.search(query)} == {"/calcium", "/calcium-again"}
