"""bm25s with its Numba backend."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from benchmarks.collection import Collection
from benchmarks.engines.engine import LIMIT, Engine, Found, installed, load_module
from benchmarks.queries import KINDS, Query
from qsearch.values import subject_key

_WORDS = r"(?u)\b\w+\b"


class Bm25s(Engine):
    """bm25s over the fields joined, with its tokenizer and a Snowball stemmer.

    It has no fields and no phrases. Its filter is a mask over the collection; the masks are made
    when the index is opened, one a subject.
    """

    name = "bm25s"
    packages: ClassVar = {"bm25s": "bm25s", "numba": "numba"}
    kinds = tuple(kind for kind in KINDS if kind != "phrase")

    backend = "numba"
    _retriever: Any = None
    _tokenizer: Any = None

    def settings(self) -> dict[str, object]:
        """Return how bm25s is set up."""
        return {
            "analysis": f"Tokenizer(splitter={_WORDS!r}, stopwords=None), {_stemmer()[0]}",
            "backend": f"{self.backend}, n_threads=0",
            "method": "lucene (its default), fields joined to one text",
            "store": "save(corpus=...), loaded into memory; its files are not synced",
            "filter": "weight_mask, made beforehand for each subject",
        }

    def build(self, collection: Collection) -> None:
        """Tokenise, index and save, the texts as its corpus."""
        bm25s = load_module("bm25s")
        self._tokenizer = load_module("bm25s.tokenization").Tokenizer(
            splitter=_WORDS, stopwords=None, stemmer=_stemmer()[1]
        )
        texts = ["\n".join(record[2:]) for record in collection.records]
        tokens = self._tokenizer.tokenize(texts, return_as="tuple", show_progress=False)
        retriever = bm25s.BM25(backend=self.backend)
        retriever.index(tokens, show_progress=False)
        corpus = [record._asdict() for record in collection.records]
        retriever.save(str(self.folder), corpus=corpus, show_progress=False)
        self._tokenizer.save_vocab(str(self.folder))

    def open(self) -> None:
        """Load index, corpus and vocabulary into memory."""
        numpy = load_module("numpy")
        self._retriever = load_module("bm25s").BM25.load(str(self.folder), load_corpus=True)
        if self._tokenizer is None:
            self._tokenizer = load_module("bm25s.tokenization").Tokenizer(
                splitter=_WORDS, stopwords=None, stemmer=_stemmer()[1]
            )
            self._tokenizer.load_vocab(str(self.folder))
        subjects = numpy.array([text["subject"] for text in self._retriever.corpus])
        self._masks = {
            subject: (subjects == subject).astype(numpy.float32)
            for subject in set(subjects.tolist())
        }
        self._limit = min(LIMIT, len(subjects))

    def search(self, query: Query) -> Found:
        """Tokenise and retrieve; what scores 0 was not found."""
        tokens = self._tokenizer.tokenize([query.text], update_vocab=False, show_progress=False)
        mask = None
        if query.subject is not None:
            mask = self._masks.get(subject_key(query.subject))
            if mask is None:
                return []
        try:
            found = self._retriever.retrieve(
                tokens, k=self._limit, show_progress=False, weight_mask=mask
            )
        except ValueError:  # its answer to a query without a known word
            return []
        return [
            (text["url"], score)
            for text, score in zip(found.documents[0], found.scores[0].tolist(), strict=True)
            if score > 0
        ]

    def close(self) -> None:
        """Let go of the index."""
        self._retriever = self._tokenizer = None


def _stemmer() -> tuple[str, Any]:
    """Return a Snowball stemmer with its name; the C one if it is there."""
    name = "NLTK's Snowball stemmer, cached (pip install PyStemmer gives a faster one)"
    if installed("Stemmer"):
        return "PyStemmer", load_module("Stemmer").Stemmer("english")
    stem = load_module("nltk.stem.snowball").SnowballStemmer("english").stem
    return name, lru_cache(None)(stem)
