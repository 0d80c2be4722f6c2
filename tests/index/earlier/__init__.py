"""Indexes that earlier versions wrote, kept to be opened by every later one.

``format-N/`` is an index of file format N, ``format-N.json`` what it holds and answers. To add one
after the format has changed: ``python -m tests.index.earlier``. ``analyser-1/`` is one of file
format 2 whose words are those of the first analyser: it has to be built again.
"""
