"""``python -m qsearch``: the terminal."""

from qsearch.cli import main

main()
