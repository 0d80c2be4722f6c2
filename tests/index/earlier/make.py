"""Writes an index that has something of everything, and what it holds and answers."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import qsearch
from qsearch import Article

HERE = Path(__file__).parent

QUERIES = (
    "how do neurons release calcium",
    '"voltage-gated channels"',
    "+calcium -sodium",
    "Ca2+",
    "E=mc^2",
    "東京",
    "the",
    "energy^3 light",
)

ARTICLES = (
    Article(
        url="/calcium",
        id="1",
        title="How do neurons release neurotransmitters?",
        question="How do neurons release neurotransmitters?",
        answer="Voltage-gated channels let $Ca^{2+}$ in.\nVesicles fuse.",
        keywords=("calcium", "synaptic release"),
        subject="Biology",
        description="What happens at a synapse.",
        date="2024-11-22",
        rating=4.5,
        related=({"url": "/sodium", "id": "2", "title": "Sodium"},),
    ),
    Article(
        url="/calcium-again",
        id="1",
        question="How do neurons release neurotransmitters?",
        answer="Voltage-gated channels let $Ca^{2+}$ in.\nVesicles fuse.",
        subject="health studies",
        no_index=True,
        path="/articles/again.md",
        line=2,
    ),
    Article(
        url="/sodium", id="2", title="Sodium channels", answer="Na+ and calcium.", subject="biology"
    ),
    Article(
        url="/energy",
        id="3",
        title="Energy",
        answer="$E = mc^2$ and light " + "energy " * 20,
        subject=("Physics", "Engineering"),
    ),
    Article(url="/tokyo", title="東京タワー", answer="the the the", keywords=("E=mc²",)),
    Article(url="/gone", title="Removed by the second commit"),
)


def build(folder: Path) -> None:
    """Write the index: two segments, a deletion, an article that was replaced."""
    with qsearch.create(folder) as index:
        with index.writer() as writer:
            writer.add_many(ARTICLES[:3])
            writer.add(ARTICLES[5])
            writer.add(dataclasses.replace(ARTICLES[3], answer="replaced"))
        with index.writer() as writer:
            writer.add_many(ARTICLES[3:5])
            writer.delete("/gone")


def told(index: qsearch.Index) -> dict[str, Any]:
    """Return what an index holds and answers, as JSON has it."""
    return {
        "articles": sorted(map(_plain, index), key=lambda one: str(one["url"])),
        "answers": {
            query: [[hit.urls, hit.score] for hit in index.search(query)] for query in QUERIES
        },
        "subjects": dict(index.subjects),
    }


def _plain(article: Article) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(article), default=_iso))
    return plain


def _iso(value: datetime.date) -> str:
    return value.isoformat()
