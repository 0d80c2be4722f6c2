"""What the tests of the terminal share."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qsearch import Article

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line of an error."""
        assert self.code == 2, self
        assert self.out == "", self
        assert self.err.startswith("error: "), self
        assert self.err.count("\n") == 1, self
        return self.err.removeprefix("error: ").removesuffix("\n")


Run = Callable[..., Outcome]
Process = Callable[..., "subprocess.CompletedProcess[str]"]
Fill = Callable[..., Path]
WriteArticle = Callable[..., Path]


class Stream(io.TextIOWrapper):
    """A standard stream; whether it is a terminal can be said."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


NEURONS = Article(
    url="/biology/neurons",
    id="1",
    title="How do neurons fire?",
    question="How do neurons fire?",
    answer="A neuron fires when its **membrane** is excited.\n\nSodium rushes in: $Na^+$.",
    keywords=("action potential", "neuron"),
    subject="Biology",
    date="2024-05-01",
    rating=4.5,
    related=(
        {"url": "/biology/sodium", "id": "2", "title": "What is sodium?", "subject": "Biology"},
        {"id": "3", "title": "Synapses"},
        {"url": "/nowhere", "id": "99", "title": "Nowhere"},
    ),
    path="/articles/neurons.md",
    line=1,
)
NEURONS_COPY = Article(
    url="/health/neurons",
    id="1",
    title="How do neurons fire?",
    question="How do neurons fire?",
    answer=NEURONS.answer,
    subject="Health Studies",
)
SODIUM = Article(
    url="/biology/sodium",
    id="2",
    title="Sodium",
    question="What is sodium, and where is it found?",
    answer="A soft metal. Neurons need its ions.",
    subject="Biology",
    date="2023-01-01",
)
SYNAPSES = Article(
    url="/biology/synapses", id="3", title="What is a synapse?", answer="A gap.", subject="Biology"
)
OTHER_THREE = Article(
    url="/music/threes", id="3", title="What is a triplet?", answer="Three notes.", subject="Music"
)
