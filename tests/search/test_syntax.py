"""What was typed, as a tree: every operator, where it is none, and what is ignored with a note."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsearch.query.syntax import MAX_BOOST, MAX_DEPTH, parse
from qsearch.query.tree import Everything, Group, Node, Note, Phrase, Word
from tests.helpers import QUERIES

NOISE = st.text(st.sampled_from(list('ab "()+-*^2~?:\\$.ANDORT “”„«»\n\t')))


def shown(node: Node) -> str:
    """A tree as a text in which nothing is left open."""
    if isinstance(node, Everything):
        return "*"
    if isinstance(node, Group):
        parts = [f"+{shown(child)}" for child in node.must]
        parts += [shown(child) for child in node.should]
        parts += [f"-{shown(child)}" for child in node.must_not]
        return f"({' '.join(parts)})"
    boost = "" if node.boost == 1.0 else f"^{node.boost:g}"
    return (f'"{node.text}"' if isinstance(node, Phrase) else node.text) + boost


def tree(query: str) -> str:
    """The tree of a query in which nothing is ignored."""
    group, notes = parse(query)
    assert notes == []
    return shown(group)[1:-1]


def leaves(node: Node) -> list[Word | Phrase | Everything]:
    if isinstance(node, Group):
        children = (*node.must, *node.should, *node.must_not)
        return list(itertools.chain.from_iterable(map(leaves, children)))
    return [node]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("  \t\n ", ""),
        ("a", "a"),
        ("a b  c", "a b c"),
        ("neurons, ions!", "neurons, ions!"),
        # must and must not
        ("+a b", "+a b"),
        ("a +b", "+b a"),
        ("a -b", "a -b"),
        ("+a -b +c", "+a +c -b"),
        ('+"a b" -"c d"', '+"a b" -"c d"'),
        ("+(a b) -(c d)", "+(a b) -(c d)"),
        ("(+a -b)", "(+a -b)"),
        # operators
        ("a AND b", "(+a +b)"),
        ("a AND b AND c", "(+a +b +c)"),
        ("a OR b", "a b"),
        ("a b OR c", "a b c"),
        ("a AND b OR c AND d", "(+a +b) (+c +d)"),
        ("a OR b AND c", "a (+b +c)"),
        ("a b AND c d", "a (+b +c) d"),
        ("NOT a", "-a"),
        ("a NOT b", "a -b"),
        ("a AND NOT b", "(+a -b)"),
        ("NOT a AND b", "(+b -a)"),
        ("a OR NOT b", "a -b"),
        ("NOT NOT a", "a"),
        ("NOT -a", "a"),
        ("NOT +a", "-a"),
        ("+a AND b", "+(+a +b)"),
        ("(a OR b) AND c", "(+(a b) +c)"),
        ("NOT (a b)", "-(a b)"),
        # everything
        ("*", "*"),
        ("* -a", "* -a"),
        # quotes of several languages
        ('"a b"', '"a b"'),
        ('"a b" c', '"a b" c'),
        ("“a b”", '"a b"'),
        ("„a b“", '"a b"'),
        ("«a b»", '"a b"'),
        ('""', '""'),
        ('a"b c"d', 'a "b c" d'),
        ('"+a AND (b)"', '"+a AND (b)"'),
        # groups
        ("()", "()"),
        ("(a)", "(a)"),
        ("((a) b)", "((a) b)"),
        ("(a)(b)", "(a) (b)"),
        ("(a) b", "(a) b"),
        # boosts
        ("term^2", "term^2"),
        ("term^0.5", "term^0.5"),
        ("term^0", "term^0"),
        ("Ca2+ neuron^3", "Ca2+ neuron^3"),
        ('"a b"^2', '"a b"^2'),
        ("(a b)^2", "(a^2 b^2)"),
        ("(neuron^2 (ions)^3)^2", "(neuron^4 (ions^6))"),
        ("(+a -b c)^2", "(+a^2 c^2 -b)"),
        ("(*)^2", "(*)"),
        ("+term^2", "+term^2"),
        ("-term^2", "-term^2"),
    ],
)
def test_the_language(query: str, expected: str) -> None:
    assert tree(query) == expected


@pytest.mark.parametrize(
    "word",
    [
        # operators in other letters, or within words
        "and",
        "or",
        "not",
        "And",
        "ANDROID",
        "NOTE",
        # a plus or minus within or behind a word, before a digit or alone
        "voltage-gated",
        "C++",
        "Ca2+",
        "a+b",
        "x-",
        "x+",
        "-5",
        "+5",
        "-",
        "+",
        "--",
        "--a",
        # powers
        "mc^2",
        "E=mc^2",
        "x^2",
        "Ca^{2+}",
        "$Ca^{2+}$",
        "10^5",
        "e^x",
        "a^2b",
        # parentheses within a word
        "Ca(OH)2",
        "f(x)",
        # others
        "it's",
        "50%",
        "c:\\temp",
        "[a]",
        "{a}",
        "a/b",
        "https://example.com/a-b?x=1",
        "what?",
        "???",
        "**",
        "~a",
        "^2",
        "^",
    ],
)
def test_what_is_just_a_word(word: str) -> None:
    group, _ = parse(word)
    assert group == Group(should=(Word(word, 0),))


def test_a_formula_is_one_word_whatever_it_holds() -> None:
    query = r'mass $E = m c^2 ("x") + 1$ energy \( a - b \)'
    assert [leaf.text for leaf in leaves(parse(query)[0]) if isinstance(leaf, Word)] == [
        "mass",
        '$E = m c^2 ("x") + 1$',
        "energy",
        r"\( a - b \)",
    ]


def test_a_sign_asks_for_a_formula_too() -> None:
    assert tree("+$Ca^{2+}$ -$H_2O$") == "+$Ca^{2+}$ -$H_2O$"


def test_places_are_counted_in_characters_of_the_query() -> None:
    query = ' é +neuron "a b" (ions) *'
    places = {leaf.position: leaf for leaf in leaves(parse(query)[0])}
    assert {place: query[place] for place in places} == {1: "é", 4: "n", 11: '"', 18: "i", 24: "*"}


def test_parentheses_inside_a_group() -> None:
    assert tree("(f(x) g)") == "(f(x) g)"
    assert tree("(Ca(OH)2)") == "(Ca(OH)2)"
    assert tree("(a b)c") == "(a b) c"


# -- what is ignored


@pytest.mark.parametrize(
    ("query", "expected", "notes"),
    [
        ("(a b", "(a b)", [("'(' without", 0)]),
        ("a (b (c", "a (b (c))", [("'(' without", 5), ("'(' without", 2)]),
        ("(", "()", [("'(' without", 0)]),
        (") a", "a", [("')' without", 0)]),
        ("(a) )", "(a)", [("')' without", 4)]),
        ('"a b', "a b", [("quotation mark", 0)]),
        ('a" b', "a b", [("quotation mark", 1)]),
        ("” a", "a", [("quotation mark", 0)]),
        ("AND", "", [("AND has nothing", 0)]),
        ("AND a", "a", [("AND has nothing", 0)]),
        ("a AND", "a", [("AND has nothing", 2)]),
        ("a OR", "a", [("OR has nothing", 2)]),
        ("a NOT", "a", [("NOT has nothing", 2)]),
        ("a AND OR b", "(+a +b)", [("OR has nothing", 6)]),
        ("a OR AND b", "a b", [("AND has nothing", 5)]),
        ("(a AND) b", "(a) b", [("AND has nothing", 3)]),
        ("neuron^5000", "neuron^1000", [("boost is at most", 6)]),
        ("neuro* a", "neuro* a", [("'*' and '?'", 0)]),
        ("a neu?on", "a neu?on", [("'*' and '?'", 2)]),
        ("neuron~", "neuron~", [("'~'", 0)]),
        ("a neuron~2", "a neuron~2", [("'~'", 2)]),
    ],
)
def test_what_can_not_be_used_is_ignored_with_a_note(
    query: str, expected: str, notes: list[tuple[str, int]]
) -> None:
    group, found = parse(query)
    assert shown(group)[1:-1] == expected
    assert [note.position for note in found] == [position for _, position in notes]
    for note, (part, _) in zip(found, notes, strict=True):
        assert part in note.message


def test_groups_too_deep_are_read_without_their_parentheses() -> None:
    depth = MAX_DEPTH + 3
    group, notes = parse("(" * depth + "a" + ")" * depth + " b")
    assert len(leaves(group)) == 2
    assert len(notes) == 3
    assert all("too deep" in note.message for note in notes)
    # the group at the top stays what it was
    assert len(group.should) == 2


def test_a_boost_has_a_largest_value() -> None:
    group, _ = parse("neuron^" + "9" * 400)
    assert group.should == (Word("neuron", 0, MAX_BOOST),)


# -- any text


@given(st.one_of(st.text(), NOISE, QUERIES))
@example("(" * 3_000)
@example(")" * 3_000)
@example('"' * 3_001)
@example("+-" * 2_000)
@example("AND " * 1_000)
@example("NOT " * 1_000)
@example("$" * 3_000)
@example("a^" * 2_000)
@example("a^٣")
@example("«“„")
def test_any_text_is_a_query(query: str) -> None:
    group, notes = parse(query)
    assert isinstance(group, Group)
    for leaf in leaves(group):
        assert isinstance(leaf, (Word, Phrase, Everything))
        assert 0 <= leaf.position < len(query)
        if isinstance(leaf, Word):
            assert query[leaf.position :].startswith(leaf.text)
        if not isinstance(leaf, Everything):
            assert 0 <= leaf.boost < float("inf")
    for note in notes:
        assert isinstance(note, Note)
        assert note.position is not None
        assert 0 <= note.position < len(query)
        assert "\n" not in note.message


@given(st.lists(st.text("abcé.,'", min_size=1).filter(lambda t: t not in ("AND", "OR", "NOT"))))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    group, notes = parse(" ".join(words))
    assert notes == []
    assert [shown(node) for node in group.should] == words
    assert not group.must
    assert not group.must_not


@given(QUERIES)
def test_the_operators_of_other_tests_are_understood(query: str) -> None:
    _, notes = parse(query)
    assert notes == []
