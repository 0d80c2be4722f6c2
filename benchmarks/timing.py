"""Taking times side by side, and what is said of them."""

from __future__ import annotations

import contextlib
import gc
import random
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter_ns
from types import FrameType
from typing import TypeVar

import numpy as np
import numpy.typing as npt

TURNS = ("round", "query")
"""What the actions that are compared take turns at."""

Item = TypeVar("Item")
Times = npt.NDArray[np.int64]
"""Nanoseconds, one row a round and one column an item."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Times of one engine for one kind of query, in milliseconds.

    ``p50``, ``p99`` are over the queries, each counted with its median over the rounds; ``raw_*``
    are over all single times; ``first_p50`` is that of the first round, when every query is new.
    """

    queries: int
    rounds: int
    p50: float
    p90: float
    p99: float
    most: float
    first_p50: float
    raw_p50: float
    raw_p90: float
    raw_p99: float
    raw_most: float

    @classmethod
    def of(cls, times: Times) -> Latency:
        """Return the figures of some times."""
        by_query = np.median(times, axis=0) / 1e6
        raw = times.ravel() / 1e6
        p50, p90, p99 = np.percentile(by_query, [50, 90, 99]).tolist()
        raw_p50, raw_p90, raw_p99 = np.percentile(raw, [50, 90, 99]).tolist()
        return cls(
            queries=times.shape[1],
            rounds=times.shape[0],
            p50=p50,
            p90=p90,
            p99=p99,
            most=float(by_query.max()),
            first_p50=float(np.median(times[0])) / 1e6,
            raw_p50=raw_p50,
            raw_p90=raw_p90,
            raw_p99=raw_p99,
            raw_most=float(raw.max()),
        )

    def as_json(self) -> dict[str, float]:
        """Return the figures by name, with as many digits as mean something."""
        return {name: float(f"{value:.5g}") for name, value in asdict(self).items()}


def time_of(action: Callable[[], object]) -> int:
    """Return how long an action takes, in nanoseconds."""
    started = perf_counter_ns()
    action()
    return perf_counter_ns() - started


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the garbage collector from running while times are taken."""
    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def set_aside() -> Iterator[None]:
    """Let the garbage collector pass over all that there is now: a collection of articles."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def interleaved(
    actions: Mapping[str, Callable[[Item], object]],
    items: Sequence[Item],
    *,
    rounds: int,
    seed: int,
    turns: str = "query",
    limit: float = 60.0,
) -> dict[str, Times]:
    """Return the times of every action on every item.

    The items come in a new order each round, and the actions take turns in a new order each time,
    so that whatever else the machine does meets them alike.

    Arguments:
        actions: what to time, by name.
        items: what each action is called with.
        rounds: how often each item is used.
        seed: of the orders.
        turns: one of ``TURNS``: ``query``: for each item all actions take their turn, and each
            finds the processor's caches full of what the others have read; ``round``: each action
            takes all items of a round in its turn, as in a process of its own.
        limit: seconds after which an action is stopped; its time is then the limit.
    """
    rng = random.Random(seed)
    times = {name: np.zeros((rounds, len(items)), dtype=np.int64) for name in actions}
    names = list(actions)
    with quiet():
        for turn in range(rounds):
            if turn:
                gc.collect()
            places = rng.sample(range(len(items)), len(items))
            for portion in [places] if turns == "round" else [[place] for place in places]:
                rng.shuffle(names)
                for name in names:
                    for place in portion:
                        times[name][turn, place] = _limited(actions[name], items[place], limit)
    return times


class _TooLongError(BaseException):
    """An action was stopped."""


def _limited(action: Callable[[Item], object], item: Item, limit: float) -> int:
    """The time of an action on an item; where signals can stop it, at most the limit.

    Stock Whoosh can loop for ever on a query; the others only return.
    """
    if threading.current_thread() is not threading.main_thread():
        return time_of(lambda: action(item))
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        started = perf_counter_ns()
        action(item)
        return perf_counter_ns() - started
    except _TooLongError:
        return int(limit * 1e9)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _TooLongError


def settle(
    action: Callable[[Item], object], items: Sequence[Item], *, seconds: float = 30.0
) -> int:
    """Repeat an action on some items until it gets no faster; return how many passes it took.

    Compiling on demand, caches and mapped files make the first passes slow.
    """
    passes, best, calm = 0, float("inf"), 0
    started = perf_counter_ns()
    while calm < 2 and (perf_counter_ns() - started) / 1e9 < seconds:
        took = sum(_limited(action, item, seconds) for item in items)
        calm = calm + 1 if took > 0.85 * best else 0
        best = min(best, took)
        passes += 1
    return passes
