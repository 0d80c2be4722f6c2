"""A collection to measure on: articles for qsearch, the same as plain texts for its peers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import qsearch
from benchmarks.failure import BenchmarkError
from benchmarks.synthetic import SyntheticCorpus
from qsearch import Article
from qsearch.model.fields import same_text
from qsearch.values import subject_key

DATA = Path(__file__).parents[1] / "data"


class Record(NamedTuple):
    """What another engine gets of an article: the same stored fields and texts as qsearch.

    qsearch also gets the id, since copies of an article are one result, and keeps title and
    question apart.
    """

    url: str
    subject: str
    question: str
    answer: str
    keywords: str


@dataclass(frozen=True)
class Collection:
    """Articles with a name, and how many sources could not be read."""

    name: str
    articles: Sequence[Article]
    skipped: int = 0

    @cached_property
    def records(self) -> list[Record]:
        """Return the articles as other engines get them."""
        return [record_of(article) for article in self.articles]

    def slice(self, size: int) -> Collection:
        """Return ``size`` articles at even distances, in their order; all if there are no more."""
        count = len(self.articles)
        if count <= size:
            return self
        chosen = [self.articles[place * count // size] for place in range(size)]
        return Collection(f"{size} of {self.name}", chosen)


def record_of(article: Article) -> Record:
    """Return an article as plain texts, a title equal to the question once as in qsearch."""
    same = same_text(article.title, article.question)
    texts = [article.question] if same else [article.title, article.question]
    return Record(
        url=article.url,
        subject=subject_key(article.subject),
        question="\n".join(filter(None, texts)),
        answer=article.answer,
        keywords=", ".join(article.keywords),
    )


def comparable(article: Article) -> Article:
    """Return an article with the fields alone that the other engines get."""
    return Article(
        url=article.url,
        id=article.id,
        title=article.title,
        question=article.question,
        answer=article.answer,
        keywords=article.keywords,
        subject=article.subject,
    )


def load(name: str, *, seed: int = 1) -> Collection:
    """Return the collection that a ``--collection`` means.

    Arguments:
        name: ``data``, ``synthetic:N``, or a file or folder of articles.
        seed: of a synthetic one.

    Raises:
        BenchmarkError: there is no such collection, or it holds no article.
    """
    if name.startswith("synthetic:"):
        count = name.partition(":")[2]
        if not count.isdecimal() or not int(count):
            raise BenchmarkError(f"{name}: write synthetic:N with a number of articles above 0")
        return Collection(name, list(SyntheticCorpus(int(count), seed=seed)))
    path = DATA / "articles" if name == "data" else Path(name)
    if not path.exists():
        raise BenchmarkError(f"{path}: there is no such file or folder")
    return read([path], name="data" if name == "data" else path.name)


def read(paths: Iterable[Path], *, name: str) -> Collection:
    """Return the articles of files and folders; what can't be read is counted and left out."""
    errors: list[qsearch.ArticleError] = []
    found = qsearch.read_articles(list(paths), on_error=errors.append)
    articles = list({article.url: comparable(article) for article in found}.values())
    if not articles:
        raise BenchmarkError(f"{name}: no article could be read")
    return Collection(name, articles, len(errors))
