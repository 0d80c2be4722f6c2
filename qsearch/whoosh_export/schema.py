"""The fields of an index of Whoosh's own, and what an article has in each."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from qsearch.article import Article
from qsearch.model.fields import ANSWER, KEYWORDS, QUESTION, TITLE, texts_of
from qsearch.values import subject_key
from qsearch.whoosh_export.analyzer import PortableAnalyzer, Texts

# Behind the imports of ours: that of the analyser imports Whoosh in silence.
from whoosh import analysis, fields  # isort: skip

KEYWORD_SEPARATOR = ", "

# The title counts as a part of the question, as in ranking.
_PARTS = {
    "title": (TITLE,),
    "question": (TITLE, QUESTION),
    "answer": (ANSWER,),
    "keywords": (KEYWORDS,),
}


def make_schema(analyzer: Mapping[str, object]) -> fields.Schema:
    """Return the schema: classes of Whoosh's own, and the analyser.

    Arguments:
        analyzer: the settings of the index's.
    """
    words = PortableAnalyzer(analyzer)
    subject = (
        analysis.IDTokenizer()
        | analysis.LowercaseFilter()
        | analysis.SubstitutionFilter(r"^\s+|\s+$", "")
        | analysis.SubstitutionFilter(r"\s+", " ")
    )
    return fields.Schema(
        url=fields.ID(stored=True, unique=True, sortable=True),
        id=fields.ID(stored=True, sortable=True),
        subject=fields.ID(stored=True, sortable=True, analyzer=subject),
        date=fields.DATETIME(stored=True, sortable=True),
        **{
            name: fields.TEXT(analyzer=words, stored=True, multitoken_query="phrase")
            for name in _PARTS
        },
    )


def document_of(
    article: Article, schema: fields.Schema, spelling: Mapping[str, tuple[str, int]]
) -> dict[str, Any]:
    """Return an article as ``add_document`` takes it; what it doesn't have is left out.

    Arguments:
        article: the article.
        schema: of ``make_schema``.
        spelling: by subject key the commonest spelling, as ``Snapshot.subjects`` has it.
    """
    searched = list(texts_of(article))
    document: dict[str, Any] = {
        "url": article.url,
        "_stored_title": article.title,
        "_stored_question": article.question,
        "_stored_answer": article.answer,
        "_stored_keywords": KEYWORD_SEPARATOR.join(article.keywords),
    }
    for name, parts in _PARTS.items():
        document[name] = Texts(text for part, text in searched if part in parts)
    if article.id is not None:
        document["id"] = article.id
    if article.date is not None:
        document["date"] = datetime.datetime.combine(article.date, datetime.time())
    if article.subjects:
        # Whoosh takes several values as terms, sorts by the first, and stores what it is told.
        names = [spelling[subject_key(subject)][0] for subject in article.subjects]
        analyse = schema["subject"].analyzer
        document["subject"] = [token.text for name in names for token in analyse(name)]
        document["_stored_subject"] = names if len(names) > 1 else names[0]
    return document
