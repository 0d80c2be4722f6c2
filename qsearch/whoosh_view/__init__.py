"""``index.whoosh``: the segments once more, as Whoosh reads an index.

The way from Whoosh to our data, and where each step is::

    WhooshView      a whoosh.index.Index                                  view, schema
    searcher        without shortcuts and wrong answers; its scores       searcher, sound, weighting
    readers         Whoosh's own over our codec; near words               readers, spelling
    codec           terms and postings; stored fields, lengths, columns   codec, terms, matcher,
                                                                          documents, sortcolumns
    field terms     the articles and positions of a term in a field       fieldterms, textterms,
                                                                          vocabulary
    Part            the live articles of a segment, without gaps          part

Like the door, it stands at the end of the way and may use everything on it (the ranking).
"""

# First of all the imports of Whoosh, in silence (see there).
import qsearch.analysis.whoosh_analyzer  # noqa: F401
from qsearch.whoosh_view.view import WhooshView

__all__ = ["WhooshView"]
