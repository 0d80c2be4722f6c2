"""Measures of a ranking against graded judgments, as trec_eval computes them.

A ranking is given as the grades of its results, best first: 0 for what is not relevant or was not
judged. ``judged`` holds the grades of all that was judged, found or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2


def dcg(grades: Sequence[float]) -> float:
    """Return the discounted cumulative gain, the gain being the grade itself.

    >>> round(dcg([3, 2, 0, 1]), 6)  # 3/1 + 2/log2(3) + 1/log2(5)
    4.692536
    """
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(grades: Sequence[float], judged: Sequence[float], depth: int = 10) -> float:
    """Return the gain of the first results as a share of the best that could be had.

    >>> ndcg([3, 2, 1], [1, 2, 3, 0])
    1.0
    >>> round(ndcg([0, 1], [1]), 6)
    0.63093
    """
    best = dcg(sorted(judged, reverse=True)[:depth])
    return dcg(grades[:depth]) / best if best else 0.0


def average_precision(grades: Sequence[float], judged: Sequence[float]) -> float:
    """Return the mean, over all relevant ones, of the precision where each is found.

    >>> average_precision([1, 0, 2], [1, 2, 1])  # (1/1 + 2/3) / 3
    0.5555555555555555
    """
    found, total = 0, 0.0
    for rank, grade in enumerate(grades, start=1):
        if grade > 0:
            found += 1
            total += found / rank
    relevant = sum(grade > 0 for grade in judged)
    return total / relevant if relevant else 0.0


def recall(grades: Sequence[float], judged: Sequence[float], depth: int = 100) -> float:
    """Return the share of the relevant ones that is among the first results.

    >>> recall([1, 0, 2], [1, 2, 1, 0], depth=2)
    0.3333333333333333
    """
    relevant = sum(grade > 0 for grade in judged)
    return sum(grade > 0 for grade in grades[:depth]) / relevant if relevant else 0.0


def reciprocal_rank(grades: Sequence[float]) -> float:
    """Return 1 over the rank of the first relevant result.

    >>> reciprocal_rank([0, 0, 1, 1])
    0.3333333333333333
    """
    ranks = (rank for rank, grade in enumerate(grades, start=1) if grade > 0)
    return next((1 / rank for rank in ranks), 0.0)
