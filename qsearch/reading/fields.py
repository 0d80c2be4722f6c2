"""From the fields of a source, Markdown or JSON, to an Article.

Both formats have the same fields with the same meaning, so each is brought to the same shape first:
texts as they were written, with their places.
"""

from __future__ import annotations

import datetime
import math
import re

from qsearch.article import Article, RelatedArticle, article_of, link_of
from qsearch.errors import ArticleError
from qsearch.reading.faults import Fault, shown
from qsearch.reading.linebreaks import decode_line_breaks
from qsearch.values import Subjects, keywords_of
from qsearch.values import subjects as subjects_of

Node = tuple["Value", "int | None"]
"""A value and its place, in characters from the start of the text; None if that isn't known."""

Value = str | bool | None | dict[str, Node] | list[Node]
"""What a field holds, None where nothing was written; a number is the text that was written."""

Fields = dict[str, Node]
"""Values by the names of their fields."""

_MISSING: Node = (None, None)

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""Plain texts that stand for nothing in YAML."""

_NAMES = frozenset(
    """id url title article_title question answer subject date score keywords description seo
    related no_index""".split()
)
_RELATED = "related_article"
_NUMBERED_RELATED = re.compile(rf"{_RELATED}([0-9]+)")
_LINK_PARTS = ("url", "id", "title", "subject")
_DAY_AND_TIME = re.compile(
    r"""([0-9]{4}-[0-9]{2}-[0-9]{2})
    (?:(?:[Tt]|[ \t]+) [0-9]{1,2}:[0-9]{2}(?: :[0-9]{2}(?:[.,][0-9]*)?)?
       [ \t]* (?:[Zz]|[+-][0-9]{1,2}(?: :?[0-9]{2})?)?)?""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_YES_AND_NO = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}


def is_known(name: str) -> bool:
    """Whether a field of this name means something to an article."""
    return name in _NAMES or _NUMBERED_RELATED.fullmatch(name) is not None


def article_from(fields: Fields, *, path: str, line: int, decoded: bool = False) -> Article:
    """The article that the fields describe; unknown fields are ignored.

    Arguments:
        fields: the fields, with their places in the text that they were read from.
        path: the absolute path of the file, for the article.
        line: the line of the file where the article starts, from 1.
        decoded: every text stood in UTF-8 as it is, so none of them holds half a surrogate pair.

    Raises:
        Fault: a value is of the wrong kind.
        ArticleError: there is no key, or nothing to search.
    """
    seo = _block(fields, "seo")
    url, id_ = _text(fields, "url").strip() or None, _text(fields, "id").strip() or None
    title = _prose(fields, "title") or _prose(fields, "article_title")
    question, answer = _prose(fields, "question"), _prose(fields, "answer")
    keywords = _keywords(fields, "keywords") or _keywords(seo, "page_keywords", "seo.") or ""
    subjects = _subjects(fields)
    description = _prose(fields, "description") or _prose(seo, "page_description", "seo.")
    date, rating, related = _date(fields), _rating(fields), _related(fields, decoded)
    no_index = _no_index(fields)
    if decoded and isinstance(keywords, str) and (url or id_) and (title or question or answer):
        # All that an article checks and makes of its values is done.
        keys = (url or f"id:{id_}", id_)
        texts = (title, question, answer, keywords_of(keywords))
        about = (subjects[0] if subjects else "", subjects, description)
        return article_of((*keys, *texts, *about, date, rating, related, no_index, path, line))
    try:
        return Article(
            url=url,
            id=id_,
            title=title,
            question=question,
            answer=answer,
            keywords=keywords,
            subject=subjects,
            description=description,
            date=date,
            rating=rating,
            related=related,
            no_index=no_index,
            path=path,
            line=line,
        )
    except ArticleError as error:
        raise ArticleError(error.reason, path=path, line=line, column=1) from None


def _value(fields: Fields, name: str) -> Node:
    return fields.get(name, _MISSING)


