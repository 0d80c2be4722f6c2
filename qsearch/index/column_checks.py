"""Whether the columns of a segment fit one another: checked when it is opened.

Compiled code follows numbers without looking. So every size is checked here, without reading a
column, and every number that leads somewhere is checked where it is first followed.
"""

from __future__ import annotations

from qsearch.arrays import Array
from qsearch.index.columns import ColumnFile
from qsearch.model.heading import RUNS

_PER_ARTICLE = {
    "lengths": (("u1",), 3),
    "date": (("i4",), 1),
    "group": (("u8",), 2),
    "line": (("u4",), 1),
    "origin": (("u4", "u1"), 1),
    "siblings": (("u4",), 1),
    "digest": (("u1",), 16),
    "url.order": (("u4",), 1),
    "id.order": (("u4",), 1),
    "subject.of": (("u4",), 1),
    "path.of": (("u4",), 1),
    "parts": (("u4",), 3),
}
_PER_FORM = {
    "form.term": "u4",
    "form.rank": "u2",
    "form.hash": "u4",
    "form.by_hash": "u4",
    "term.forms": "u4",
}
_PER_TERM_AND_ONE = ("term.first_form", "term.postings", "term.docs", "term.places", "term.ranks")
_ALIKE = (
    (("subject.more_doc", "u4"), ("subject.more_of", "u4")),
    (("details.rare", "u4"), ("details.rare_value", "u4")),
    (("capped.posting", "u8"), ("capped.count", "u4")),
)
_BYTES = ("details", "docs", "places", "ranks")
_TEXTS = ("url", "id", "subject", "path", "stored", "form", "term")
_OFFSETS = ("u4", "u8")


def misfit(file: ColumnFile, articles: int) -> str | None:
    """Return the name of a column that does not fit a segment of so many articles, or None."""
    forms = file.count("form.starts") - 1
    terms = file.count("term.starts") - 1
    wanted: list[tuple[str, tuple[str, ...], int]]
    wanted = [(name, kinds, times * articles) for name, (kinds, times) in _PER_ARTICLE.items()]
    wanted += [(name, (kind,), forms) for name, kind in _PER_FORM.items()]
    wanted += [(name, _OFFSETS, terms + 1) for name in _PER_TERM_AND_ONE]
    wanted += [(f"{name}.starts", _OFFSETS, articles + 1) for name in ("url", "id")]
    for name in ("stored", "path"):
        blocks = file.count(f"{name}.first")
        wanted += [(f"{name}.first", _OFFSETS, blocks), (f"{name}.starts", _OFFSETS, blocks)]
    wanted.append(("heading.words", ("u4",), file.count("heading.words")))
    wanted.append(("heading.starts", ("u4",), RUNS * articles + 1))
    phrases = file.count("phrase.key")
    wanted += [("phrase.key", ("u8",), phrases), ("phrase.starts", _OFFSETS, phrases + 1)]
    wanted.append(("phrase.docs", ("u4",), file.count("phrase.docs")))
    for (name, kind), (other, other_kind) in _ALIKE:
        count = file.count(name)
        wanted += [(name, (kind,), count), (other, (other_kind,), count)]
    wanted += [(name, ("u1",), file.count(name)) for name in _BYTES]
    wanted += [(f"{name}.bytes", ("u1",), file.count(f"{name}.bytes")) for name in _TEXTS]
    wanted += [(f"{name}.starts", _OFFSETS, file.count(f"{name}.starts")) for name in _TEXTS]
    wanted.append(("details.common", ("u4",), min(file.count("details.common"), 255)))
    # Of texts there is at least where the first one would start.
    for name in _TEXTS:
        if not file.count(f"{name}.starts"):
            return f"{name}.starts"
    for name, kinds, count in wanted:
        if file.kind(name) not in kinds or file.count(name) != count:
            return name
    return None


def divides(starts: Array, end: int) -> bool:
    """Whether offsets rise from 0 to ``end``, so that what lies between two of them is a part."""
    whole = starts.size > 0 and int(starts[0]) == 0 and int(starts[-1]) == end
    return whole and bool((starts[1:] >= starts[:-1]).all())
