"""One row of ``growth``: ``python -m benchmarks.growth_of_one JSON`` in a process of its own."""

from __future__ import annotations

import json
import resource
import sys
from time import perf_counter_ns
from typing import Any

import qsearch
from benchmarks.queries import draw
from benchmarks.synthetic import CHUNK, SyntheticCorpus
from benchmarks.timing import Latency, interleaved, settle
from qsearch.kernels import runtime
from qsearch.limits import MEMORY

_WARM_UP = 20


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB (10^6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def measure(asked: dict[str, Any]) -> dict[str, object]:
    """Index a synthetic collection and ask it questions; return the figures."""
    corpus = SyntheticCorpus(asked["articles"], seed=asked["seed"], words=asked["words"])
    drawn = draw(corpus.chunk(0), asked["queries"] + _WARM_UP, seed=asked["seed"])["question"]
    runtime.wait()
    # A few articles first: what loads with the first of them belongs to no collection.
    with qsearch.create(asked["index"] + "-warm-up") as warm, warm.writer() as writer:
        writer.add_many(corpus.chunk(0)[:50])
    before = peak_mb()
    index = qsearch.create(asked["index"])
    nanoseconds = 0
    budget = asked["memory"] or MEMORY
    with index.writer(memory=budget) as writer:
        for number in range(-(-len(corpus) // CHUNK)):
            articles = corpus.chunk(number)
            started = perf_counter_ns()
            writer.add_many(articles)
            nanoseconds += perf_counter_ns() - started
        started = perf_counter_ns()
    nanoseconds += perf_counter_ns() - started
    peak = peak_mb()

    def ask(question: str) -> None:
        [(hit.url, hit.score) for hit in index.search(question)]

    texts = [query.text for query in drawn]
    warm_up, timed = texts[:_WARM_UP], texts[_WARM_UP:] or texts
    settle(ask, warm_up)
    times = interleaved({"qsearch": ask}, timed, rounds=asked["rounds"], seed=asked["seed"])
    found = Latency.of(times["qsearch"])
    bytes_on_disk = index.stats()["bytes"]
    index.close()
    return {
        "articles": len(corpus),
        "index_seconds": nanoseconds / 1e9,
        "index_bytes": bytes_on_disk,
        "question_ms": found.as_json(),
        "before_mb": before,
        "peak_mb": peak,
        "budget_mb": budget / 1e6,
    }


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
