"""Adding, replacing and deleting: what a commit publishes, what a rollback leaves."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import qsearch
from qsearch import ArgumentError, Article
from qsearch.index.manifest import generations
from qsearch.storage import FolderStorage
from tests.conftest import MakeIndex
from tests.helpers import article, ranked, run_python, start_python, urls
from tests.storage.history import left_over


def titles(index: qsearch.Index) -> dict[str, str]:
    return {found.url: found.title for found in index}


@pytest.fixture
def index(make_index: MakeIndex) -> qsearch.Index:
    return make_index([article("/a", "first"), article("/b", "second")])


# -- changes


def test_added_articles_are_found_after_the_commit(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(article("/c", "third"))
        writer.add_many([article("/d", "fourth"), article("/e", "fifth")])
        assert len(index) == 2
        assert urls(index, "third fourth") == []
    assert len(index) == 5
    assert sorted(urls(index, "third fourth fifth")) == ["/c", "/d", "/e"]


def test_an_added_article_replaces_the_one_of_its_url(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(article("/a", "other"))
    assert titles(index) == {"/a": "other", "/b": "second"}
    assert urls(index, "first") == []


def test_of_two_adds_of_a_url_the_last_one_counts(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add_many([article("/c", "once"), article("/a", "x"), article("/c", "twice")])
        writer.add(article("/c", "thrice"))
    assert titles(index)["/c"] == "thrice"
    assert urls(index, "once twice thrice") == ["/c"]
    assert len(index) == 3


def test_deleting(index: qsearch.Index) -> None:
    with index.writer() as writer:
        assert writer.delete("/a")
        assert not writer.delete("/a")
        assert not writer.delete("/absent")
    assert titles(index) == {"/b": "second"}
    assert index.get("/a") is None
    assert urls(index, "first") == []


def test_deleting_what_was_just_added(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(article("/c", "third"))
        assert writer.delete("/c")
        assert not writer.delete("/c")
        writer.add(article("/a", "other"))
        assert writer.delete("/a")
    assert titles(index) == {"/b": "second"}


def test_adding_what_was_just_deleted(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.delete("/a")
        writer.add(article("/a", "again"))
    assert titles(index) == {"/a": "again", "/b": "second"}


def test_deleting_everything(index: qsearch.Index) -> None:
    with index.writer() as writer:
        for url in ("/a", "/b"):
            writer.delete(url)
    assert list(index) == []
    assert index.search("*").total == 0
    with index.writer() as writer:
        writer.add(article("/a", "reborn"))
    assert titles(index) == {"/a": "reborn"}


def test_a_key_made_of_an_id_can_be_replaced_and_deleted(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(Article(id="7", title="seven"))
        writer.add(Article(url="id:7", title="seven again"))
    assert titles(index)["id:7"] == "seven again"
    with index.writer() as writer:
        assert writer.delete("id:7")


@pytest.mark.parametrize(
    "url", ["/a/../b", "/ü", "/東京", "http://x/?q=1#y", "/with space", "\0", "🎉"]
)
def test_any_text_may_be_a_url(url: str, index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(article(url, "odd"))
    assert titles(index)[url] == "odd"
    assert url in index
    with index.writer() as writer:
        assert writer.delete(url)


# -- commit and rollback


def test_an_exception_rolls_back(index: qsearch.Index) -> None:
    def spoil(writer: qsearch.Writer) -> None:
        writer.add(article("/c"))
        writer.delete("/a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), index.writer() as writer:
        spoil(writer)
    assert titles(index) == {"/a": "first", "/b": "second"}
    assert index.refresh() is False


def test_an_exception_of_the_articles_rolls_back(index: qsearch.Index) -> None:
    def broken() -> Iterator[Article]:
        yield article("/c")
        raise OSError("the source is gone")

    with pytest.raises(OSError, match="gone"), index.writer() as writer:
        writer.add_many(broken())
    assert len(index) == 2


def test_a_rollback_leaves_nothing(index: qsearch.Index) -> None:
    before = sorted(path.name for path in index.path.iterdir())
    writer = index.writer(memory=1)  # a segment for each article
    writer.add_many([article(f"/{number}") for number in range(5)])
    assert len(list(index.path.iterdir())) > len(before)
    writer.delete("/a")
    writer.rollback()
    assert sorted(path.name for path in index.path.iterdir()) == before
    assert len(index) == 2


def test_a_writer_that_has_ended_says_so(index: qsearch.Index) -> None:
    committed = index.writer()
    committed.commit()
    rolled_back = index.writer()
    rolled_back.rollback()
    for writer in (committed, rolled_back):
        for use in (
            partial(writer.add, article("/c")),
            partial(writer.add_many, [article("/c")]),
            partial(writer.delete, "/a"),
            writer.commit,
            writer.rollback,
        ):
            with pytest.raises(ArgumentError, match="has ended"):
                use()


def test_a_block_may_end_its_writer_itself(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(article("/c"))
        writer.commit()
    with index.writer() as writer:
        writer.add(article("/d"))
        writer.rollback()
    assert sorted(titles(index)) == ["/a", "/b", "/c"]


def test_a_failed_add_leaves_the_writer_usable(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(article("/c"))
        for wrong in (None, "text", {"url": "/x"}):
            with pytest.raises(ArgumentError, match="expected an Article"):
                writer.add(wrong)  # type: ignore[arg-type]
        writer.add(article("/d"))
    assert sorted(titles(index)) == ["/a", "/b", "/c", "/d"]


def test_articles_that_can_not_be_analysed_leave_the_index_as_it_was(
    index: qsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        # Fails at the first keyword.
        patched.setattr("qsearch.index.collector.MAX_PHRASE", property())
        with pytest.raises(TypeError), index.writer() as writer:
            writer.add(article("/a", "interrupted", keywords="key"))
    assert titles(index) == {"/a": "first", "/b": "second"}
    with index.writer() as writer:
        writer.add(article("/d", "after", keywords="second keyword"))
    assert urls(index, '"second keyword"') == ["/d"]


def test_a_commit_without_changes_makes_no_generation(index: qsearch.Index) -> None:
    before = sorted((p.name, p.stat().st_mtime_ns) for p in index.path.glob("*.[jq]*"))
    with index.writer():
        pass
    with index.writer() as writer:
        writer.delete("/absent")
        writer.add(article("/c"))
        writer.delete("/c")
    assert sorted((p.name, p.stat().st_mtime_ns) for p in index.path.glob("*.[jq]*")) == before
    assert index.stats()["generation"] == 1


def test_each_commit_is_a_generation(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.delete("/b")
    assert index.stats()["generation"] == 2


@pytest.mark.parametrize(
    "call",
    [
        lambda writer: writer.add_many(5),
        lambda writer: writer.add_many(None),
        lambda writer: writer.add_many([None]),
        lambda writer: writer.add_many("text"),
        lambda writer: writer.delete(None),
        lambda writer: writer.delete(b"/a"),
        lambda writer: writer.delete(5.5),
    ],
)
def test_wrong_arguments_of_a_writer(call: object, index: qsearch.Index) -> None:
    with index.writer() as writer, pytest.raises(ArgumentError):
        call(writer)  # type: ignore[operator]
    assert len(index) == 2


def test_deleting_what_can_be_no_url_deletes_nothing(index: qsearch.Index) -> None:
    with index.writer() as writer, contextlib.suppress(ArgumentError):
        assert writer.delete("half \ud800") is False
    assert len(index) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        {"timeout": "x"},
        {"timeout": None},
        {"timeout": float("nan")},
        {"memory": "x"},
        {"memory": None},
    ],
)
def test_wrong_arguments_of_writer(arguments: dict[str, object], index: qsearch.Index) -> None:
    with pytest.raises(ArgumentError):
        index.writer(**arguments)  # type: ignore[arg-type]
    index.writer(timeout=0).rollback()


# -- who sees what


def test_the_index_that_made_the_writer_sees_its_commit(index: qsearch.Index) -> None:
    other = qsearch.open(index.path)
    with index.writer() as writer:
        writer.add(article("/c"))
    assert "/c" in index
    assert "/c" not in other
    assert other.refresh() is True
    assert "/c" in other
    assert other.refresh() is False


def test_readers_keep_their_snapshot(index: qsearch.Index) -> None:
    reader = qsearch.open(index.path)
    before = (titles(reader), ranked(reader, "first second title"))
    old_results = reader.search("first")
    walk = iter(reader)
    assert next(walk).url == "/a"
    for number in range(12):  # enough to merge and to remove the files of the snapshot
        with index.writer() as writer:
            writer.add(article(f"/{number}", f"first {number}"))
            writer.delete("/a")
    assert (titles(reader), ranked(reader, "first second title")) == before
    assert [found.url for found in walk] == ["/b"]
    assert old_results.total == 1
    assert [hit.snippet for hit in old_results] == ["first"]
    assert old_results[0].urls == ["/a"]
    reader.refresh()
    assert "/a" not in reader
    assert len(reader) == 13


def test_commits_of_another_process_are_seen_after_refresh(index: qsearch.Index) -> None:
    program = (
        "import sys, qsearch\n"
        "with qsearch.open(sys.argv[1]).writer() as writer:\n"
        "    writer.add(qsearch.Article(url='/c', title='third'))\n"
    )
    run_python(program, str(index.path))
    assert len(index) == 2
    assert index.refresh()
    assert titles(index)["/c"] == "third"


def test_a_writer_starts_from_the_newest_state(index: qsearch.Index) -> None:
    other = qsearch.open(index.path)
    with index.writer() as writer:
        writer.add(article("/c"))
    with other.writer() as writer:
        writer.add(article("/d"))
        assert writer.delete("/c")
    assert sorted(titles(other)) == ["/a", "/b", "/d"]


def test_a_commit_after_the_index_was_closed_is_kept(index: qsearch.Index) -> None:
    writer = index.writer()
    writer.add(article("/c"))
    index.close()
    writer.commit()
    assert "/c" in qsearch.open(index.path)


# -- files


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_previous_generation_is_kept_and_older_ones_go(index: qsearch.Index) -> None:
    for number in range(4):
        with index.writer() as writer:
            writer.add(article("/a", f"version {number}"))
        newest = generations(FolderStorage(index.path))
        assert newest == [number + 2, number + 1]
    # the previous one is a whole index, but never passes for the newest
    (newest_manifest,) = index.path.glob("manifest-*")
    newest_manifest.unlink()
    with pytest.raises(qsearch.IndexCorrupt, match="manifest of the index is missing"):
        qsearch.open(index.path)


def test_the_next_writer_removes_what_a_crash_left(index: qsearch.Index) -> None:
    whole = names(index.path)
    for orphan in (
        "segment-00000009-0123456789abcdef.qs",
        "deleted-00000002-0123456789abcdef.qs",
        "manifest-00000009.json.new",
    ):
        (index.path / orphan).write_bytes(b"half a file")
    (index.path / "notes.txt").write_text("not ours")
    assert titles(qsearch.open(index.path)) == {"/a": "first", "/b": "second"}
    index.writer().rollback()
    assert names(index.path) == whole | {"notes.txt", "writer.lock"}


def test_a_crash_before_the_manifest_changes_nothing(index: qsearch.Index) -> None:
    program = (
        "import os, sys, qsearch\n"
        "import qsearch.index.writer as module\n"
        "module.publish = lambda *_: os._exit(0)\n"
        "with qsearch.open(sys.argv[1]).writer() as writer:\n"
        "    writer.add(qsearch.Article(url='/c', title='third'))\n"
        "    writer.delete('/a')\n"
    )
    run_python(program, str(index.path))
    assert titles(qsearch.open(index.path)) == {"/a": "first", "/b": "second"}
    assert len(list(index.path.glob("segment-*"))) == 2
    with index.writer() as writer:
        writer.add(article("/d"))
    assert sorted(titles(index)) == ["/a", "/b", "/d"]
    assert len(list(index.path.glob("segment-*"))) == 2


@pytest.mark.parametrize("acknowledged", [1, 4, 9])
def test_a_process_killed_at_any_time_leaves_a_whole_index(
    acknowledged: int, index: qsearch.Index
) -> None:
    program = """
