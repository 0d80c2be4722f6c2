from __future__ import annotations

import pytest

from benchmarks.report import Table, environment, number, with_ratio


def test_a_table_aligns_names_left_and_figures_right() -> None:
    table = Table(["", "a", "bcd"])
    table.add("first", "1", "-")
    assert str(table).splitlines() == ["       a  bcd", "-------------", "first  1    -"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.5, "1,234"), (12.345, "12.35"), (0.12345, "0.123"), (0.0123456, "0.0123"), (0, "0")],
)
def test_figures_have_three_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_a_ratio_stands_behind_its_figure() -> None:
    assert with_ratio(2.0, 0.456) == "2.00 x0.46"
    assert with_ratio(2.0, 1234) == "2.00 x1234"


def test_the_environment_names_machine_and_versions() -> None:
    about = environment()
    machine, versions = about["machine"], about["versions"]
    assert isinstance(machine, dict)
    assert isinstance(versions, dict)
    assert machine["cores"] >= 1
    assert {"qsearch", "python", "whoosh", "numpy"} <= set(versions)
