"""A check finds what is wrong, and nothing in a sound index."""

from __future__ import annotations

import dataclasses
import shutil
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qsearch
from qsearch import Article
from qsearch.arrays import Array
from qsearch.index.manifest import Manifest, load, open_columns, publish
from qsearch.index.segment import Segment
from qsearch.storage import FolderStorage, Mapped, MemoryStorage
from qsearch.upkeep import postings
from qsearch.upkeep.check import CheckReport, check
from qsearch.upkeep.segment_checks import inspect_segment
from tests.falsified import backwards, half, largest, zeros
from tests.helpers import article, articles, temporary_index
from tests.index.test_forged import forge


def look(folder: Path) -> CheckReport:
    return check(FolderStorage(folder))


def problems(folder: Path) -> list[str]:
    """What is wrong with the newest generation."""
    return [damage.problem for damage in look(folder).generations[0].damages]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one segment that has everything: copies, rare and frequent words, many forms."""
    folder = tmp_path_factory.mktemp("check") / "index"
    with qsearch.create(folder) as index, index.writer() as writer:
        for number in range(40):
            writer.add(
                article(
                    f"/{number}",
                    f"neuron {['release', 'released', 'releases', 'releasing'][number % 4]}",
                    question="what is it" if number % 2 else "",
                    answer="ion channel " * (number % 9) + "the " * 300 * (number % 2),
                    keywords=["ion release", f"k{number}"],
                    id=str(number % 6) if number % 5 else None,
                    subject=[["Physics", "Art"], "physics", ""][number % 3],
                    date="2024-01-02" if number % 2 else None,
                    path=f"/docs/{number}.md",
                    line=1,
                )
            )
    return folder


# -- sound indexes


@settings(max_examples=40)
@given(st.lists(articles(), min_size=1, max_size=4))
def test_nothing_is_wrong_with_a_sound_index(batches: Sequence[Sequence[Article]]) -> None:
    with temporary_index(*batches) as index:
        with index.writer() as writer:
            for url in "abc":
                writer.delete(f"/{url}")
        report = look(index.path)
        assert report.whole, report
        assert report.generations[0].articles == len(index)
        assert report.unused == ()


def test_nor_after_many_merges_and_with_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "_PORTION", 7)
    index = qsearch.create(tmp_path / "index")
    for batch in range(20):
        with index.writer(memory=25_000 if batch % 3 else 1) as writer:
            for number in range(batch % 7 + 1):
                writer.add(article(f"/{batch % 4}-{number}", f"neurons {'release ' * number}"))
            writer.delete(f"/{batch % 3}-0")
        report = look(index.path)
        assert report.whole, report
        assert report.generations[0].articles == len(index)


def test_a_sound_index_of_everything(sound: Path) -> None:
    assert look(sound).whole


def test_files_that_nothing_needs_are_no_damage(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "i")
    left = ["manifest-00000009.json.new", "segment-00000009-0123456789abcdef.qs"]
    for name in left:
        (tmp_path / "i" / name).write_bytes(b"half a file")
    (tmp_path / "i" / "notes.txt").write_text("not ours")
    report = look(tmp_path / "i")
    assert report.whole
    assert list(report.unused) == left


def test_an_index_that_is_being_written_is_sound(sound: Path, tmp_path: Path) -> None:
    """Files may go and come between two steps of a check."""
    shutil.copytree(sound, tmp_path / "i")
    index = qsearch.open(tmp_path / "i")

    class Busy(FolderStorage):
        commits = 0

        def map(self, name: str) -> Mapped:
            if self.commits < 3:
                self.commits += 1
                with index.writer() as writer:
                    writer.add(article(f"/new-{self.commits}"))
            return super().map(name)

    report = check(Busy(tmp_path / "i"))
    assert report.whole, report
    assert report.generations[0].articles == len(index)


def test_a_writer_that_commits_all_the_time_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of a generation went while another was looked at, every time, and were called lost."""
    index = qsearch.create(tmp_path / "i")

    def commit_twice() -> None:
        for _ in range(2):
            with index.writer() as writer:
                writer.add(article("/a"))

    def slowly(segment: Segment) -> list[str]:
        commit_twice()
        return list(inspect_segment(segment))

    commit_twice()
    monkeypatch.setattr("qsearch.upkeep.check.inspect_segment", slowly)
    report = check(FolderStorage(tmp_path / "i"))
    assert report.whole, report
    assert [generation.articles for generation in report.generations] == [1, 1]


# -- damage


