"""What a campaign is: numbered cases, each drawn from the seed and its number alone.

So one case can be repeated without those before it, by ``--only NAME --case NUMBER``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.failure import say
from benchmarks.torture.forked import Ended
from qsearch import Article

KEPT_FAILURES = 1_000
_CULPRITS = 5
"""How many cases that end badly are looked for among those that run together."""


@dataclass(frozen=True)
class Setting:
    """What a campaign is given.

    Attributes:
        name: the campaign.
        seed: of everything drawn.
        cases: the numbers of the cases to run, in order.
        folder: an empty folder, its own.
        articles: the collection for campaigns that need a real one.
        milliseconds: what a query may take; None: whatever it takes.
    """

    name: str
    seed: int
    cases: Sequence[int]
    folder: Path
    articles: Sequence[Article] = ()
    milliseconds: float | None = None

    def random(self, case: object) -> random.Random:
        """Return the source of all that is drawn for a case."""
        return random.Random(f"{self.seed} {self.name} {case}")

    def batches(self, size: int) -> Iterator[list[int]]:
        """Yield the numbers of the cases, those of one ``number // size`` together."""
        batch: list[int] = []
        for case in self.cases:
            if batch and batch[0] // size != case // size:
                yield batch
                batch = []
            batch.append(case)
        if batch:
            yield batch


@dataclass(frozen=True)
class Failure:
    """A case that ended as none may.

    Attributes:
        case: its number.
        what: what happened, in one line.
        last: the last of the cases from ``case`` on that fail only together; else ``case``.
    """

    case: int
    what: str
    last: int

    @property
    def cases(self) -> str:
        """The cases, as ``--case`` takes them."""
        return str(self.case) if self.case == self.last else f"{self.case}-{self.last}"


@dataclass
class Tally:
    """How the cases of a campaign ended.

    Attributes:
        outcomes: how many cases ended in which way.
        failures: those that ended as none may.
        figures: what else was measured, by name.
        skipped: why the campaign could not run here; None if it ran.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    skipped: str | None = None

    def fail(self, case: int, what: str, *, last: int | None = None) -> None:
        """Note that a case failed, or those from ``case`` to ``last`` together."""
        self.outcomes["failed"] += 1
        say(f"FAILED case {case}: {' '.join(what.split()):.300}")
        if len(self.failures) < KEPT_FAILURES:
            last = case if last is None else last
            self.failures.append(Failure(case, " ".join(what.split()), last))

    def fail_all(self, cases: Sequence[int], ended: Ended) -> None:
        """Note that cases failed together; all but one of them count as not tried."""
        several = f"one of {len(cases)}, or all together: " if len(cases) > 1 else ""
        self.fail(cases[0], f"{several}{ended.how}: {ended.value}", last=cases[-1])
        if len(cases) > 1:
            self.outcomes["not tried"] += len(cases) - 1

    def count(self, name: str, more: int) -> None:
        """Add to a figure."""
        before = self.figures.get(name, 0)
        assert isinstance(before, int)
        self.figures[name] = before + more

    def as_json(self) -> dict[str, object]:
        """Return all of it for the JSON file."""
        return {
            "cases": self.cases,
            "outcomes": dict(self.outcomes),
            "figures": self.figures,
            "failures": [asdict(failure) for failure in self.failures],
            "skipped": self.skipped,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Tally:
        """Return what ``as_json`` made that of."""
        return cls(
            outcomes=Counter(found["outcomes"]),
            failures=[Failure(**failure) for failure in found["failures"]],
            figures=found["figures"],
            skipped=found["skipped"],
        )

    @property
    def cases(self) -> int:
        """How many cases ended, in whichever way."""
        return self.outcomes.total()


def narrowed(
    cases: list[int], run: Callable[[list[int]], Ended]
) -> Iterator[tuple[list[int], Ended]]:
    """Run cases together, and where that ends badly in halves, down to the case that is to blame.

    Yields:
        cases that ran together, and how they ended. Cases that end badly together and not in halves
        are yielded together.
    """
    culprits = 0

    def search(some: list[int]) -> list[tuple[list[int], Ended]]:
        nonlocal culprits
        ended = run(some)
        if ended.how == "done":
            return [(some, ended)]
        if len(some) == 1 or culprits >= _CULPRITS:
            culprits += 1
            return [(some, ended)]
        middle = len(some) // 2
        parts = search(some[:middle]) + search(some[middle:])
        return [(some, ended)] if all(part.how == "done" for _, part in parts) else parts

    yield from search(cases)


class Campaign(NamedTuple):
    """A campaign.

    Attributes:
        run: runs the cases; what goes wrong in the system under test is tallied, not raised.
        full: the cases of the whole campaign.
        short: the cases of a short one, as the tests run it.
        unit: what a case is.
    """

    run: Callable[[Setting], Tally]
    full: int
    short: int
    unit: str
