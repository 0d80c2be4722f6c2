from __future__ import annotations

import json
import re
from collections import Counter
from itertools import combinations
from math import log
from pathlib import Path

import numpy as np
import pytest

import qsearch
from benchmarks import synthetic
from benchmarks.__main__ import main
from benchmarks.synthetic import SyntheticCorpus
from benchmarks.words import STOP_WORDS, vocabulary
from qsearch import Article


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return list(SyntheticCorpus(2_000, seed=7))


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def test_the_same_seed_gives_the_same_articles(articles: list[Article]) -> None:
    assert list(SyntheticCorpus(2_000, seed=7)) == articles


def test_another_seed_gives_others() -> None:
    one, other = (next(iter(SyntheticCorpus(5, seed=seed))) for seed in (1, 2))
    assert one.answer != other.answer


def test_it_makes_as_many_as_asked_each_with_its_own_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(synthetic, "CHUNK", 20)
    corpus = SyntheticCorpus(50, words=10)
    made = list(corpus)
    assert len({article.url for article in made}) == len(made) == len(corpus) == 50
    assert made[20:40] == corpus.chunk(1)


def test_word_frequencies_fall_as_zipf_found(articles: list[Article]) -> None:
    counts = Counter(word for article in articles for word in words_of(article.answer))
    frequencies = [count for _, count in counts.most_common()]
    ranks = np.array([10, 30, 100, 300, 1_000, 3_000])
    slope, _ = np.polyfit(np.log(ranks), np.log([frequencies[rank - 1] for rank in ranks]), 1)
    assert -1.2 < slope < -0.8


def test_the_vocabulary_grows_more_slowly_than_the_collection() -> None:
    sizes = [len(SyntheticCorpus(count).vocabulary) for count in (1_000, 4_000)]
    assert 1.5 < sizes[1] / sizes[0] < 3


def test_answers_have_the_length_asked_for_on_average(articles: list[Article]) -> None:
    lengths = [len(words_of(article.answer)) for article in articles]
    assert 230 < np.mean(lengths) < 270
    assert max(lengths) > 2 * np.median(lengths)


def test_words_are_made_up_ones_and_english_stop_words(articles: list[Article]) -> None:
    words = words_of(articles[0].answer)
    assert articles[0].answer.isascii()
    assert 0.3 < sum(word in STOP_WORDS for word in words) / len(words) < 0.6
    made_up = vocabulary(500, np.random.default_rng(1))
    assert len(set(made_up)) == 500
    assert not set(made_up) & set(STOP_WORDS)
    assert all(re.fullmatch(r"[a-z]*[aeiou][a-z]*", word) for word in made_up)
    assert not any(re.search(r"[aeiou]{4}|[^aeiou]{6}", word) for word in made_up)


def test_a_question_speaks_of_what_its_answer_does(articles: list[Article]) -> None:
    found = []
    for article in articles:
        words = set(words_of(article.question))
        assert article.question.endswith("?")
        assert words & set(STOP_WORDS)
        found.append(bool((words - set(STOP_WORDS)) & set(words_of(article.answer))))
    assert np.mean(found) > 0.9


def test_keywords_are_words_of_the_topic(articles: list[Article]) -> None:
    assert all(article.keywords for article in articles)
    found = [
        bool(set(words_of(" ".join(article.keywords))) & set(words_of(article.answer)))
        for article in articles
    ]
    assert np.mean(found) > 0.9


def test_articles_of_one_subject_share_more_rare_words(articles: list[Article]) -> None:
    common = Counter(word for article in articles for word in set(words_of(article.answer)))
    rare = [
        (article.subject, {w for w in words_of(article.answer) if log(2_000 / common[w]) > 3})
        for article in articles[:150]
    ]
    shared: dict[bool, list[int]] = {True: [], False: []}
    for (subject, words), (other_subject, others) in combinations(rare, 2):
        shared[subject == other_subject].append(len(words & others))
    assert np.mean(shared[True]) > 1.5 * np.mean(shared[False])


def test_subjects_are_of_uneven_size(articles: list[Article]) -> None:
    sizes = [size for _, size in Counter(article.subject for article in articles).most_common()]
    assert len(sizes) == 40
    assert sizes[0] > 4 * sizes[-1]


def test_some_articles_are_copies_of_another(articles: list[Article]) -> None:
    by_id = Counter(article.id for article in articles)
    assert 0.01 < sum(count - 1 for count in by_id.values()) / len(articles) < 0.06


@pytest.mark.parametrize("name", ["made.jsonl", "made.jsonl.gz"])
def test_the_command_writes_what_qsearch_reads(tmp_path: Path, name: str) -> None:
    assert (
        main(["synthetic", "30", "--words", "20", "--seed", "3", "--out", str(tmp_path / name)])
        == 0
    )
    read = list(qsearch.read_articles(tmp_path / name))
    assert read == list(SyntheticCorpus(30, seed=3, words=20))


def test_the_command_writes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synthetic", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["0", "1"]
