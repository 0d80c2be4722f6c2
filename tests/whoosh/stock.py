"""The same articles in an index of Whoosh's own, to compare with."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import analysis, fields, index
from whoosh.filedb.filestore import RamStorage

from qsearch import Article
from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.whoosh_analyzer import WhooshAnalyzer
from qsearch.model.fields import KEYWORD_GAP, same_text
from qsearch.values import subject_key
from qsearch.whoosh_view.documents import stored_fields
from qsearch.whoosh_view.schema import DateField, SubjectField

BETWEEN = "\x1e"

WORDS = """alpha betas beta gammas gamma delta epsilon zeta etas neuron neurons neuronal release
released releases calcium Ca^{2+} Ca2+ H2O H₂O E=mc^2 C++ C# voltage-gated voltage gated café
東京タワー 3.14 U.S. snake_case the of is to""".split()

SUBJECTS = [
    "", "Physics", "physics", "Computer Science", "Computer  science", "Biology",
    ("Biology", "Physics"), ("physics", "Computer Science", "Art"),
]  # fmt: skip


class PartsAnalyzer(analysis.Analyzer):  # type: ignore[misc]  # Whoosh is untyped
    """Texts between separators, the positions of each behind those of the one before it.

    Arguments:
        inner: analyses each text.
        step: every text starts at a multiple of it; 0: KEYWORD_GAP behind the end of the last one.
    """

    def __init__(self, inner: WhooshAnalyzer, step: int) -> None:
        self._inner = inner
        self._step = step

    def __call__(self, value: str, **kwargs: Any) -> Iterator[Any]:
        kwargs["positions"] = True
        start = 0
        for number, text in enumerate(value.split(BETWEEN)):
            if self._step:
                start = number * self._step
            last = start - 1
            for token in self._inner(text, start_pos=start, **kwargs):
                last = token.pos
                yield token
            start = last + 1 + KEYWORD_GAP


def stock_index(articles: Iterable[Article]) -> Any:
    """One segment of Whoosh's own that holds the articles."""
    analyzer = WhooshAnalyzer(Analyzer("english").settings())
    parts = PartsAnalyzer(analyzer, 1 << 29)
    schema = fields.Schema(
        url=fields.ID(stored=True, unique=True, sortable=True),
        id=fields.ID(stored=True, sortable=True),
        subject=SubjectField(dict),
        date=DateField(),
        title=fields.TEXT(analyzer=analyzer, stored=True),
        question=fields.TEXT(analyzer=parts, stored=True),
        answer=fields.TEXT(analyzer=analyzer, stored=True),
        keywords=fields.TEXT(analyzer=PartsAnalyzer(analyzer, 0), stored=True),
    )
    made = RamStorage().create_index(schema)
    assert isinstance(made, index.Index)
    writer = made.writer()
    for article in articles:
        values = stored_fields(article)
        question = "" if same_text(article.title, article.question) else article.question
        values["question"] = article.title + BETWEEN + question
        values["keywords"] = BETWEEN.join(article.keywords)
        if not article.subject:
            del values["subject"]
        elif len(article.subjects) > 1:
            # Several values are handed to Whoosh as terms.
            values["_stored_subject"] = values["subject"]
            values["subject"] = list(map(subject_key, article.subjects))
        writer.add_document(**values)
    writer.commit()
    return made


def random_articles(count: int, rng: random.Random, prefix: str = "") -> list[Article]:
    """Articles of few words, so that much is found; titles with, without and as questions."""

    def text(most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(0, most)))

    made = []
    for number in range(count):
        title = text(5)
        question = rng.choice(["", title, f"  {title}", text(7)])
        answer = text(25)
        if not (title.strip() or question.strip() or answer):
            answer = "alpha"
        made.append(
            Article(
                url=f"/{prefix}{rng.choice('abc')}/{number}",
                id=rng.choice([None, "1", "22", f"{number}"]),
                title=title,
                question=question,
                answer=answer,
                keywords=tuple(text(3) for _ in range(rng.randint(0, 3))),
                subject=rng.choice(SUBJECTS),
                date=rng.choice([None, f"20{rng.randint(10, 24)}-0{rng.randint(1, 9)}-11"]),
            )
        )
    return made
