"""Segments are merged so that they stay few; nobody can tell from the answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch.index.merge import MEMORY_A_BYTE, SMALLEST, WIDTH, Size, choose_merge
from tests.conftest import MakeIndex
from tests.helpers import article, ranked

SIZES = st.lists(
    st.integers(0, 5_000).flatmap(
        lambda total: st.builds(Size, st.integers(0, total), st.just(total), st.just(9 * total))
    ),
    max_size=40,
)


def whole(articles: int) -> Size:
    """The size of a segment without deletions."""
    return Size(articles, articles, 9 * articles)


def merged(sizes: list[Size], memory: float = math.inf) -> list[Size]:
    """The sizes after all merges, as the writer applies them."""
    for _ in range(1_000):
        chosen = choose_merge(sizes, memory)
        if not chosen:
            return sizes
        if len(chosen) > 1:
            assert MEMORY_A_BYTE * sum(sizes[index].bytes for index in chosen) <= memory
        live = sum(sizes[index].live for index in chosen)
        sizes = [size for index, size in enumerate(sizes) if index not in chosen]
        if live:
            sizes.append(whole(live))
    raise AssertionError("merging does not end")


@given(SIZES)
def test_merging_ends_and_loses_nothing(sizes: list[Size]) -> None:
    after = merged(sizes)
    assert sum(size.live for size in after) == sum(size.live for size in sizes)
    assert choose_merge(after) == []


@given(SIZES)
def test_few_segments_stay_and_at_most_half_of_each_is_deleted(
    sizes: list[Size],
) -> None:
    after = merged(sizes)
    assert all(2 * size.live >= size.total and size.live for size in after)
    largest = max((size.live for size in after), default=1)
    levels = math.log(max(largest, SMALLEST), WIDTH) - math.log(SMALLEST, WIDTH) + 1
    assert len(after) <= (WIDTH - 1) * (levels + 1)


def test_the_number_of_segments_is_logarithmic_in_the_number_of_commits() -> None:
    sizes: list[Size] = []
    for count in range(1, 3_000):
        sizes = merged([*sizes, whole(1)])
        assert len(sizes) <= (WIDTH - 1) * (1 + math.log(max(count, SMALLEST), WIDTH))


@given(SIZES, st.integers(0, 1_000_000))
def test_merging_keeps_within_its_memory_and_leaves_apart_only_what_needs_more(
    sizes: list[Size], memory: int
) -> None:
    after = sorted(merged(sizes, memory), key=lambda size: size.bytes)
    assert sum(size.live for size in after) == sum(size.live for size in sizes)
    levels: dict[int, list[Size]] = {}
    for size in after:
        levels.setdefault(int(math.log(max(size.live, SMALLEST), WIDTH)), []).append(size)
    for alike in levels.values():
        pair = sum(size.bytes for size in alike[:2])
        assert len(alike) < WIDTH or MEMORY_A_BYTE * pair > memory


@pytest.mark.parametrize(
    "sizes", [[], [whole(1)], [Size(5, 10, 90)], [whole(1)] * (WIDTH - 1), [whole(9_000)]]
)
def test_nothing_to_merge(sizes: list[Size]) -> None:
    assert choose_merge(sizes) == []


def test_a_segment_with_more_dead_than_live_articles_is_rewritten_alone() -> None:
    assert choose_merge([whole(10), Size(4, 10, 90), Size(3, 10, 90)]) == [1]
    assert choose_merge([whole(10), Size(0, 10, 90)], memory=1) == [1]


def test_segments_of_one_size_are_merged_small_ones_first() -> None:
    large, small = [whole(100_000)] * WIDTH, [whole(100)] * WIDTH
    assert choose_merge(large + small) == list(range(WIDTH, 2 * WIDTH))


def test_a_writer_with_little_memory_leaves_segments_apart(make_index: MakeIndex) -> None:
    index = make_index(*([article(f"/{number}")] for number in range(WIDTH - 1)))
    with index.writer(memory=1) as writer:
        writer.add(article("/last"))
    assert index.stats()["segments"] == WIDTH
    with index.writer() as writer:
        writer.add(article("/one more"))
    assert index.stats()["segments"] == 1


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
    assert apart.stats()["segments"] < WIDTH
    for query in ("release", "released ion", '"ion release"', "ion -3", "key 2", "+same 7"):
        assert ranked(apart, query) == ranked(together, query)
    assert [a.url for a in apart.by_id("3")] == [a.url for a in together.by_id("3")]


def test_what_was_deleted_vanishes_with_a_merge(make_index: MakeIndex) -> None:
    index = make_index([article(f"/{number}", f"word{number}") for number in range(10)])
    for number in range(6):
        with index.writer() as writer:
            writer.delete(f"/{number}")
    stats = index.stats()
    assert (stats["articles"], stats["deleted"], stats["segments"]) == (4, 0, 1)
    assert stats["terms"] == 4
    assert not [n for n in index._storage.names() if n.startswith("deleted-00000007-")]
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
    assert index.stats()["segments"] < len(batches)
    for number in range(len(batches)):
        found = index.get(f"/{number}")
        assert found
        assert (found.path, found.line) == (f"/files/{number}.jsonl", number + 1)
