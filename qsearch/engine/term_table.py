"""A table of the words that queries held: what the kernels have to know of each of them.

A word is looked up in the snapshot once, in Python, when a query first holds it. From then on the
kernel finds it in this table by its bytes. The columns of the table are those of
``kernels.search.layout``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qsearch.analysis.analyzer import Analyzer
from qsearch.arrays import Array
from qsearch.engine.postings_cache import PostingsCache
from qsearch.forks import ForkSafeLock
from qsearch.kernels.runtime.address_tables import Table, table_of
from qsearch.kernels.search import layout
from qsearch.model.keyword_phrase import term_hash
from qsearch.query.plan import Plan, QueryToken
from qsearch.query.syntax import is_plain
from qsearch.ranking.formula import form_weight, inverse_document_frequency

_WORD_BYTES = 512
"""About how many bytes a word takes beside its letters."""

_FIRST_SLOTS = 1_024
"""Slots of the first hash table of words; at most half of them are used."""


class TermTable:
    """The words of queries with their terms, forms and idfs. Safe for use by several threads.

    Arguments:
        cache: the postings.
        analyzer: of the index.
        articles: how many live ones there are.
        plan_of: makes the plan of a word: of a run of characters without spaces.
        most: the number of terms that a query may have.

    Attributes:
        table: the addresses of the index's arrays (``kernels.runtime.address_tables``), with all
            words that were added so far.
    """

    def __init__(
        self,
        cache: PostingsCache,
        analyzer: Analyzer,
        articles: int,
        *,
        plan_of: Callable[[str], Plan],
        most: int,
    ) -> None:
        self._plan_of = plan_of
        self._cache = cache
        self._analyzer = analyzer
        self._articles = articles
        self._most = most
        self._parts = len(cache.segments)
        self._entries: dict[tuple[str, str], int | None] = {}
        self._used = 0
        self._forms_used = 0
        self._adding = ForkSafeLock()
        self._added: set[str] = set()
        self._words = np.zeros(_FIRST_SLOTS * layout.WORD, dtype=np.uint64)
        self._facts = np.zeros((256, layout.ENTRY + self._parts * layout.PART), dtype=np.int64)
        self._numbers = np.zeros((256, layout.LARGEST + self._parts))
        self._forms = np.zeros(256, dtype=np.int32)
        self.table: Table
        self._show()

    def _show(self) -> None:
        """Make ``table`` anew; kernels that are running go on with the one before."""
        arrays: tuple[Array, ...]
        arrays = self._words, self._facts, self._numbers, self._forms, *self._cache.arrays()
        self.table = table_of(arrays, len(self._added), self._most)
        self._is_shown = True

    def add_words_of(self, query: str) -> None:
        """Add each word of a query that is not there yet."""
        with self._adding:
            for word in query.split():
                if word not in self._added:
                    self._add(word)
            self._show()

    def _add(self, word: str) -> None:
        from qsearch.kernels.search.lookup_words import add_words

        codes = self._codes_of(word)
        letters = word.encode()
        count = layout.NO_WORDS if codes is None else len(codes)
        number = len(self._added) + 1
        row = np.zeros(layout.WORD, dtype=np.uint64)
        row[0] = number << 16 | count << 8 | len(letters)
        row[1 : layout.FIRST_CODE] = np.frombuffer(letters.ljust(layout.LETTERS, b"\0"), "<u8")
        for place, code in enumerate(codes or ()):
            row[layout.FIRST_CODE + place // 2] |= np.uint64(code << 32 * (place % 2))
        if 2 * number * layout.WORD > self._words.size:
            # Kernels may still read the old table.
            larger = np.zeros(2 * self._words.size, dtype=np.uint64)
            add_words(larger, self._words)
            self._words = larger
        add_words(self._words, row)
        self._added.add(word)
        self._cache.hold(_WORD_BYTES + 4 * len(word))

    def _codes_of(self, word: str) -> list[int] | None:
        """The codes of a word; None if the kernels do not take it: an operator, a word with
        expansions, a term whose impacts they can't work with.
        """
        if not is_plain(word):
            return None
        plan = self._plan_of(word)
        if any(len(group.members) > 1 for group in plan.groups):
            return None
        codes = []
        for token in plan.tokens:
            entry = self._entry(token.term, token.form)
            if entry is None:
                return None
            codes.append(2 * entry + token.overlay)
        return codes if len(codes) <= layout.WORD_CODES else None

    def codes_of(self, tokens: Sequence[QueryToken]) -> list[int] | None:
        """Return the codes of the words of a plan; None if the kernels do not take one of them."""
        codes = []
        with self._adding:
            for term, form, _, overlay in tokens:
                entry = self._entry(term, form)
                if entry is None:
                    return None
                codes.append(2 * entry + overlay)
            if not self._is_shown:
                self._show()
        return codes

    def _entry(self, term: str, form: str) -> int | None:
        """The row of a term as typed; None if the kernels can't work with its impacts."""
        key = (term, form)
        if key not in self._entries:
            self._entries[key] = self._look_up(term, form)
            row = self._facts.shape[1] + self._numbers.shape[1]
            self._cache.hold(_WORD_BYTES + 4 * len(form) + 8 * row)
        return self._entries[key]

    def _look_up(self, term: str, form: str) -> int | None:
        hashed = term_hash(term)
        facts = [hashed - (1 << 64) if hashed >> 63 else hashed, self._analyzer.is_stop_word(form)]
        largest, frequency = [], 0
        for index in range(self._parts):
            number = self._cache.number_of(index, form, term)
            if number is None:
                facts += [0, 0, -1, 0, 0, 0, 0, 0, 0, -1]
                largest.append(0.0)
                continue
            filled = self._cache.term(index, number)
            if filled is None:
                return None
            row, most = filled
            bit, docs = self._cache.form(index, form)
            facts += [*row, bit, *self._keep_forms(docs)]
            facts += self._cache.form_place(index, number, form)
            largest.append(most)
            frequency += self._cache.frequency(row, index)
        idf = inverse_document_frequency(self._articles, frequency) if frequency else 0.0
        weight_of_form = form_weight(1.0, idf) if frequency else 0.0
        entry = self._used
        self._is_shown = False
        if entry == len(self._facts):
            # Kernels may still read the old tables.
            self._facts = np.concatenate([self._facts, np.zeros_like(self._facts)])
            self._numbers = np.concatenate([self._numbers, np.zeros_like(self._numbers)])
        self._facts[entry] = facts
        self._numbers[entry] = [idf, weight_of_form, *largest]
        self._used += 1
        return entry

    def _keep_forms(self, docs: Array) -> tuple[int, int]:
        start, stop = self._forms_used, self._forms_used + docs.size
        self._cache.hold(2 * docs.nbytes)
        if stop > self._forms.size:
            room = np.zeros(stop, dtype=np.int32)
            self._forms = np.concatenate([self._forms[:start], room])
        self._forms[start:stop] = docs
        self._forms_used = stop
        return start, stop
