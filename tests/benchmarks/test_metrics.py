from __future__ import annotations

import doctest
from math import log2

import pytest

from benchmarks import metrics


def test_the_examples_in_the_docstrings_hold() -> None:
    failed, tried = doctest.testmod(metrics)
    assert (failed, tried) == (0, 6)


def test_dcg_discounts_each_grade_by_the_logarithm_of_its_rank() -> None:
    assert metrics.dcg([3, 2, 3, 0, 1, 2]) == pytest.approx(
        3 / log2(2) + 2 / log2(3) + 3 / log2(4) + 1 / log2(6) + 2 / log2(7)
    )
    assert metrics.dcg([]) == 0


def test_the_gain_is_linear_in_the_grade() -> None:
    assert metrics.dcg([4]) == 2 * metrics.dcg([2])


def test_ndcg_is_a_share_of_the_best_ranking_of_all_that_was_judged() -> None:
    # Found: grades 1 and 3 on the first two ranks; judged: 3, 2 and 1.
    best = 3 + 2 / log2(3) + 1 / log2(4)
    assert metrics.ndcg([1, 3], [3, 2, 1, 0]) == pytest.approx((1 + 3 / log2(3)) / best)


def test_ndcg_looks_no_deeper_than_asked_on_both_sides() -> None:
    assert metrics.ndcg([0] * 10 + [1], [1]) == 0
    # Twelve relevant ones: ten of them in front is all that ten results can be.
    assert metrics.ndcg([1] * 10, [1] * 12) == 1
    assert metrics.ndcg([0, 1], [1], depth=1) == 0


def test_average_precision_counts_relevant_ones_that_were_not_found() -> None:
    # Relevant at ranks 2, 3 and 6 of four: (1/2 + 2/3 + 3/6) / 4.
    found = [0, 1, 2, 0, 0, 1]
    assert metrics.average_precision(found, [1, 2, 1, 1, 0]) == pytest.approx(
        (1 / 2 + 2 / 3 + 3 / 6) / 4
    )


def test_recall_is_the_share_found_among_the_first() -> None:
    assert metrics.recall([1, 0, 1, 1], [1, 1, 1, 1, 0], depth=3) == 0.5
    assert metrics.recall([0] * 100 + [1], [1]) == 0


def test_reciprocal_rank_is_of_the_first_relevant_one() -> None:
    assert metrics.reciprocal_rank([0, 2, 1]) == 0.5
    assert metrics.reciprocal_rank([0, 0]) == 0


def test_without_anything_relevant_every_measure_is_0() -> None:
    assert metrics.ndcg([0], [0]) == 0
    assert metrics.average_precision([0], [0]) == 0
    assert metrics.recall([0], [0]) == 0
    assert metrics.reciprocal_rank([]) == 0
