"""Cases that run together: which of them is to blame."""

from __future__ import annotations

from benchmarks.torture.campaign import Tally, narrowed
from benchmarks.torture.forked import Ended


def _run(bad: set[int], together: set[int] | None = None) -> dict[tuple[int, ...], str]:
    """How each group of 16 cases ended, where some are bad, or some are bad together."""

    def run(cases: list[int]) -> Ended:
        is_bad = bad & set(cases) or (together and together <= set(cases))
        return Ended("crash", "bad") if is_bad else Ended("done", None)

    return {tuple(some): ended.how for some, ended in narrowed(list(range(16)), run)}


def test_the_case_that_ends_badly_is_found() -> None:
    ended = _run({5, 12})
    assert [some for some, how in ended.items() if how == "crash"] == [(5,), (12,)]
    assert sorted(case for some in ended for case in some) == list(range(16))


def test_cases_that_end_badly_only_together_are_a_failure() -> None:
    assert _run(set(), together={3, 9}) == {tuple(range(16)): "crash"}


def test_it_gives_up_looking_where_all_end_badly() -> None:
    ended = _run(set(range(16)))
    assert set(ended.values()) == {"crash"}
    assert sorted(case for some in ended for case in some) == list(range(16))
    assert any(len(some) > 1 for some in ended)


def test_a_failure_of_several_says_how_to_repeat_them() -> None:
    tally = Tally()
    tally.fail_all([4, 5, 6], Ended("hang", "asleep"))
    assert tally.failures[0].cases == "4-6"
    assert tally.outcomes == {"failed": 1, "not tried": 2}
    assert Tally.from_json(tally.as_json()) == tally
