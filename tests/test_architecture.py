"""The floors of the house: what is imported stands below; some parts may not know others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "qsearch"

FLOORS = [
    "_version arrays errors forks lazy log machine mathtext notebook options",
    "checks freshness markup storage kernels.runtime",
    "dates limits plaintext",
    "names values",
    "article",
    "model reading",
    "kernels.indexing watch",
    "packed",
    "analysis",
    "query",
    "ranking",
    "kernels.search index",
    "engine upkeep whoosh_export whoosh_view writer",
    "cli results",
    "searcher",
    "opened",
    "api",
]
"""From the ground up; on one floor nobody imports a neighbour. ``qsearch`` itself is the roof."""


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, path


def imports(path: Path) -> Iterator[str]:
    """Whatever a module imports of the package, wherever; what only types need is left out."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def unit(module: str) -> str:
    """The part of the package that a module, or a name in it, belongs to."""
    _, first, *rest = module.split(".")
    return f"{first}.{rest[0]}" if first == "kernels" and rest else first


def test_no_import_runs_upwards() -> None:
    floor_of = {part: floor for floor, parts in enumerate(FLOORS) for part in parts.split()}
    upwards = []
    for module, path in modules():
        if module in ("qsearch", "qsearch.__main__", "qsearch.kernels"):
            continue
        for imported in imports(path):
            if not imported.startswith("qsearch.") or unit(imported) == unit(module):
                continue
            below = floor_of.get(unit(imported), -1)  # a name of ``qsearch`` itself
            if imported.count(".") == 1 and unit(imported) not in floor_of:
                continue
            if below >= floor_of[unit(module)]:
                upwards.append(f"{module} imports {imported}")
    assert not upwards


def test_every_part_has_a_floor() -> None:
    parts = {unit(module) for module, _ in modules() if "." in module}
    assert parts - {"__main__", "kernels"} == {part for parts in FLOORS for part in parts.split()}


def test_results_know_no_snapshot() -> None:
    """Hits stand on ``engine.protocol``: a cluster can answer as well."""
    for module, path in modules():
        if unit(f"{module}.x") == "results":
            known = [name for name in imports(path) if name.startswith("qsearch.index")]
            known += [
                name
                for name in imports(path)
                if name.startswith("qsearch.engine.")
                and not name.startswith("qsearch.engine.protocol.")
            ]
            assert not known, module


def test_a_signal_stands_in_one_place() -> None:
    """Its class is named in ``ranking.signals``, and where kernels compile its share."""
    for name in ("TypedForm", "KeywordCover", "TitleCover"):
        places = {
            str(path.relative_to(PACKAGE))
            for _, path in modules()
            if name in path.read_text("utf-8")
        }
        outside = {place for place in places if not place.startswith("ranking/signals/")}
        assert outside <= {"kernels/search/signals.py"}, name
