"""What a user of the library sees: its names, their documentation, and what an import costs."""

from __future__ import annotations

import inspect
import json
import sys
import types
from importlib.resources import files
from pathlib import Path

import pytest

import qsearch
from qsearch.options import SearchOptions
from tests.helpers import ROOT, run_python

HEAVY = ["numpy", "numba", "nltk", "whoosh", "yaml", "rich", "click", "multiprocessing"]

NAMES = {
    "create",
    "open",
    "read_articles",
    "articles_from",
    "SourceNote",
    "Article",
    "RelatedArticle",
    "Index",
    "Report",
    "Stats",
    "Writer",
    "Results",
    "Hit",
    "Snippet",
    "Note",
    "Ranking",
    "Limits",
    "Error",
    "ArticleError",
    "ArgumentError",
    "QueryError",
    "LimitExceeded",
    "IndexNotFound",
    "IndexExists",
    "IndexLocked",
    "IndexCorrupt",
    "IndexTooNew",
    "IndexTooOld",
    "__version__",
}


def modules_after(program: str, *arguments: str) -> set[str]:
    """The modules that a program has loaded in a process of its own."""
    ending = "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = run_python(program + ending, *arguments)
    assert done.stderr == ""
    return set(json.loads(done.stdout.splitlines()[-1]))


def roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


# -- names


def test_the_public_names_are_these() -> None:
    assert set(qsearch.__all__) == NAMES
    assert len(qsearch.__all__) == len(NAMES)
    assert set(dir(qsearch)) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES - {"__version__"}))
def test_every_name_is_there_and_documented(name: str) -> None:
    value = getattr(qsearch, name)
    assert value is getattr(qsearch, name)
    doc = inspect.getdoc(value)
    assert doc
    assert len(doc.splitlines()[0]) <= 100
    if inspect.isclass(value):
        for method, function in vars(value).items():
            public = not method.startswith("_")
            if public and isinstance(
                function, (types.FunctionType, property, classmethod, staticmethod)
            ):
                assert inspect.getdoc(getattr(value, method)), f"{name}.{method}"


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        qsearch.nothing  # noqa: B018
    assert not hasattr(qsearch, "Analyzer")


def test_a_star_import_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from qsearch import *", names)
    assert set(names) - {"__builtins__"} == NAMES


def test_the_arguments_of_the_door_are_those_of_the_brief() -> None:
    def arguments(function: object) -> list[str]:
        return list(inspect.signature(function).parameters)  # type: ignore[arg-type]

    assert arguments(qsearch.create)[:2] == ["path", "language"]
    assert arguments(qsearch.open)[0] == "path"
    assert set(arguments(qsearch.read_articles)) >= {"paths", "fields", "on_error", "workers"}
    assert arguments(qsearch.articles_from)[:2] == ["records", "fields"]
    assert arguments(qsearch.Index.search) == [
        "self",
        "query",
        "limit",
        "offset",
        "subject",
        "since",
        "until",
        "fields",
        "keyword_boost",
        "sort",
        "facets",
        "strict",
    ]
    assert set(SearchOptions.__annotations__) == set(arguments(qsearch.Index.search)[2:])
    assert "timeout" in arguments(qsearch.Index.writer)
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(qsearch.Index.search).parameters.items()
    }
    assert (defaults["limit"], defaults["offset"], defaults["sort"]) == (10, 0, "relevance")
    assert defaults["strict"] is False


@pytest.mark.parametrize(
    "call", ["search", "search_many", "writer", "update"], ids=lambda name: f"Index.{name}"
)
def test_options_are_given_by_name(call: str) -> None:
    parameters = list(inspect.signature(getattr(qsearch.Index, call)).parameters.values())[1:]
    by_name = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
    positional = [p.name for p in parameters if p.kind not in by_name]
    assert positional in ([], ["query"], ["queries"], ["paths"])


# -- what an import costs


def test_importing_loads_nothing_but_itself() -> None:
    before = modules_after("")
    added = modules_after("import qsearch") - before
    assert {name for name in added if name.startswith("qsearch")} == {"qsearch", "qsearch._version"}
    assert roots(added) - {"qsearch"} <= {"importlib", "typing", "warnings", "collections"} | set(
        sys.stdlib_module_names
    )
    assert not roots(added) & set(HEAVY)


