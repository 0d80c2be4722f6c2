"""The engines that are measured: qsearch and its peers, all behind ``Engine``."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.engines.bm25s_index import Bm25s
from benchmarks.engines.engine import Engine
from benchmarks.engines.fts5 import Fts5
from benchmarks.engines.ours import Ours
from benchmarks.engines.stock_whoosh import StockWhoosh
from benchmarks.engines.tantivy_index import Tantivy
from benchmarks.failure import BenchmarkError

PEERS: dict[str, type[Engine]] = {
    engine.name: engine for engine in (StockWhoosh, Tantivy, Bm25s, Fts5)
}

__all__ = ["PEERS", "Engine", "Ours", "StockWhoosh", "choose"]


def choose(names: Iterable[str]) -> tuple[list[type[Engine]], list[str]]:
    """Return the peers of these names that are installed, and why the others are not measured.

    Raises:
        BenchmarkError: a name is unknown.
    """
    chosen, missing = [], []
    for name in dict.fromkeys(names):
        if name not in PEERS:
            raise BenchmarkError(f"no peer {name!r}; there is: {', '.join(PEERS)}")
        reason = PEERS[name].missing()
        if reason:
            missing.append(f"{name} is not measured: {reason}")
        else:
            chosen.append(PEERS[name])
    return chosen, missing
