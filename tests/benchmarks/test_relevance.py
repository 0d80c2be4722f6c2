from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

import qsearch
from benchmarks.collection import Collection
from benchmarks.failure import BenchmarkError
from benchmarks.judged import JudgedQuery, load_judged
from benchmarks.relevance import Groups, means, measure
from qsearch import Article
from tests.benchmarks.conftest import Benchmark

CORPUS = [
    {"id": "1", "title": "Osmosis", "answer": "water through a membrane", "url": "/osmosis"},
    {"id": "2", "title": "Diffusion", "answer": "particles spread in water"},
    {"id": "3", "title": "Volcano", "answer": "magma rises", "keywords": ["water"]},
]
QUERIES = [
    {"id": "a", "text": "water", "set": "keyword2docs"},
    {"id": "b", "text": "osmosis water", "set": "related", "source": "1"},
    {"id": "c", "text": "membrane", "paraphrase": "magma"},
    {"id": "d", "text": "nothing answers this"},
    {"id": "e", "text": "volcano", "set": "question2answer"},
]
QRELS = [
    ("a", "1", 1),
    ("a", "3", 1),
    ("b", "1", 1),
    ("b", "2", 2),
    ("c", "/osmosis", 3),
    ("c", "99", 1),
    ("d", "1", 0),
    ("e", "3", 1),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(line) + "\n" for line in CORPUS)
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in QUERIES))
    (tmp_path / "qrels.tsv").write_text(
        "".join(f"{query}\t0\t{document}\t{grade}\n" for query, document, grade in QRELS)
    )
    return tmp_path


def test_documents_are_named_by_their_url_or_their_id(folder: Path) -> None:
    judged = load_judged(folder)
    queries = {query.id: query for each in judged.sets for query in each.queries}
    assert queries["a"].grades == {"/osmosis": 1, "id:3": 1}
    assert queries["c"].grades == {"/osmosis": 3, "99": 1}
    assert judged.absent == 1


def test_each_spelling_of_a_query_is_a_set(folder: Path) -> None:
    sets = {each.name: each for each in load_judged(folder).sets}
    assert list(sets) == ["keyword2docs", "related", "text", "paraphrase", "question2answer"]
    assert [query.text for query in sets["paraphrase"].queries] == ["magma"]
    assert sets["text"].unanswered == 1


def test_sets_made_from_articles_are_searched_without_what_they_were_made_from(
    benchmark_command: Benchmark, folder: Path
) -> None:
    found = benchmark_command("relevance", "--corpus", str(folder))
    assert found.code == 0
    sets = found.numbers["sets"]
    # Keywords are not searched: of the two relevant ones only the first is found.
    assert sets["keyword2docs"]["by_query"]["a"]["recall@100"] == 0.5
    # The source article is left out of the results and of the judgments.
    assert sets["related"]["by_query"]["b"]["nDCG@10"] == 1
    # Only answers are searched, and the answer doesn't hold the word of the title.
    assert sets["question2answer"]["by_query"]["e"]["MRR"] == 0
    # A relevant document that is not in the collection counts as not found.
    assert sets["text"]["by_query"]["c"]["recall@100"] == 0.5
    assert sets["text"]["mean"]["MRR"] == 1
    assert sets["text"]["mean_with_unanswered_as_0"]["MRR"] == 0.5
    assert "text: 1 queries without a relevant article left out" in found.out
    assert "related: the article that a query comes from is left out" in found.out


def test_the_projects_own_judgments_are_measured_by_default(benchmark_command: Benchmark) -> None:
    found = benchmark_command("relevance")
    assert found.code == 0
    assert found.out.startswith("reproduce: python -m benchmarks relevance ")
    sets = found.numbers["sets"]
    assert len(sets) > 1
    assert found.numbers["collection"]["judged_but_absent"] == 0
    for each in sets.values():
        assert set(each["mean"]) == {"nDCG@10", "MAP", "recall@100", "MRR"}
        assert each["queries"] == len(each["by_query"]) > 0
    assert re.search(r"^all +\d+", found.out, re.MULTILINE)


def test_one_set_can_be_chosen(benchmark_command: Benchmark, folder: Path) -> None:
    found = benchmark_command("relevance", "--corpus", str(folder), "--set", "paraphrase")
    assert list(found.numbers["sets"]) == ["paraphrase"]


def test_an_unknown_set_is_an_error(benchmark_command: Benchmark, folder: Path) -> None:
    found = benchmark_command("relevance", "--corpus", str(folder), "--set", "other")
    assert found.code == 1
    assert "there is: keyword2docs, related, text" in found.err


def test_a_group_of_copies_is_one_result_with_the_best_grade_of_its_urls(tmp_path: Path) -> None:
    same = {"id": "1", "question": "What is ice?", "answer": "Frozen water."}
    articles = [
        Article(url="/a", **same),  # type: ignore[arg-type]
        Article(url="/b", **same),  # type: ignore[arg-type]
        Article(url="/c", question="Is ice water?"),
    ]
    with qsearch.create(tmp_path / "index") as index:
        with index.writer() as writer:
            writer.add_many(articles)
        query = JudgedQuery("q", "ice water", {"/a": 1, "/b": 3, "/c": 1})
        found = measure(index, query, {}, Groups(Collection("", articles)), 10)
    # Two results with the grades 3 and 1, in either order, of the ideal 3, 1.
    assert found["recall@100"] == found["MAP"] == 1
    assert found["nDCG@10"] in (1, pytest.approx((1 + 3 / 1.584962) / (3 + 1 / 1.584962)))


def test_the_mean_is_over_queries_and_can_count_others_as_0() -> None:
    by_query = {"a": dict.fromkeys(("nDCG@10", "MAP", "recall@100", "MRR"), 0.5)}
    assert means(by_query)["MAP"] == 0.5
    assert means(by_query, 1)["MAP"] == 0.25
    assert means({})["MAP"] == 0


@pytest.mark.parametrize("name", ["corpus.jsonl.gz", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BenchmarkError, match=f"{re.escape(name)} is missing"):
        load_judged(folder)


@pytest.mark.parametrize(
    ("name", "content"), [("queries.jsonl", '{"id": 1}\n'), ("qrels.tsv", "a 0 1 1\n")]
)
def test_a_faulty_line_is_named(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(BenchmarkError, match=f"{re.escape(name)}:1"):
        load_judged(folder)
