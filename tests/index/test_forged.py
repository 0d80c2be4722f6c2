"""Segments whose checksums are right and whose numbers lead astray: nothing but our own error.

Only a program that means harm, or a wrong one, writes such files. What they say may be false; but
nobody follows their numbers out of an array, least of all compiled code.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import qsearch
from qsearch.arrays import Array
from qsearch.errors import IndexCorrupt
from qsearch.index.manifest import FileEntry, Manifest, SegmentEntry, load, open_columns, publish
from qsearch.kernels import runtime
from qsearch.storage import FolderStorage
from tests.falsified import backwards, empty, half, largest, zeros
from tests.helpers import article, pack

Change = Callable[[Array], Array]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = qsearch.create(tmp_path_factory.mktemp("forged") / "index")
    with index.writer() as writer:
        for number in range(20):
            writer.add(
                article(
                    f"/{number}",
                    f"neuron {['release', 'released', 'releases'][number % 3]} word{number}",
                    answer="ion channel " * (number % 5),
                    keywords=["ion release", f"k{number}"],
                    id=str(number % 4),
                    subject=["Physics", "Biology", "Art"][: 1 + number % 3],
                )
            )
    return index.path


def forge(honest: Path, folder: Path, changes: dict[str, Change | None]) -> Path:
    """An index with some columns of its segment changed or left out, under right checksums."""
    manifest = load(FolderStorage(honest))
    (entry,) = manifest.segments
    file = entry.file
    shutil.copytree(honest, folder)
    there = open_columns(FolderStorage(honest), file)
    columns = {name: there.column(name) for name in there._directory}
    for name, change in changes.items():
        if change is None:
            del columns[name]
        else:
            columns[name] = change(columns[name])
    content, seal = pack(columns)
    (folder / file.name).write_bytes(content)
    forged = SegmentEntry(FileEntry(file.name, len(content), seal), entry.articles, entry.deleted)
    (folder / f"manifest-{manifest.generation:08d}.json").unlink()
    publish(
        FolderStorage(folder),
        Manifest(manifest.generation, manifest.analyzer, manifest.ranking, (forged,)),
    )
    return folder


def use_everything(path: Path) -> None:
    """Ask for all that an index can tell, so that every column is read."""
    index = qsearch.open(path)
    list(index)
    index.get("/3")
    index.by_id("3")
    index.stats()
    assert index.subjects is not None
    assert index.search("neuron", subject="biology", sort="newest").total >= 0
    for query in ("neuron release", "released ion", '"ion channel"', "ion -word3", "neurn"):
        results = index.search(query)
        assert results.total >= 0
        assert results.facets is not None
        assert results.suggestion != ""
        for hit in results:
            assert hit.snippet is not None
            assert hit.urls
            assert hit.subjects is not None
    with index.writer() as writer:
        for number in range(15):  # enough to merge
            writer.delete(f"/{number}")


def test_the_forger_of_these_tests_makes_good_files(honest: Path, tmp_path: Path) -> None:
    use_everything(forge(honest, tmp_path / "i", {}))


@pytest.mark.parametrize("with_kernels", [False, True], ids=["plain", "compiled"])
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("url.starts", half),
        ("url.starts", backwards),
        ("docs", largest),
        ("docs", half),
        ("docs", zeros),
        ("places", half),
        ("places", largest),
        ("lengths", half),
        ("lengths", zeros),
        ("group", half),
        ("phrase.docs", half),
        ("details", half),
        ("term.docs", backwards),
        ("term.postings", backwards),
        ("term.postings", half),
        ("form.term", largest),
        ("stored.bytes", zeros),
        ("stored.starts", backwards),
        ("parts", backwards),
        ("parts", largest),
        ("subject.starts", empty),
        ("subject.starts", backwards),
        ("subject.of", largest),
        ("subject.more_doc", half),
        ("subject.more_doc", largest),
        ("subject.more_doc", backwards),
        ("subject.more_doc", None),
        ("subject.more_of", largest),
        ("subject.more_of", zeros),
        ("path.first", empty),
        ("form.starts", zeros),
        ("url.starts", largest),
        ("stored.first", backwards),
        ("stored.first", zeros),
        ("stored.bytes", backwards),
        ("path.bytes", zeros),
        ("details.rare", backwards),
        ("term.forms", largest),
        ("term.first_form", largest),
        ("term.places", backwards),
        ("phrase.docs", largest),
        ("phrase.key", backwards),
        ("capped.count", largest),
        ("form.rank", largest),
        ("url.order", largest),
        ("path.of", largest),
        ("date", largest),
        ("lengths", None),
        ("docs", None),
        ("stored.starts", None),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_numbers_that_lead_astray_give_an_answer_or_our_own_error(
    name: str,
    change: Change | None,
    honest: Path,
    tmp_path: Path,
    *,
    with_kernels: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if with_kernels:
        assert runtime.wait()
    else:
        monkeypatch.setattr(runtime, "ready", lambda: False)
    path = forge(honest, tmp_path / "i", {name: change})
    with contextlib.suppress(IndexCorrupt):
        use_everything(path)


def test_deletions_of_articles_that_are_not_there(honest: Path, tmp_path: Path) -> None:
    folder = forge(honest, tmp_path / "i", {})
    manifest = load(FolderStorage(folder))
    (entry,) = manifest.segments
    content, seal = pack({"deleted": np.array([5, 20], dtype="<u4")})
    name = "deleted-00000002-0123456789abcdef.qs"
    (folder / name).write_bytes(content)
    deleted = SegmentEntry(entry.file, entry.articles, FileEntry(name, len(content), seal))
    publish(FolderStorage(folder), Manifest(2, manifest.analyzer, manifest.ranking, (deleted,)))
    with pytest.raises(IndexCorrupt, match="not there") as caught:
        qsearch.open(folder)
    assert caught.value.path == str(folder / name)
