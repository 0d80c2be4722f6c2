from __future__ import annotations

import datetime
from typing import Any

import pytest
from whoosh import query, sorting

from qsearch.whoosh_view.sortcolumns import TextReader
from tests.conftest import MakeIndex
from tests.helpers import article
from tests.whoosh.conftest import (
    ARTICLES,
    CHANNELS,
    ENERGY,
    HAIKU,
    HASH,
    NEURONS,
    OSMOSIS,
    POINTER,
    SKY,
    Urls,
)

EVERY = query.Every()
BY_DATE = [HASH, SKY, OSMOSIS, NEURONS]
SAME_DAY = {CHANNELS, ENERGY}
UNDATED = {POINTER, HAIKU}


def test_by_date(urls: Urls) -> None:
    found = urls(EVERY, sortedby="date")
    assert found[:4] == BY_DATE
    assert set(found[4:6]) == SAME_DAY
    assert set(found[6:]) == UNDATED


def test_by_date_newest_first_with_the_undated_last(urls: Urls) -> None:
    found = urls(EVERY, sortedby=sorting.FieldFacet("date", reverse=True))
    assert set(found[:2]) == SAME_DAY
    assert found[2:6] == BY_DATE[::-1]
    assert set(found[6:]) == UNDATED


def test_reversed_as_a_whole(urls: Urls) -> None:
    assert urls(EVERY, sortedby="date", reverse=True) == urls(EVERY, sortedby="date")[::-1]


@pytest.mark.parametrize("field", ["url", "id"])
def test_by_text(searcher: Any, field: str) -> None:
    def values(facet: Any) -> list[str]:
        return [h.get(field, "") for h in searcher.search(EVERY, sortedby=facet, limit=None)]

    ordered = sorted(getattr(article, field) or "" for article in ARTICLES)
    assert values(field) == ordered
    assert values(sorting.FieldFacet(field, reverse=True)) == ordered[::-1]


def test_by_subject_in_any_spelling_then_by_date(urls: Urls) -> None:
    facet = sorting.MultiFacet(["subject", sorting.FieldFacet("date", reverse=True)])
    assert urls(EVERY, sortedby=facet) == [
        HAIKU, CHANNELS, NEURONS, OSMOSIS, HASH, POINTER, ENERGY, SKY,
    ]  # fmt: skip
    reverse = sorting.MultiFacet().add_field("subject", reverse=True).add_field("url")
    assert urls(EVERY, sortedby=reverse) == [
        ENERGY, SKY, HASH, POINTER, CHANNELS, NEURONS, OSMOSIS, HAIKU,
    ]  # fmt: skip


def test_by_score_and_other_facets(searcher: Any, urls: Urls) -> None:
    water = query.Or([query.Term("answer", "water"), query.Term("answer", "membran")])
    by_score = urls(water)
    assert urls(water, sortedby=[sorting.ScoreFacet()]) == by_score
    assert urls(water, sortedby=sorting.StoredFieldFacet("url")) == sorted(by_score)
    length = sorting.FunctionFacet(lambda s, docnum: s.doc_field_length(docnum, "answer"))
    lengths = [
        searcher.doc_field_length(hit.docnum, "answer")
        for hit in searcher.search(EVERY, sortedby=length, limit=None)
    ]
    assert lengths == sorted(lengths)
    backwards = sorting.TranslateFacet(lambda url: url[::-1], sorting.FieldFacet("url"))
    assert urls(EVERY, sortedby=backwards) == sorted(urls(EVERY), key=lambda url: url[::-1])


def test_groups_of_subjects_have_their_commonest_spelling(searcher: Any) -> None:
    results = searcher.search(EVERY, groupedby="subject", limit=2)
    assert {name: len(docs) for name, docs in results.groups().items()} == {
        "Biology": 3,
        "Physics": 2,
        "Computer Science": 2,
        "": 1,
    }
    assert results.facet_names() == {"subject"}
    counted = searcher.search(EVERY, groupedby=sorting.FieldFacet("subject", maptype=sorting.Count))
    assert counted.groups("subject")["Biology"] == 3


