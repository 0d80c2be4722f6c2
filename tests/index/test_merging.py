"""Segments are merged so that they stay few; nobody can tell from the answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch.index.merge import SMALLEST, WIDTH, choose_merge
from tests.conftest import MakeIndex
from tests.helpers import article, ranked

SIZES = st.lists(
    st.integers(0, 5_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    max_size=40,
)


def merged(sizes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sizes after all merges, as the writer applies them."""
    for _ in range(1_000):
        chosen = choose_merge(sizes)
        if not chosen:
            return sizes
        live = sum(sizes[index][0] for index in chosen)
        sizes = [size for index, size in enumerate(sizes) if index not in chosen]
        if live:
            sizes.append((live, live))
    raise AssertionError("merging does not end")


@given(SIZES)
def test_merging_ends_and_loses_nothing(sizes: list[tuple[int, int]]) -> None:
    after = merged(sizes)
    assert sum(live for live, _ in after) == sum(live for live, _ in sizes)
    assert choose_merge(after) == []


@given(SIZES)
def test_few_segments_stay_and_at_most_half_of_each_is_deleted(
    sizes: list[tuple[int, int]],
) -> None:
    after = merged(sizes)
    assert all(2 * live >= total and live for live, total in after)
    largest = max((live for live, _ in after), default=1)
    levels = math.log(max(largest, SMALLEST), WIDTH) - math.log(SMALLEST, WIDTH) + 1
    assert len(after) <= (WIDTH - 1) * (levels + 1)


def test_the_number_of_segments_is_logarithmic_in_the_number_of_commits() -> None:
    sizes: list[tuple[int, int]] = []
    for count in range(1, 3_000):
        sizes = merged([*sizes, (1, 1)])
        assert len(sizes) <= (WIDTH - 1) * (1 + math.log(max(count, SMALLEST), WIDTH))


@pytest.mark.parametrize(
    "sizes", [[], [(1, 1)], [(5, 10)], [(1, 1)] * (WIDTH - 1), [(9_000, 9_000)]]
)
def test_nothing_to_merge(sizes: list[tuple[int, int]]) -> None:
    assert choose_merge(sizes) == []


def test_a_segment_with_more_dead_than_live_articles_is_rewritten_alone() -> None:
    assert choose_merge([(10, 10), (4, 10), (3, 10)]) == [1]
    assert choose_merge([(10, 10), (0, 10)]) == [1]


def test_segments_of_one_size_are_merged_small_ones_first() -> None:
    large, small = [(100_000, 100_000)] * WIDTH, [(100, 100)] * WIDTH
    assert choose_merge(large + small) == list(range(WIDTH, 2 * WIDTH))


def test_many_small_commits_leave_few_segments_and_one_ranking(make_index: MakeIndex) -> None:
    collection = [
        article(
            f"/{number}",
            ["release", "released", "releases", "releasing"][number % 4],
            answer=f"ion {number} " * (number % 7 + 1),
            keywords=[f"key {number % 3}", "ion release"],
            id=str(number % 6),
            question="same",
        )
        for number in range(24)
    ]
    together = make_index(collection)
    apart = make_index(*([one] for one in collection))
    assert apart.stats()["segments"] < WIDTH  # type: ignore[operator]
    for query in ("release", "released ion", '"ion release"', "ion -3", "key 2", "+same 7"):
        assert ranked(apart, query) == ranked(together, query)
    assert [a.key for a in apart.by_id("3")] == [a.key for a in together.by_id("3")]


def test_what_was_deleted_vanishes_with_a_merge(make_index: MakeIndex) -> None:
    index = make_index([article(f"/{number}", f"word{number}") for number in range(10)])
    for number in range(6):
        with index.writer() as writer:
            writer.delete(f"/{number}")
    stats = index.stats()
    assert (stats["articles"], stats["deleted"], stats["segments"]) == (4, 0, 1)
    assert stats["terms"] == 4
    assert not list(index.path.glob("deleted-00000007-*"))
    with index.writer() as writer:
        for number in range(6, 10):
            writer.delete(f"/{number}")
    assert index.stats()["segments"] == 0


def test_sources_come_through_a_merge(make_index: MakeIndex) -> None:
    batches = [
        [article(f"/{number}", path=f"/files/{number}.jsonl", line=number + 1)]
        for number in range(WIDTH + 1)
    ]
    index = make_index(*batches)
    assert index.stats()["segments"] < len(batches)  # type: ignore[operator]
    for number in range(len(batches)):
        found = index.get(f"/{number}")
        assert found
        assert (found.path, found.line) == (f"/files/{number}.jsonl", number + 1)
