"""Indexes that earlier versions wrote, kept to be opened by every later one.

``format-N/`` is an index of file format N, ``format-N.json`` what it holds and answers. To add one
after the format has changed: ``python -m tests.index.earlier``.
"""
