"""Ask hostile queries: never an exception in the default mode, in bounded time and memory.

The listed queries (``query_words``) come first, then random ones. Each is asked in the default
mode, with totals, notes and facets, some also for their suggestion and snippets; and in strict
mode, which may only raise its own errors, and only where the default mode has a note. Times are
processor time of one thread, kernels loaded, after some plain queries. One that took longer than it
may is asked again alone, in a fresh process: it fails if it takes too long again.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import qsearch
from benchmarks.timing import set_aside
from benchmarks.torture.campaign import Setting, Tally, narrowed
from benchmarks.torture.forked import Ended, in_child, limit_seconds, own_memory
from benchmarks.torture.query_words import LISTED, Grammar, listed
from qsearch import Article, Index
from qsearch.kernels import runtime
from qsearch.results.results import Results

_BATCH = 500
_SECONDS = 30.0  # of processor time that a query may take in all ways it is asked
_MEMORY = 1024**3
_WARM_UP = 30
_SLOWEST = 5
_SHARE = 5
"""Of so many random queries one is asked for its suggestion, and one for its snippets."""


def run(setting: Setting) -> Tally:
    """Ask as many queries as there are cases."""
    tally = Tally()
    runtime.wait()
    words = _words(setting.articles)
    with qsearch.create(setting.folder / "index") as index:
        with index.writer() as writer:
            writer.add_many(setting.articles)
        for article in islice(setting.articles, _WARM_UP):
            # With a word that no article has, so that the stemmer is loaded, too.
            results = index.search(f"{article.question or article.title} * zzq")
            _ = results.total, results.facets, results.suggestion
            _ = [hit.snippet for hit in results[:2]]
        asker = _Asker(setting, index, Grammar(words))
        slowest: list[tuple[float, int, str]] = []
        memory = 0
        # Else a child that collects garbage goes through all articles, and copies their memory.
        with set_aside():
            for batch in setting.batches(_BATCH):
                for found in asker.batch(tally, batch):
                    slowest = heapq.nlargest(_SLOWEST, slowest + list(map(tuple, found["slowest"])))
                    memory = max(memory, found["memory"])
                    for name, count in found["counts"].items():
                        tally.count(name, count)
    tally.figures["articles"] = len(setting.articles)
    tally.figures["memory taken by 500 queries, MB, at most"] = round(memory / 1e6, 1)
    tally.figures["slowest, ms"] = [
        {"ms": round(1e3 * seconds, 1), "case": case, "what": what}
        for seconds, case, what in slowest
    ]
    return tally


def _words(articles: Sequence[Article]) -> list[str]:
    """Words of a collection, those that are common more often."""
    words: list[str] = []
    for article in articles[:: max(1, len(articles) // 300)]:
        words += f"{article.title} {article.answer[:500]}".split()
    return words or ["neuron"]


class _Asker:
    """Asks batches of queries, each in a process of its own."""

    def __init__(self, setting: Setting, index: Index, grammar: Grammar) -> None:
        self._setting = setting
        self._index = index
        self._grammar = grammar

    def batch(self, tally: Tally, cases: list[int]) -> Iterator[dict[str, Any]]:
        """Ask the queries of some cases; yield the figures."""
        for some, ended in narrowed(cases, self._ask):
            if ended.how != "done":
                one = f": {self._query(some[0])[0]!a:.200}" if len(some) == 1 else ""
                tally.fail_all(some, Ended(ended.how, f"{ended.value}{one}"))
                continue
            found: dict[str, Any] = ended.value
            failures = found["failures"]
            for case in dict.fromkeys(case for case, _ in found["slow"]):
                again = self._ask([case])
                failures += again.value["slow"] if again.how == "done" else [(case, again.value)]
            for case, what in failures:
                tally.fail(case, what)
            tally.outcomes["answered"] += len(some) - len({case for case, _ in failures})
            yield found

    def _ask(self, cases: list[int]) -> Ended:
        return in_child(partial(self._ask_all, cases), seconds=_SECONDS, memory=_MEMORY)

    def _query(self, case: int) -> tuple[str, dict[str, Any]]:
        query = listed(case)
        if query is not None:
            return query, {}
        random = self._setting.random(case)
        return self._grammar.query(random), self._grammar.options(random)

    def _ask_all(self, cases: list[int]) -> dict[str, Any]:
        failures: list[tuple[int, str]] = []
        slow: list[tuple[int, str]] = []
        times: list[tuple[float, int, str]] = []
        counts = dict.fromkeys(["with notes", "found something", "refused in strict mode"], 0)
        before = most = own_memory()
        for case in cases:
            limit_seconds(_SECONDS)
            query, options = self._query(case)
            one = _Query(self._index, query, options)
            everything = case < len(LISTED)
            most = max(most, own_memory())
            try:
                one.ask(
                    suggestion=everything or case % _SHARE == 0,
                    snippets=everything or case % _SHARE == 1,
                )
            except Exception as error:
                failures.append((case, f"{type(error).__name__}: {error}: {query!a:.200}"))
                continue
            failures += [(case, f"{what}: {query!a:.200}") for what in one.faults]
            for part, seconds in one.seconds.items():
                times.append((seconds, case, f"{part} of {_name(case, query)}"))
                limit = self._setting.milliseconds
                if limit is not None and 1e3 * seconds > limit:
                    slow.append((case, f"{part} took {1e3 * seconds:.0f} ms: {query!a:.200}"))
            counts["with notes"] += one.has_notes
            counts["found something"] += one.total > 0
            counts["refused in strict mode"] += one.refused
        return {
            "failures": failures,
            "slow": slow,
            "counts": counts,
            "slowest": heapq.nlargest(_SLOWEST, times),
            "memory": max(most, own_memory()) - before,
        }


class _Query:
    """One query, asked in every way."""

    def __init__(self, index: Index, query: str, options: dict[str, Any]) -> None:
        self._index = index
        self._query = query
        self._options = options
        self.faults: list[str] = []
        self.seconds: dict[str, float] = {}
        self.has_notes = self.refused = False
        self.total = 0

    def ask(self, *, suggestion: bool, snippets: bool) -> None:
        """Ask, and see whether what comes fits together."""
        results = self._timed("the answer", self._search)
        assert isinstance(results, Results)
        self._check(results)
        if suggestion:
            suggested = self._timed("the suggestion", lambda: results.suggestion)
            if suggested == self._query:
                self.faults.append("the suggestion is the query")
        if snippets:
            self._timed("ten snippets", lambda: [hit.snippet for hit in results[:10]])
            for hit in results[:10]:
                ends = [0, *(place for mark in hit.snippet.marks for place in mark)]
                if ends != sorted(ends) or ends[-1] > len(hit.snippet):
                    self.faults.append(f"marks {hit.snippet.marks} of {hit.snippet!a:.80}")
        self._ask_strictly()

    def _timed(self, part: str, work: Callable[[], object]) -> object:
        started = time.thread_time()
        outcome = work()
        self.seconds[part] = time.thread_time() - started
        return outcome

    def _search(self) -> Results:
        results = self._index.search(self._query, **self._options)
        _ = results.total, results.facets, results.notes
        return results

    def _check(self, results: Results) -> None:
        self.total = results.total
        self.has_notes = bool(results.notes)
        limit = self._options.get("limit", 10)
        offset = self._options.get("offset", 0)
        if len(results) != min(limit, max(results.total - offset, 0)):
            self.faults.append(f"{len(results)} hits of {results.total}")
        scores = [hit.score for hit in results]
        if self._options.get("sort") is None and scores != sorted(scores, reverse=True):
            self.faults.append("the scores are out of order")
        for note in results.notes:
            if not note.message or "\n" in note.message or len(note.message) > 10_000:
                self.faults.append(f"the note {note.message!a:.80}")
            if note.position is not None and not 0 <= note.position <= len(self._query):
                self.faults.append(f"the position {note.position} of a note")

    def _ask_strictly(self) -> None:
        try:
            self._index.search(self._query, **self._options, strict=True)
        except (qsearch.QueryError, qsearch.LimitExceeded):
            self.refused = True
        if self.refused and not self.has_notes:
            self.faults.append("refused in strict mode, and no note otherwise")


def _name(case: int, query: str) -> str:
    return f"'{list(LISTED)[case]}'" if case < len(LISTED) else f"{query!a:.60}"
