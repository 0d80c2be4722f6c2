"""What several tests share: small random collections and queries, and the check of a ranking."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from qsearch import Article, Index, Limits
from qsearch.analysis.analyzer import Analyzer
from qsearch.api import create_in
from qsearch.arrays import Array
from qsearch.engine.engines import AutoEngine
from qsearch.engine.kernel_engine import KernelEngine
from qsearch.engine.kernel_path import KernelPath
from qsearch.index.columns import ColumnFile, Packed
from qsearch.model.fields import FIELDS
from qsearch.options import EngineName
from qsearch.ranking.reference import Reference
from qsearch.ranking.settings import Ranking
from qsearch.storage import FolderStorage, MemoryStorage
from qsearch.values import subject_key

ROOT = Path(__file__).parent.parent

ENGLISH = Analyzer("english")
"""One analyser for all reference scorers, which keeps the stems it has found."""

CONTENT = """neuron neurons neuronal release released releases calcium Ca^{2+} $Ca^{2+}$ Ca2+ H2O
H₂O E=mc^2 C++ C# voltage-gated voltage gated café 東京タワー 3.14 U.S. snake_case""".split()
STOP = "the of is to a us".split()
WORDS = CONTENT + STOP
UNKNOWN = ["zebra", "qqq", "Ωmega"]


