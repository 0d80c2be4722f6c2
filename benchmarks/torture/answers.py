"""All that an index can be asked, each question by itself: the oracle of damage.

The answers of a sound index are kept as digests; those of a damaged copy must be the same, or one
of qsearch's own errors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import qsearch
from qsearch import Index

_RANKED = (
    "neuron release",
    "what is the energy of a synapse",
    "released ions in the rare7 membrane",
    "Ca^{2+} channel kinetics H2O",
    "rare1 rare2 rare3 rare4 rare5",
)
_GENERAL = (
    '"voltage gated"',
    "+neuron -calcium gene",
    "(matrix OR vector) AND proof NOT prime",
    "enzyme^3 entropy",
    "*",
    '"of the" neuron',
    "neurn membrain zzzz",
)
_OPTIONS: tuple[dict[str, Any], ...] = (
    {"subject": "physics"},
    {"since": "2020-01-10", "until": "2020-01-20"},
    {"sort": "newest"},
    {"sort": "oldest", "offset": 3},
    {"fields": "answer"},
    {"keyword_boost": 0},
    {"limit": None},
)
_WHOOSH = ("answer:neuron", 'question:"voltage gated"', "keywords:gene*", "subject:biology energy")

Question = Callable[[Index], object]


def _search(query: str, **options: Any) -> Question:
    def ask(index: Index) -> object:
        results = index.search(query, **options)
        return [
            [(hit.url, hit.score, hit.rank) for hit in results],
            results.total,
            results.facets,
            results.suggestion,
            [(note.message, note.position) for note in results.notes],
            [
                (hit.snippet, hit.snippet.marks, hit.urls, hit.subjects, hit.path, hit.line)
                for hit in results[:3]
            ],
        ]

    return ask


def _whoosh(query: str, **options: Any) -> Question:
    def ask(index: Index) -> object:
        from whoosh.qparser import QueryParser

        view = index.whoosh
        with view.searcher() as searcher:
            parsed = QueryParser("answer", view.schema).parse(query)
            results = searcher.search(parsed, limit=10, **options)
            return [(hit["url"], round(hit.score or 0, 6)) for hit in results], len(results)

    return ask


def _lexicon(index: Index) -> object:
    with index.whoosh.reader() as reader:
        return sorted(
            (field, [term.decode("utf-8", "replace") for term in reader.lexicon(field)])
            for field in ("answer", "keywords", "subject")
        )


def _terms(index: Index) -> object:
    return index.stats()["terms"]


QUESTIONS: Mapping[str, Question] = {
    **{f"search {query}": _search(query) for query in (*_RANKED, *_GENERAL)},
    **{f"search {options}": _search("neuron the gene", **options) for options in _OPTIONS},
    "articles": lambda index: [repr(article) for article in index],
    "length": len,
    "get": lambda index: [repr(index.get(f"/{number}")) for number in range(12)],
    "contains": lambda index: [f"/{number}" in index for number in range(60)],
    "by_id": lambda index: [repr(index.by_id(f"copy-{number}")) for number in range(3)],
    "subjects": lambda index: list(index.subjects.items()),
    "terms": _terms,
    **{f"whoosh {query}": _whoosh(query) for query in _WHOOSH},
    "whoosh by date": _whoosh("neuron", sortedby="date"),
    "whoosh lexicon": _lexicon,
}

SAME, TYPED = "same", "typed"
"""How an answer can be right: the same, or an error of our own. Whatever else is said is wrong."""


def ask(path: Path, *, keep_open: bool = False) -> dict[str, tuple[str, str]]:
    """Ask everything; return for each question ``answer`` and its digest, ``typed`` and the error,
    or ``raw`` and the exception.

    Arguments:
        path: the index.
        keep_open: don't close it, for a process that ends anyway.
    """
    opened: list[Index] = []
    found = {"open": _one(lambda: opened.append(qsearch.open(path)))}
    if opened:
        for name, question in QUESTIONS.items():
            found[name] = _one(lambda question=question: question(opened[0]))  # type: ignore[misc]
        if not keep_open:
            opened[0].close()
    return found


def _one(question: Callable[[], object]) -> tuple[str, str]:
    try:
        answer = json.dumps(question(), default=str, sort_keys=True).encode()
    except qsearch.Error as error:
        text = f"{type(error).__name__}: {error}"
        return ("raw", f"more than one line: {text}") if "\n" in text else (TYPED, text)
    except Exception as error:
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        code = where.tb_frame.f_code if where else None
        place = f"{Path(code.co_filename).name}:{where.tb_lineno}" if code and where else "?"
        return "raw", f"{type(error).__name__}: {error} ({place})"
    return "answer", hashlib.blake2b(answer, digest_size=8).hexdigest()


def wrong(
    found: Mapping[str, tuple[str, str]], right: Mapping[str, tuple[str, str]]
) -> tuple[list[str], bool]:
    """Compare with the answers of the sound index.

    Returns:
        What is wrong, and whether an error of our own was met.
    """
    faults, noticed = [], False
    for name, (kind, value) in found.items():
        if kind == TYPED:
            noticed = True
        elif kind != "answer":
            faults.append(f"raw exception: {name}: {value}")
        elif right[name] != (kind, value):
            faults.append(f"silent: {name} is answered differently")
    return faults, noticed