def test_every_flipped_bit_is_found(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "i")
    with qsearch.open(tmp_path / "i") as index, index.writer() as writer:
        writer.delete("/3")
    for path in sorted((tmp_path / "i").glob("*-*")):
        content = path.read_bytes()
        for at in range(0, len(content), max(1, len(content) // 50)):
            damaged = bytearray(content)
            damaged[at] ^= 1 << (at % 8)
            path.write_bytes(damaged)
            try:
                report = look(tmp_path / "i")
            except (qsearch.IndexTooNew, qsearch.IndexTooOld):
                continue
            # Bytes between two columns, or in the text of a manifest, may mean nothing.
            if report.whole:
                assert list(qsearch.open(tmp_path / "i")) == list(index), (path.name, at)
            else:
                paths = {damage.path for g in report.generations for damage in g.damages}
                assert paths == {str(path)}, (path.name, at)
        path.write_bytes(content)
    assert look(tmp_path / "i").whole


@pytest.mark.parametrize("name", ["segment", "deleted", "manifest", "previous"])
@pytest.mark.parametrize("damage", ["missing", "longer", "shorter", "empty"])
def test_whole_files(name: str, damage: str, sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "i")
    with qsearch.open(tmp_path / "i") as index, index.writer() as writer:
        writer.delete("/3")
    (path,) = (tmp_path / "i").glob(f"{name}-*")
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"longer": content + b"x", "shorter": content[:-1], "empty": b""}[damage])
    report = look(tmp_path / "i")
    if (name, damage) == ("previous", "missing"):
        assert report.whole  # it may never have been there
        return
    newest, *others = report.generations
    assert newest.whole == (name == "previous")
    assert [other.whole for other in others] == [name in ("deleted", "manifest")]
    if (name, damage) != ("manifest", "missing"):
        assert {d.path for d in (*newest.damages, *others[0].damages)} == {str(path)}


def test_no_index() -> None:
    with pytest.raises(qsearch.IndexNotFound):
        check(MemoryStorage())


# -- segments whose checksums are right


def one_off(column: Array) -> Array:
    changed = column.copy()
    changed[column.size // 2] ^= 1
    return changed


def far_off(column: Array) -> Array:
    changed = column.copy()
    changed[column.size // 2] ^= 64
    return changed


def swapped(column: Array) -> Array:
    changed = column.copy()
    changed[[0, -1]] = changed[[-1, 0]]
    return changed


# Lies that are told nowhere else: where an article came from, its date, subject and description,
# which articles a keyword is in, and where words stand. Only reading and analysing all articles
# again could tell; no damage gets there, since the checksums would not be right.
NOT_CHECKED = set(
    """line origin siblings digest date subject.of subject.bytes subject.more_doc subject.more_of
    stored.bytes phrase.key phrase.docs
    docs parts""".split()
)


def columns_of(folder: Path) -> dict[str, Array]:
    storage = FolderStorage(folder)
    (entry,) = load(storage).segments
    file = open_columns(storage, entry.file)
    return {name: file.column(name) for name in file._directory}


@pytest.mark.parametrize(
    "change", [half, zeros, largest, backwards, one_off, far_off, swapped, None]
)
def test_a_wrong_column_is_found(
    change: Callable[[Array], Array] | None, sound: Path, tmp_path: Path
) -> None:
    missed = []
    for name, column in columns_of(sound).items():
        if not column.size or (change and np.array_equal(change(column), column)):
            continue
        folder = forge(sound, tmp_path / name, {name: change})
        if not problems(folder):
            missed.append(name)
    # A word that is one place off is still in its field.
    unseen = NOT_CHECKED | {"places"} if change is one_off else NOT_CHECKED
    assert {name for name in missed if not name.startswith("path.")} <= unseen


def test_an_article_that_is_there_twice(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "i")
    storage = FolderStorage(tmp_path / "i")
    manifest = load(storage)
    twice = manifest.segments * 2
    publish(storage, Manifest(2, manifest.analyzer, manifest.ranking, twice))
    assert problems(tmp_path / "i") == ["an article is live in two segments"]


@pytest.mark.parametrize("count", [2**31, 2**64, -1])
def test_a_segment_of_more_articles_than_memory_holds(count: int, tmp_path: Path) -> None:
    """As many as a forged manifest says were made room for before anything was looked at."""
    with qsearch.create(tmp_path / "i") as index, index.writer() as writer:
        writer.add(article("/a"))
    storage = FolderStorage(tmp_path / "i")
    manifest = load(storage)
    (entry,) = manifest.segments
    entry = dataclasses.replace(entry, articles=count)
    publish(storage, dataclasses.replace(manifest, generation=2, segments=(entry,)))
    tracemalloc.start()
    report = check(storage)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not report.generations[0].whole
    assert peak < 2**28
