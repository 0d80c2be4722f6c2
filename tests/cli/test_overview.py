"""``qsearch subjects`` and ``qsearch stats``."""

from __future__ import annotations

from pathlib import Path

import pytest

import qsearch
from qsearch.cli.overview_commands import _size
from tests.cli.helpers import Fill, Run


def test_subjects_come_with_their_counts_most_first(run: Run, sample: Path) -> None:
    assert run("subjects").out == "3\tBiology\n1\tHealth Studies\n1\tMusic\n"
    document = run("subjects", "--json").document
    assert document == {"subjects": {"Biology": 3, "Health Studies": 1, "Music": 1}}


def test_on_a_terminal_subjects_are_a_table(run: Run, sample: Path) -> None:
    assert "\x1b[2m3\x1b[0m  Biology" in run("subjects", terminal=True).out


def test_no_subject_is_nothing_found(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/a", title="alpha"))
    result = run("subjects")
    assert (result.code, result.out) == (1, "")
    assert run("subjects", "--json").document == {"subjects": {}}


def test_stats_are_those_of_the_library(run: Run, sample: Path) -> None:
    with qsearch.open(sample) as index:
        expected = index.stats()
    assert run("stats", "--json").document == expected


def test_stats_are_a_list_of_names_and_values(run: Run, sample: Path) -> None:
    lines = run("stats").out.splitlines()
    assert f"path\t{sample}" in lines
    assert "articles\t5" in lines
    assert "language\tenglish" in lines
    assert "articles" in run("stats", terminal=True).out


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1023, "1,023 bytes"),
        (1536, "1.5 KiB"),
        (5 * 1024**2, "5.0 MiB"),
        (2048 * 1024**3, "2,048.0 GiB"),
    ],
)
def test_sizes_are_readable(count: int, text: str) -> None:
    assert _size(count) == text
