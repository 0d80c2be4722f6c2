"""The English stemmer is known by its source, and NLTK is not loaded to ask it."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from qsearch.analysis import bulk_stems, stemmer_source
from qsearch.analysis.stems import Stemmer
from qsearch.kernels import runtime
from tests.helpers import run_python

WORDS = """
import sys
from qsearch.kernels import runtime
from qsearch.analysis.analyzer import Analyzer
from qsearch.packed import pack, unpack
assert runtime.wait()
analyzer = Analyzer.from_settings(Analyzer().settings())
assert unpack(*analyzer.terms(*pack(["running".encode(), "β-waves".encode()])))[0] == b"run"
assert "nltk" not in sys.modules
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The source of the stemmers, a copy that is taken for the installed one."""
    found = importlib.util.find_spec("nltk")
    assert found is not None
    assert found.submodule_search_locations
    copy = tmp_path / "nltk" / "stem"
    copy.mkdir(parents=True)
    for name in ("snowball.py", "util.py"):
        shutil.copy(Path(found.submodule_search_locations[0], "stem", name), copy)
    spec = SimpleNamespace(submodule_search_locations=[str(copy.parent)])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    stemmer_source.english_is_known.cache_clear()
    yield copy
    stemmer_source.english_is_known.cache_clear()


needs_a_known_one = pytest.mark.skipif(
    not stemmer_source.english_is_known(), reason="this version of NLTK is asked for its stems"
)


@needs_a_known_one
def test_a_stemmer_that_is_known_has_the_stems_that_are_said_of_it() -> None:
    stemmer = Stemmer("english")
    assert stemmer.fingerprint() == stemmer_source.FINGERPRINT == stemmer.measured_fingerprint()
    assert runtime.wait()
    assert bulk_stems.agree(stemmer)


@needs_a_known_one
def test_the_terms_of_a_known_stemmer_are_found_without_loading_nltk() -> None:
    run_python(WORDS)


@needs_a_known_one
def test_the_same_source_elsewhere_is_known(source: Path) -> None:
    assert stemmer_source.english_is_known()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("snowball.py", '"ization"', '"isation"'),
        ("snowball.py", "def _r1r2_standard", "def _r1r2"),
        ("util.py", "return original[: -len(old)]", "return original[:-1]"),
        ("util.py", "def suffix_replace", "def replace_suffix"),
    ],
)
def test_another_source_is_asked_for_its_stems(
    source: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str
) -> None:
    text = (source / name).read_text()
    assert old in text
    (source / name).write_text(text.replace(old, new))
    assert not stemmer_source.english_is_known()
    monkeypatch.setattr(Stemmer, "measured_fingerprint", lambda self: "measured")
    assert Stemmer("english").fingerprint() == "measured"


def test_a_source_that_cannot_be_read_is_not_known(source: Path) -> None:
    (source / "snowball.py").write_bytes(b"\xff")
    assert not stemmer_source.english_is_known()
    stemmer_source.english_is_known.cache_clear()
    (source / "snowball.py").unlink()
    assert not stemmer_source.english_is_known()


def test_no_source_at_all(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert not stemmer_source.english_is_known()
