"""The queries that speed is measured with, drawn from the articles themselves."""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.failure import BenchmarkError
from benchmarks.words import STOP_WORDS
from qsearch import Article

KINDS = ("1 word", "3 words", "9 words", "question", "phrase", "filtered")

_WORD = re.compile(r"(?<![\w\\$^{])[A-Za-z]{3,}(?![\w}$^])")
_RUN = re.compile(r"(?<![\w\\$^{])[A-Za-z]{2,}(?: [A-Za-z]{2,}){1,2}(?![\w}$^])")
_COUNTED = 5_000
_NOT_DRAWN = frozenset(STOP_WORDS)


@dataclass(frozen=True, slots=True)
class Query:
    """A query in the notation that all engines with phrases share, and a subject to filter by."""

    kind: str
    text: str
    subject: str | None = None


def draw(
    articles: Sequence[Article],
    count: int,
    *,
    seed: int,
    questions: Sequence[str] | None = None,
) -> dict[str, list[Query]]:
    """Return up to ``count`` queries of each kind.

    Words come from one article each, rare ones more often than frequent ones, as people choose
    them: in proportion to their idf. Whole questions are those of articles, the filtered ones the
    same with the subject of the article. A phrase is two or three words that stand together.

    Arguments:
        articles: the collection.
        count: how many of each kind.
        seed: of the draw.
        questions: texts to ask instead of the articles' own questions; the subject to filter by is
            then that of an article drawn at random.
    """
    rng = random.Random(seed)
    idf = _Idf(articles, rng)
    order = rng.sample(range(len(articles)), len(articles))
    found: dict[str, list[Query]] = {kind: [] for kind in KINDS}
    for kind, size in (("1 word", 1), ("3 words", 3), ("9 words", 9)):
        # A small collection gives several queries an article, but not without end.
        for place in (order * (count // len(order) + 8))[: 8 * count]:
            words = idf.choose(articles[place], size)
            if len(words) == size and len(found[kind]) < count:
                found[kind].append(Query(kind, " ".join(words)))
    for place in (order * 8)[: 8 * count]:
        phrase = _phrase(articles[place], rng)
        if phrase and len(found["phrase"]) < count:
            found["phrase"].append(Query("phrase", f'"{phrase}"'))
    asked = [articles[place] for place in order if _question(articles[place])][:count]
    texts = [_question(article) for article in asked]
    if questions is not None:
        texts = rng.sample(list(questions), min(count, len(questions)))
        asked = rng.choices(articles, k=len(texts))
    found["question"] = [Query("question", text) for text in texts]
    found["filtered"] = [
        Query("filtered", text, article.subject)
        for text, article in zip(texts, asked, strict=True)
        if article.subject
    ]
    return {kind: queries for kind, queries in found.items() if queries}


def read_questions(path: Path) -> list[str]:
    """Return the ``text`` of each line of a JSON Lines file of queries."""
    try:
        texts = [str(json.loads(line)["text"]) for line in path.read_text("utf-8").splitlines()]
    except (ValueError, KeyError, TypeError):
        raise BenchmarkError(f"{path}: each line must be an object with a text") from None
    if not texts:
        raise BenchmarkError(f"{path}: holds no query")
    return texts


class _Idf:
    """The weights of words, counted on some articles."""

    def __init__(self, articles: Sequence[Article], rng: random.Random) -> None:
        counted = rng.sample(list(articles), min(_COUNTED, len(articles)))
        self._rng = rng
        self._count = len(counted)
        self._frequencies: Counter[str] = Counter()
        for article in counted:
            self._frequencies.update(_words(article))

    def choose(self, article: Article, size: int) -> list[str]:
        """Return some words of an article, drawn without repetition by their idf."""
        keys = {
            word: self._rng.random() ** (1 / math.log(1 + self._count / self._frequencies[word]))
            if self._frequencies[word]
            else self._rng.random() ** (1 / math.log(2 + self._count))
            for word in sorted(_words(article))
        }
        return sorted(keys, key=lambda word: -keys[word])[:size]


def _words(article: Article) -> set[str]:
    text = f"{article.title} {article.question} {article.answer}"
    return {word.lower() for word in _WORD.findall(text)} - _NOT_DRAWN


def _phrase(article: Article, rng: random.Random) -> str:
    runs = [
        run
        for run in _RUN.findall(article.answer)
        if any(word.lower() not in _NOT_DRAWN for word in run.split())
    ]
    return rng.choice(runs).lower() if runs else ""


def _question(article: Article) -> str:
    return " ".join((article.question or article.title).split())
