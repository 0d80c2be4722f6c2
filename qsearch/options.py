"""The words that options of a search may be, as types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, TypedDict, get_args

if TYPE_CHECKING:
    from qsearch.values import DateLike

Sort = Literal["relevance", "newest", "oldest"]
"""What comes first."""

FieldName = Literal["question", "answer", "keywords"]
"""A ranked field; the title belongs to the question."""

FacetsOf = Literal["filtered", "unfiltered"]
"""What facets count: the results, or also those that only the filter by subject leaves out."""


EngineName = Literal["numpy", "kernels", "auto"]
"""What answers: ``numpy``, ``kernels``, or (``auto``) the kernels once they are loaded."""

ENGINES: tuple[EngineName, ...] = get_args(EngineName)


class SearchOptions(TypedDict, total=False):
    """The options of ``Index.search``, which says what each is."""

    limit: int | None
    offset: int
    subject: str | Iterable[str] | None
    since: DateLike | None
    until: DateLike | None
    fields: FieldName | Iterable[FieldName] | None
    keyword_boost: float | None
    sort: Sort
    facets: FacetsOf
    strict: bool


DEFAULTS: SearchOptions = {
    "limit": 10,
    "offset": 0,
    "subject": None,
    "since": None,
    "until": None,
    "fields": None,
    "keyword_boost": None,
    "sort": "relevance",
    "facets": "filtered",
    "strict": False,
}
"""What they are where they are left out."""
