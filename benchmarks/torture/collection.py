"""The articles that campaigns write: small, and with all that an index stores.

Copies, subjects in two spellings, dates, formulae, other scripts, rare and common words.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from random import Random

import qsearch
from qsearch import Article, RelatedArticle

_WORDS = """neuron neurons neuronal release released releases calcium membrane channel channels ion
ions voltage gated synapse vesicle potential energy entropy enzyme kinetics derivative integral
matrix vector theorem proof integer prime syntax semantics grammar market demand supply tariff
electron orbital bond acid base buffer titration gene genome protein folding osmosis cell""".split()
_SPECIAL = "Ca^{2+} $E=mc^2$ H₂O C++ 東京タワー café Ωmega 3.14 U.S. voltage-gated".split()
_STOP = "the of is to a in and how what".split()
SUBJECTS = ("Physics", "physics", "Biology", "Computer Science", "")

MARK = "version"
"""Stands before the version in a title."""


def text(random: Random, words: int) -> str:
    """Return words, some of them rare."""
    found = []
    for _ in range(words):
        kind = random.random()
        if kind < 0.3:
            found.append(random.choice(_STOP))
        elif kind < 0.85:
            found.append(random.choice(_WORDS))
        elif kind < 0.93:
            found.append(random.choice(_SPECIAL))
        else:
            found.append(f"rare{random.randrange(400)}")
    return " ".join(found)


def article(random: Random, url: str, version: int) -> Article:
    """Return a state of an article; its title says which."""
    group = random.randrange(12)
    is_copy = group < 3
    content = Random(f"copy {group}") if is_copy else random
    question, answer = text(content, 12), text(content, content.choice([20, 60, 150]))
    return Article(
        url=url,
        id=f"copy-{group}" if is_copy else str(random.randrange(1_000)),
        title=f"{text(random, 4)} {MARK} {version}",
        question=question,
        answer=answer,
        keywords=tuple(text(random, 2) for _ in range(random.randrange(4))),
        subject=random.choice(SUBJECTS),
        description=text(random, 5),
        date=random.choice([None, datetime.date(2020, 1, 1 + random.randrange(28))]),
        related=tuple(
            RelatedArticle(url=f"/{random.randrange(30)}") for _ in range(random.randrange(3))
        ),
    )


def version_of(found: Article) -> int:
    """Return the version that the title of an article tells."""
    return int(found.title.rpartition(f"{MARK} ")[2])


def warm_up(folder: Path) -> None:
    """Load what writing and searching load when first needed, so that no forked process has to."""
    with qsearch.create(folder) as index:
        with index.writer() as writer:
            writer.add(article(Random(0), "/0", 0))
        results = index.search('"neuron" zzz')
        _ = results.total, results.facets, results.suggestion, list(index)
