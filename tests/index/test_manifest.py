"""The root of an index: what it names, what it refuses, and the order of a commit."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qsearch
from qsearch.errors import Error, IndexCorrupt, IndexNotFound, IndexTooNew, IndexTooOld
from qsearch.index import manifest as module
from qsearch.index.manifest import (
    FORMAT,
    Manifest,
    generations,
    load,
    manifest_name,
    newest_generation,
    publish,
)
from qsearch.index.snapshot import Snapshot
from qsearch.storage import FolderStorage, Mapped
from tests.conftest import MakeIndex
from tests.helpers import article, urls

EMPTY = Manifest(generation=0, analyzer={"name": "x"}, ranking={"k1": 1.0})


def newest(folder: Path) -> Path:
    return folder / manifest_name(generations(FolderStorage(folder))[0])


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a manifest and make its checksum right again."""
    body = json.loads(path.read_bytes())
    del body["checksum"]
    change(body)
    body["checksum"] = module._checksum(body)
    path.write_text(json.dumps(body))


def test_a_manifest_comes_back(tmp_path: Path) -> None:
    publish(FolderStorage(tmp_path), EMPTY)
    assert load(FolderStorage(tmp_path)) == EMPTY
    assert load(FolderStorage(tmp_path), 0) == EMPTY
    assert [entry.name for entry in tmp_path.iterdir()] == ["manifest-00000000.json"]


def test_the_highest_generation_is_the_index(tmp_path: Path) -> None:
    for generation in (3, 11, 2):
        publish(FolderStorage(tmp_path), Manifest(generation, {}, {}))
    assert generations(FolderStorage(tmp_path)) == [11, 3, 2]
    assert load(FolderStorage(tmp_path)).generation == 11
    assert load(FolderStorage(tmp_path), 2).generation == 2
    with pytest.raises(FileNotFoundError):
        load(FolderStorage(tmp_path), 4)


def test_it_is_readable_json_with_everything_an_index_needs(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a"), article("/b")])
    with index.writer() as writer:
        writer.delete("/a")
    body = json.loads(newest(index.path).read_bytes())
    assert body["magic"] == "qsearch index"
    assert body["format"] == FORMAT
    assert body["generation"] == 2
    assert body["analyzer"]["language"] == "english"
    assert body["ranking"]["k1"] == qsearch.Ranking().k1
    (segment,) = body["segments"]
    assert segment["articles"] == 2
    for file in (segment["file"], segment["deleted"]):
        assert (index.path / file["name"]).stat().st_size == file["length"]
        assert file["seal"]


def test_no_file_is_a_pickle(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a"), article("/b")], [article("/a", "again")])
    starts = {path.read_bytes()[:2] for path in index.path.iterdir() if path.stat().st_size}
    assert starts == {b"QS", b"{\n"}


# -- what is not there


@pytest.mark.parametrize("name", ["absent", "empty", "file"])
def test_no_index(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexNotFound, match="qsearch index") as caught:
        qsearch.open(tmp_path / name)
    assert caught.value.path == str(tmp_path / name)


def test_a_missing_file_is_named(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    (segment,) = index.path.glob("segment-*")
    segment.unlink()
    with pytest.raises(IndexCorrupt, match="missing") as caught:
        qsearch.open(index.path)
    assert caught.value.path == str(segment)


# -- damage


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"5",
        b"null",
        b"\xff\xfe",
        b"\0" * 100,
        b"[" * 200_000,
        b'{"checksum": 1}',
        b'{"checksum": "", "magic": "other", "format": 1}',
        b'{"checksum": "", "magic": "qsearch index"}',
        b'{"checksum": "", "magic": "qsearch index", "format": "x"}',
        b'{"checksum": "", "magic": "qsearch index", "format": null}',
        b'{"checksum": "", "magic": "qsearch index", "format": Infinity}',
        b'{"checksum": "", "magic": "qsearch index", "format": 1}',
        b'{"checksum": "", "magic": "qsearch index", "format": 1, "x": '
        + b"[" * 985
        + b"]" * 985
        + b"}",
    ],
    ids=lambda content: content[:40].decode("latin-1"),
)
def test_what_is_no_manifest(content: bytes, tmp_path: Path) -> None:
    (tmp_path / manifest_name(0)).write_bytes(content)
    with pytest.raises(IndexCorrupt) as caught:
        qsearch.open(tmp_path)
    assert caught.value.path == str(tmp_path / manifest_name(0))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 5_000), bit=st.integers(0, 7))
def test_a_flipped_bit_gives_an_error_or_nothing_else(tmp_path: Path, at: int, bit: int) -> None:
    publish(FolderStorage(tmp_path), EMPTY)
    path = newest(tmp_path)
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)
    try:
        assert load(FolderStorage(tmp_path)) == EMPTY
    except Error as error:
        assert isinstance(error, (IndexCorrupt, IndexTooNew))  # noqa: PT017


