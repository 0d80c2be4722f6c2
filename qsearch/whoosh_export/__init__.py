"""An index -> an index of Whoosh's own, which opens without qsearch.

export    writes it, whole or not at all
schema    its fields
analyzer  its words
"""
