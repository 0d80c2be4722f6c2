"""Texts -> terms: which words are indexed and searched.

``analyzer`` puts all together; whoever needs only a part, as indexing does, imports that part.

pieces           a text -> runs without spaces, and mathematics
words            a piece -> its words: numbers, abbreviations, formulae, compounds
fold             letters that count as the same
latex            mathematics as a reader sees it
running          a text with its mathematics as words, for the kernels
stopwords        Whoosh's lists, folded
stems            word form -> term, by NLTK's Snowball stemmer
english          the same for English without NLTK
stemmer_source   which English stemmer NLTK has here
formtable        the words of many pieces at once
bulk_stems       the terms of many forms at once
whoosh_analyzer  the analyser as Whoosh calls one
"""
