"""Pages, totals, facets, filters, sorting and copies."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qsearch
from qsearch import Article, Hit, Results
from qsearch.api import create_in
from qsearch.options import EngineName
from qsearch.storage import MemoryStorage
from tests.conftest import MakeIndex
from tests.helpers import QUERIES, article, articles, fill, ranked, temporary_index, urls

COLLECTION = [
    article("/1", "neuron", subject="Physics", date="2024-01-01"),
    article("/2", "neuron neuron", subject="physics", date="2024-01-02"),
    article("/3", "a neuron", subject="Physics", date="2020-02-29"),
    article("/4", "ion", subject="Biology", date="2024-01-02"),
    article("/5", "ion neuron", subject="Biology"),
    article("/6", "neuron x y z"),
    article("/7", "copper", subject="Chemistry", date="2024-01-02"),
]


@pytest.fixture(scope="module")
def index(engine: EngineName) -> qsearch.Index:
    return fill(create_in(MemoryStorage(), engine=engine), COLLECTION[:3], COLLECTION[3:])


def keys(results: Results) -> list[str]:
    return [hit.article.url for hit in results]


# -- a sequence of hits


def test_results_are_a_sequence_of_hits(index: qsearch.Index) -> None:
    results = index.search("neuron")
    assert isinstance(results, Sequence)
    assert len(results) == results.total == 5
    assert isinstance(results[0], Hit)
    assert results[0] in results
    assert results[-1] is list(results)[4]
    assert results[1:3] == [results[1], results[2]]
    assert [hit.rank for hit in results] == [1, 2, 3, 4, 5]
    with pytest.raises(IndexError):
        results[5]
    lines = repr(results).splitlines()
    assert lines[0] == "<Results: 5 of 5 for 'neuron'"
    assert lines[1].split() == ["1.", f"{results[0].score:g}", results[0].url]
    assert lines[5].endswith(results[4].url + ">")
    assert repr(results[0]).startswith("<Hit 1: /")


def test_scores_fall_from_hit_to_hit(index: qsearch.Index) -> None:
    scores = [hit.score for hit in index.search("neuron ion")]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


# -- pages


def test_a_page(index: qsearch.Index) -> None:
    whole = keys(index.search("neuron"))
    page = index.search("neuron", limit=2, offset=1)
    assert keys(page) == whole[1:3]
    assert [hit.rank for hit in page] == [2, 3]
    assert page.total == 5


@pytest.mark.parametrize(
    ("limit", "offset", "shown"),
    [
        (10, 0, 5),
        (5, 0, 5),
        (4, 0, 4),
        (1, 4, 1),
        (2, 4, 1),
        (10, 5, 0),
        (10, 10**12, 0),
        (None, 0, 5),
        (None, 3, 2),
        (None, 9, 0),
        (0, 0, 0),
        (0, 3, 0),
        (10**12, 0, 5),
    ],
)
def test_limit_and_offset(limit: int | None, offset: int, shown: int, index: qsearch.Index) -> None:
    page = index.search("neuron", limit=limit, offset=offset)
    assert keys(page) == keys(index.search("neuron"))[offset:][:shown]
    assert len(page) == shown
    assert page.total == 5
    assert page.facets == {"subject": {"Physics": 3, "Biology": 1}}


def test_ten_hits_are_shown_unless_asked(make_index: MakeIndex) -> None:
    index = make_index([article(f"/{n}", "neuron") for n in range(25)])
    results = index.search("neuron")
    assert len(results) == 10
    assert results.total == 25
    assert repr(results).startswith("<Results: 10 of 25 for ")
    assert repr(results).endswith("and 5 more>")


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    articles(),
    QUERIES,
    st.integers(0, 4),
    st.sampled_from(["relevance", "newest", "oldest"]),
    st.sampled_from([None, "physics", ["Physics", "biology"]]),
)
def test_pages_are_parts_of_the_whole(
    engine: EngineName,
    collection: list[Article],
    query: str,
    size: int,
    sort: str,
    subject: object,
) -> None:
    options = {"sort": sort, "subject": subject}
    with temporary_index(collection[:5], collection[5:], engine=engine) as index:
        whole = index.search(query, limit=None, **options)  # type: ignore[arg-type]
        assert whole.total == len(whole)
        seen = []
        for offset in range(0, len(whole) + size, size or 99):
            page = index.search(query, limit=size, offset=offset, **options)  # type: ignore[arg-type]
            assert (page.total, page.facets) == (whole.total, whole.facets)
            seen += [(hit.article.url, hit.score, hit.rank) for hit in page]
        if size:
            assert seen == [(hit.article.url, hit.score, hit.rank) for hit in whole]


# -- totals and facets


def test_facets_count_results_by_subject_most_first(index: qsearch.Index) -> None:
    facets = index.search("*").facets
    assert facets == {"subject": {"Physics": 3, "Biology": 2, "Chemistry": 1}}
    assert list(facets["subject"]) == ["Physics", "Biology", "Chemistry"]


def test_equally_many_come_in_alphabetical_order(make_index: MakeIndex) -> None:
    index = make_index([article(f"/{s}", "x", subject=s) for s in ("c", "a", "b")])
    assert list(index.search("x").facets["subject"]) == ["a", "b", "c"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(articles(), QUERIES)
def test_facets_say_what_a_search_in_a_subject_would_find(
    engine: EngineName, collection: list[Article], query: str
) -> None:
    with temporary_index(collection, engine=engine) as index:
        facets = index.search(query, limit=0).facets["subject"]
        for name, count in facets.items():
            assert index.search(query, subject=name, limit=0).total == count
        assert set(facets) <= set(index.subjects)
        unnamed = set(index.subjects) - set(facets)
        assert all(index.search(query, subject=name).total == 0 for name in unnamed)


# -- subjects


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (None, ["/1", "/2", "/3", "/4", "/5", "/6", "/7"]),
        ("Physics", ["/1", "/2", "/3"]),
        ("PHYSICS", ["/1", "/2", "/3"]),
        ("  physics ", ["/1", "/2", "/3"]),
        (["Physics"], ["/1", "/2", "/3"]),
        (["physics", "biology"], ["/1", "/2", "/3", "/4", "/5"]),
        (("chemistry", "unknown"), ["/7"]),
        ({"Biology"}, ["/4", "/5"]),
        ("", ["/6"]),
        ("unknown", []),
        ([], []),
    ],
)
def test_subject_filter(subject: object, expected: list[str], index: qsearch.Index) -> None:
    found = index.search("*", subject=subject)  # type: ignore[arg-type]
    assert sorted(keys(found)) == expected
    assert found.total == len(expected)


def test_a_subject_of_several_words_and_any_script(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/1", subject="Computer Science"),
            article("/2", subject="computer  science"),
            article("/3", subject="STRASSE"),
            article("/4", subject="Straße"),
            article("/5", subject="Σίσυφος"),
        ]
    )
    assert sorted(urls(index, "*", subject="COMPUTER science")) == ["/1", "/2"]
    assert sorted(urls(index, "*", subject="straße")) == ["/3", "/4"]
    assert urls(index, "*", subject="ΣΊΣΥΦΟΣ") == ["/5"]


@pytest.mark.parametrize(
    ("subject", "near"),
    [("Phisics", "Physics"), ("bio", "Biology"), ("Chemstry", "Chemistry")],
)
def test_an_unknown_subject_is_noted_with_near_ones(
    subject: str, near: str, index: qsearch.Index
) -> None:
    (note,) = index.search("neuron", subject=subject).notes
    assert repr(subject) in note.message
    assert near in note.message
    assert note.position is None


def test_an_unknown_subject_like_no_other(index: qsearch.Index) -> None:
    (note,) = index.search("neuron", subject=["Physics", "Volcanology"]).notes
    assert note.message == "no article has the subject 'Volcanology'"


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"subject": []}, "no subject is given, so none is searched"),
        (
            {"since": "2024-01-02", "until": "2024-01-01"},
            "no day is both from 2024-01-02 on and up to 2024-01-01",
        ),
    ],
)
def test_a_filter_that_nothing_can_pass_is_noted(
    filters: dict[str, Any], message: str, index: qsearch.Index
) -> None:
    found = index.search("neuron", **filters)
    assert found.total == 0
    assert [note.message for note in found.notes] == [message]


def test_articles_without_a_subject_are_found_by_the_empty_one(
    index: qsearch.Index, make_index: MakeIndex
) -> None:
    found = index.search("*", subject="")
    assert (keys(found), found.notes) == (["/6"], ())
    index = make_index([article("/1", subject="Physics")])
    (note,) = index.search("*", subject="").notes
    assert note.message == "every article has a subject"


def test_a_filter_does_not_change_scores(index: qsearch.Index) -> None:
    whole = dict(ranked(index, "neuron ion"))
    for url, score in ranked(index, "neuron ion", subject="Biology", since="2000-01-01"):
        assert whole[url] == score


# -- dates


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, ["/1", "/2", "/3", "/4", "/5", "/6", "/7"]),
        ("2024-01-01", None, ["/1", "/2", "/4", "/7"]),
        ("2024-01-02", None, ["/2", "/4", "/7"]),
        (None, "2024-01-01", ["/1", "/3"]),
        (None, "2020-02-28", []),
        ("2020-02-29", "2024-01-01", ["/1", "/3"]),
        ("2024-01-01", "2024-01-01", ["/1"]),
        ("2024-01-02", "2024-01-01", []),
        ("0001-01-01", "9999-12-31", ["/1", "/2", "/3", "/4", "/7"]),
        (datetime.date(2024, 1, 2), None, ["/2", "/4", "/7"]),
        (datetime.datetime(2024, 1, 2, 23, 59), None, ["/2", "/4", "/7"]),
    ],
)
def test_dates_are_inclusive_and_the_undated_pass_no_filter(
    since: Any, until: Any, expected: list[str], index: qsearch.Index
) -> None:
    found = index.search("*", since=since, until=until)
    assert sorted(keys(found)) == expected
    assert found.total == len(expected)


def test_filters_work_together(index: qsearch.Index) -> None:
    found = index.search("neuron OR ion", subject="biology", since="2024-01-01")
    assert keys(found) == ["/4"]
    assert found.facets == {"subject": {"Biology": 1}}


# -- sorting


def test_newest_and_oldest_first(index: qsearch.Index) -> None:
    # Within a day by score, then by url; the undated come last either way.
    assert keys(index.search("neuron", sort="newest")) == ["/2", "/1", "/3", "/5", "/6"]
    assert keys(index.search("neuron", sort="oldest")) == ["/3", "/1", "/2", "/5", "/6"]
    assert keys(index.search("*", sort="newest")) == ["/2", "/4", "/7", "/1", "/3", "/5", "/6"]


def test_sorting_keeps_scores_and_hits(index: qsearch.Index) -> None:
    by_score = dict(ranked(index, "neuron ion"))
    for sort in ("newest", "oldest"):
        assert dict(ranked(index, "neuron ion", sort=sort)) == by_score


def test_sorting_before_the_common_era_of_computers(make_index: MakeIndex) -> None:
    index = make_index(
        [article("/new", date="9999-12-31"), article("/none"), article("/old", date="0001-01-01")]
    )
    assert urls(index, "*", sort="newest") == ["/new", "/old", "/none"]
    assert urls(index, "*", sort="oldest") == ["/old", "/new", "/none"]


# -- copies


def copy(url: str, subject: str = "", **values: object) -> Article:
    return Article(
        **{
            "url": url,
            "id": "7",
            "title": "neuron",
            "question": "neuron?",
            "answer": "It fires.",
            "subject": subject,
            **values,
        }  # type: ignore[arg-type]
    )


def test_copies_are_one_result(make_index: MakeIndex) -> None:
    index = make_index(
        [copy("/b", "Biology"), copy("/a", "Physics")],
        [copy("/c", "physics"), article("/other", "neuron", id="7")],
    )
    results = index.search("neuron")
    assert sorted(keys(results)) == ["/a", "/other"]
    hit = next(hit for hit in results if hit.article.url == "/a")
    assert hit.urls == ["/a", "/b", "/c"]
    assert hit.subjects == ["Physics", "Biology"]
    assert results.total == 2
    assert results.facets == {"subject": {"Physics": 1, "Biology": 1}}
    assert len(index) == 4


def test_a_group_is_ranked_by_its_best_copy(make_index: MakeIndex) -> None:
    index = make_index(
        [copy("/a"), copy("/b", title="other"), copy("/c", keywords="neuron")],
        [article("/x", "neuron x"), article("/y", "y", answer="neuron")],
    )
    single = {one.url: dict(ranked(index, "neuron")).get(one.url) for one in index}
    (best, *_) = index.search("neuron")
    assert best.article.url == "/c"
    assert best.score == single["/c"]
    assert best.urls[0] == "/c"
    assert set(best.urls) == {"/a", "/b", "/c"}


def test_the_best_copy_is_one_that_passes_the_filters(make_index: MakeIndex) -> None:
    index = make_index(
        [
            copy("/p", "Physics", keywords="neuron", date="2020-01-01"),
            copy("/b", "Biology", date="2024-01-01"),
            copy("/n", "Biology", date="2022-01-01"),
        ]
    )
    assert keys(index.search("neuron")) == ["/p"]
    (hit,) = index.search("neuron", subject="biology")
    assert hit.article.url == "/b"
    assert hit.urls == ["/b", "/n", "/p"]
    assert hit.subjects == ["Biology", "Physics"]
    (hit,) = index.search("neuron", subject="biology", until="2023-01-01")
    assert hit.article.url == "/n"
    results = index.search("neuron", subject="biology")
    assert results.total == 1
    assert results.facets == {"subject": {"Biology": 1}}


def test_a_group_stands_where_its_best_copy_does_in_the_order_of_days(
    make_index: MakeIndex,
) -> None:
    index = make_index(
        [copy("/old", date="2020-01-01"), copy("/new", date="2024-01-01"), copy("/none")],
        [article("/mid", "neuron", date="2022-01-01")],
    )
    assert urls(index, "neuron", sort="newest") == ["/new", "/mid"]
    assert urls(index, "neuron", sort="oldest") == ["/old", "/mid"]


def test_copies_need_the_same_id_question_and_answer(make_index: MakeIndex) -> None:
    index = make_index(
        [
            copy("/a"),
            copy("/id", id="8"),
            copy("/question", question="neuron!"),
            copy("/answer", answer="It doesn't fire."),
            copy("/no-id", id=None),
            copy("/no-id-2", id=None),
            copy("/copy", title="A neuron", keywords="x", subject="S", related=["1"]),
        ]
    )
    results = index.search("neuron")
    assert results.total == 6
    assert sorted(next(hit.urls for hit in results if len(hit.urls) > 1)) == ["/a", "/copy"]


def test_a_page_counts_groups(make_index: MakeIndex) -> None:
    index = make_index(
        [copy(f"/{n}-{c}", id=str(n), title="neuron " * (9 - n)) for n in range(6) for c in "abc"]
    )
    assert index.search("neuron").total == 6
    pages = [keys(index.search("neuron", limit=2, offset=offset)) for offset in (0, 2, 4, 6)]
    assert [len(page) for page in pages] == [2, 2, 2, 0]
    assert sorted(key for page in pages for key in page) == [f"/{n}-a" for n in range(6)]


def test_a_deleted_copy_is_none(make_index: MakeIndex) -> None:
    index = make_index([copy("/a", "Physics"), copy("/b", "Biology")])
    with index.writer() as writer:
        writer.delete("/a")
    (hit,) = index.search("neuron")
    assert hit.urls == ["/b"]
    assert hit.subjects == ["Biology"]


def test_copies_that_are_no_hits_are_listed_the_same_whatever_the_segments(
    make_index: MakeIndex,
) -> None:
    # Only /z is a hit; the others are listed behind it in an order that depends on nothing else.
    collection = [
        copy("/z", keywords="zebra"),
        copy("/b", answer="The zeal."),
        copy("/a", answer="The zeal."),
        copy("/m", keywords="zebra", answer="The zeal."),
    ]
    together = make_index(collection)
    apart = make_index(collection[:2] + collection[3:], collection[2:3])
    expected = [hit.urls for hit in together.search("the zebra")]
    assert [hit.urls for hit in apart.search("the zebra")] == expected
