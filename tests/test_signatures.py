"""How many parameters functions have: arrays that belong together are one NamedTuple."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import qsearch

MOST = 10

REASONS = {
    "analysis/whoosh_analyzer.py:__call__": "Whoosh calls it with these",
    "article.py:__init__": "an article's fields, by name only",
    "cli/search_command.py:search_command": "an option of the command each, by name only",
    "opened.py:search": "the options of a search, by name only",
    "searcher.py:search": "the options of a search, by name only",
}
"""The functions with more parameters, and why."""


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many parameters a function has, ``self`` and ``cls`` not among them."""
    arguments = function.args
    named = [name.arg for name in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    starred = (arguments.vararg is not None) + (arguments.kwarg is not None)
    return len(named) - (named[:1] in (["self"], ["cls"])) + starred


def functions() -> Iterator[tuple[str, int]]:
    package = Path(qsearch.__file__).parent
    for source in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{source.relative_to(package).as_posix()}:{node.name}", parameters(node)


def test_no_function_has_more_than_ten_parameters_without_a_reason() -> None:
    assert {name for name, count in functions() if count > MOST} == set(REASONS)