import itertools, sys, qsearch
index = qsearch.open(sys.argv[1])
for number in itertools.count():
    with index.writer() as writer:
        writer.add_many(qsearch.Article(url=f"/{number}-{n}", title="neuron") for n in range(3))
        writer.delete(f"/{number - 3}-1")
    print(number, flush=True)
"""
    process = start_python(program, str(index.path))
    assert process.stdout
    last = [process.stdout.readline() for _ in range(acknowledged)][-1]
    process.kill()
    last = (process.stdout.read().splitlines() or [last])[-1]
    process.wait()
    process.stdout.close()
    index.refresh()
    batches = {url.rpartition("-")[0] for url in titles(index) if "-" in url}
    assert batches in (
        {f"/{number}" for number in range(int(last) + 1)},
        {f"/{number}" for number in range(int(last) + 2)},
    )
    assert index.search("neuron").total == len(index) - 2
    with index.writer(timeout=0) as writer:
        writer.add(article("/c", "third"))
    assert urls(index, "third") == ["/c"]
    assert left_over(index.path) == set()


def test_an_index_can_be_moved_while_it_is_closed(index: qsearch.Index, tmp_path: Path) -> None:
    before = ranked(index, "first second")
    index.close()
    moved = index.path.rename(tmp_path / "elsewhere")
    again = qsearch.open(moved)
    assert ranked(again, "first second") == before
    with again.writer() as writer:
        writer.add(article("/c"))
    assert len(qsearch.open(moved)) == 3


# -- memory


def test_little_memory_gives_several_segments_and_the_same_answers(make_index: MakeIndex) -> None:
    collection = [
        article(
            f"/{number}",
            f"neuron {number % 3}",
            answer="calcium channels release " * (number % 4),
            keywords=f"key {number % 5}",
            id=str(number % 4),
        )
        for number in range(30)
    ]
    collection += [article("/3", "neuron replaced"), article("/29", "neuron late")]
    whole = make_index(collection)
    pieces = make_index()
    for memory, part in ((1, collection[:3]), (25_000, collection[3:])):
        with pieces.writer(memory=memory) as writer:
            writer.add_many(part)
    assert whole.stats()["segments"] == 1
    assert pieces.stats()["segments"] > 1
    for query in ("neuron", "calcium OR replaced", "key 3", '"channels release"', "*", "2 -neuron"):
        assert ranked(pieces, query) == ranked(whole, query)
    assert titles(pieces) == titles(whole)


def test_a_replaced_article_of_an_earlier_segment_of_the_same_commit_goes(
    make_index: MakeIndex,
) -> None:
    index = make_index()
    with index.writer(memory=1) as writer:
        writer.add(article("/a", "one"))
        writer.add(article("/a", "two"))
        writer.add(article("/b", "three"))
        assert writer.delete("/b")
    assert titles(index) == {"/a": "two"}


def test_a_commit_is_logged_and_nothing_is_printed(
    index: qsearch.Index,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.INFO, logger="qsearch"), index.writer() as writer:
        writer.add(article("/c"))
    assert "generation 2" in caplog.text
    assert capfd.readouterr() == ("", "")
