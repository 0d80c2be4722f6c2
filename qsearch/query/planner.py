"""What was typed -> its plan, for one index: whoever plans a query asks a ``Planner``."""

from __future__ import annotations

from collections.abc import Sequence

from qsearch.analysis.analyzer import Analyzer
from qsearch.errors import LimitExceeded, QueryError
from qsearch.limits import Limits
from qsearch.query.expand import EXPANSIONS, Expansion, Vocabulary
from qsearch.query.plan import Plan, make_plan
from qsearch.query.syntax import parse
from qsearch.query.tree import Note


class Planner:
    """Plans queries. Safe for use by several threads.

    The plan of several words with spaces between them is that of each word, joined: an engine may
    keep what it has found for a word.

    Arguments:
        analyzer: the analyser of the index.
        vocabulary: its words.
        limits: ``query_bytes`` and ``clauses`` apply.
        expansions: what finds further terms for a word.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        vocabulary: Vocabulary,
        limits: Limits,
        expansions: Sequence[Expansion] = EXPANSIONS,
    ) -> None:
        self._analyzer = analyzer
        self._vocabulary = vocabulary
        self._limits = limits
        self._expansions = expansions

    def plan(self, query: str, *, strict: bool = False) -> Plan:
        """Return the plan of a query.

        Raises:
            QueryError, LimitExceeded: ``strict``, and something would be ignored.
        """
        limits = self._limits
        text = self.usable(query)
        notes: list[Note] = []
        if len(text) < len(query):
            message = f"the query is longer than {limits.query_bytes} bytes"
            if strict:
                raise LimitExceeded(message)
            notes.append(Note(f"{message}; the rest is ignored", len(text)))
        tree, ignored = parse(text)
        if strict and ignored:
            raise QueryError(
                ignored[0].message.removesuffix(", ignored"),
                query=query,
                position=ignored[0].position or 0,
            )
        plan = make_plan(
            tree,
            self._analyzer,
            notes + ignored,
            max_clauses=limits.clauses,
            vocabulary=self._vocabulary,
            expansions=self._expansions,
        )
        if strict and plan.clauses > limits.clauses:
            raise LimitExceeded(
                f"the query has {plan.clauses} words, the limit is {limits.clauses}"
            )
        return plan

    def usable(self, query: str) -> str:
        """Return as much of a query as its limit allows, ``?`` for halves of surrogate pairs."""
        room = self._limits.query_bytes
        # A character takes at least a byte, so only the first ``room`` of them need encoding.
        return query[:room].encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
