"""A course of commits drawn from a seed, and what an index holds after each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from benchmarks.torture.collection import article
from qsearch import Index

URLS = 60
SMALL_MEMORY = 12_000
"""A budget that a writer uses up after about ten articles, so that a commit has several segments,
and merges come often."""

State = dict[str, int]
"""The version of each article by its url."""


class Undone(Exception):  # noqa: N818 - it is no error: it asks for a rollback
    """Leaves a writer's block, so that it rolls back."""


@dataclass(frozen=True)
class Step:
    """What one writer does.

    Attributes:
        number: its place in the history; also the version of the articles it adds.
        puts: the urls of the articles that it adds or replaces.
        deletes: the urls that it deletes, after that.
        memory: the writer's budget.
        undone: it rolls back in the end.
    """

    number: int
    puts: tuple[str, ...]
    deletes: tuple[str, ...]
    memory: int
    undone: bool

    def after(self, state: State) -> State:
        """Return what an index holds after this step."""
        if self.undone:
            return state
        changed = {**state, **dict.fromkeys(self.puts, self.number)}
        return {url: version for url, version in changed.items() if url not in self.deletes}

    def run(self, index: Index, random: Callable[[str], Random]) -> None:
        """Do it."""
        try:
            with index.writer(timeout=0, memory=self.memory) as writer:
                for url in self.puts:
                    writer.add(article(random(f"{self.number} {url}"), url, self.number))
                for url in self.deletes:
                    writer.delete(url)
                if self.undone:
                    raise Undone
        except Undone:
            pass


def step(random: Random, number: int) -> Step:
    """Draw a step."""
    many = random.random() < 0.3
    puts = random.sample(range(URLS), random.randint(20, 40) if many else random.randint(1, 6))
    deletes = random.sample(range(URLS), random.choice([0, 0, 1, 3, 25 if many else 5]))
    return Step(
        number=number,
        puts=tuple(f"/{url}" for url in puts),
        deletes=tuple(f"/{url}" for url in deletes),
        memory=random.choice([SMALL_MEMORY, 512 * 1024 * 1024]),
        undone=random.random() < 0.1,
    )
