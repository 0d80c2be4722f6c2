"""What a source or a query may cost, checked before any work is done on it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from qsearch import checks

MEMORY = 512 * 1024 * 1024
"""About how much memory a writer collects before it makes a segment, and about how much of what
they have met searches keep, in bytes.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of reading and searching; what exceeds one is reported, never cut in silence.

    Attributes:
        front_matter_bytes: the front matter of a Markdown file, in bytes.
        nesting: the depth of mappings and lists in front matter or in JSON.
        file_bytes: a file, or one record of a file that is read record by record, in bytes.
        columns: the columns of a table.
        tags: the tags of an HTML file.
        query_bytes: a query as UTF-8, in bytes.
        clauses: the terms of a query after expansion.
        edits: the edit distance of an approximate match.
        positions: the positions of words that a query may read, for its phrases above all; the
            first phrase may read more.
        postings_bytes: about what searches keep in memory of the postings they met, in bytes, not
            counting queries under way; what would be more is dropped, and unpacked when needed.
        deadline: seconds after which a search answers with what it has.
    """

    front_matter_bytes: int = 256 * 1024
    nesting: int = 32
    file_bytes: int = 16 * 1024 * 1024
    columns: int = 10_000
    tags: int = 1_000_000
    query_bytes: int = 4 * 1024
    clauses: int = 1_024
    edits: int = 2
    positions: int = 2_500_000
    postings_bytes: int = MEMORY
    deadline: float = 10.0

    def __post_init__(self) -> None:
        for item in fields(self):
            check = checks.number if item.name == "deadline" else checks.whole_number
            check(f"the limit {item.name}", getattr(self, item.name))
