"""An article of several subjects is found, counted and shown under each of them."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qsearch import Article, Index
from qsearch.options import Sort
from qsearch.values import subject_key
from tests.conftest import MakeIndex
from tests.helpers import QUERIES, article, changed_index, defined_ranking, is_about, ranked, urls

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


@pytest.fixture
def index(make_index: MakeIndex) -> Index:
    return make_index(
        [
            article("/bond", "neuron", subject=["Chemistry", "Physics"], date="2024-01-01"),
            article("/cell", "neuron", subject="Biology"),
        ],
        [article("/wave", "neuron", subject=("physics", "Art", "Music")), article("/none")],
    )


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("physics", ["/bond", "/wave"]),
        ("Chemistry", ["/bond"]),
        (["music", "biology"], ["/cell", "/wave"]),
        (["chemistry", "physics"], ["/bond", "/wave"]),
        ("", ["/none"]),
    ],
)
@pytest.mark.parametrize("sort", SORTS)
def test_a_filter_by_any_of_its_subjects_finds_it(
    index: Index, subject: object, found: list[str], sort: Sort
) -> None:
    assert sorted(urls(index, "*", subject=subject, sort=sort)) == found


def test_facets_and_counts_know_it_under_each_subject(index: Index) -> None:
    counts = {"Physics": 2, "Art": 1, "Biology": 1, "Chemistry": 1, "Music": 1}
    assert dict(index.subjects) == counts
    assert index.search("neuron").facets["subject"] == counts
    assert index.search("neuron", since="2024-01-01").facets["subject"] == {
        "Chemistry": 1,
        "Physics": 1,
    }
    assert index.stats()["subjects"] == 5


def test_a_hit_shows_all_of_them_in_their_commonest_spelling(index: Index) -> None:
    shown = {hit.url: (hit.subject, hit.subjects) for hit in index.search("*")}
    assert shown == {
        "/bond": ("Chemistry", ["Chemistry", "Physics"]),
        "/cell": ("Biology", ["Biology"]),
        "/wave": ("physics", ["Physics", "Art", "Music"]),
        "/none": ("", []),
    }


def test_copies_put_their_subjects_together(make_index: MakeIndex) -> None:
    texts = {"id": "1", "question": "What is a neuron?", "answer": "A cell."}
    index = make_index(
        [
            article("/a", subject=["Biology", "Health"], title="neuron neuron", **texts),
            article("/b", subject=["health", "Psychology"], title="cell", **texts),
        ]
    )
    (hit,) = index.search("neuron")
    assert hit.subjects == ["Biology", "Health", "Psychology"]
    assert index.search("neuron").facets["subject"] == {"Biology": 1, "Health": 1, "Psychology": 1}
    (hit,) = index.search("neuron", subject="psychology")
    assert (hit.url, hit.subjects[:2]) == ("/b", ["Health", "Psychology"])


def test_a_change_of_a_further_subject_is_a_change(make_index: MakeIndex) -> None:
    index = make_index([article("/a", subject=["X", "Y"])], [article("/a", subject=["X", "Z"])])
    (one,) = index
    assert one.subjects == ("X", "Z")
    assert dict(index.subjects) == {"X": 1, "Z": 1}


def test_a_sync_sees_a_change_of_a_further_subject(make_index: MakeIndex) -> None:
    index = make_index([])
    for subjects in (["X", "Y"], ["X", "Z"], ["X\x1fZ"], ["X"]):
        assert index.sync([article("/a", subject=subjects)]).unchanged == 0
        assert index.sync([article("/a", subject=subjects)]).unchanged == 1
        assert index.search("*").facets["subject"] == dict.fromkeys(subjects, 1)


@given(st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_history_finds_and_counts_what_the_articles_say(data: st.DataObject) -> None:
    with changed_index(data, max_size=8) as (index, collection):
        keys = {key for one in collection for key in map(subject_key, one.subjects)}
        counts = Counter(subject_key(name) for one in collection for name in one.subjects)
        assert {subject_key(name): n for name, n in index.subjects.items()} == counts
        assert {one.url: one.subjects for one in index} == {
            one.url: one.subjects for one in collection
        }
        query = data.draw(QUERIES)
        for key in sorted(keys):
            passes = [is_about(one, key) for one in collection]
            expected = defined_ranking(collection, query, passes=passes)
            assert ranked(index, query, subject=key) == expected
            for sort in SORTS:
                assert len(index.search(query, subject=key, sort=sort, limit=None)) == len(expected)
        facets = index.search(query).facets["subject"]
        assert {subject_key(name): n for name, n in facets.items()} == _facets(collection, query)


def _facets(collection: list[Article], query: str) -> dict[str, int]:
    """How many groups of copies that are hits have a hit in each subject."""
    hits = set()
    for place, one in enumerate(collection):
        alone = [other == place for other in range(len(collection))]
        if defined_ranking(collection, query, passes=alone):
            hits.add(one.url)
    groups: dict[str, set[object]] = defaultdict(set)
    for one in collection:
        if one.url in hits:
            group = (one.id, one.question, one.answer) if one.id else one.url
            for name in one.subjects:
                groups[subject_key(name)].add(group)
    return {key: len(found) for key, found in groups.items()}
