from __future__ import annotations

import gc
import threading
import time
from collections import Counter

import numpy as np
import pytest

from benchmarks.timing import Latency, interleaved, quiet, set_aside, settle, time_of


def test_every_action_gets_every_item_in_every_round() -> None:
    calls: Counter[tuple[str, int]] = Counter()
    times = interleaved(
        {name: lambda item, name=name: calls.update([(name, item)]) for name in "ab"},  # type: ignore[misc]
        [1, 2, 3],
        rounds=4,
        seed=1,
    )
    assert calls == dict.fromkeys([(name, item) for name in "ab" for item in (1, 2, 3)], 4)
    assert {name: found.shape for name, found in times.items()} == {"a": (4, 3), "b": (4, 3)}


def test_the_order_of_the_actions_changes_from_item_to_item() -> None:
    order: list[str] = []
    actions = {name: lambda _, name=name: order.append(name) for name in "abc"}
    interleaved(actions, list(range(40)), rounds=1, seed=1)
    turns = {"".join(order[start : start + 3]) for start in range(0, len(order), 3)}
    assert len(turns) == 6


def test_in_turns_of_rounds_an_action_takes_all_items_of_a_round_at_once() -> None:
    order: list[str] = []
    actions = {name: lambda _, name=name: order.append(name) for name in "ab"}
    times = interleaved(actions, list(range(5)), rounds=20, seed=1, turns="round")
    turns = {"".join(order[start : start + 10]) for start in range(0, len(order), 10)}
    assert turns == {"aaaaabbbbb", "bbbbbaaaaa"}
    assert (times["a"] > 0).all()


def test_an_action_without_end_is_stopped_and_counts_as_the_limit() -> None:
    def endless(_: int) -> None:
        while True:
            time.sleep(0.001)

    times = interleaved({"endless": endless}, [1], rounds=1, seed=1, limit=0.05)
    assert times["endless"].tolist() == [[50_000_000]]


def test_outside_the_main_thread_times_are_taken_without_a_limit() -> None:
    found: list[object] = []
    thread = threading.Thread(
        target=lambda: found.append(interleaved({"a": len}, ["x"], rounds=1, seed=1))
    )
    thread.start()
    thread.join()
    assert found


def test_the_garbage_collector_rests_while_times_are_taken() -> None:
    with quiet():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with quiet():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_is_set_aside_comes_back() -> None:
    before = gc.get_freeze_count()
    with set_aside():
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0


def test_latency_is_over_queries_with_the_median_of_their_rounds() -> None:
    times = np.array([[1, 2, 3], [1, 2, 9], [7, 2, 3]]) * 1_000_000
    found = Latency.of(times)
    assert (found.queries, found.rounds) == (3, 3)
    assert (found.p50, found.most) == (2.0, 3.0)  # by query: 1, 2, 3
    assert found.first_p50 == 2.0
    assert found.raw_most == 9.0
    assert found.p99 == pytest.approx(2.98)
    assert found.as_json()["p99"] == 2.98


def test_time_of_is_in_nanoseconds() -> None:
    assert time_of(lambda: time.sleep(0.001)) >= 1_000_000


def test_settling_goes_on_until_it_gets_no_faster() -> None:
    waits = iter([0.02, 0.005] + [0.0] * 100)
    assert settle(lambda _: time.sleep(next(waits)), [1]) > 3
    assert settle(lambda _: None, [1], seconds=0) == 0
