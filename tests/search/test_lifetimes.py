"""What was replaced is let go of: by its last reader, not by the garbage collector."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator

import pytest

import qsearch
from qsearch.api import create_in
from qsearch.engine.scratch import Scratch, ScratchPool
from qsearch.index.snapshot import Snapshot
from qsearch.kernels import runtime
from qsearch.storage import MemoryStorage
from tests.helpers import article

ARTICLES = [
    article("/1", "red fox", id="1", answer="The red fox jumps over it.", subject="Animals"),
    article("/2", "red fox", id="1", answer="The red fox jumps over it.", subject="Nature"),
    article("/3", "blue whale", answer="A whale is blue.", subject="Animals", date="2024-01-02"),
]


def ask_everything(results: qsearch.Results) -> None:
    results.to_dict()
    assert repr(results)
    assert results._repr_html_()
    for hit in results:
        assert hit.title
        assert hit.article
        assert hit.urls


def ask_many(index: qsearch.Index) -> None:
    for results in index.search_many(["fox", "blue"] * 40):
        ask_everything(results)


def whoosh(index: qsearch.Index) -> None:
    from whoosh.query import Term

    with index.whoosh.searcher() as searcher:
        results = searcher.search(Term("answer", "fox"))
        assert [hit["url"] for hit in results]
        assert list(results[0].more_like_this("answer")) == []


QUESTIONS: dict[str, Callable[[qsearch.Index], object]] = {
    "words": lambda index: ask_everything(index.search("red fox")),
    "a phrase": lambda index: ask_everything(index.search('"red fox" -zebra')),
    "a filter": lambda index: ask_everything(
        index.search("fox", subject="nature", facets="unfiltered")
    ),
    "a new order": lambda index: ask_everything(index.search("red OR blue", sort="newest")),
    "all": lambda index: ask_everything(index.search("*", limit=None)),
    "nothing": lambda index: ask_everything(index.search("zebrra")),
    "fields": lambda index: ask_everything(index.search("fox", fields="answer", keyword_boost=2)),
    "many": ask_many,
    "articles": lambda index: (list(index), index.get("/1"), index.by_id("1"), "/1" in index),
    "figures": lambda index: (index.stats(), index.subjects, len(index)),
    "whoosh": whoosh,
}


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("has_kernels", [True, False], ids=["kernels", "numpy"])
@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.usefixtures("no_collector")
def test_a_replaced_snapshot_goes_without_the_garbage_collector(
    name: str, has_kernels: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert runtime.wait()
    monkeypatch.setattr(runtime, "ready", lambda: has_kernels)
    index = create_in(MemoryStorage())
    with index.writer() as writer:
        writer.add_many(ARTICLES)
    QUESTIONS[name](index)  # what a first use imports may leave cycles of its own
    gc.collect()
    before = weakref.ref(index._current())
    QUESTIONS[name](index)
    with index.writer() as writer:
        writer.add(article("/new"))
    assert before() is None
    assert len(index) == 4


@pytest.mark.usefixtures("no_collector")
def test_results_keep_the_snapshot_that_they_show() -> None:
    index = create_in(MemoryStorage())
    with index.writer() as writer:
        writer.add_many(ARTICLES)
    results = index.search("fox")
    hit = results[0]
    before = weakref.ref(index._current())
    with index.writer() as writer:
        writer.delete("/1")
        writer.delete("/2")
    assert before() is not None
    assert hit.article.title == "red fox"
    assert results.total == 1
    del results
    assert hit.urls == ["/1", "/2"]
    del hit
    assert before() is None
    assert not index.search("fox")


@pytest.mark.usefixtures("no_collector")
def test_many_refreshes_keep_one_snapshot_alive() -> None:
    storage = MemoryStorage()
    mine, others = create_in(storage), qsearch.Index(storage, qsearch.Limits())
    alive: weakref.WeakSet[Snapshot] = weakref.WeakSet()
    for number in range(20):
        with others.writer() as writer:
            writer.add(article(f"/{number}", "red fox"))
        assert mine.refresh()
        alive.add(mine._current())
        ask_everything(mine.search("red fox"))
    assert len(alive) == 1


# -- working space


def test_working_space_comes_back() -> None:
    pool = ScratchPool(most=2)
    with pool.lend(10, 20) as first, pool.lend(10, 20) as second:
        assert first is not second
    with pool.lend(10, 20) as again:
        assert again in (first, second)


def test_working_space_is_as_many_pieces_as_processors_whatever_threads_there_are() -> None:
    pool = ScratchPool(most=2)
    lent: list[Scratch] = []
    most = 0
    lock = threading.Lock()
    everybody = threading.Barrier(16)
    seen = set()

    def use() -> None:
        nonlocal most
        everybody.wait()
        for _ in range(50):
            with pool.lend(10, 20) as scratch:
                with lock:
                    assert scratch not in lent
                    lent.append(scratch)
                    seen.add(id(scratch))
                    most = max(most, len(lent))
                with lock:
                    lent.remove(scratch)

    threads = [threading.Thread(target=use) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 2
    assert len(seen) <= 2


def test_working_space_grows_with_an_index_and_shrinks_after_a_far_larger_one() -> None:
    pool = ScratchPool(most=1)
    with pool.lend(1_000_000, 1_000_000) as large:
        assert large.hit.size >= 1_000_000
    with pool.lend(1_100_000, 1_100_000) as grown:
        assert grown is large
    with pool.lend(10, 20) as small:
        assert small is not large


def test_working_space_that_an_error_left_half_written_is_not_lent_again() -> None:
    pool = ScratchPool(most=1)
    with pytest.raises(KeyboardInterrupt), pool.lend(10, 20) as broken:
        raise KeyboardInterrupt
    with pool.lend(10, 20) as scratch:
        assert scratch is not broken


def test_a_size_that_no_memory_has_leaves_the_pool_as_it_was() -> None:
    pool = ScratchPool(most=1)
    with pytest.raises((MemoryError, ValueError)), pool.lend(1 << 60, 1 << 60):
        pass
    with pool.lend(10, 20) as scratch:
        assert scratch.fits(10, 20)
