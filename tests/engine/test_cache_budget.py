"""What searches keep in memory stays within a limit, whatever is asked, and changes no answer."""

from __future__ import annotations

import gc
import itertools
import threading
from collections.abc import Iterator

import pytest

import qsearch
from qsearch import Article, Limits
from qsearch.api import create_in
from qsearch.engine import postings_cache
from qsearch.engine.cache_budget import CacheBudget
from qsearch.engine.kernel_engine import KernelEngine
from qsearch.options import FieldName
from qsearch.storage import MemoryStorage
from tests.helpers import fill, reopened

LIMIT = 200_000
QUERIES = (
    *(f"word{number} common" for number in range(40)),
    *(f'"common word{number}"' for number in range(0, 40, 4)),
    *(f"+word{number} -word{number + 1}" for number in range(0, 40, 4)),
    "common rare",
)
FIELDS: tuple[list[FieldName] | None, ...] = (None, ["answer"], ["question", "keywords"])


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_cache, "_OFTEN", 0)


@pytest.fixture(scope="module")
def kept() -> qsearch.Index:
    articles = (
        Article(
            url=f"/{number}",
            title=f"word{number % 41} common",
            answer=" ".join(f"common word{other}" for other in range(number % 7, 41, 3)),
            keywords=(f"word{number % 13}",),
        )
        for number in range(400)
    )
    return fill(create_in(MemoryStorage(), engine="kernels"), articles)


@pytest.fixture
def indexes(kept: qsearch.Index) -> Iterator[tuple[qsearch.Index, qsearch.Index]]:
    """The same index twice: with hardly any memory, and with enough."""
    with (
        reopened(kept, limits=Limits(postings_bytes=LIMIT)) as small,
        reopened(kept) as large,
    ):
        yield small, large


def held(index: qsearch.Index) -> int:
    assert index._searcher
    engine = index._searcher.engine
    assert isinstance(engine, KernelEngine)
    return sum(path.held for path in engine._paths.values())


def answer(index: qsearch.Index, query: str, fields: list[FieldName] | None) -> object:
    results = index.search(query, fields=fields)
    return [(hit.url, hit.score) for hit in results], results.total


def test_what_is_kept_is_bounded_and_the_answers_are_the_same(
    indexes: tuple[qsearch.Index, qsearch.Index], kept: qsearch.Index
) -> None:
    small, large = indexes
    for query, fields in itertools.product(QUERIES, FIELDS):
        assert answer(small, query, fields) == answer(large, query, fields)
        with reopened(kept) as fresh:
            answer(fresh, query, fields)
            alone = held(fresh)
        assert 0 < held(small) <= LIMIT + alone
    assert held(large) > 2 * LIMIT


def test_a_filter_s_articles_count_too(
    indexes: tuple[qsearch.Index, qsearch.Index],
) -> None:
    _, index = indexes
    index.search("common", since="2020-01-01")
    before = held(index)
    for day in range(1, 29):
        list(index.search("common", since=f"2020-02-{day:02}"))
    assert held(index) >= before + 28 * len(index)


def test_queries_that_are_under_way_keep_what_they_have(
    indexes: tuple[qsearch.Index, qsearch.Index],
) -> None:
    small, large = indexes
    asked = list(itertools.product(QUERIES, FIELDS))
    expected = [answer(large, *query) for query in asked]
    wrong: list[object] = []

    def ask(first: int) -> None:
        for number in range(len(asked)):
            which = (7 * number + first) % len(asked)
            if answer(small, *asked[which]) != expected[which]:
                wrong.append(asked[which])

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(0, 160, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


class Kept:
    """A holder of so many bytes."""

    def __init__(self, held: int) -> None:
        self.held = held

    def forget(self) -> None:
        self.held = 0


def test_all_let_go_when_together_they_hold_too_much() -> None:
    memory = CacheBudget(10)
    one, other = Kept(6), Kept(4)
    memory.join(one)
    memory.join(other)
    memory.grown()
    memory.clear()
    assert (memory.exceeded, one.held, other.held) == (False, 6, 4)
    other.held = 5
    memory.grown()
    assert memory.exceeded
    memory.clear()
    assert (memory.exceeded, one.held, other.held) == (False, 0, 0)


def test_who_is_gone_holds_nothing() -> None:
    memory = CacheBudget(10)
    one, other = Kept(6), Kept(6)
    memory.join(one)
    memory.join(other)
    del other
    gc.collect()
    memory.grown()
    assert not memory.exceeded
