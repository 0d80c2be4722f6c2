"""The analyser as a whole: places of tokens, languages, stop words, settings, and what always
holds."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsearch.analysis.analyzer import NAME, VERSION, Analyzer, Token
from qsearch.analysis.fold import fold
from qsearch.analysis.stems import LANGUAGES, Stemmer
from qsearch.analysis.words import MAX_FORM
from qsearch.errors import ArgumentError, IndexTooOld
from qsearch.plaintext import plain_text
from tests.helpers import ENGLISH

# Any text, and texts of the characters that mean something to the analyser.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TECHNICAL = st.text("aAbC12 ,.'-_=+#^{}$\\()[]<>&;/|\n\u00adéßﬁ²⁺⁻₂東京ーﾀÅ½…’", max_size=40)
TEXTS = st.one_of(ANY_TEXT, TECHNICAL)


def spans(text: str) -> list[tuple[str, str]]:
    """Each form with the part of the text that it stands at."""
    plain = plain_text(text)
    places = [(token, plain.source_span(token.start, token.end)) for token in ENGLISH.tokens(plain)]
    return [(token.form, text[start:end]) for token, (start, end) in places]


# -- places


def test_a_token_knows_its_term_form_and_place() -> None:
    assert list(ENGLISH.tokens("Ions released")) == [
        Token("ion", "ions", 0, 0, 4, False),
        Token("releas", "released", 1, 5, 13, False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Neuron**, released!", [("neuron", "Neuron"), ("released", "released")]),
        (
            "voltage-gated.",
            [("voltage-gated", "voltage-gated"), ("voltage", "voltage"), ("gated", "gated")],
        ),
        ("in Ca²⁺.", [("in", "in"), ("ca2+", "Ca²⁺")]),
        ("in $Ca^{2+}$.", [("in", "in"), ("ca2+", "$Ca^{2+}$")]),
        ("the U.S. law", [("the", "the"), ("u.s", "U.S."), ("law", "law")]),
        ("<b>bold</b> &amp; bare", [("bold", "bold"), ("bare", "bare")]),
        ("ﬁeld of ﬁre", [("field", "ﬁeld"), ("of", "of"), ("fire", "ﬁre")]),
        ("cafe\u0301 noir", [("cafe", "cafe\u0301"), ("noir", "noir")]),
        ("1,000 m", [("1000", "1,000"), ("m", "m")]),
        (
            "E=mc² x",
            [("e=mc2", "E=mc²"), ("e", "E"), ("mc2", "mc²"), ("x", "x")],
        ),
    ],
)
def test_a_token_stands_where_a_reader_would_mark_it(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert spans(text) == expected


def test_parts_stand_at_themselves_even_where_folding_moved_characters() -> None:
    # What the soft hyphen takes away ß gives back: the length says nothing about the places.
    assert spans("\u00adstern-großer")[1:] in (
        [("stern", "stern"), ("grosser", "großer")],
        [("stern", "\u00adstern-großer"), ("grosser", "\u00adstern-großer")],
    )


def test_mathematics_is_marked_as_a_whole() -> None:
    text = r"so $\alpha + \beta$ is"
    assert spans(text)[1:3] == [("α+β", r"$\alpha + \beta$"), ("α", r"$\alpha + \beta$")]


def test_positions_go_on_through_pieces_and_mathematics() -> None:
    tokens = [
        token
        for token in ENGLISH.tokens(plain_text("a-b $c d$ <i>e</i>, 東京都 f"))
        if not token.overlay
    ]
    assert [token.form for token in tokens] == ["a", "b", "c", "d", "e", "東京", "京都", "f"]
    assert [token.position for token in tokens] == list(range(8))


# -- what always holds


@given(TEXTS)
@example("\0\x1b[31m\x7f\u202e")
@example("\ue000⁻\ue000")
@example("$" * 50 + "\\(" * 50)
@example("<" * 50 + "&" * 50)
@example("-" * 300 + "a" * 300)
def test_every_text_gives_tokens_in_order_at_places_within_it(text: str) -> None:
    tokens = list(ENGLISH.tokens(text))
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.term
        assert 0 < len(token.form) <= MAX_FORM
        assert not any(char.isspace() for char in token.form)
    starts = [token.start for token in tokens]
    assert starts == sorted(starts)
    positions = [token.position for token in tokens]
    assert positions == sorted(positions)
    words = [token.position for token in tokens if not token.overlay]
    assert words == list(range(len(words)))
    assert set(positions) == set(words)


@given(TEXTS)
def test_forms_are_folded(text: str) -> None:
    for word in ENGLISH.forms(text):
        assert fold(word.form) == word.form


@given(TEXTS)
def test_the_same_text_gives_the_same_tokens(text: str) -> None:
    first = list(ENGLISH.tokens(text))
    assert list(ENGLISH.tokens(text)) == first
    assert list(Analyzer("english").tokens(text)) == first


@given(TEXTS)
def test_a_term_depends_on_the_form_alone(text: str) -> None:
    for token in ENGLISH.tokens(text):
        assert ENGLISH.term(token.form) == token.term


@given(TEXTS)
def test_tokens_are_the_forms_with_their_terms(text: str) -> None:
    assert [token[1:] for token in ENGLISH.tokens(text)] == [tuple(w) for w in ENGLISH.forms(text)]


@given(TEXTS, TEXTS)
def test_lines_are_analysed_one_by_one(first: str, second: str) -> None:
    # Only mathematics reaches over the end of a line.
    for mark in "$\\":
        first, second = first.replace(mark, " "), second.replace(mark, " ")
    whole = [word.form for word in ENGLISH.forms(f"{first}\n{second}")]
    parts = [word.form for text in (first, second) for word in ENGLISH.forms(text)]
    assert whole == parts


def test_mathematics_reaches_over_the_end_of_a_line() -> None:
    assert [w.form for w in ENGLISH.forms("$a\nb$")] == ["a", "b"]
    assert [w.form for w in ENGLISH.forms("$a_\n1$")] != [
        w.form for text in ("$a_", "1$") for w in ENGLISH.forms(text)
    ]


@given(TEXTS)
def test_letter_case_makes_no_difference_outside_mathematics(text: str) -> None:
    text = "".join(char for char in text if char.isascii() and char not in "$\\")
    assert list(ENGLISH.tokens(text.upper())) == list(ENGLISH.tokens(text.lower()))


# -- languages and stop words


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("english", "connections", "connected"),
        ("german", "Katzen", "katze"),
        ("french", "continuellement", "continuelle"),
        ("spanish", "gatos", "gato"),
        ("russian", "столами", "стол"),
        ("swedish", "flickorna", "flicka"),
    ],
)
def test_each_language_has_its_stems(language: str, one: str, other: str) -> None:
    analyzer = Analyzer(language)
    assert [t.term for t in analyzer.tokens(one)] == [t.term for t in analyzer.tokens(other)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_takes_any_script(language: str) -> None:
    text = "Neurons E=mc² l'été größer Øre столами αβγ العربية 東京 don't x1"
    tokens = list(Analyzer(language).tokens(text))
    assert len(tokens) > 10
    assert all(token.term for token in tokens)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"klingon.*english"):
        Analyzer("klingon")


@pytest.mark.parametrize("form", ["the", "of", "is", "to", "and"])
def test_stop_words(form: str) -> None:
    assert ENGLISH.is_stop_word(form)


@pytest.mark.parametrize("form", ["neuron", "u.s", "c", "not-a-word", ""])
def test_words_that_are_no_stop_words(form: str) -> None:
    assert not ENGLISH.is_stop_word(form)


def test_stop_words_are_those_of_the_language() -> None:
    assert Analyzer("german").is_stop_word("und")
    assert Analyzer("french").is_stop_word("ete")  # été, folded
    assert not Analyzer("german").is_stop_word("the")
    assert not Analyzer("romanian").stop_words


def test_parts_with_digits_are_names_and_keep_their_letters() -> None:
    assert [t.term for t in ENGLISH.tokens("p53s h2os")] == ["p53s", "h2os"]


# -- settings


@pytest.mark.parametrize("language", ["english", "german"])
def test_settings_make_the_same_analyser_again(language: str) -> None:
    settings = Analyzer(language).settings()
    assert set(settings) == {"name", "version", "language", "stemmer", "stemmer_fingerprint"}
    again = Analyzer.from_settings(settings)
    assert again.settings() == settings
    assert [t.term for t in again.tokens("Katzen und neurons")] == [
        t.term for t in Analyzer(language).tokens("Katzen und neurons")
    ]


@pytest.mark.parametrize(
    "other", [{"version": VERSION + 1}, {"version": VERSION - 1}, {"name": "other"}, {"name": None}]
)
def test_the_settings_of_another_analyser_are_refused(other: dict[str, object]) -> None:
    assert ENGLISH.settings()["name"] == NAME
    with pytest.raises(IndexTooOld, match="build it again"):
        Analyzer.from_settings({**ENGLISH.settings(), **other})


def test_another_stemmer_is_refused_when_it_is_first_needed() -> None:
    settings = {**ENGLISH.settings(), "stemmer_fingerprint": "0" * 16}
    analyzer = Analyzer.from_settings(settings, known={"known": "k"}.get)
    assert analyzer.term("known") == "k"
    with pytest.raises(IndexTooOld, match="NLTK"):
        analyzer.term("unknown")


def test_the_fingerprints_of_languages_differ() -> None:
    prints = [Analyzer(language).settings()["stemmer_fingerprint"] for language in LANGUAGES]
    assert len(set(prints)) == len(LANGUAGES)


def test_terms_known_from_elsewhere_are_taken_from_there() -> None:
    analyzer = Analyzer("english", known={"neurons": "elsewhere"}.get)
    assert [t.term for t in analyzer.tokens("neurons released")] == ["elsewhere", "releas"]


def test_a_full_memory_of_words_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qsearch.analysis.analyzer._KEPT_PIECES", 3)
    analyzer = Analyzer("english")
    text = "one two three four five six seven one two"
    assert [t.term for t in analyzer.tokens(text)] == [t.term for t in ENGLISH.tokens(text)]


def test_threads_that_first_need_the_stemmer_at_once_all_get_their_stems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What one thread had compared was gone when another compared it: a healthy index too old."""
    settings = Analyzer("english").settings()
    analyzer = Analyzer.from_settings(settings)
    inside, first_is_done = threading.Event(), threading.Event()
    whole = Stemmer.fingerprint

    def fingerprint(self: Stemmer) -> str:
        if threading.current_thread() is not late:
            return whole(self)
        inside.set()
        first_is_done.wait()
        return whole(self)

    monkeypatch.setattr(Stemmer, "fingerprint", fingerprint)
    found: list[str] = []
    late = threading.Thread(target=lambda: found.append(analyzer.term("running")))
    late.start()
    inside.wait()
    assert analyzer.term("walking") == "walk"
    first_is_done.set()
    late.join()
    assert found == ["run"]


def test_a_stemmer_serves_several_threads() -> None:
    """NLTK's Arabic one keeps what it knows of a word in itself."""
    words = ["والكتاب", "المدرسون", "يكتبون", "فالمعلمات", "كتاب", "استخدام"] * 50
    alone = [Stemmer("arabic").term(word) for word in words]
    shared = Stemmer("arabic")
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            runs = list(pool.map(lambda _: [shared.term(word) for word in words], range(8)))
    finally:
        sys.setswitchinterval(interval)
    assert runs == [alone] * 8
