"""From a record to an article: what feeds its fields, what its key is, what is left out.

Only a record without any text is refused. A value that can't be used costs its field, with a note.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import TypeVar

from qsearch.article import Article, RelatedArticle, article_of
from qsearch.errors import ArgumentError, ArticleError
from qsearch.reading import values
from qsearch.reading.faults import Fault
from qsearch.reading.headings import headings
from qsearch.reading.keys import Layout, is_address, slugged
from qsearch.reading.linebreaks import decode_line_breaks
from qsearch.reading.mapping import Choice, FieldMap, Shape, value_of
from qsearch.reading.notes import CUT, DRAFT, NO_RECORDS, SIDE_FIELD, SourceNotes
from qsearch.reading.records import MISSING, Node, Record, Value, holds_something
from qsearch.reading.split import is_question
from qsearch.values import keywords_of

T = TypeVar("T")

_NO_WORDS = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>|&#?\w{1,32};|\{%.*?%\}", re.DOTALL)
_WORD = re.compile(r"[^\W_]")


def has_words(text: str) -> bool:
    """Whether there is more in a body than markup."""
    if not text or text == "&nbsp;":
        return False
    if "<" in text or "&" in text or "{" in text:
        text = _NO_WORDS.sub("", text)
    return _WORD.search(text) is not None


class ArticleMaker:
    """Makes the articles of one source.

    Arguments:
        path: the absolute path of the file; empty for records that are in none.
        layout: how it is read.
        field_map: what feeds which field.
        notes: takes what there is to say.
    """

    def __init__(self, path: str, layout: Layout, field_map: FieldMap, notes: SourceNotes) -> None:
        self._path = path
        self._layout = layout
        self._map = field_map
        self._notes = notes

    def making(self, record: Record) -> Making:
        """A record on its way to its article."""
        return Making(record, self._path, self._layout, self._map, self._notes)

    def article(self, record: Record) -> Article | None:
        """What ``Making.article`` returns, or raises."""
        return self.making(record).article()


class Making:
    """One record on its way; ``ArticleMaker`` makes it."""

    __slots__ = ("_choices", "_fields", "_layout", "_notes", "_path", "_record", "_shape")

    def __init__(
        self,
        record: Record,
        path: str,
        layout: Layout,
        field_map: FieldMap,
        notes: SourceNotes,
    ) -> None:
        self._record = record
        self._fields = record.fields
        self._path = path
        self._layout = layout
        self._notes = notes
        self._shape: Shape = field_map.shape(record.fields)
        self._choices = self._shape.choices

    @property
    def divides(self) -> bool:
        """Whether the record may hold several questions."""
        return bool(self._record.body) or self._shape.pairs

    def article(self) -> Article | None:
        """The article that the record describes; None if it is the rest of a file and no words are
        left of that.

        Raises:
            ArticleError: there is nothing to search.
            Fault: a value is wrong, and the record says that its place is to be looked for.
        """
        record = self._record
        title, question, answer = self._prose("title"), self._prose("question"), self._answer()
        heading = record.heading
        if heading and not (title or question):
            title, question = ("", heading) if is_question(heading) else (heading, "")
        if record.body and not title:
            title, answer = self._without_title(answer)
        id_ = self._text("id").strip() or None
        url = self._url(id_, title, question, answer)
        keywords = self._keywords()
        subjects = self._subjects()
        description = self._prose("description")
        date = self._date()
        rating = self._one("rating", values.rating, None)
        related, no_index = self._related(), self._one("no_index", values.flag, False)
        if record.lone and not question and not answer:
            reason = "not read: a JSON file without an array of records"
            notes = self._notes
            notes.records += 1
            notes.add(NO_RECORDS, "json", (record.line, record.column), reason)
            return None
        self._say()
        if record.rest and not question and not _has_words_below_title(answer):
            return None
        if record.unreadable:
            self._leave_out_body(record.unreadable, has_text=bool(title or question or answer))
        if not (title or question or answer):
            raise self._refusal("title, question and answer are all empty")
        line = record.line
        path = self._path or None
        texts = (title, question, answer, keywords, "".join(subjects[:1]), subjects, description)
        if record.clean and isinstance(keywords, tuple):
            # All that an article checks and makes of its values is done.
            return article_of((url, id_, *texts, date, rating, related, no_index, path, line))
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
                line=line if path else None,
            )
        except ArgumentError as error:
            raise self._refusal(str(error)) from None

    # -- values

    def _one(self, field: str, read: Callable[[Node, str], T], nothing: T) -> T:
        """What the first value that holds something for a field is read as."""
        for choice in self._choices.get(field, ()):
            # One name and a text is the commonest by far.
            node = (
                self._node(choice)
                if choice.inside or not choice.name
                else self._fields[choice.name]
            )
            value = node[0]
            if value is None or value == "" or not holds_something(value):
                continue
            try:
                return read(node, choice.label)
            except Fault as fault:
                self._leave_out(fault, choice)
                return nothing
        return nothing

    def _written(self, field: str) -> str:
        """The best value for a field, if that is a text, as nearly always; else an empty one."""
        way = self._shape.first.get(field)
        if way is None:
            return ""
        name, inner = way
        value = self._fields[name][0]
        if inner:
            node = value.get(inner) if type(value) is dict else None
            value = node[0] if node else None
        return value if type(value) is str and not value.isspace() else ""

    def _text(self, field: str) -> str:
        """The one text of a field."""
        return self._written(field) or self._one(field, values.text, "")

    def _node(self, choice: Choice) -> Node:
        if not choice.name:
            return self._no_field(choice.label), None
        if not choice.inside:
            return self._fields[choice.name]
        try:
            return value_of(self._fields, choice)
        except Fault as fault:
            self._leave_out(fault, choice)
            return MISSING

    def _no_field(self, label: str) -> str:
        if label == "body":
            return self._record.body
        if label == "heading":
            return self._record.heading
        relative = self._layout.relative(self._path)
        if label == "path":
            return relative
        folders = relative.split("/")[:-1]
        number = int(label.partition(":")[2])
        return folders[number - 1] if number <= len(folders) else ""

    def _prose(self, field: str) -> str:
        return self._decoded(self._text(field))

    def _decoded(self, text: str) -> str:
        if self._record.escaped and "\\" in text and "\n" not in text:
            text = decode_line_breaks(text)
        return text.rstrip()

    def _answer(self) -> str:
        value = self._written("answer") or self._one("answer", values.paragraphs, "")
        answer = self._decoded(value)
        body = self._record.body
        if not body or self._is_body_mapped() or not has_words(body):
            return answer
        return f"{answer}\n\n{body}" if answer else body

    def _is_body_mapped(self) -> bool:
        """Whether the user says what the body feeds."""
        return bool(self._shape.mapped) and any(
            choice.label == "body" and not choice.name
            for choices in self._choices.values()
            for choice in choices
        )

    def _without_title(self, answer: str) -> tuple[str, str]:
        """The body's first heading of the first level, and the answer without it."""
        body = self._record.body
        first = next((h for h in headings(body) if h.level == 1 and h.text), None)
        if first is None or not answer.endswith(body):
            return "", answer
        before, above, below = (
            answer.removesuffix(body).rstrip(),
            body[: first.start].strip("\n").rstrip(),
            body[first.end :].strip("\n").rstrip(),
        )
        left = (part for part in (before, above, below) if has_words(part))
        return first.text, "\n\n".join(left)

    def _keywords(self) -> tuple[str, ...]:
        nothing: str | tuple[str, ...] = ()
        found = self._written("keywords") or self._one("keywords", values.keywords, nothing)
        several = keywords_of(found) if isinstance(found, str) else _phrases(found)
        if not self._shape.added:
            return several
        more = [*several]
        for name in self._shape.added:
            node = self._fields[name]
            try:
                tags = values.keywords(node, name.lower())
            except Fault as fault:
                self._leave_out(fault, Choice(name, name))
                continue
            tags = keywords_of(tags) if isinstance(tags, str) else _phrases(tags)
            # An address that leads here is no keyword.
            more += [tag.lstrip("#") for tag in tags if not is_address(tag)]
        return tuple(dict.fromkeys(filter(None, more)))

    def _subjects(self) -> tuple[str, ...]:
        if written := self._written("subject"):
            return (written.strip(),)
        nothing: tuple[str, ...] = ()
        found = self._one("subject", values.texts, nothing)
        if found or not self._path:
            return found
        first, slash, _ = self._layout.relative(self._path).partition("/")
        return (first,) if slash else ()

    def _date(self) -> datetime.date | None:
        written = self._written("date")
        if written and (day := values.iso_day(written.strip())):
            return day
        for choice in self._choices.get("date", ()):
            node = self._node(choice)
            if choice.name == self._shape.published and (_is(node, True) or _is(node, False)):
                continue  # it says whether, not when
            if holds_something(node[0]):
                try:
                    return values.date(node, choice.label)
                except Fault as fault:
                    self._leave_out(fault, choice)
                    return None
        return None

    def _related(self) -> tuple[RelatedArticle, ...]:
        clean = self._record.clean
        if self._choices.get("related"):
            return self._one("related", lambda node, n: values.related(node, n, clean=clean), ())
        links = []
        for name in self._shape.related:
            try:
                link = values.link(name, self._fields[name], clean=clean)
            except Fault as fault:
                self._leave_out(fault, Choice(name, name))
                continue
            if link is not None:
                links.append(link)
        return tuple(links)

    # -- the key

    def _url(self, id_: str | None, title: str, question: str, answer: str) -> str:
        record = self._record
        url = self._address()
        if not url and record.number:
            url = f"id:{id_}" if id_ else self._numbered(title, question, answer)
        elif not url:
            relative = self._layout.relative(self._path)
            slug = self._slug()
            # As some generators have it, a slug with a slash in front is all of the path.
            url = slug if slug.startswith("/") and len(slug) > 1 else slugged(relative, slug)
        return url if record.anchor is None else f"{url}#{record.anchor}"

    def _address(self) -> str:
        choices = self._choices.get("url", ())
        if (written := self._written("url")) and choices[0].label not in ("permalink", "link"):
            return written.strip()
        for choice in choices:
            node = self._node(choice)
            if not holds_something(node[0]):
                continue
            try:
                url = values.text(node, choice.label).strip()
            except Fault as fault:
                self._leave_out(fault, choice)
                continue
            if choice.label not in ("permalink", "link") or is_address(url):
                return url
            reason = "is no address by itself, so the path is the key"
            self._leave_out(values.wrong(choice.label, reason, node[1]), choice)
        return ""

    def _slug(self) -> str:
        name = self._shape.slug
        if not name:
            return ""
        try:
            return values.text(self._fields[name], name).strip()
        except Fault as fault:
            self._leave_out(fault, Choice(name, name))
            return ""

    def _numbered(self, title: str, question: str, answer: str) -> str:
        if self._path:
            return f"{self._layout.relative(self._path)}:{self._record.number}"
        # No place gives such a record a name that lasts, but its texts do.
        from hashlib import blake2b

        texts = "\0".join((title, question, answer)).encode("utf-8", "surrogatepass")
        return f"record:{blake2b(texts, digest_size=8).hexdigest()}"

    # -- what there is to say

    def _place(self, name: str | None, at: int | None) -> tuple[int, int]:
        return self._record.locate(name, at)

    def _leave_out(self, fault: Fault, choice: Choice) -> None:
        if self._record.again:
            raise fault
        place = self._place(choice.name or None, fault.at)
        group = choice.label if choice.label in fault.reason else choice.name
        self._notes.add(SIDE_FIELD, group, place, fault.reason)

    def _leave_out_body(self, unreadable: tuple[int, int, str], *, has_text: bool) -> None:
        line, column, reason = unreadable
        if not has_text:
            raise ArticleError(reason, path=self._path or None, line=line, column=column)
        reason = f"the text below the front matter is left out: {reason}"
        self._notes.add(SIDE_FIELD, "body", (line, column), reason)

    def _refusal(self, reason: str) -> ArticleError:
        line, column = self._record.line, self._record.column
        return ArticleError(reason, path=self._path or None, line=line, column=column)

    def _say(self) -> None:
        notes, shape, fields = self._notes, self._shape, self._fields
        notes.records += 1
        if shape.mapped:
            notes.uses(shape.mapped)
        if self._record.anchor is not None:
            return  # what its file holds has been said
        unread = shape.unread_key
        for name in shape.unread:
            if not fields[name][0]:
                unread = "\n".join(name for name in shape.unread if fields[name][0])
                break
        if shape.rivals and (hidden := self._hidden()):
            unread = "\n".join(filter(None, (unread, *hidden)))
        if unread:
            notes.leaves_unread(unread)
        if shape.draft and _is(fields[shape.draft], True):
            place = self._place(shape.draft, fields[shape.draft][1])
            notes.add(DRAFT, "draft", place, "draft: true: the article is read all the same")
        if shape.published and _is(fields[shape.published], False):
            place = self._place(shape.published, fields[shape.published][1])
            notes.add(DRAFT, "published", place, "published: false: it is read all the same")
        for name, at in (self._record.cuts or {}).items():
            if any(
                choice.name == name
                for field in ("title", "question", "answer")
                for choice in self._choices.get(field, ())
            ):
                place = self._place(name, at)
                reason = f"{name} ends before ' #': if that belongs to it, put all in quotes"
                notes.add(CUT, name, place, reason)

    def _hidden(self) -> list[str]:
        """Names whose values are other than that of the better name that feeds their field."""
        hidden: list[str] = []
        for choices in self._shape.rivals:
            said: Value = None
            for choice in choices:
                if choice.inside and said is not None:
                    continue
                value = self._node(choice)[0] if choice.inside else self._fields[choice.name][0]
                if value == said or not holds_something(value):
                    continue
                if said is None:
                    said = value
                else:
                    hidden.append(choice.name.replace("\n", " "))
        return hidden


def _has_words_below_title(text: str) -> bool:
    for heading in reversed([heading for heading in headings(text) if heading.level == 1]):
        text = text[: heading.start] + text[heading.end :]
    return has_words(text)


def _is(node: Node, wanted: bool) -> bool:
    try:
        return holds_something(node[0]) and values.flag(node, "") is wanted
    except Fault:
        return False


def _phrases(several: tuple[str, ...]) -> tuple[str, ...]:
    """Keywords as an article has them."""
    return tuple(dict.fromkeys(filter(None, (" ".join(part.split()) for part in several))))