def test_a_changed_value_does_not_fit_the_checksum(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    path = newest(index.path)
    path.write_text(path.read_text().replace('"k1": 2.5', '"k1": 2.6'))
    with pytest.raises(IndexCorrupt, match="checksum"):
        qsearch.open(index.path)


def test_a_writer_of_a_damaged_index_lets_go_of_the_lock(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    path = newest(index.path)
    content = path.read_bytes()
    path.write_bytes(content[:-10])
    with pytest.raises(IndexCorrupt):
        index.writer(timeout=0)
    path.write_bytes(content)
    with index.writer(timeout=0) as writer:
        writer.add(article("/b"))
    assert len(index) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("segments"),
        lambda body: body.pop("analyzer"),
        lambda body: body.update(analyzer=5),
        lambda body: body.update(ranking=None),
        lambda body: body["ranking"].update(k1=-1),
        lambda body: body["ranking"].update(k1="x"),
        lambda body: body["analyzer"].update(language="klingon"),
        lambda body: body.update(generation="x"),
        lambda body: body.update(generation=7),
        lambda body: body.update(segments=[5]),
        lambda body: body.update(segments=None),
        lambda body: body["segments"][0].pop("file"),
        lambda body: body["segments"][0].update(articles=2),
        lambda body: body["segments"][0].update(articles=-1),
        lambda body: body["segments"][0].update(articles=float("inf")),
        lambda body: body["segments"][0].update(deleted=body["segments"][0]["file"]),
        lambda body: body["segments"][0]["file"].update(length=5),
        lambda body: body["segments"][0]["file"].update(length=-1),
        lambda body: body["segments"][0]["file"].update(length=float("inf")),
        lambda body: body["segments"][0]["file"].update(seal="0"),
    ],
)
def test_a_manifest_that_does_not_fit_is_corrupt(
    change: Callable[[dict[str, Any]], object], make_folder: MakeIndex
) -> None:
    index = make_folder([article("/a")])
    rewrite(newest(index.path), change)
    with pytest.raises(IndexCorrupt):
        qsearch.open(index.path)


def test_a_number_of_the_ranking_that_is_not_known_is_of_a_newer_version(
    make_folder: MakeIndex,
) -> None:
    """It was taken for damage, and ``qsearch index`` made the index again from nothing."""
    index = make_folder([article("/a")])
    rewrite(newest(index.path), lambda body: body["ranking"].update(later_bonus=1.0))
    with pytest.raises(qsearch.IndexTooNew, match=r"'later_bonus'.* update qsearch"):
        qsearch.open(index.path)