def test_the_modules_that_an_import_may_load_are_pinned() -> None:
    added = modules_after("import qsearch") - modules_after("import typing, importlib")
    assert added <= {"qsearch", "qsearch._version", "__future__"}


@pytest.mark.parametrize(
    "name", ["Article", "RelatedArticle", "Limits", "Error", "QueryError", "IndexLocked"]
)
def test_plain_names_load_nothing_heavy(name: str) -> None:
    assert not roots(modules_after(f"import qsearch; qsearch.{name}")) & set(HEAVY)


def test_importing_has_no_side_effect(tmp_path: Path) -> None:
    program = """
import os, sys
events = []
def watch(event, arguments):
    if event in ("open", "os.mkdir", "os.remove", "socket.connect", "subprocess.Popen"):
        events.append((event, str(arguments[0]), arguments[1] if len(arguments) > 1 else None))
sys.addaudithook(watch)
environment = dict(os.environ)
handlers = list(__import__("logging").getLogger().handlers)
events.clear()
import qsearch
assert dict(os.environ) == environment
assert __import__("logging").getLogger().handlers == handlers
written = [e for e in events if e[0] != "open" or (e[2] and set(str(e[2])) & set("wax+"))]
written = [e for e in written if "__pycache__" not in e[1]]
assert not written, written
"""
    done = run_python(program, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_searching_for_known_words_needs_no_stemmer(tmp_path: Path) -> None:
    index = qsearch.create(tmp_path / "i")
    with index.writer() as writer:
        writer.add(qsearch.Article(url="/a", title="Neurons release $Ca^{2+}$", answer="Voltage"))
    program = """
import sys, qsearch
with qsearch.open(sys.argv[1]) as index:
    assert len(index) == 1
    (hit,) = index.search('neurons "release Ca2+" -')
    assert hit.article.url == "/a"
    assert hit.snippet
    assert index.search("Voltage").facets
"""
    loaded = roots(modules_after(program, str(tmp_path / "i")))
    assert not loaded & {"nltk", "yaml", "rich", "click", "multiprocessing", "numba"}


def test_one_search_loads_no_compiler(tmp_path: Path) -> None:
    index = qsearch.create(tmp_path / "i")
    with index.writer() as writer:
        writer.add(qsearch.Article(url="/a", title="Neurons"))
    program = "import sys, qsearch; assert qsearch.open(sys.argv[1]).search('neurons').total == 1"
    assert "numba" not in roots(modules_after(program, str(tmp_path / "i")))


def test_reading_articles_loads_no_engine(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nurl: /a\ntitle: a\n---\n")
    program = "import sys, qsearch; assert len(list(qsearch.read_articles(sys.argv[1]))) == 1"
    loaded = roots(modules_after(program, str(tmp_path)))
    assert not loaded & {"numpy", "numba", "nltk", "whoosh", "rich", "click"}


def test_the_log_is_silent_unless_asked(tmp_path: Path) -> None:
    program = """
import sys, qsearch
index = qsearch.create(sys.argv[1])
with index.writer() as writer:
    writer.add(qsearch.Article(url="/a", title="a"))
index.search("(a")
import logging
assert any(isinstance(h, logging.NullHandler) for h in logging.getLogger("qsearch").handlers)
"""
    done = run_python(program, str(tmp_path / "i"))
    assert (done.stdout, done.stderr) == ("", "")


# -- the package


def test_the_package_is_typed() -> None:
    assert (files("qsearch") / "py.typed").is_file()


def test_the_version_is_that_of_the_changelog_and_the_package() -> None:
    assert isinstance(qsearch.__version__, str)
    assert qsearch.__version__.count(".") == 2
    changelog = ROOT / "CHANGELOG.md"
    if changelog.exists():
        newest = next(line for line in changelog.read_text().splitlines() if line.startswith("## "))
        assert newest.removeprefix("## ").split()[0].strip("[]") == qsearch.__version__


def test_no_source_file_is_longer_than_a_reader_likes() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "qsearch").rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 500
    }
    assert long == {}


def test_windows_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for call in (qsearch.create, qsearch.open):
        with pytest.raises(qsearch.Error, match="WSL"):
            call(tmp_path / "i")
