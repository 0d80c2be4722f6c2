"""The compiled English stemmer gives the terms that NLTK's gives.

``test_without_jit`` runs this module once more with the kernels as plain Python.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import qsearch
from qsearch.analysis import bulk_stems
from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.english import probes
from qsearch.analysis.stems import Stemmer, make_stemmer
from qsearch.errors import IndexTooOld
from qsearch.kernels import runtime
from qsearch.model.fields import plain_texts_of
from qsearch.packed import pack, unpack
from tests.helpers import ENGLISH, run_python

WITHOUT_JIT = os.environ.get("NUMBA_DISABLE_JIT") == "1"
EXAMPLES = settings(max_examples=40 if WITHOUT_JIT else 300, deadline=None)
ARTICLES = Path(__file__).parent.parent.parent / "data" / "articles"

SUFFIXES = """'s' 's ' s es ies ied sses us ss ed edly ing ingly eed eedly y ey e l ll tional enci
anci abli entli izer ization ational ation ator alism aliti alli fulness ousli ousness iveness
iviti biliti bli ogi fulli lessli li ly alize icate iciti ical ful ness ative al ance ence er ic
able ible ant ement ment ent ism ate iti ous ive ize ion sion tion at bl iz bb dd ff gg mm nn pp rr
tt""".split()
SPECIAL = """skis skies dying lying tying idly gently ugly early only singly sky news howe atlas
cosmos bias andes innings outings cannings herrings earrings proceeded exceeding succeeds""".split()
STEMS = """t st y by ay bay yet ab eb hop fail fall snow box play trapp gener general commun
communi arsen arsenal relat condit valet form sens oper rad anal geolog abil
y'all ' '' 'tw""".split()

LETTERS = st.text("aeiouybcdlnrstw'", max_size=6)
ENDINGS = st.lists(st.sampled_from(SUFFIXES), max_size=3).map("".join)
PARTS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(STEMS) | LETTERS, ENDINGS),
    st.builds("{}{}".format, st.sampled_from(SPECIAL), st.sampled_from(["", "s", "'s", "ly"])),
    st.text("abcdefghijklmnopqrstuvwxyz", max_size=12),
    st.from_regex("[a-z0-9']{1,6}", fullmatch=True),
    st.text("aeéιωlsd’学'1", max_size=6),
    st.builds("{}{}{}".format, st.sampled_from(["β", "naï", "學", "٣", "ŋY"]), LETTERS, ENDINGS),
)
FORMS = st.lists(PARTS, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from("-._=+#").map(lambda sign: sign.join(parts))
)
STEMMER = Stemmer("english")


@pytest.fixture(autouse=True, scope="module")
def kernels() -> None:
    assert runtime.wait()


def assert_same(forms: list[str]) -> None:
    data, starts = bulk_stems.terms_of(STEMMER, *pack([form.encode() for form in forms]))
    found = [term.decode() for term in unpack(data, starts)]
    expected = list(map(STEMMER.term, forms))
    assert dict(zip(forms, found, strict=True)) == dict(zip(forms, expected, strict=True))
    assert len(found) == len(forms)


@EXAMPLES
@given(st.lists(FORMS, max_size=30))
@example([])
@example(["", "x", "''s", "c++", "c#", "a..b", "YES", "ca2+", "naïve", "naïve-runs", "s" * 300])
@example(
    ["φies", "aφies", "δing", "學ing-ed", "x²-ing", "ŊŊing", "‛tis", "\U00020000s", "Σs", "runs"]
)
def test_any_form_gets_the_term_that_nltk_gives_it(forms: list[str]) -> None:
    assert_same(forms)


def test_every_suffix_on_stems_of_every_shape() -> None:
    assert_same([stem + suffix for stem in STEMS for suffix in SUFFIXES] + SPECIAL)


def test_a_character_beyond_ascii_is_taken_for_a_consonant_where_nltk_does_so() -> None:
    chars = [chr(point) for point in range(0x80, 0x10000) if not 0xD800 <= point < 0xE000]
    assert_same([f"{char}ies" for char in chars[:: 200 if WITHOUT_JIT else 3]])


def forms_of_the_sample_collection() -> list[str]:
    texts = [text for a in qsearch.read_articles(ARTICLES) for _, text in plain_texts_of(a)]
    forms = sorted({word.form for text in texts for word in ENGLISH.forms(text)})
    assert len(forms) > 3_000
    return forms


def test_every_form_of_the_sample_collection() -> None:
    assert_same(forms_of_the_sample_collection()[:: 10 if WITHOUT_JIT else 1])


# -- when it is used


def test_a_stemmer_with_one_other_rule_is_noticed() -> None:
    class Other(Stemmer):
        def term(self, form: str) -> str:
            return super().term(form) if not form.endswith("iviti") else form

    assert bulk_stems.agree(STEMMER)
    assert not bulk_stems.agree(Other("english"))
    assert not bulk_stems.agree(Stemmer("german"))


@pytest.mark.parametrize("ready", [True, False])
def test_other_languages_and_waiting_kernels_leave_it_to_nltk(
    monkeypatch: pytest.MonkeyPatch, ready: bool
) -> None:
    monkeypatch.setattr(runtime, "ready", lambda: ready)
    german = Stemmer("german" if ready else "english")
    forms = ["katzen", "running", "größe"]
    found = unpack(*bulk_stems.terms_of(german, *pack([form.encode() for form in forms])))
    assert found == [german.term(form).encode() for form in forms]


def test_an_index_made_with_another_stemmer_is_refused() -> None:
    analyzer = Analyzer.from_settings({**ENGLISH.settings(), "stemmer_fingerprint": "0" * 16})
    with pytest.raises(IndexTooOld, match="NLTK"):
        analyzer.terms(*pack([b"word"]))


# -- the same in plain Python, for who has no kernels yet


def assert_plain_is_same(forms: list[str]) -> None:
    plain = make_stemmer("english")
    assert type(plain) is not Stemmer
    assert {form: plain.term(form) for form in forms} == {f: STEMMER.term(f) for f in forms}


@EXAMPLES
@given(st.lists(FORMS, max_size=30))
@example(["", "x", "''s", "c++", "a..b", "YES", "ca2+", "naïve", "s" * 300, "'", "''", "'s", "'yy"])
@example(["φies", "δing", "學ing-ed", "x²-ing", "ŊŊing", "‛tis", "\U00020000s", "Σs", "l", "ll"])
def test_any_form_gets_the_term_of_nltk_in_plain_python(forms: list[str]) -> None:
    assert_plain_is_same(forms)


def test_every_suffix_and_form_in_plain_python() -> None:
    assert_plain_is_same([stem + suffix for stem in STEMS for suffix in SUFFIXES] + SPECIAL)
    assert_plain_is_same(probes())
    assert_plain_is_same(forms_of_the_sample_collection())


def test_a_first_commit_and_an_unknown_word_load_no_stemmer(tmp_path: Path) -> None:
    program = """
import sys, qsearch
with qsearch.create(sys.argv[1]) as index:
    with index.writer() as writer:
        writer.add(qsearch.Article(url="/a", title="Running generously"))
    assert index.search("run").total == 1
with qsearch.open(sys.argv[1]) as index:
    assert index.search("blorptastically running").total == 1
    assert index.search("naïvely flying").total == 0
assert "nltk" not in sys.modules
"""
    run_python(program, str(tmp_path / "index"))
