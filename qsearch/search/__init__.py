"""query -> hits: what was typed, which articles it means, and in which order."""

from qsearch.search.ranking import Ranking
from qsearch.search.results import Hit, Results
from qsearch.search.searcher import Searcher
from qsearch.search.snippets import Snippet
from qsearch.search.tree import Note

__all__ = ["Hit", "Note", "Ranking", "Results", "Searcher", "Snippet"]
