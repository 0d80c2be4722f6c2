from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.failure import BenchmarkError
from benchmarks.queries import KINDS, draw, read_questions
from benchmarks.synthetic import SyntheticCorpus
from benchmarks.words import STOP_WORDS
from qsearch import Article

ARTICLES = list(SyntheticCorpus(100, words=60))


def test_there_are_as_many_queries_of_each_kind_as_asked() -> None:
    drawn = draw(ARTICLES, 20, seed=1)
    assert {kind: len(queries) for kind, queries in drawn.items()} == dict.fromkeys(KINDS, 20)
    assert all(query.kind == kind for kind, queries in drawn.items() for query in queries)


def test_the_same_seed_draws_the_same() -> None:
    assert draw(ARTICLES, 20, seed=1) == draw(ARTICLES, 20, seed=1) != draw(ARTICLES, 20, seed=2)


@pytest.mark.parametrize("size", [1, 3, 9])
def test_words_are_distinct_content_words_of_one_article(size: int) -> None:
    kind = f"{size} word{'s' if size > 1 else ''}"
    held = [set(re.findall(r"\w+", f"{a.question} {a.answer}".lower())) for a in ARTICLES]
    for query in draw(ARTICLES, 20, seed=1)[kind]:
        words = set(query.text.split())
        assert len(words) == size
        assert not words & set(STOP_WORDS)
        assert any(words <= of_article for of_article in held)


def test_rare_words_are_drawn_more_often_than_their_share_of_the_text() -> None:
    articles = [
        Article(url=f"/{n}", answer=f"common usual general rare{chr(97 + n)}x") for n in range(20)
    ]
    drawn = [query.text for query in draw(articles, 100, seed=1)["1 word"]]
    assert sum(word.startswith("rare") for word in drawn) > 40


def test_a_phrase_is_quoted_and_stands_in_an_answer() -> None:
    for query in draw(ARTICLES, 20, seed=1)["phrase"]:
        assert re.fullmatch(r'"\w+( \w+){1,2}"', query.text)
        assert any(query.text.strip('"') in article.answer.lower() for article in ARTICLES)


def test_filtered_queries_are_the_questions_with_the_subject_of_their_article() -> None:
    drawn = draw(ARTICLES, 20, seed=1)
    assert [q.text for q in drawn["filtered"]] == [q.text for q in drawn["question"]]
    subjects = {article.question: article.subject for article in ARTICLES}
    assert all(subjects[query.text] == query.subject for query in drawn["filtered"])


def test_mathematics_gives_no_words() -> None:
    article = Article(
        url="/a", question="What?", answer=r"The $\frac{alpha}{beta}$ of omega $^circ$"
    )
    assert {query.text for query in draw([article], 30, seed=1)["1 word"]} == {"omega"}


def test_what_a_collection_can_not_give_is_left_out() -> None:
    drawn = draw([Article(url="/a", answer="short one")], 5, seed=1)
    assert set(drawn) == {"1 word", "phrase"}


def test_questions_of_a_file_are_asked_instead(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text('{"text": "who is it"}\n{"id": 2, "text": "what is it"}\n')
    questions = read_questions(file)
    drawn = draw(ARTICLES, 20, seed=1, questions=questions)
    assert sorted(query.text for query in drawn["question"]) == ["what is it", "who is it"]
    assert {query.text for query in drawn["filtered"]} == {"what is it", "who is it"}


@pytest.mark.parametrize("content", ["", "no json", '{"question": "x"}', "[]"])
def test_a_file_without_questions_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text(content)
    with pytest.raises(BenchmarkError, match=re.escape(str(file))):
        read_questions(file)
