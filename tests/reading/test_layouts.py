"""The layouts that collections come in: each is read without an option."""

from __future__ import annotations

from pathlib import Path

import pytest

import qsearch
from qsearch.reading.containers import ENDINGS

SAMPLES = Path(__file__).parent / "samples"
EMPTY: dict[str, str] = {}

# For each sample: the keys of its articles, each with a word of its text.
LAYOUTS = {
    "jekyll": {
        "/help/opening-hours/": "noon",
        "_faqs/lost-card.md": "counter",
    },
    "hugo": {
        "content/loans/renew.md": "twice",
        "content/loans/fines": "cents",
        "content/rooms.md": "projector",
    },
    "docusaurus": {
        "docs/intro.mdx": "welcome",
        "/start-here": "printer",
    },
    "mkdocs": {
        "docs/index.md": "branches",
        "docs/faq.md#can-i-borrow-tools": "drill",
        "docs/faq.md#is-there-a-quiet-room": "upstairs",
        "docs/faq.md": "librarians",
    },
    "obsidian": {
        "Inter-library loan.md": "partner",
    },
    "pairs": {
        "visiting.md#is-there-parking": "bicycles",
        "visiting.md#are-dogs-allowed": "guide",
        "visiting.md": "fountain",
    },
    "tables": {
        "faq.csv:1": "passport",
        "id:w2": "password",
        "faq.tsv:1": "coins",
    },
    "json": {
        "export.json:1": "magazines",
        "export.json:2": "returned",
        "id:q1": "microfilm",
        "one.json:1": "auditorium",
    },
    "html": {
        "page.html": "escalator",
        "linked.html#can-i-donate-books": "crates",
        "marked.html#do-you-bind-theses": "glue",
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_found_by_its_text(layout: str, tmp_path: Path) -> None:
    with qsearch.create(tmp_path / "index") as index:
        report = index.update(SAMPLES / layout)
        assert report.skipped == ()
        assert sorted(article.url for article in index) == sorted(LAYOUTS[layout])
        for key, word in LAYOUTS[layout].items():
            hits = index.search(word)
            assert [hit.url for hit in hits] == [key]
            assert hits[0].title
            assert hits[0].path
            assert word in Path(hits[0].path).read_text().lower()
        again = index.update(SAMPLES / layout)
        assert (again.added, again.updated, again.removed) == (0, 0, 0)


def test_every_kind_of_file_has_a_sample() -> None:
    there = {path.suffix for path in SAMPLES.rglob("*") if path.is_file()}
    assert there >= set(ENDINGS) - {".markdown", ".ndjson", ".htm"}  # other names of the same
