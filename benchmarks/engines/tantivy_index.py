"""tantivy, through its Python package."""

from __future__ import annotations

from typing import Any, ClassVar

from benchmarks.collection import Collection
from benchmarks.engines.engine import LIMIT, Engine, Found, load_module
from benchmarks.queries import Query
from qsearch.values import subject_key

_FIELDS = ["question", "answer", "keywords"]
_HEAP = 128_000_000


class Tantivy(Engine):
    """tantivy with ``en_stem``, the lenient query parser and one writer thread."""

    name = "tantivy"
    packages: ClassVar = {"tantivy": "tantivy"}

    _index: Any = None

    def settings(self) -> dict[str, object]:
        """Return how tantivy is set up."""
        return {
            "analysis": "en_stem (Snowball English, stop words kept)",
            "writer": f"one thread, heap_size={_HEAP} (its default), commit, merges waited for",
            "parser": "parse_query_lenient over question, answer, keywords",
            "search": f"limit={LIMIT}, count=False; url from the stored document",
            "filter": "a required raw term that scores 0",
        }

    def build(self, collection: Collection) -> None:
        """Add all articles, commit, wait for the merges."""
        tantivy = load_module("tantivy")
        builder = tantivy.SchemaBuilder()
        for name in ("url", "subject"):
            builder.add_text_field(name, stored=True, tokenizer_name="raw")
        for name in _FIELDS:
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        self.folder.mkdir(parents=True)
        index = tantivy.Index(builder.build(), path=str(self.folder))
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for record in collection.records:
            writer.add_document(tantivy.Document(**record._asdict()))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()

    def open(self) -> None:
        """Open the index, and one searcher for all queries."""
        tantivy = load_module("tantivy")
        self._query, self._must = tantivy.Query, tantivy.Occur.Must
        self._index = tantivy.Index.open(str(self.folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def search(self, query: Query) -> Found:
        """Parse, search, fetch the urls."""
        asked, _ = self._index.parse_query_lenient(query.text, _FIELDS)
        if query.subject is not None:
            subject = subject_key(query.subject)
            term = self._query.term_query(self._schema, "subject", subject, "basic")
            wanted = self._query.const_score_query(term, 0.0)
            asked = self._query.boolean_query([(self._must, asked), (self._must, wanted)])
        found = self._searcher.search(asked, limit=LIMIT, count=False)
        return [(self._searcher.doc(place)["url"][0], score) for score, place in found.hits]

    def close(self) -> None:
        """Let go of the searcher and the index."""
        self._index = self._searcher = self._schema = None
