"""The collection in data/: its articles can be read, its judgments fit, its search is good."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest

import qsearch
from qsearch.kernels import runtime
from qsearch.ranking.reference import Reference
from tests.helpers import ENGLISH

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def collection() -> list[qsearch.Article]:
    return list(qsearch.read_articles(DATA / "articles"))


@pytest.fixture(scope="module")
def queries() -> dict[str, str]:
    lines = (DATA / "queries.jsonl").read_text().splitlines()
    found = {record["id"]: record["text"] for record in map(json.loads, lines)}
    assert len(found) == len(lines), "an id comes twice"
    return found


@pytest.fixture(scope="module")
def judgments() -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for line in (DATA / "qrels.tsv").read_text().splitlines():
        query, zero, url, grade = line.split("\t")
        assert zero == "0"
        assert url not in grades.setdefault(query, {}), f"{query} judges {url} twice"
        grades[query][url] = int(grade)
    return grades


@pytest.fixture(scope="module")
def index(
    collection: list[qsearch.Article], tmp_path_factory: pytest.TempPathFactory
) -> qsearch.Index:
    made = qsearch.create(tmp_path_factory.mktemp("sample") / "index")
    with made.writer() as writer:
        writer.add_many(collection)
    return made


# -- the articles


def test_every_file_gives_an_article(collection: list[qsearch.Article]) -> None:
    paths = sorted(str(path) for path in (DATA / "articles").rglob("*.md"))
    assert len(paths) >= 120
    assert sorted(one.path or "" for one in collection) == paths


def test_articles_are_of_the_promised_kind(collection: list[qsearch.Article]) -> None:
    assert len({one.subject.casefold() for one in collection}) >= 12
    assert len({one.url for one in collection}) == len(collection)
    for one in collection:
        words = len(one.answer.split())
        assert 60 <= words <= 200, f"{one.path}: {words} words"
        assert one.id
        assert one.question
        assert one.subject
    for name in ("title", "date", "keywords", "description", "related"):
        # Some lack one on purpose.
        assert sum(bool(getattr(one, name)) for one in collection) > 0.9 * len(collection)


def test_articles_hold_what_makes_search_hard(collection: list[qsearch.Article]) -> None:
    whole = "\n".join(f"{one.title}\n{one.question}\n{one.answer}" for one in collection)
    assert len(re.findall(r"\$[^$\n]+\$", whole)) > 50  # LaTeX
    assert re.search(r"\^\{?\d?[+-]", whole)  # charges
    assert "```" in whole or "`" in whole  # code
    assert re.search("[à-ÿ]", whole)  # accents
    assert re.search("[α-ω]", whole)
    assert r"\n\n" not in whole  # decoded where it is a line break


def test_links_lead_to_articles(collection: list[qsearch.Article]) -> None:
    keys = {one.url for one in collection}
    links = [link for one in collection for link in one.related]
    assert len(links) > 100
    assert {link.url for link in links} - {None} <= keys


def test_files_lie_in_the_folder_of_their_subject(collection: list[qsearch.Article]) -> None:
    folders: dict[str, set[str]] = {}
    for one in collection:
        assert one.path
        folders.setdefault(Path(one.path).parent.name, set()).add(one.subject.casefold())
    assert all(len(subjects) == 1 for subjects in folders.values())


# -- the judgments


def test_every_query_is_judged_and_every_judgment_has_its_query(
    queries: dict[str, str], judgments: dict[str, dict[str, int]]
) -> None:
    assert len(queries) >= 80
    assert set(judgments) == set(queries)
    assert all(text.strip() for text in queries.values())


def test_every_query_has_a_good_answer(judgments: dict[str, dict[str, int]]) -> None:
    assert [query for query, grades in judgments.items() if max(grades.values()) < 2] == []
    assert {grade for grades in judgments.values() for grade in grades.values()} == {0, 1, 2, 3}


def test_every_judged_article_is_there(
    judgments: dict[str, dict[str, int]], collection: list[qsearch.Article]
) -> None:
    keys = {one.url for one in collection}
    assert {url for grades in judgments.values() for url in grades} <= keys


# -- the search


def test_search_gives_the_ranking_of_the_definition(
    index: qsearch.Index, collection: list[qsearch.Article], queries: dict[str, str]
) -> None:
    reference = Reference(collection, ENGLISH)
    defined = {
        text: [(result.url, result.score) for result in reference.rank(text)]
        for text in queries.values()
    }
    for text, expected in defined.items():
        results = index.search(text, limit=None)
        assert [(hit.article.url, hit.score) for hit in results] == expected
        assert results.total == len(expected)
    assert runtime.wait()
    for text, expected in defined.items():
        page = index.search(text)
        assert [(hit.article.url, hit.score) for hit in page] == expected[:10]


def test_every_title_finds_its_article(
    index: qsearch.Index, collection: list[qsearch.Article]
) -> None:
    for one in collection:
        found = index.search(one.title or one.question, limit=3)
        assert one.url in [url for hit in found for url in hit.urls]


def test_files_and_python_give_the_same_index(index: qsearch.Index, tmp_path: Path) -> None:
    other = qsearch.create(tmp_path / "index")
    report = other.update(DATA / "articles")
    assert report.added == len(index)
    assert report.skipped == ()
    assert list(other) == list(index)
    assert other.subjects == index.subjects


def ndcg(ranking: list[str], grades: dict[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002), gain 2**grade - 1."""

    def gain(values: list[int]) -> float:
        return sum((2.0**v - 1) / math.log2(rank + 2) for rank, v in enumerate(values[:depth]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(url, 0) for url in ranking]) / best


def test_the_measure_itself() -> None:
    assert ndcg(["a", "b"], {"a": 3, "b": 1, "c": 0}) == 1.0
    assert ndcg(["b", "a"], {"a": 3, "b": 1}) == pytest.approx(
        (1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3))
    )
    assert ndcg([], {"a": 1}) == 0.0


def test_the_defaults_leave_room_for_a_change_to_show(
    index: qsearch.Index, queries: dict[str, str], judgments: dict[str, dict[str, int]]
) -> None:
    values = [
        ndcg([hit.article.url for hit in index.search(text)], judgments[query])
        for query, text in queries.items()
    ]
    assert 0.5 <= sum(values) / len(values) <= 0.95


def test_the_ranked_articles_are_judged(
    index: qsearch.Index, queries: dict[str, str], judgments: dict[str, dict[str, int]]
) -> None:
    counts = Counter(
        hit.article.url in judgments[query]
        for query, text in queries.items()
        for hit in index.search(text, limit=5)
    )
    assert counts[True] / counts.total() > 0.9
