"""Any history of an index leaves what a dict would hold, ranked as the definition says."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from qsearch import Article
from qsearch.api import create_in
from qsearch.storage import MemoryStorage
from qsearch.writer import Writer
from tests.engines import ENGINES
from tests.helpers import QUERIES, articles, defined_ranking, ranked, reopened

URLS = [f"/{letter}" for letter in "abcdefgh"]


class History(RuleBasedStateMachine):
    """``committed`` is what a reader must see, ``pending`` what the open writer holds."""

    @initialize()
    def make(self) -> None:
        self.index = create_in(MemoryStorage())
        self.other = reopened(self.index)
        self.committed: dict[str, Article] = {}
        self.pending: dict[str, Article] = {}
        self.writer: Writer | None = None

    def teardown(self) -> None:
        if self.writer:
            self.writer.rollback()

    def _writing(self) -> Writer:
        if self.writer is None:
            self.writer = self.index.writer(timeout=0)
            self.pending = dict(self.committed)
        return self.writer

    @rule(memory=st.sampled_from([1, 4_000, 10**9]))
    @precondition(lambda self: self.writer is None)
    def start(self, memory: int) -> None:
        self.writer = self.index.writer(timeout=0, memory=memory)
        self.pending = dict(self.committed)

    @rule(new=articles("abcdefgh", max_size=5))
    def add(self, new: list[Article]) -> None:
        self._writing().add_many(new)
        for one in new:
            self.pending.pop(one.url, None)
            self.pending[one.url] = one

    @rule(url=st.sampled_from(URLS))
    def delete(self, url: str) -> None:
        assert self._writing().delete(url) == (url in self.pending)
        self.pending.pop(url, None)

    @precondition(lambda self: self.writer is not None)
    @rule()
    def commit(self) -> None:
        self._writing().commit()
        self.committed, self.writer = self.pending, None

    @precondition(lambda self: self.writer is not None)
    @rule()
    def roll_back(self) -> None:
        self._writing().rollback()
        self.writer = None

    @precondition(lambda self: self.writer is None)
    @rule(new=articles("abcdefgh", max_size=10))
    def commit_one_by_one(self, new: list[Article]) -> None:
        for one in new:
            with self.index.writer() as writer:
                writer.add(one)
            self.committed = {**self.committed, one.url: one}
            # A writer of little memory leaves more of them.
            assert self.index.stats()["segments"] < 8

    @precondition(lambda self: self.writer is None)
    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = reopened(self.index)

    @rule()
    def refresh_another_reader(self) -> None:
        self.other.refresh()
        assert {one.url: one for one in self.other} == self.committed

    @rule(query=QUERIES)
    def search(self, query: str) -> None:
        expected = defined_ranking(list(self.committed.values()), query)
        for engine in ENGINES:
            index = reopened(self.index, engine=engine)
            assert ranked(index, query) == expected
            page = index.search(query, limit=3)
            assert [(hit.article.url, hit.score) for hit in page] == expected[:3]
            assert page.total == len(expected)

    @invariant()
    def holds_what_was_committed(self) -> None:
        if not hasattr(self, "index"):
            return
        assert {one.url: one for one in self.index} == self.committed
        assert len(self.index) == len(self.committed)
        assert [url in self.index for url in URLS] == [url in self.committed for url in URLS]


def test_any_history_leaves_what_a_dict_would_hold() -> None:
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
