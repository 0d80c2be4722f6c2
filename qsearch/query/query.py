"""A query on its way: what was typed, and its plan, made when something asks for it."""

from __future__ import annotations

from collections.abc import Callable

from qsearch.lazy import lazy
from qsearch.query.plan import Plan


class Query:
    """What was typed, and what it means.

    Most queries are nothing but words, which an engine may look up without a plan of all of them.

    Arguments:
        text: as typed.
        plan: makes the plan; called once, when the plan is first asked for.
    """

    def __init__(self, text: str, plan: Callable[[], Plan]) -> None:
        self.text = text
        self._make = plan

    @lazy
    def plan(self) -> Plan:
        """Which terms to score, and which articles are hits."""
        return self._make()
