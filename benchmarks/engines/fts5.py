"""FTS5, the full-text search of SQLite."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

from benchmarks.collection import Collection
from benchmarks.engines.engine import LIMIT, Engine, Found
from benchmarks.queries import Query
from qsearch.values import subject_key

_WORDS = re.compile(r"\w+").findall
_FIND = "SELECT url, rank FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?"
_FIND_IN = (
    "SELECT url, rank FROM articles WHERE articles MATCH ? AND subject = ? ORDER BY rank LIMIT ?"
)


class Fts5(Engine):
    """An FTS5 table with the Porter tokenizer (it has no Snowball), the words joined by OR."""

    name = "fts5"

    _database: sqlite3.Connection | None = None

    @classmethod
    def missing(cls) -> str | None:
        """Return what to do where this Python's SQLite was built without FTS5."""
        with closing(sqlite3.connect(":memory:")) as database:
            try:
                database.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
            except sqlite3.OperationalError:
                return "the SQLite of this Python has no FTS5; use another Python"
        return None

    def settings(self) -> dict[str, object]:
        """Return how SQLite is set up."""
        return {
            "version": sqlite3.sqlite_version,
            "analysis": "tokenize='porter unicode61'",
            "durability": "journal_mode=WAL, synchronous=FULL, one transaction, a checkpoint",
            "query": "quoted words joined by OR, ORDER BY rank LIMIT 10",
            "filter": "AND subject = ? on an unindexed column",
        }

    def build(self, collection: Collection) -> None:
        """Insert all articles in one transaction, then move the log into the database."""
        self.folder.mkdir(parents=True)
        with closing(self._connect()) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute(
                "CREATE VIRTUAL TABLE articles USING fts5(url UNINDEXED, subject UNINDEXED, "
                "question, answer, keywords, tokenize = 'porter unicode61')"
            )
            database.execute("BEGIN")
            database.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", collection.records)
            database.execute("COMMIT")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def open(self) -> None:
        """Open the database."""
        self._database = self._connect()

    def search(self, query: Query) -> Found:
        """Write the MATCH expression and fetch; SQLite's rank is the lower the better."""
        assert self._database is not None, "open comes first"
        words = _WORDS(query.text)
        if not words:
            return []
        if query.text.startswith('"'):
            asked = f'"{" ".join(words)}"'
        else:
            asked = " OR ".join(f'"{word}"' for word in words)
        if query.subject is None:
            rows = self._database.execute(_FIND, (asked, LIMIT))
        else:
            rows = self._database.execute(_FIND_IN, (asked, subject_key(query.subject), LIMIT))
        return [(url, -rank) for url, rank in rows]

    def close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "articles.db", isolation_level=None)
