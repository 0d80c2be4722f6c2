"""What an article is: plain, frozen data that checks itself."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from qsearch.checks import shown
from qsearch.errors import ArgumentError, ArticleError


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedArticle:
    """A link that an article carries to another one; every part may be missing but not all.

    Attributes:
        url: the key of the other article, or None if only its id is known.
        id: its id, or None.
        title: its title, as the linking article gives it.
        subject: its subject, as the linking article gives it.
    """

    url: str | None = None
    id: str | None = None
    title: str = ""
    subject: str = ""

    def __post_init__(self) -> None:
        _text_or_none(self, "related url", "url")
        _id_text(self)
        for name in ("title", "subject"):
            _text(name, getattr(self, name))
        if not (self.url or self.id):
            raise ArgumentError("a related article needs a url or an id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One question with its answer.

    Attributes:
        url: the key: adding an article replaces the one of the same url. ``id:<id>`` where an
            article has none.
        id: a text that copies of one article share (see ``Results``); not unique.
        title, question, answer: the searched texts; one of them must not be empty.
        keywords: phrases; also accepted as one comma-separated text.
        subject: compared without case in filters and counts.
        description: a summary; stored, not searched.
        date: a ``datetime.date``; also accepted as a text that means one day (``2025-01-31``,
            ``January 31, 2025``) and as seconds since 1970.
        rating: the front matter's ``score``; -1.0 means unrated by convention.
        related: links to other articles; ids, mappings and ``RelatedArticle`` are accepted.
        no_index: speaks to web crawlers; kept, without effect on the search.
        path, line: the file the article was read from and the line where it starts, from 1;
            None for an article made in Python. Two articles that differ only here are equal.

    Raises:
        ArticleError: there is neither url nor id, or title, question and answer are all empty.
        ArgumentError: a value is of the wrong type, or isn't a date or a number.
    """

    url: str | None = None
    id: str | None = None
    title: str = ""
    question: str = ""
    answer: str = ""
    keywords: tuple[str, ...] = ()
    subject: str = ""
    description: str = ""
    date: datetime.date | None = None
    rating: float | None = None
    related: tuple[RelatedArticle, ...] = ()
    no_index: bool = False
    path: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for name in ("title", "question", "answer", "subject", "description"):
            _text(name, getattr(self, name))
        _id_text(self)
        _text_or_none(self, "url", "url")
        object.__setattr__(self, "keywords", _keywords(self.keywords))
        object.__setattr__(self, "date", parse_date("date", self.date))
        object.__setattr__(self, "rating", _rating(self.rating))
        object.__setattr__(self, "related", _related(self.related))
        if self.path is not None:
            _text("path", self.path)
        line_ok = self.line is None or (isinstance(self.line, int) and self.line >= 1)
        if not line_ok or isinstance(self.line, bool):
            raise ArgumentError(f"line must be a whole number from 1, not {shown(self.line)}")
        if not isinstance(self.no_index, bool):
            raise ArgumentError(f"no_index must be True or False, not {self.no_index!r}")
        if self.url is None:
            if self.id is None:
                raise ArticleError(
                    "an article needs a url or an id", path=self.path, line=self.line
                )
            object.__setattr__(self, "url", f"id:{self.id}")
        if not (self.title.strip() or self.question.strip() or self.answer.strip()):
            raise ArticleError(
                "title, question and answer are all empty", path=self.path, line=self.line
            )

    @property
    def key(self) -> str:
        """The url, typed as the text that it always is after construction."""
        assert self.url is not None
        return self.url


_put_values = tuple(getattr(Article, part.name).__set__ for part in fields(Article))
_put_link_values = tuple(
    getattr(RelatedArticle, part.name).__set__ for part in fields(RelatedArticle)
)


def article_of(values: Iterable[object]) -> Article:
    """Return the article with the values of an ``Article``, in the order of its fields.

    None of them is checked or changed: they are what an article has after its construction. That is
    quicker for many, where the checks have been made.
    """
    article = object.__new__(Article)
    for put, value in zip(_put_values, values, strict=True):  # a frozen object's own way is closed
        put(article, value)
    return article


def link_of(values: Iterable[object]) -> RelatedArticle:
    """Return the link with these values, as ``article_of`` does."""
    link = object.__new__(RelatedArticle)
    for put, value in zip(_put_link_values, values, strict=True):
        put(link, value)
    return link


def keywords_of(text: str) -> tuple[str, ...]:
    """Return the keywords of a comma-separated text, as ``Article`` has them."""
    parts = [part.strip(" ") for part in " ".join(text.split()).split(",")]
    return tuple(dict.fromkeys(filter(None, parts)))


def _text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise ArgumentError(f"{name} must be text, not {type(value).__name__}")
    if not value.isascii():
        try:
            value.encode()  # such a text could not be stored
        except UnicodeEncodeError:
            reason = f"{name} holds half a surrogate pair, which is no character"
            raise ArgumentError(reason) from None


def _text_or_none(owner: object, label: str, name: str) -> None:
    value = getattr(owner, name)
    if value is None:
        return
    _text(label, value)
    object.__setattr__(owner, name, value.strip() or None)


def _id_text(owner: object) -> None:
    value = getattr(owner, "id")  # noqa: B009 - one shape for both classes
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            object.__setattr__(owner, "id", str(value))
        except ValueError:
            raise ArgumentError(f"id must be text, not {shown(value)}") from None
    else:
        _text_or_none(owner, "id", "id")


def _keywords(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        _text("a keyword", value)
        return keywords_of(value)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, Mapping)):
        parts = []
        for part in value:
            _text("a keyword", part)
            parts.append(" ".join(part.split()))
    else:
        raise ArgumentError(f"keywords must be texts, not {type(value).__name__}")
    return tuple(dict.fromkeys(filter(None, parts)))


def parse_date(name: str, value: object) -> datetime.date | None:
    """Return the day that a caller means by a ``date``, a text as in files (``dates``), seconds
    since 1970, or None.

    Raises:
        ArgumentError: it is none of these; the text names the argument.
    """
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        from qsearch.dates import day_of

        try:
            return day_of(value if isinstance(value, str) else str(value))
        except ValueError as error:
            raise ArgumentError(f"{name} {error}") from None
    raise ArgumentError(f"{name} must be a date or a text such as 2025-01-31, not {shown(value)}")


def _rating(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            rating = float(value)
        except OverflowError:
            rating = math.inf
        if math.isfinite(rating):
            return rating
    raise ArgumentError(f"rating must be a finite number, not {shown(value)}")


def _related(value: object) -> tuple[RelatedArticle, ...]:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise ArgumentError(f"related must be a list, not {type(value).__name__}")
    links = []
    for item in value:
        if isinstance(item, RelatedArticle):
            links.append(item)
        elif isinstance(item, Mapping):
            links.append(_link(item))
        else:
            links.append(RelatedArticle(id=item))
    return tuple(links)


def _link(item: Mapping[object, object]) -> RelatedArticle:
    known = {name: item.get(name) for name in ("url", "id", "title", "subject")}
    values = {name: value for name, value in known.items() if value is not None}
    return RelatedArticle(**values)  # type: ignore[arg-type]  # it checks its values itself
