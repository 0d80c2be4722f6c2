"""The command itself: which campaigns run, how often, and how its arguments are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.torture.campaign import Setting
from benchmarks.torture.command import CAMPAIGNS


@pytest.mark.parametrize(
    "arguments",
    [
        ["--only", "kill,unknown"],
        ["--only", ""],
        ["--budget", "kill"],
        ["--budget", "kill=many"],
        ["--budget", "unknown=3"],
        ["--budget", "huge"],
    ],
)
def test_what_is_no_campaign_or_number_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["torture", *arguments])
    assert caught.value.code == 2
    assert "argument --" in capsys.readouterr().err


def test_a_case_is_repeated_of_one_campaign(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["torture", "--case", "3"]) == 1
    assert "name it with --only" in capsys.readouterr().err


def test_the_whole_campaigns_are_as_large_as_promised() -> None:
    assert {name: campaign.full for name, campaign in CAMPAIGNS.items()} == {
        "kill": 1_000,
        "errno": 10_000,  # more than there are
        "power": 1_000,
        "damage": 10_000,
        "untrusted": 1_000,
        "queries": 100_000,
        "articles": 10_000,
        "soak": 600,
        "refreshes": 600,
        "threads": 200,
    }


def test_what_is_drawn_depends_on_the_seed_the_campaign_and_the_case_alone(
    tmp_path: Path,
) -> None:
    def drawn(name: str, seed: int, case: int) -> float:
        return Setting(name, seed, [], tmp_path).random(case).random()

    assert drawn("kill", 1, 5) == drawn("kill", 1, 5)
    assert len({drawn("kill", 1, 5), drawn("kill", 1, 6), drawn("kill", 2, 5)}) == 3
    assert drawn("kill", 1, 5) != drawn("power", 1, 5)
