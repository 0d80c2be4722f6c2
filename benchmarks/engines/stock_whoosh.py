"""Whoosh as it is installed, with its own codec, writer, parser and BM25F."""

from __future__ import annotations

from typing import Any, ClassVar

from benchmarks.collection import Collection
from benchmarks.engines.engine import LIMIT, Engine, Found, load_module
from benchmarks.queries import Query
from qsearch.values import subject_key

_FIELDS = ["question", "answer", "keywords"]


class StockWhoosh(Engine):
    """Whoosh's documented way: a stemming analyser, MultifieldParser with OrGroup, BM25F.

    The parser keeps the plugins for white space and phrases only: with all of them the question
    mark of every question would be a wildcard, and a colon would name a field.
    """

    name = "whoosh"
    packages: ClassVar = {"whoosh": "whoosh"}
    optimize = True
    """Whether Whoosh skips blocks of postings, its default; at times it then misses the best."""

    _searcher: Any = None

    def settings(self) -> dict[str, object]:
        """Return how Whoosh is set up."""
        return {
            "analysis": "StemmingAnalyzer(stoplist=None), Snowball English",
            "parser": "MultifieldParser, OrGroup, white space and phrases",
            "weighting": "BM25F()",
            "writer": "ix.writer()",
            "optimize": self.optimize,
        }

    def build(self, collection: Collection) -> None:
        """Add all articles and commit."""
        load_module("whoosh.codec.whoosh3")  # or Whoosh would, with a warning from Python 3.12 on
        fields, index = load_module("whoosh.fields"), load_module("whoosh.index")
        text = fields.TEXT(analyzer=_analyzer(), stored=True)
        schema = fields.Schema(
            url=fields.ID(stored=True),
            subject=fields.ID(stored=True),
            **dict.fromkeys(_FIELDS, text),
        )
        self.folder.mkdir(parents=True)
        writer = index.create_in(str(self.folder), schema).writer()
        for record in collection.records:
            writer.add_document(**record._asdict())
        writer.commit()

    def open(self) -> None:
        """Open the index, one searcher and one parser for all queries."""
        qparser, plugins = load_module("whoosh.qparser"), load_module("whoosh.qparser.plugins")
        index = load_module("whoosh.index").open_dir(str(self.folder))
        self._searcher = index.searcher(weighting=load_module("whoosh.scoring").BM25F())
        self._term = load_module("whoosh.query").Term
        self._parser = qparser.MultifieldParser(
            _FIELDS,
            index.schema,
            group=qparser.OrGroup,
            plugins=[plugins.WhitespacePlugin(), plugins.PhrasePlugin()],
        )

    def search(self, query: Query) -> Found:
        """Parse and search."""
        wanted = None
        if query.subject is not None:
            wanted = self._term("subject", subject_key(query.subject))
        results = self._searcher.search(
            self._parser.parse(query.text), limit=LIMIT, filter=wanted, optimize=self.optimize
        )
        return [(hit["url"], hit.score) for hit in results]

    def close(self) -> None:
        """Close the searcher."""
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None


def _analyzer() -> Any:
    stemmer = load_module("whoosh.lang").stemmer_for_language("en")
    return load_module("whoosh.analysis").StemmingAnalyzer(stoplist=None, stemfn=stemmer)
