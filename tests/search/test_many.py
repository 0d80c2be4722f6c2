"""Several queries at once give what each gives alone."""

from __future__ import annotations

import pytest

import qsearch
from qsearch import ArgumentError, QueryError, Results
from qsearch.kernels import runtime
from qsearch.options import FieldName
from tests.conftest import MakeIndex
from tests.helpers import WORDS, article, run_python

QUERIES = [" ".join(WORDS[n % 20 : n % 20 + 1 + n % 4]) for n in range(90)]
COLLECTION = [
    article(f"/{n}", " ".join(WORDS[n % 13 : n % 13 + 6]), subject=["Physics", "Biology"][n % 2])
    for n in range(40)
]


@pytest.fixture(scope="module", autouse=True)
def kernels() -> None:
    assert runtime.wait()


@pytest.fixture(params=[1, 4])
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qsearch.searcher.processors", lambda: request.param)


def told(results: Results) -> list[object]:
    return [(hit.url, hit.score, hit.rank) for hit in results] + [results.total, results.notes]


@pytest.mark.usefixtures("processors")
@pytest.mark.parametrize(
    "options", [{}, {"subject": "physics", "limit": 3, "offset": 1}, {"sort": "newest"}]
)
def test_the_same_as_one_by_one_in_the_same_order(
    options: dict[str, object], make_index: MakeIndex
) -> None:
    index = make_index(COLLECTION[:20], COLLECTION[20:])
    queries = [*QUERIES, '"calcium released" -neuron', "", "*"]
    many = index.search_many(iter(queries), **options)  # type: ignore[arg-type]
    expected = [told(index.search(query, **options)) for query in queries]  # type: ignore[arg-type]
    assert [told(results) for results in many] == expected


@pytest.mark.parametrize("room", [3, 30, 200])
def test_more_articles_than_there_is_room_for_at_once(
    room: int, make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = make_index(COLLECTION[:20], COLLECTION[20:])
    expected = [told(index.search(query)) for query in QUERIES]
    monkeypatch.setattr("qsearch.engine.scratch._ROOM", room)
    narrow = qsearch.open(index.path)
    for _ in range(2):  # with words that are new to the kernels, and known ones
        assert [told(results) for results in narrow.search_many(QUERIES)] == expected
        assert [told(narrow.search(query)) for query in QUERIES] == expected


def test_queries_of_all_kinds_side_by_side(make_index: MakeIndex) -> None:
    queries = [
        query
        for words in QUERIES[:20]
        for query in (words, f"+{words}", words.replace(" ", "\t\n "), f"{words}\u3000{words}",
                      f"{words}\x00", "\ud800", "", "ÿ", "\xff", words * 200)
    ]  # fmt: skip
    index = make_index(COLLECTION)
    expected = [told(index.search(query)) for query in queries]
    assert [told(results) for results in index.search_many(queries)] == expected


def test_a_thread_that_outlives_the_main_one_may_ask(make_index: MakeIndex) -> None:
    """Regression: Python refuses a pool's threads then."""
    done = run_python(
        "import sys, threading\n"
        "import qsearch\n"
        "from qsearch.kernels import runtime\n"
        "runtime.wait()\n"
        "index = qsearch.open(sys.argv[1])\n"
        "def ask():\n"
        "    threading.main_thread().join()\n"
        "    print(len(index.search_many(['neuron'] * 200)))\n"
        "threading.Thread(target=ask).start()\n",
        str(make_index(COLLECTION).path),
    )
    assert done.stdout.strip() == "200"


def test_no_query_gives_no_results(make_index: MakeIndex) -> None:
    assert make_index(COLLECTION).search_many([]) == []


@pytest.mark.usefixtures("processors")
def test_arguments_that_can_be_read_once_hold_for_every_query(make_index: MakeIndex) -> None:
    index = make_index(COLLECTION)
    question: list[FieldName] = ["question"]
    many = index.search_many(QUERIES, subject=iter(["biology"]), fields=iter(question))
    for query, results in zip(QUERIES, many, strict=True):
        alone = index.search(query, subject="biology", fields="question")
        assert told(results) == told(alone)


@pytest.mark.usefixtures("processors")
def test_the_first_error_is_raised(make_index: MakeIndex) -> None:
    index = make_index(COLLECTION)
    with pytest.raises(QueryError) as caught:
        index.search_many([*QUERIES, "first AND", *QUERIES, "second AND"], strict=True)
    assert caught.value.query == "first AND"


@pytest.mark.parametrize("queries", ["neuron", 5, [b"neuron"], [None]])
def test_queries_are_several_texts(queries: object, make_index: MakeIndex) -> None:
    with pytest.raises(ArgumentError):
        make_index(COLLECTION).search_many(queries)  # type: ignore[arg-type]


def test_a_closed_index_has_no_answers(make_index: MakeIndex) -> None:
    index = make_index(COLLECTION)
    index.close()
    with pytest.raises(ArgumentError, match="closed"):
        index.search_many(["neuron"])
