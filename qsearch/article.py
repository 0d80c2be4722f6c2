"""What an article is: plain, frozen data that checks itself."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Protocol, Union

from qsearch import values
from qsearch.errors import ArgumentError, ArticleError

if TYPE_CHECKING:
    from decimal import Decimal

    from qsearch.values import DateLike, IdLike

_put = object.__setattr__  # a frozen object's own way is closed


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class RelatedArticle:
    """A link that an article carries to another one; every part may be missing but not all.

    Attributes:
        url: the key of the other article, or None if only its id is known.
        id: its id, or None.
        title: its title, as the linking article gives it.
        subject: its subject, as the linking article gives it.

    Raises:
        ArgumentError: there is neither url nor id, or a value is of the wrong type.
    """

    url: str | None = None
    id: str | None = None
    title: str = ""
    subject: str = ""

    def __init__(
        self,
        *,
        url: str | None = None,
        id: IdLike | None = None,  # noqa: A002 - the field's name
        title: str | None = "",
        subject: str | None = "",
    ) -> None:
        _put(self, "url", values.text_or_none("related url", url))
        _put(self, "id", values.identity("id", id))
        _put(self, "title", values.text("title", title))
        _put(self, "subject", values.text("subject", subject))
        if not (self.url or self.id):
            raise ArgumentError("a related article needs a url or an id")

    def to_dict(self) -> dict[str, str | None]:
        """Return the link as JSON has it."""
        return {"url": self.url, "id": self.id, "title": self.title, "subject": self.subject}


class Row(Protocol):
    """A row of a database: a mapping, or what has names and values as one has."""

    def keys(self) -> Iterable[str]:
        """Return the names of its columns."""

    def __getitem__(self, name: str, /) -> Any: ...


RelatedLike = Iterable[Union[RelatedArticle, "IdLike", Mapping[str, Any]]]
"""What links may be given as: ids, mappings with url, id, title and subject, ``RelatedArticle``."""


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class Article:
    """One question with its answer.

    Every field may be given as a row of a database holds it; None stands for nothing.

    Attributes:
        url: the key: adding an article replaces the one of the same url. ``id:<id>`` where an
            article has none.
        id: a text that copies of one article share (see ``Results``); not unique. Also accepted
            as a whole number or a UUID.
        title, question, answer: the searched texts; one of them must not be empty. An answer is
            Markdown, with or without HTML in it.
        keywords: phrases; also accepted as one comma-separated text.
        subject: compared without case in filters and counts; also accepted as several texts, the
            first of which it then is.
        subjects: all of them, none twice; () for an article without a subject.
        description: a summary; stored, not searched.
        date: a ``datetime.date``; also accepted as a ``datetime`` (its day), as a text that means
            one day (``2025-01-31``, ``2025-01-31 10:00:00``, ``January 31, 2025``) and as seconds
            since 1970.
        rating: the front matter's ``score``; -1.0 means unrated by convention.
        related: links to other articles; ids, mappings and ``RelatedArticle`` are accepted.
        no_index: speaks to web crawlers; kept, without effect on the search.
        path, line: the file the article was read from and the line where it starts, from 1;
            None for an article made in Python. Two articles that differ only here are equal.

    Raises:
        ArticleError: there is neither url nor id, or title, question and answer are all empty.
        ArgumentError: a value is of the wrong type, or isn't a date or a number.
    """

    url: str = ""
    id: str | None = None
    title: str = ""
    question: str = ""
    answer: str = ""
    keywords: tuple[str, ...] = ()
    subject: str = ""
    subjects: tuple[str, ...] = ()
    description: str = ""
    date: datetime.date | None = None
    rating: float | None = None
    related: tuple[RelatedArticle, ...] = ()
    no_index: bool = False
    path: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)

    def __init__(
        self,
        *,
        url: str | None = None,
        id: IdLike | None = None,  # noqa: A002 - the field's name
        title: str | None = "",
        question: str | None = "",
        answer: str | None = "",
        keywords: str | Iterable[str] | None = (),
        subject: str | Iterable[str] | None = None,
        subjects: str | Iterable[str] | None = (),
        description: str | None = "",
        date: DateLike | None = None,
        rating: float | Decimal | None = None,
        related: RelatedLike | None = (),
        no_index: bool | int | None = False,
        path: str | None = None,
        line: int | None = None,
    ) -> None:
        key = values.text_or_none("url", url)
        identity = values.identity("id", id)
        _put(self, "id", identity)
        _put(self, "title", values.text("title", title))
        _put(self, "question", values.text("question", question))
        _put(self, "answer", values.text("answer", answer))
        _put(self, "keywords", values.keywords(keywords))
        several = values.subjects(subject, subjects)
        _put(self, "subject", several[0] if several else "")
        _put(self, "subjects", several)
        _put(self, "description", values.text("description", description))
        _put(self, "date", values.day("date", date))
        _put(self, "rating", values.rating(rating))
        _put(self, "related", _related(related))
        _put(self, "no_index", values.flag("no_index", no_index))
        _put(self, "path", None if path is None else values.text("path", path))
        _put(self, "line", values.line(line))
        if key is None:
            if identity is None:
                raise ArticleError(
                    "an article needs a url or an id", path=self.path, line=self.line
                )
            key = f"id:{identity}"
        _put(self, "url", key)
        if not (self.title.strip() or self.question.strip() or self.answer.strip()):
            raise ArticleError(
                "title, question and answer are all empty", path=self.path, line=self.line
            )

    @property
    def heading(self) -> str:
        """What stands above the article, as plain text: its title, else its question, else its
        file's name in words, else its url.
        """
        from qsearch.names import title_of

        return title_of(self)

    # -- as JSON, and from rows

    def to_dict(self) -> dict[str, Any]:
        """Return every field but path and line as plain data, under the names that files have.

        It is what ``qsearch export`` prints; ``rating`` is ``score``, the date is ISO text, several
        subjects are a list under ``subject``.
        """
        return {
            "url": self.url,
            "id": self.id,
            "title": self.title,
            "question": self.question,
            "answer": self.answer,
            "keywords": list(self.keywords),
            "subject": list(self.subjects) if len(self.subjects) > 1 else self.subject,
            "description": self.description,
            "date": self.date.isoformat() if self.date else None,
            "score": self.rating,
            "related": [link.to_dict() for link in self.related],
            "no_index": self.no_index,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Article:
        """Return the article of a ``to_dict``; names may be left out.

        Raises:
            ArgumentError: there is a name that articles don't have, or a wrong value.
            ArticleError: there is no key, or nothing to search.
        """
        unknown = [name for name in document if name not in _FIELDS_BY_NAME]
        if unknown:
            raise ArgumentError(f"articles have no {unknown[0]!r}; there is: {_NAMES}")
        return cls.from_mapping(document)

    @classmethod
    def from_mapping(cls, row: Row, columns: Mapping[str, str] | None = None) -> Article:
        """Return the article that a row of a database holds.

        Arguments:
            row: a mapping, or what has ``keys()`` and values like one (``sqlite3.Row``). Columns
                with the name of a field feed it, ``score`` the rating; others are left aside.
            columns: for columns of other names, the field that each feeds:
                ``{"answer_html": "answer", "tags": "keywords"}``. These come first.

        Raises:
            ArgumentError: ``columns`` names a column that the row lacks, a field that articles
                don't have or one field twice; or a value is wrong.
            ArticleError: there is no key, or nothing to search.
        """
        chosen = _chosen(tuple(row.keys()), tuple((columns or {}).items()))
        return cls(**{name: row[column] for name, column in chosen})

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from qsearch.notebook import article_html

        return article_html(self)


_FIELDS_BY_NAME = {**{part.name: part.name for part in fields(Article)}, "score": "rating"}
_NAMES = ", ".join(_FIELDS_BY_NAME)

_put_values = tuple(getattr(Article, part.name).__set__ for part in fields(Article))
_put_link_url, _put_link_id, _put_link_title, _put_link_subject = (
    getattr(RelatedArticle, part.name).__set__ for part in fields(RelatedArticle)
)


@functools.lru_cache(maxsize=256)
def _chosen(
    there: tuple[str, ...], columns: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """The column that feeds each field of an article; kept, since the rows of a table are alike.

    Arguments:
        there: the columns of a row.
        columns: pairs of a column and the field that it is to feed.
    """
    chosen: dict[str, str] = {}
    for column, name in columns:
        if name not in _FIELDS_BY_NAME:
            raise ArgumentError(f"articles have no field {name!r}; there is: {_NAMES}")
        if column not in there:
            names = ", ".join(map(str, there))
            raise ArgumentError(f"the row has no column {column!r}; there is: {names}")
        if chosen.setdefault(_FIELDS_BY_NAME[name], column) != column:
            raise ArgumentError(f"columns feeds the field {_FIELDS_BY_NAME[name]} twice")
    named = {column for column, _ in columns}
    for column in there:
        if column in _FIELDS_BY_NAME and column not in named:
            chosen.setdefault(_FIELDS_BY_NAME[column], column)
    return tuple(chosen.items())


def article_of(parts: Iterable[object]) -> Article:
    """Return the article with the values of an ``Article``, in the order of its fields.

    None of them is checked or changed: they are what an article has after its construction. That is
    quicker for many, where the checks have been made.
    """
    article = object.__new__(Article)
    for put, value in zip(_put_values, parts, strict=True):
        put(article, value)
    if type(article.subjects) is not values.Subjects:
        _put(article, "subjects", values.Subjects(article.subjects))
    return article


def link_of(parts: Iterable[object]) -> RelatedArticle:
    """Return the link with these values, as ``article_of`` does."""
    link = object.__new__(RelatedArticle)
    url, id_, title, subject = parts
    _put_link_url(link, url)
    _put_link_id(link, id_)
    _put_link_title(link, title)
    _put_link_subject(link, subject)
    return link


def _related(value: object) -> tuple[RelatedArticle, ...]:
    if value is None or (isinstance(value, (tuple, list)) and not value):
        return ()
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise ArgumentError(f"related must be a list, not {type(value).__name__}")
    return tuple(_links(value))


def _links(items: Iterable[Any]) -> Iterator[RelatedArticle]:
    for item in items:
        if isinstance(item, RelatedArticle):
            yield item
        elif isinstance(item, Mapping):
            yield RelatedArticle(
                **{name: item[name] for name in ("url", "id", "title", "subject") if name in item}
            )
        else:
            yield RelatedArticle(id=item)