def test_articles_of_several_subjects_are_sorted_by_the_first_and_grouped_by_each(
    make_index: MakeIndex,
) -> None:
    view = make_index(
        [article("/1", subject=["Physics", "Art"]), article("/2", subject="Biology")],
        [article("/3", subject=["physics", "Biology"]), article("/4")],
    ).whoosh
    with view.searcher() as searcher:
        found = searcher.search(EVERY, sortedby="subject")
        assert [hit["url"] for hit in found] == ["/4", "/2", "/1", "/3"]
        assert [hit["subject"] for hit in found] == [
            "", "Biology", ["Physics", "Art"], ["physics", "Biology"],
        ]  # fmt: skip
        every = sorting.FieldFacet("subject", allow_overlap=True, maptype=sorting.Count)
        groups = searcher.search(EVERY, groupedby=every).groups("subject")
        assert {name: count for name, count in groups.items() if name} == {
            "art": 1,
            "biology": 2,
            "physics": 2,
        }


def test_groups_by_day(searcher: Any) -> None:
    for reverse in (False, True):
        facet = sorting.FieldFacet("date", reverse=reverse, maptype=sorting.Count)
        groups = searcher.search(EVERY, groupedby=facet).groups("date")
        assert groups[datetime.datetime(2024, 5, 20)] == 2
        assert groups[None] == 2
        assert len(groups) == 6


def test_ranges_queries_and_several_facets(searcher: Any) -> None:
    facets = sorting.Facets()
    facets.add_field("subject")
    year = datetime.timedelta(days=366)
    start, end = datetime.datetime(2021, 1, 1), datetime.datetime(2025, 1, 1)
    facets.add_facet("year", sorting.DateRangeFacet("date", start, end, year))
    facets.add_query("about", {"water": query.Term("answer", "water")}, other="none")
    results = searcher.search(EVERY, groupedby=facets, maptype=sorting.Count)
    assert results.groups("about") == {"water": 2, "none": 6}
    assert results.groups("year")[start, start + year] == 1
    assert sum(results.groups("year").values()) == len(ARTICLES)


def test_overlapping_groups(searcher: Any) -> None:
    facet = sorting.FieldFacet("subject", allow_overlap=True)
    groups = searcher.search(EVERY, groupedby=facet).groups()
    assert len(groups["biology"]) == 3
    facet = sorting.FieldFacet("title", allow_overlap=True, maptype=sorting.Count)
    assert searcher.search(EVERY, groupedby=facet).groups()["neuron"] == 1


def test_grouped_and_sorted_by_a_field_without_column(searcher: Any, urls: Urls) -> None:
    groups = searcher.search(query.Term("id", "103"), groupedby="title").groups()
    assert sum(map(len, groups.values())) == 1
    assert len(urls(EVERY, sortedby="title")) == len(ARTICLES)


def test_collapsed(urls: Urls) -> None:
    assert len(urls(EVERY, collapse="subject", sortedby="date")) == 4
    assert len(urls(EVERY, collapse="subject", collapse_limit=2, collapse_order="date")) == 7


def test_columns(searcher: Any) -> None:
    reader = searcher.reader()
    assert [n for n in reader.schema.names() if reader.has_column(n)] == [
        "date", "id", "subject", "url",
    ]  # fmt: skip
    by_url = {reader.column_reader("url")[docnum]: docnum for docnum in reader.all_doc_ids()}
    assert set(by_url) == {article.url for article in ARTICLES}
    subjects, dates = reader.column_reader("subject"), reader.column_reader("date")
    assert subjects[by_url[CHANNELS]] == "Biology"
    assert subjects[by_url[HAIKU]] == ""
    assert dates[by_url[SKY]] == datetime.datetime(2022, 7, 4)
    assert dates[by_url[POINTER]] is None
    for leaf, _ in reader.leaf_readers():
        assert len(leaf.column_reader("id")) == leaf.doc_count_all()
        assert list(leaf.column_reader("url", translate=False)) == [
            url.encode() for url in leaf.column_reader("url")
        ]


def test_reversed_keys_compare_both_ways() -> None:
    column = TextReader([b"a", b"b"])
    column.set_reverse()
    one, two = column.sort_key(0), column.sort_key(1)
    assert two < one
    assert one > two
    assert min(one, two) == two
