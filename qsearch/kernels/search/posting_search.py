"""Where a document stands in the posting list of a term: binary search and galloping."""

from __future__ import annotations

from numba import njit


@njit(nogil=True, error_model="numpy")
def seek(docs, at, stop, doc):
    """Return the first of the postings ``at`` to ``stop`` whose document is not before ``doc``.

    The search halves without a branch on what it finds: the processor would guess it wrong every
    second time, which costs more than the step.
    """
    size = stop - at
    while size > 1:
        half = size >> 1
        at += half * (docs[at + half - 1] < doc)
        size -= half
    if size == 1:
        at += docs[at] < doc
    return at


@njit(nogil=True, error_model="numpy")
def seek_all(docs, start, stop, wanted, at):
    """Do the same as ``seek`` for several documents: all halve at once, so that no search waits
    for the memory of another.

    Arguments:
        start, stop: at least one posting.
        wanted: the documents.
        at: receives where each stands.
    """
    count = wanted.size
    for index in range(count):
        at[index] = start
    size = stop - start
    while size > 1:
        half = size >> 1
        for index in range(count):
            at[index] += half * (docs[at[index] + half - 1] < wanted[index])
        size -= half
    for index in range(count):
        at[index] += docs[at[index]] < wanted[index]


@njit(nogil=True, error_model="numpy")
def gallop(docs, at, stop, doc):
    """Return the same as ``seek``, sooner where the posting is not far from ``at``."""
    step = 1
    while at + step < stop and docs[at + step] < doc:
        at += step
        step <<= 1
    return seek(docs, at, min(at + step + 1, stop), doc)