def run_python(
    program: str, *arguments: str, **options: object
) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own; another status than 0 is an error."""
    process = start_python(program, *arguments, stderr=subprocess.PIPE, **options)
    output, errors = process.communicate()
    done = subprocess.CompletedProcess(program, process.returncode, output, errors)
    assert done.returncode == 0, f"status {done.returncode}\n{errors}"
    return done


def start_python(program: str, *arguments: str, **options: object) -> subprocess.Popen[str]:
    """Start a program that finds the library as the tests do, wherever it runs."""
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command, stdout=subprocess.PIPE, text=True, env=environment, **options
    )


def open_files(folder: Path) -> int:
    """How many times this process has files of a folder open."""
    there = {(status.st_dev, status.st_ino) for status in map(Path.lstat, folder.iterdir())}
    count = 0
    for name in os.listdir("/dev/fd"):  # noqa: PTH208 - the names are numbers
        with contextlib.suppress(OSError):
            status = os.fstat(int(name))
            count += (status.st_dev, status.st_ino) in there
    return count


def pack(columns: Mapping[str, Array]) -> tuple[bytes, str]:
    """All bytes of a file of columns, and its seal."""
    packed = Packed(columns)
    return b"".join(packed.parts()), packed.seal


def open_file(path: Path, *, seal: str, length: int) -> ColumnFile:
    """A file of columns, as an index opens it."""
    content = FolderStorage(path.parent).map(path.name)
    return ColumnFile(content, path=path, seal=seal, length=length)


def kernel_path(index: Index) -> KernelPath:
    """The way to the kernels of an index, for its own ranking and all fields."""
    assert index._searcher
    engine = index._searcher.engine
    kernels = engine._kernels if isinstance(engine, AutoEngine) else engine
    assert isinstance(kernels, KernelEngine)
    return kernels._default


def article(url: str, title: str = "", **values: object) -> Article:
    """An article in one line; the title is the url if nothing else is to be said."""
    if not title and not values.get("question") and not values.get("answer"):
        title = f"title {url.strip('/')}"
    return Article(url=url, title=title, **values)  # type: ignore[arg-type]


def texts(max_words: int = 8) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), max_size=max_words).map(" ".join)


SUBJECTS = st.lists(st.sampled_from(["Physics", "physics", "Biology", "Art"]), max_size=3)
"""The subjects of an article: none, one or several."""


def is_about(article: Article, key: str) -> bool:
    """Whether an article has a subject, given by its key."""
    return key in map(subject_key, article.subjects)


@st.composite
def articles(draw: st.DrawFn, urls: str = "abcdefghijkl", max_size: int = 12) -> list[Article]:
    """A small collection in which urls, copies, words and subjects come more than once."""
    bodies = draw(
        st.lists(st.tuples(st.sampled_from([None, "1", "2"]), texts(), texts(20)), min_size=1)
    )
    made = []
    for url in draw(st.lists(st.sampled_from(urls), max_size=max_size)):
        article_id, question, answer = draw(st.sampled_from(bodies))
        title = draw(st.one_of(st.just(question), texts(4)))
        made.append(
            Article(
                url=f"/{url}",
                id=article_id,
                title=title if (title or question or answer) else "neuron",
                question=question,
                answer=answer,
                keywords=tuple(draw(st.lists(texts(3), max_size=3))),
                subject=draw(SUBJECTS),
                date=draw(st.sampled_from([None, "2020-02-29", "2024-01-01", "2024-01-02"])),
            )
        )
    return made


def _decorated(clause: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda sign, text, boost: text if text == "*" else f"{sign}{text}{boost}",
        st.sampled_from(["", "", "", "+", "-", "NOT "]),
        clause,
        st.sampled_from(["", "", "", "^2", "^0.5", "^0"]),
    )


def _joined(clause: st.SearchStrategy[str], max_size: int) -> st.SearchStrategy[str]:
    link = st.sampled_from([" ", " ", " ", " AND ", " OR "])
    more = st.lists(st.tuples(link, clause).map("".join), max_size=max_size - 1).map("".join)
    return st.tuples(clause, more).map("".join)


_LEAVES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.sampled_from(UNKNOWN),
    texts(3).map('"{}"'.format),
    st.just("*"),
)

QUERIES = st.recursive(
    _joined(_decorated(_LEAVES), 5),
    lambda inner: _joined(_decorated(st.one_of(_LEAVES, inner.map("({})".format))), 4),
    max_leaves=8,
)
"""Queries with every operator of the language, over the words of ``articles`` and unknown ones."""


def fill(index: Index, *batches: Iterable[Article]) -> Index:
    """Add articles to an index, each batch in a commit of its own; return the index."""
    for batch in batches:
        with index.writer() as writer:
            writer.add_many(batch)
    return index


@contextlib.contextmanager
def temporary_index(*batches: Iterable[Article], **settings: Any) -> Iterator[Index]:
    """An index in memory, each batch in a commit of its own.

    For property tests, where a fixture would serve all examples.
    """
    with create_in(MemoryStorage(), **settings) as index:
        yield fill(index, *batches)


def reopened(
    index: Index, *, limits: Limits | None = None, engine: EngineName | None = None
) -> Index:
    """The same index opened once more, wherever it lies, with limits or an engine of its own."""
    return Index(index._storage, limits or Limits(), engine=engine or index._engine)


@contextlib.contextmanager
def changed_index(
    data: st.DataObject, *, max_size: int, **settings: Any
) -> Iterator[tuple[Index, list[Article]]]:
    """An index of several commits with some articles deleted again, and the articles it holds."""
    batches = data.draw(st.lists(articles(max_size=max_size), max_size=4))
    gone = data.draw(st.sets(st.sampled_from([f"/{c}" for c in "abcdefgh"]), max_size=4))
    with temporary_index(*batches, **settings) as index:
        with index.writer() as writer:
            for url in gone:
                writer.delete(url)
        left = {one.url: one for batch in batches for one in batch}
        yield index, [one for url, one in left.items() if url not in gone]


def ranked(
    index: Index, query: str, limit: int | None = None, **options: object
) -> list[tuple[str, float]]:
    """The url and the score of every result, or of the first ones; best first."""
    results = index.search(query, limit=limit, **options)  # type: ignore[arg-type]
    return [(hit.article.url, hit.score) for hit in results]


def urls(index: Index, query: str, **options: object) -> list[str]:
    """The urls of all results, best first."""
    return [url for url, _ in ranked(index, query, None, **options)]


class Definition:
    """What searches of a collection have to find, by the reference scorer."""

    def __init__(self, collection: Sequence[Article], ranking: Ranking | None = None) -> None:
        self._reference = Reference(collection, ENGLISH, ranking)

    def ranked(
        self,
        query: str,
        *,
        fields: Sequence[str] = FIELDS,
        keyword_boost: float | None = None,
        passes: Sequence[bool] | None = None,
    ) -> list[tuple[str, float]]:
        """What ``ranked`` has to be; ``passes`` says of each article whether filters let it go."""
        found = self._reference.rank(
            query, fields=fields, keyword_boost=keyword_boost, passes=passes
        )
        return [(result.url, result.score) for result in found]


def defined_ranking(
    collection: Sequence[Article],
    query: str,
    *,
    ranking: Ranking | None = None,
    passes: Sequence[bool] | None = None,
) -> list[tuple[str, float]]:
    """What ``ranked`` has to be for one query."""
    return Definition(collection, ranking).ranked(query, passes=passes)
