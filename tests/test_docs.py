"""What the docs print from the code is what the code has."""

from __future__ import annotations

from pathlib import Path

from qsearch.reading.containers import ENDINGS
from qsearch.reading.mapping import NAMES

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_table_of_names_is_that_of_the_code() -> None:
    table = README.partition("<!-- names -->\n")[2].partition("<!-- /names -->")[0]
    rows = [f"| {field} | {', '.join(names)} |" for field, names in NAMES.items()]
    assert table.splitlines() == ["| field | names |", "|---|---|", *rows]


def test_every_kind_of_file_is_in_the_table_of_layouts() -> None:
    table = README.partition("## What it reads")[2].partition("<!-- names -->")[0]
    for ending in ENDINGS:
        assert ending in table
