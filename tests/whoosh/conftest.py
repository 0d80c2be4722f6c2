from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import qsearch

# Before any test imports Whoosh: in silence.
import qsearch.analysis.whoosh_analyzer
from qsearch import Article
from qsearch.api import create_in
from qsearch.storage import MemoryStorage

NEURONS = "/learn/biology/neurons"
CHANNELS = "/learn/biology/channels"
OSMOSIS = "/learn/biology/osmosis"
SKY = "/learn/physics/sky"
ENERGY = "/learn/physics/energy"
HASH = "/learn/computing/hash"
POINTER = "/learn/computing/pointer"
HAIKU = "/learn/literature/haiku"

ARTICLES = [
    Article(
        url=NEURONS,
        id="101",
        title="How do neurons communicate at a synapse?",
        question="How do neurons communicate at a synapse?",
        answer="A neuron releases neurotransmitters into the synaptic cleft. The release is "
        "triggered by calcium ions (Ca²⁺) that flow in through voltage-gated channels.",
        keywords=("neurotransmitter release", "synapse", "calcium"),
        subject="Biology",
        date="2024-03-01",
    ),
    Article(
        url=CHANNELS,
        id="102",
        title="Voltage-gated channels",
        question="What opens a voltage-gated sodium channel?",
        answer="A change of the membrane potential opens the channel; the gated pore lets sodium "
        "ions pass. Neurons fire an action potential that way.",
        keywords=("action potential", "sodium"),
        subject="biology",
        date="2024-05-20",
    ),
    Article(
        url=OSMOSIS,
        id="103",
        title="What is osmosis?",
        answer="Osmosis is the movement of water, H₂O, through a membrane towards more solute.",
        keywords=("osmosis", "membrane"),
        subject="Biology",
        date="2023-01-15",
    ),
    Article(
        url=SKY,
        id="201",
        title="Why is the sky blue?",
        question="Why is the sky blue?",
        answer="Air scatters short waves of light more than long ones: Rayleigh scattering.",
        keywords=("Rayleigh scattering", "light"),
        subject="Physics",
        date="2022-07-04",
    ),
    Article(
        url=ENERGY,
        id="202",
        title="What does $E=mc^2$ mean?",
        answer="Mass and energy are the same: the energy of a mass at rest is E = mc².",
        keywords=("energy", "mass"),
        subject="Physics",
        date="2024-05-20",
    ),
    Article(
        url=HASH,
        id="101",
        title="How does a hash table work?",
        answer="A hash table finds a value by the hash of its key, in C++ as std::unordered_map.",
        keywords=("hash table", "C++"),
        subject="Computer Science",
        date="2021-11-30",
    ),
    Article(
        url=POINTER,
        title="What is a pointer?",
        answer="A pointer holds the address of a value. A pointer in C++ may be null; pointers "
        "are what pointer arithmetic moves.",
        keywords=("pointer", "C++"),
        subject="Computer science",
    ),
    Article(
        url=HAIKU,
        question="What is a haiku (俳句)?",
        answer="A poem of seventeen syllables, often about water, snow or the moon.",
        keywords=("poem",),
    ),
]

GONE = [
    Article(url="/gone/1", title="Obsolete neurons", subject="Gone", date="2000-01-01"),
    Article(url=SKY, title="An earlier blue", subject="Gone"),
]


@pytest.fixture(scope="module", params=["one", "several", "deletions"])
def index(request: pytest.FixtureRequest) -> Iterator[qsearch.Index]:
    """The articles in one segment, in several, and in several with deleted ones between them."""
    with create_in(MemoryStorage()) as made:
        if request.param == "one":
            add(made, ARTICLES)
        elif request.param == "several":
            for start in range(0, len(ARTICLES), 3):
                add(made, ARTICLES[start : start + 3])
        else:
            add(made, [GONE[0], *ARTICLES[:3], GONE[1]])
            add(made, ARTICLES[3:])
            with made.writer() as writer:
                writer.delete("/gone/1")
        yield made


@pytest.fixture
def searcher(index: qsearch.Index) -> Iterator[Any]:
    with index.whoosh.searcher() as made:
        yield made


def add(index: qsearch.Index, articles: Iterable[Article]) -> None:
    with index.writer() as writer:
        writer.add_many(articles)


@pytest.fixture
def reader(index: qsearch.Index) -> Iterator[Any]:
    with index.whoosh.reader() as made:
        yield made


Urls = Callable[..., list[str]]


@pytest.fixture
def urls(searcher: Any) -> Urls:
    """The urls that a query finds, best first."""

    def find(query: Any, **options: Any) -> list[str]:
        options.setdefault("limit", None)
        return [hit["url"] for hit in searcher.search(query, **options)]

    return find


def parsed(searcher: Any, text: str, field: str = "answer", **options: Any) -> Any:
    """The query that Whoosh's parser makes of a text."""
    from whoosh.qparser import QueryParser

    return QueryParser(field, searcher.schema, **options).parse(text)
