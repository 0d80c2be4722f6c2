"""A segment whose checksums are right -> whether what it says in two places is the same.

What a query follows is checked where it is followed; this looks at everything, and at what no query
could notice: whether stored articles, columns and postings agree. Articles are not analysed again,
so of a segment that was written with other words than its articles have nothing is wrong.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterator

import numpy as np

from qsearch.arrays import Array
from qsearch.errors import Error
from qsearch.index.segment import Segment
from qsearch.index.strings import Strings
from qsearch.model.bit_layout import PART_SHIFT
from qsearch.model.copies import group_of
from qsearch.model.heading import RUNS, SAME_TERM
from qsearch.model.lengths import length_bytes
from qsearch.upkeep.postings import posting_problems

Problems = Iterator[str]


def inspect_segment(segment: Segment) -> Problems:
    """Yield what is wrong with a segment, in words; nothing for a sound one."""
    several: tuple[Callable[[Segment], Problems], ...]
    several = (
        _offsets,
        _orders,
        _words,
        _articles,
        _lengths,
        _keywords,
        posting_problems,
        _headings,
    )
    for inspect in several:
        found = []
        try:
            found = list(inspect(segment))
        except Error as error:
            found = [str(error).removeprefix(f"{segment.columns.path}: ")]
        except (IndexError, ValueError, OverflowError, TypeError):
            found = [f"the {inspect.__name__.strip('_')} lead out of the file"]
        yield from found
        if found:
            # What comes next follows what was looked at here.
            return


def rises(column: Array, *, strictly: bool = False) -> bool:
    """Whether no number is less than the one before it (with ``strictly``: each is more)."""
    return bool((column[1:] > column[:-1]).all() if strictly else (column[1:] >= column[:-1]).all())


def is_permutation(column: Array, count: int) -> bool:
    """Whether a column holds each number below ``count`` once."""
    return column.size == count and bool((np.sort(column) == np.arange(count)).all())


def _offsets(segment: Segment) -> Problems:
    """Where things start: offsets that rise from 0 to the end."""
    columns = segment.columns
    ends = {f"{name}.starts": f"{name}.bytes" for name in ("url", "id", "form", "term", "subject")}
    ends |= {
        "term.postings": "details",
        "term.docs": "docs",
        "term.places": "places",
        "term.ranks": "ranks",
        "term.first_form": "term.forms",
    }
    for name, what in ends.items():
        starts = columns.column(name)
        end = columns.count(what)
        if not starts.size or starts[0] != 0 or int(starts[-1]) != end or not rises(starts):
            yield f"the column {name} is not in order"


def _orders(segment: Segment) -> Problems:
    """Articles in the order of their urls and ids."""
    for name, texts in (("url", segment.urls), ("id", segment.ids)):
        order = segment.columns.column(f"{name}.order")
        if not is_permutation(order, segment.count):
            yield f"the column {name}.order is no order of the articles"
            continue
        raw = [texts.raw(number) for number in order.tolist()]
        pairs = itertools.pairwise(raw)
        if any(a >= b if name == "url" else a > b for a, b in pairs):
            yield f"the articles are not in the order of their {name}s"
    for name, (labels, _) in (("subject", segment.subjects.labels()), ("path", segment.paths())):
        if len(set(labels)) != len(labels):
            yield f"a {name} is there twice"


def _words(segment: Segment) -> Problems:
    """Forms and terms: sorted, and each form in its place among those of its term."""
    columns = segment.columns
    for name in ("form", "term"):
        if not _sorted(Strings(columns, name)):
            yield f"the {name}s are not in order"
    forms = [segment.forms.raw(number) for number in range(len(segment.forms))]
    hashes = np.fromiter(map(zlib.crc32, forms), dtype=np.uint32, count=len(forms))
    by_hash = columns.column("form.by_hash")
    if not is_permutation(by_hash, len(forms)):
        yield "the column form.by_hash is no order of the forms"
    elif (
        not (np.sort(hashes) == columns.column("form.hash")).all()
        or not (hashes[by_hash] == columns.column("form.hash")).all()
    ):
        yield "the column form.hash does not fit the forms"
    first = columns.column("term.first_form").astype(np.int64)
    by_term = columns.column("term.forms")
    if not is_permutation(by_term, len(forms)) or not rises(first, strictly=True):
        yield "the column term.forms is no order of the forms"
        return
    sizes = np.diff(first)
    owner = np.repeat(np.arange(sizes.size), sizes)
    rank = np.arange(len(forms)) - np.repeat(first[:-1], sizes)
    if not (columns.column("form.term")[by_term] == owner).all():
        yield "forms and terms do not fit each other"
    elif not (columns.column("form.rank")[by_term] == np.minimum(rank, 0xFFFF)).all():
        yield "the column form.rank does not fit the forms"


def _sorted(texts: Strings) -> bool:
    whole = [texts.raw(number) for number in range(len(texts))]
    texts.all()  # every one is UTF-8
    return all(a < b for a, b in itertools.pairwise(whole))


def _articles(segment: Segment) -> Problems:
    """Each stored article is what the columns say of it."""
    urls, ids = segment.urls.all(), segment.ids.all()
    dates = segment.dates.tolist()
    groups = segment.groups.tobytes()
    for number in range(segment.count):
        article = segment.article(number)
        said = (
            urls[number],
            ids[number],
            segment.subjects.of(number),
            dates[number],
            groups[16 * number : 16 * number + 16],
        )
        is_ = (
            article.url,
            article.id or "",
            article.subjects,
            article.date.toordinal() if article.date else 0,
            group_of(article),
        )
        if said != is_:
            yield f"the article {number} is not what the columns say"
            return


def _lengths(segment: Segment) -> Problems:
    """The lengths are those of the parts."""
    parts = segment.columns.column("parts").reshape(-1, 3).astype(np.int64)
    extents = np.diff(parts, axis=1, prepend=0) - 1
    if (extents < 0).any():
        yield "the parts of an article are not in order"
        return
    lengths = segment.length_bytes
    question, answer = extents[:, 0] + extents[:, 1], extents[:, 2]
    if (
        not (length_bytes(question) == lengths[:, 0]).all()
        or not (length_bytes(answer) == lengths[:, 1]).all()
    ):
        yield "the lengths do not fit the words"


def _keywords(segment: Segment) -> Problems:
    """The keyword phrases are sorted by key, and by article under each key."""
    keys, docs = segment.phrases()
    same = keys[1:] == keys[:-1]
    if not rises(segment.columns.column("phrase.key"), strictly=True):
        yield "the keywords are not in order"
    elif keys.size and (not rises(keys) or (same & (docs[1:] < docs[:-1])).any()):
        yield "the articles of a keyword are not in order"
    elif (np.diff(segment.columns.column("phrase.starts").astype(np.int64)) == 0).any():
        yield "a keyword has no article"


def _headings(segment: Segment) -> Problems:
    """The words of titles and questions stand there, each once, those of a term side by side."""
    numbers, starts = segment.headings
    first = segment.columns.column("term.first_form").astype(np.int64)
    by_term = segment.columns.column("term.forms").astype(np.int64)
    place = (numbers & ~SAME_TERM).astype(np.int64)
    if place.size and int(place.max()) >= by_term.size:
        yield "a heading has a word that is not there"
        return
    run = np.repeat(np.arange(starts.size - 1), np.diff(starts).astype(np.int64))
    term = np.searchsorted(first, place, side="right")
    inside = run[1:] == run[:-1]
    same = np.zeros(place.size, dtype=np.bool_)
    same[1:] = inside & (term[1:] == term[:-1])
    if (inside & (place[1:] <= place[:-1])).any() or ((numbers & SAME_TERM != 0) != same).any():
        yield "the words of a heading are not in order"
    found = segment.data().occurrences
    part = (found.place >> np.uint32(PART_SHIFT)).astype(np.int64)
    heading = part < RUNS
    stands = (RUNS * found.doc.astype(np.int64) + part)[heading] * by_term.size
    if not np.isin(run * by_term.size + by_term[place], stands + found.form[heading]).all():
        yield "a heading has a word that its text has not"
