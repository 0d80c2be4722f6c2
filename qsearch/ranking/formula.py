"""The arithmetic of the ranking, once, for every engine, the reference scorer and Whoosh.

Each function takes single numbers or NumPy arrays and does its operations in one fixed order in
float64, so that scores agree to the last bit whoever computes them. Kernels compile these very
functions.

BM25F (Zaragoza, Craswell, Taylor, Saria, Robertson: "Microsoft Cambridge at TREC-13", 2004) over
the three ranked fields as one combined field, times (1 + bonuses)::

    tf(t, d)    = sum over fields f of  weight_f * tf_f / (1 - b_f + b_f * length_f / average_f)
    idf(t)      = ln(1 + (N - df + 0.5) / (df + 0.5))
    BM25F(d)    = sum over term groups t of  boost_t * idf(t) * tf(t, d) / (k1 + tf(t, d))
    score(d)    = BM25F(d) * (1 + sum over signals s of  maximum_s * share_s(d))

The tf of a group of terms is the sum of its members' tf, each times its factor; its df is the
number of articles that hold any of them.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from qsearch.arrays import Array

Number = TypeVar("Number", float, Array)

FORM_FLOOR = 0.1
"""Added to each idf where typed forms are weighed, so that the form of no word counts nothing."""

SLACK = 2e-8
"""What two scores that are equal in 9 digits can differ by, relatively, and more."""


def inverse_document_frequency(count: int, frequency: int) -> float:
    """Return the idf of a term, > 0.

    Arguments:
        count: the number of live articles.
        frequency: in how many of them the term stands.
    """
    return float(np.log(1.0 + (count - frequency + 0.5) / (frequency + 0.5)))


def length_norm(length: Number, average: float, b: float) -> Number:
    """Return what a frequency in a field is multiplied by.

    Arguments:
        length: of the field in words, >= 1.
        average: the mean length of the field, > 0.
        b: how far the length counts, 0 to 1.
    """
    return 1.0 / (1.0 - b + b * length / average)


def field_frequency(weight: float, frequency: Number, norm: Number) -> Number:
    """Return what the occurrences of a term in one field add to its tf."""
    return weight * frequency * norm


def saturated(tf: Number, k1: float) -> Number:
    """Return the share of a term's weight that its tf earns, 0 to 1: what its impact is."""
    return tf / (k1 + tf)


def term_score(weight: float, impact: Number) -> Number:
    """Return what a term adds to BM25F.

    Arguments:
        weight: its boost times its idf.
        impact: see ``saturated``.
    """
    return weight * impact


def form_weight(boost: float, idf: float) -> float:
    """Return how much the typed form of a term counts among those of the query."""
    return boost * (idf + FORM_FLOOR)


def bonus(maximum: float, share: Number) -> Number:
    """Return what a signal adds to the factor of the score, which begins at 1."""
    return maximum * share


def rounded(score: float) -> float:
    """Return a score with 9 significant digits: what ranks are compared by."""
    return float(f"{score:.9g}")
