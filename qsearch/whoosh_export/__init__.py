"""An index -> an index of Whoosh's own, which needs nothing of qsearch to be opened.

``schema`` says which fields it has, ``analyzer`` what their words are, ``export`` writes it.
"""