@pytest.mark.parametrize(
    "name",
    [
        "../segment-00000001-0123456789abcdef.qs",
        "/etc/passwd",
        "sub/segment-00000001-0123456789abcdef.qs",
        "segment-00000001-0123456789abcdef.qs/../x",
        "segment-00000001-0123456789abcdef.qs\n",
        "segment-00000001-0123456789abcdef.qs\0",
        "writer.lock",
        "",
        ".",
    ],
)
def test_a_name_never_leads_out_of_the_folder(name: str, make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    rewrite(newest(index.path), lambda body: body["segments"][0]["file"].update(name=name))
    with pytest.raises(IndexCorrupt, match="manifest"):
        qsearch.open(index.path)


def test_the_segment_of_another_index(make_folder: MakeIndex) -> None:
    one, other = make_folder([article("/a")]), make_folder([article("/b")])
    (mine,), (theirs,) = one.path.glob("segment-*"), other.path.glob("segment-*")
    shutil.copy(theirs, mine)
    with pytest.raises(IndexCorrupt):
        list(qsearch.open(one.path))


def test_two_files_changed_about(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")], [article("/b")])
    one, other = sorted(index.path.glob("segment-*"))
    one.rename(index.path / "x")
    other.rename(one)
    (index.path / "x").rename(other)
    with pytest.raises(IndexCorrupt):
        list(qsearch.open(index.path))


# -- versions


def test_a_later_format_is_too_new_whatever_else_it_holds(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    path = newest(index.path)
    path.write_text(json.dumps({"magic": "qsearch index", "format": FORMAT + 1, "checksum": "?"}))
    with pytest.raises(IndexTooNew, match="update qsearch") as caught:
        qsearch.open(index.path)
    assert caught.value.path == str(path)


def test_an_earlier_format_is_too_old(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    rewrite(newest(index.path), lambda body: body.update(format=FORMAT - 1))
    with pytest.raises(IndexTooOld, match="build it again"):
        qsearch.open(index.path)


def test_the_analyser_of_another_version_is_too_old(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    rewrite(newest(index.path), lambda body: body["analyzer"].update(version=0))
    with pytest.raises(IndexTooOld, match="build it again") as caught:
        qsearch.open(index.path)
    assert caught.value.path == str(index.path)


def test_another_stemmer_is_noticed_when_a_word_needs_it(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a", "neurons")])
    rewrite(newest(index.path), lambda body: body["analyzer"].update(stemmer_fingerprint="0" * 16))
    again = qsearch.open(index.path)
    assert urls(again, "neurons") == ["/a"]
    with pytest.raises(IndexTooOld, match="build it again"):
        again.search("unknown")


# -- every byte of every file


def test_damage_anywhere_is_noticed_or_changes_nothing(make_folder: MakeIndex) -> None:
    def answers(index: qsearch.Index) -> object:
        return (
            list(index),
            [(hit.article, hit.score, hit.urls) for hit in index.search("release OR ions")],
            urls(index, '"are released"'),
            index.subjects,
            index.get("/a"),
        )

    pristine = make_folder(
        [article("/a", "Neurons release ions", subject="Physics"), article("/b", "ions")],
        [article("/c", "ions are released", keywords="ion release"), article("/b", "gone")],
    )
    expected = answers(pristine)
    for path in sorted(pristine.path.iterdir()):
        content = path.read_bytes()
        for at in range(0, len(content), max(1, len(content) // 40)):
            damaged = bytearray(content)
            damaged[at] ^= 0x10
            path.write_bytes(damaged)
            with contextlib.suppress(IndexCorrupt, IndexTooNew):
                assert answers(qsearch.open(pristine.path)) == expected, (path.name, at)
        path.write_bytes(content)
    assert answers(qsearch.open(pristine.path)) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-be", "utf-8-sig"])
def test_a_manifest_is_utf_8_and_nothing_is_guessed(encoding: str, tmp_path: Path) -> None:
    path = qsearch.create(tmp_path / "index").path / manifest_name(0)
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    with pytest.raises(IndexCorrupt, match="not a readable manifest"):
        qsearch.open(tmp_path / "index")


def test_there_is_a_generation_after_99_999_999(make_folder: MakeIndex) -> None:
    """Its name has nine digits, and was not taken for that of a manifest: the commit was lost."""
    index = make_folder([article("/a")])
    manifest = dataclasses.replace(index._current().manifest, generation=99_999_999)
    publish(FolderStorage(index.path), manifest)
    with qsearch.open(index.path) as late:
        for url in ("/b", "/c"):
            with late.writer() as writer:
                writer.add(article(url))
        assert [found.url for found in late] == ["/a", "/b", "/c"]
    assert newest_generation(FolderStorage(index.path)) == 100_000_001
    assert len(qsearch.open(index.path)) == 3


@pytest.mark.parametrize(
    "name",
    ["manifest-٠٠٠٠٠٠٠٩.json", "manifest-000000009.json", f"manifest-{'9' * 200}.json"],
    ids=["other digits", "a zero too many", "too many digits"],
)
def test_what_no_writer_calls_a_manifest_is_none(name: str, make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    (index.path / name).write_text("{}")
    assert len(qsearch.open(index.path)) == 1


class _Fast(FolderStorage):
    """While a file is read two commits go by, so that it is gone."""

    commits = 6

    def read(self, name: str) -> bytes:
        for _ in range(2):
            if self.commits:
                self.commits -= 1
                with qsearch.open(self.path) as index, index.writer() as writer:
                    writer.add(article(f"/{self.commits}"))
        return super().read(name)


def test_a_manifest_may_go_at_any_moment_of_opening(make_folder: MakeIndex) -> None:
    path = make_folder([article("/a")]).path
    assert len(Snapshot.newest(_Fast(path))) == 7


def test_a_segment_and_then_a_manifest_may_go_while_it_is_opened(make_folder: MakeIndex) -> None:
    """The look whether there is a newer generation failed with FileNotFoundError."""
    path = make_folder([article("/a")]).path

    class Fast(FolderStorage):
        reads = maps = 0

        def read(self, name: str) -> bytes:
            self.reads += 1
            if self.reads == 3:
                self.commit_twice()
            return super().read(name)

        def map(self, name: str) -> Mapped:
            self.maps += 1
            if self.maps <= 2:
                self.commit_twice()
            return super().map(name)

        def commit_twice(self) -> None:
            with qsearch.open(path) as index:
                for _ in range(2):
                    with index.writer() as writer:
                        writer.add(article("/a"))

    storage = Fast(path)
    assert len(Snapshot.newest(storage)) == 1
    assert storage.reads > 3
