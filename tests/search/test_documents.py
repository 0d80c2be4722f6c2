"""What a program shows of results: their fields, JSON, HTML; and that nobody can change them."""

from __future__ import annotations

import copy
import json
import pickle
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsearch
from qsearch import ArgumentError, Snippet
from qsearch.api import create_in
from qsearch.storage import MemoryStorage
from tests.conftest import MakeIndex
from tests.helpers import article

COLLECTION = [
    article(
        "/learn/sky",
        "Why is the sky <blue>?",
        id="7",
        answer="Air scatters light & the sky is blue.",
        subject="Physics",
        date="2024-05-17",
        path="/files/sky.md",
        line=3,
    ),
    article("/sea", question="Why is the sea blue?", answer="Light, too.", subject="Chemistry"),
    article("/x", answer="blue"),
]


@pytest.fixture(scope="module")
def index() -> qsearch.Index:
    made = create_in(MemoryStorage())
    for one in COLLECTION:
        with made.writer() as writer:
            writer.add(one)
    return made


def test_a_hit_has_the_fields_of_its_article(index: qsearch.Index) -> None:
    hits = {hit.url: hit for hit in index.search("blue")}
    sky = hits["/learn/sky"]
    assert (sky.id, sky.title, sky.subject) == ("7", "Why is the sky <blue>?", "Physics")
    assert sky.question == ""
    assert str(sky.date) == "2024-05-17"
    assert (sky.path, sky.line) == ("/files/sky.md", 3)
    sea = hits["/sea"]
    assert (sea.title, sea.question) == ("Why is the sea blue?", "Why is the sea blue?")
    assert (sea.id, sea.date) == (None, None)
    assert hits["/x"].subject == ""


def test_results_as_json(index: qsearch.Index) -> None:
    results = index.search("blue sky zzz AND")
    document = json.loads(json.dumps(results.to_dict()))
    assert list(document) == [
        "query", "total", "total_exact", "took_ms", "notes", "suggestion", "facets", "hits",
    ]  # fmt: skip
    assert document["query"] == "blue sky zzz AND"
    assert document["total"] == 3
    assert document["took_ms"] > 0
    assert document["facets"] == {"subject": {"Chemistry": 1, "Physics": 1}}
    assert document["notes"] == [note.to_dict() for note in results.notes] != []
    assert list(document["hits"][0]) == [
        "rank", "score", "id", "title", "subjects", "urls", "date", "snippet", "marks", "path",
        "line",
    ]  # fmt: skip
    assert document["hits"][0] == json.loads(json.dumps(results[0].to_dict()))


def test_facets_belong_to_whoever_asks(index: qsearch.Index) -> None:
    results = index.search("blue")
    results.facets["subject"].clear()
    results.facets["subject"]["Mine"] = 5
    assert results.facets == {"subject": {"Chemistry": 1, "Physics": 1}}
    index.subjects["Mine"] = 5
    assert "Mine" not in index.subjects


def test_facets_may_leave_their_own_filter_out(index: qsearch.Index) -> None:
    filtered = index.search("blue", subject="physics")
    assert filtered.facets == {"subject": {"Physics": 1}}
    sidebar = index.search("blue", subject="physics", facets="unfiltered")
    assert sidebar.facets == {"subject": {"Chemistry": 1, "Physics": 1}}
    assert [hit.url for hit in sidebar] == [hit.url for hit in filtered]
    assert sidebar.total == 1
    dated = index.search("blue", subject="x", since="2024-01-01", facets="unfiltered")
    assert dated.facets == {"subject": {"Physics": 1}}
    (many,) = index.search_many(["blue"], subject="physics", facets="unfiltered")
    assert many.facets == sidebar.facets


def test_facets_are_one_of_two() -> None:
    with pytest.raises(ArgumentError, match="facets must be one of filtered, unfiltered"):
        create_in(MemoryStorage()).search("x", facets="all")  # type: ignore[arg-type]


# -- HTML


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def test_a_snippet_marks_its_words(index: qsearch.Index) -> None:
    hit = next(hit for hit in index.search("sky light") if hit.url == "/learn/sky")
    assert hit.snippet.html() == (
        "Air scatters <mark>light</mark> &amp; the <mark>sky</mark> is blue."
    )
    assert '<em class="hit">sky</em>' in hit.snippet.html('em class="hit"')
    with pytest.raises(ArgumentError, match="tag"):
        hit.snippet.html(" ")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.sets(st.integers(0, 30), max_size=6),
)
def test_whatever_a_snippet_holds_is_escaped(text: str, cuts: set[int]) -> None:
    places = sorted(cut for cut in cuts if cut <= len(text))
    marks = tuple(zip(places[::2], places[1::2], strict=False))
    reader = Reader()
    reader.feed(Snippet(text, marks).html())
    reader.close()
    assert "".join(reader.texts) == text
    assert reader.tags == ["mark"] * len(marks)


def test_a_notebook_shows_results_escaped(index: qsearch.Index) -> None:
    results = index.search("sky <script>", subject="physics")
    reader = Reader()
    reader.feed(results._repr_html_())
    assert set(reader.tags) <= {"div", "b", "ol", "li", "small", "mark"}
    shown = " ".join(reader.texts)
    assert "sky <script>" in shown
    assert "Why is the sky <blue>?" in shown
    assert "1 of 1" in shown


# -- what can't go to another process says what can


def test_an_index_says_how_another_process_comes_to_it(make_index: MakeIndex) -> None:
    index = make_index(COLLECTION)
    with pytest.raises(ArgumentError) as caught:
        pickle.dumps(index)
    assert f"qsearch.open({str(index.path)!r})" in str(caught.value)
    with pytest.raises(ArgumentError, match=r"hand over results\.to_dict"):
        pickle.dumps(index.search("blue"))
    with pytest.raises(ArgumentError, match=r"hit\.to_dict\(\) or hit\.article"):
        copy.deepcopy(index.search("blue")[0])
    assert pickle.loads(pickle.dumps(index.search("blue")[0].article)) in COLLECTION


# -- keys


def test_ids_are_taken_as_rows_have_them(make_index: MakeIndex) -> None:
    index = make_index([article("/a", id="7"), article("/b", id="7"), article("/c", id="8")])
    assert [one.url for one in index.by_id(7)] == ["/a", "/b"]
    assert 7 in index
    assert 9 not in index
    assert index.by_id(" ") == []
    with index.writer() as writer:
        writer.add(article("/d", id="7"))
        assert writer.delete(7)
        assert not writer.delete(7)
        assert not writer.delete(9)
    assert index.urls() == ["/c"]
