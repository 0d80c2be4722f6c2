"""Collections with queries and judgments: the project's own, and folders of the same shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from benchmarks.collection import DATA, Collection, read
from benchmarks.failure import BenchmarkError
from qsearch.options import FieldName


class Arguments(TypedDict, total=False):
    """Arguments of ``Index.search`` that a set of queries asks for."""

    fields: list[FieldName]
    keyword_boost: float


# How sets derived from the articles themselves have to be searched, so that what they were derived
# from doesn't give the answer away.
_ARGUMENTS: dict[str, Arguments] = {
    "question2answer": {"fields": ["answer"]},
    "keyword2docs": {"keyword_boost": 0.0},
    "keyword_typo": {"keyword_boost": 0.0},
}
_WITHOUT_SOURCE = ("related",)
_SPELLINGS = ("paraphrase", "message")
"""Other wordings of a query, each measured as a set of its own."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query with its judgments.

    Attributes:
        grades: by url, of all that was judged.
        without: the url of the article that the query was made from, if it is not to be found.
    """

    id: str
    text: str
    grades: Mapping[str, int]
    without: str | None = None


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Queries that are searched and averaged together.

    Attributes:
        unanswered: how many queries were left out: none of the articles answers them, or nothing
            was judged.
    """

    name: str
    arguments: Arguments
    queries: list[JudgedQuery] = field(default_factory=list)
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection with its query sets.

    Attributes:
        absent: how many judged articles are not in the collection; where they are relevant they
            count as not found.
    """

    collection: Collection
    sets: list[QuerySet]
    absent: int


def load_judged(folder: Path | None) -> Judged:
    """Return a judged collection.

    Arguments:
        folder: one with corpus.jsonl.gz, queries.jsonl and qrels.tsv; None for the project's data.

    Raises:
        BenchmarkError: a file is missing or is not of its format.
    """
    home = DATA if folder is None else folder
    articles = DATA / "articles" if folder is None else folder / "corpus.jsonl.gz"
    for path in (articles, home / "queries.jsonl", home / "qrels.tsv"):
        if not path.exists():
            raise BenchmarkError(f"{path} is missing")
    collection = read([articles], name="data" if folder is None else folder.name)
    keys: dict[str, str] = {
        article.id: article.url for article in collection.articles if article.id
    }
    keys.update({article.url: article.url for article in collection.articles})
    grades, absent = _read_qrels(home / "qrels.tsv", keys)
    return Judged(collection, _read_sets(home / "queries.jsonl", grades, keys), absent)


def _read_qrels(path: Path, keys: Mapping[str, str]) -> tuple[dict[str, dict[str, int]], int]:
    """The grades by query and url; a document is named by its url, or by its id."""
    grades: dict[str, dict[str, int]] = {}
    absent = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            query, _, document, grade = line.split("\t")
            of_query = grades.setdefault(query, {})
            of_query[keys.get(document, document)] = int(grade)
        except ValueError:
            raise BenchmarkError(f"{path}:{number}: expected query, 0, document, grade") from None
        if document not in keys:
            absent.add(document)
    return grades, len(absent)


def _read_sets(
    path: Path, grades: Mapping[str, Mapping[str, int]], keys: Mapping[str, str]
) -> list[QuerySet]:
    queries: dict[str, list[JudgedQuery]] = {}
    unanswered: dict[str, int] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            given = json.loads(line)
            name, query, text = str(given.get("set", "text")), str(given["id"]), str(given["text"])
        except (ValueError, KeyError, AttributeError):
            raise BenchmarkError(f"{path}:{number}: expected an object with id and text") from None
        without = keys.get(str(given.get("source"))) if name in _WITHOUT_SOURCE else None
        texts = {name: text}
        texts.update({other: str(given[other]) for other in _SPELLINGS if given.get(other)})
        for wording, words in texts.items():
            asked = queries.setdefault(wording, [])
            judged = dict(grades.get(query, {}))
            if without is not None:
                judged.pop(without, None)
            if any(grade > 0 for grade in judged.values()):
                asked.append(JudgedQuery(query, words, judged, without))
            else:
                unanswered[wording] = unanswered.get(wording, 0) + 1
    return [
        QuerySet(name, _ARGUMENTS.get(name, {}), asked, unanswered.get(name, 0))
        for name, asked in queries.items()
    ]
