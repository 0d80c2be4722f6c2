"""What is added takes the place of what has its url, in whichever segment that is."""

from __future__ import annotations

import numpy as np
import pytest

import qsearch
from tests.conftest import MakeIndex
from tests.helpers import article


@pytest.fixture
def index(make_index: MakeIndex) -> qsearch.Index:
    return make_index([article("/a", "first"), article("/b", "second")])


@pytest.mark.parametrize("looked_up", [0, 10**9], ids=["one by one", "all at once"])
@pytest.mark.parametrize("alike", [False, True], ids=["", "every url has the same checksum"])
def test_many_articles_replace_those_of_several_segments(
    looked_up: int, alike: bool, index: qsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qsearch.index.writer._LOOKED_UP", looked_up)
    if alike:
        monkeypatch.setattr(
            "qsearch.index.writer.checksums_of", lambda texts: np.zeros(len(texts), np.uint32)
        )
    expected = {one.url: one for one in index}
    for first, last in ((0, 40), (30, 60), (10, 50)):
        with index.writer(memory=20_000) as writer:
            new = [article(f"/{n}", f"from {first}") for n in range(first, last)]
            writer.add_many(new)
            expected.update({one.url: one for one in new})
            assert writer.delete(f"/{first}")
            assert not writer.delete(f"/{first}")
            del expected[f"/{first}"]
    assert {one.url: one for one in index} == expected


def test_an_article_that_is_replaced_and_then_deleted_is_gone(index: qsearch.Index) -> None:
    with index.writer() as writer:
        writer.add(article("/a"))
    with index.writer() as writer:
        writer.add(article("/a", "new"))
        assert writer.delete("/a")
        assert not writer.delete("/a")
    assert [(one.url, one.title) for one in index] == [("/b", "second")]
