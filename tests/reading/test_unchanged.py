"""The format that the project started with is read to the byte as it was first read.

The digests were taken from the reader that knew this format only. They change with an article's
values, never with how it is read.
"""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

import pytest

import qsearch

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpora" / "quicktakes-articles.tar.xz"


def digest(folder: Path) -> tuple[int, str]:
    """How many articles a folder gives, and what tells all their values from others."""
    total = hashlib.sha256()
    count = 0
    for one in qsearch.read_articles(folder, workers=2):
        links = [(link.url, link.id, link.title, link.subject) for link in one.related]
        texts = (one.title, one.question, one.answer, one.keywords, one.subject, one.description)
        sides = (one.date and one.date.isoformat(), one.rating, links, one.no_index)
        place = (Path(one.path or "").relative_to(folder).as_posix(), one.line)
        total.update(repr((one.url, one.id, texts, sides, place)).encode())
        count += 1
    return count, total.hexdigest()


def test_the_sample_collection_is_read_as_ever() -> None:
    assert digest(ROOT / "data" / "articles") == (
        150,
        "053e779c94e3d2a4d8254600fbc345cdb9f8b1da256a80c42c7af13fb0558546",
    )


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpora of ../shared are not there")
def test_the_collection_of_the_format_is_read_as_ever(tmp_path: Path) -> None:
    with tarfile.open(CORPUS) as archive:
        archive.extractall(tmp_path, filter="data")
    assert digest(tmp_path / "quicktakes") == (
        23_901,
        "52316a3dbce1d21f6acd2032f8b61bf76741b27f5513688030c7a8e1519f7b2c",
    )