def _wrong(name: str, what: str, at: int | None) -> Fault:
    return Fault(f"{name} {what}", at=at, field=name.partition(".")[0])


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "a list" if isinstance(value, list) else "a block of fields"


def _text(fields: Fields, name: str, inside: str = "") -> str:
    value, at = fields.get(name, _MISSING)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    raise _wrong(inside + name, f"must be text, not {_kind(value)}", at)


def _prose(fields: Fields, name: str, inside: str = "") -> str:
    return decode_line_breaks(_text(fields, name, inside)).rstrip()


def _block(fields: Fields, name: str) -> Fields:
    value, at = _value(fields, name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(name, f"must be a block of fields, not {_kind(value)}", at)
    return value


def _keywords(fields: Fields, name: str, inside: str = "") -> str | tuple[str, ...]:
    value, _ = _value(fields, name)
    if isinstance(value, list):
        return tuple(_text({name: item}, name, inside) for item in value)
    text = _text(fields, name, inside)
    return text or ()


def _subjects(fields: Fields) -> Subjects:
    value, _ = _value(fields, "subject")
    items = value if isinstance(value, list) else [_value(fields, "subject")]
    return subjects_of([_text({"subject": item}, "subject").strip() for item in items])


def _date(fields: Fields) -> datetime.date | None:
    value, at = _value(fields, "date")
    text = _text(fields, "date").strip()
    if not text:
        return None
    if match := _DAY_AND_TIME.fullmatch(text):
        try:
            return datetime.date.fromisoformat(match[1])
        except ValueError:
            raise _wrong("date", f"{shown(text)} is no day of the calendar", at) from None
    raise _wrong("date", f"must be written like 2025-01-31, not {_kind(value)}", at)


def _rating(fields: Fields) -> float | None:
    value, at = _value(fields, "score")
    text = _text(fields, "score").strip()
    if not text:
        return None
    if _NUMBER.fullmatch(text) and math.isfinite(rating := float(text)):
        return rating
    raise _wrong("score", f"must be a number, not {_kind(value)}", at)


def _no_index(fields: Fields) -> bool:
    value, at = _value(fields, "no_index")
    if value is None or isinstance(value, bool):
        return value or False
    answer = _YES_AND_NO.get(value.strip().lower()) if isinstance(value, str) else None
    if answer is None:
        raise _wrong("no_index", f"must be true or false, not {_kind(value)}", at)
    return answer


def _related(fields: Fields, decoded: bool) -> tuple[RelatedArticle, ...]:
    value, at = _value(fields, "related")
    if value is None:
        names = [name for name in fields if name.startswith(_RELATED)]
        if not names:
            return ()
        names = sorted(filter(_NUMBERED_RELATED.fullmatch, names), key=_by_number)
        links = [_link(name, *fields[name], decoded=decoded) for name in names]
    elif isinstance(value, list):
        links = [_link("related", *item, decoded=decoded) for item in value]
    else:
        raise _wrong("related", f"must be a list, not {_kind(value)}", at)
    return tuple(link for link in links if link is not None)


def _by_number(name: str) -> tuple[int, str]:
    digits = name.lstrip("_abcdefghijklmnopqrstuvwxyz0")
    return len(digits), digits  # the order of the numbers, of any length


def _link(name: str, value: Value, at: int | None, *, decoded: bool) -> RelatedArticle | None:
    if value is None or isinstance(value, str):
        return RelatedArticle(id=value) if value and value.strip() else None
    if not isinstance(value, dict):
        raise _wrong(name, f"must be an id or a block of fields, not {_kind(value)}", at)
    inside = f"{name}."
    url, id_, title, subject = [_text(value, part, inside).strip() for part in _LINK_PARTS]
    if url or id_:
        if decoded:
            return link_of((url or None, id_ or None, title, subject))
        return RelatedArticle(url=url or None, id=id_ or None, title=title, subject=subject)
    if title or subject:
        raise _wrong(name, "needs a url or an id", at)
    return None
