"""Hostile queries: a list of known kinds, and random ones along the grammar and across it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from random import Random
from typing import Any

LONG = 4_090  # characters: what fits into the default limit of a query

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

LISTED: dict[str, str] = {
    "nothing": "",
    "a space": " ",
    "punctuation": "?!.,;:",
    "everything": "*",
    "an infix": "*a*",
    "a wildcard of one letter": "a*",
    "many wildcards": "*a*b*c*d* ?e?f? neu*n ???",
    "an edit distance": "neuron~3",
    "an edit distance beyond reason": "neuron~99999999999",
    "an expression that backtracks": "(.*)*x",
    "an expression in slashes": "/(a+)+$/",
    "a range": "[a TO z]",
    "an open range": "{* TO *}",
    "a field": "title:neuron answer:* subject:[a TO z]",
    "a field and a group that never closes": "a:(^",
    "100 KB of one word": "a" * 100_000,
    "100 KB of words": "neuron " * 14_000,
    "5,000 words": " OR ".join(f"w{number}" for number in range(5_000)),
    "1,000 words": " ".join(f"w{number}" for number in range(1_000))[:LONG],
    "5,000 times a common word": "the " * 5_000,
    "2,000 parentheses": "(" * 2_000,
    "2,000 pairs of parentheses": "(" * 2_000 + "a" + ")" * 2_000,
    "2,000 closing parentheses": ")" * 2_000,
    "500 times NOT": "NOT " * 500 + "a",
    "500 times NOT of a group": "NOT (" * 500 + "a" + ")" * 500,
    "nothing but operators": "AND OR NOT AND OR NOT",
    "an operator at each end": "OR neuron AND",
    "NOT OR": "NOT OR x",
    "signs": "+" * LONG,
    "signs before words": "+a -b " * 680,
    "a sign before each group": "-(-(+(" * 500,
    "quotation marks": '"' * LONG,
    "odd quotation marks": "„“”«»" * 300,
    "a phrase that never ends": '"what is the',
    "a phrase of common words": '"' + "the of " * 580 + '"',
    "a phrase of one common word": '"' + "the " * 1_000 + '"',
    "a phrase of one letter": '"' + "a " * 2_000 + '"',
    "many phrases": '"of the" ' * 450,
    "many phrases that must": '+"of the" ' * 400,
    "many phrases that must not": '-"of the" ' * 400,
    "many groups": "(the of) " * 450,
    "many alternations": "(the OR of) AND " * 250 + "is",
    "boosts": "neuron^2 " * 450,
    "a boost beyond reason": "neuron^99999999999999999999",
    "a boost of a boost": "((((neuron^999)^999)^999)^999)^999 (synapse cell)^999",
    "a boost of nothing": "^ ^2 ()^3 a^ ^^^^",
    "a boost that overflows": "neuron^" + "9" * 4_000,
    "a small boost": "neuron^0.0000000000000000000000000001",
    "empty groups": "()" * 2_000,
    "mathematics that never ends": "$" * LONG,
    "mathematics within mathematics": r"\(" * 1_000 + r"\)" * 1_000,
    "fractions within fractions": "$" + r"\frac{" * 600 + "$",
    "braces": "{" * LONG,
    "powers of powers": "x^{" * 1_000 + "}" * 1_000,
    "backslashes": "\\" * LONG,
    "a compound of 2,000 parts": "-".join("a" * 2_000),
    "a compound of 800 parts": "-".join(["neur"] * 800),
    "an abbreviation of 2,000 letters": "a." * 2_000,
    "a number with 1,000 commas": "1" + ",000" * 1_000,
    "a number of 4,000 digits": "9" * 4_000,
    "apostrophes": "a'" * 2_000,
    "pluses and sharps": "c++#" * 1_000,
    "underscores": "a_" * 2_000,
    "a zero character": "neu\0ron \0",
    "half a character": "\ud800 neuron \udfff",
    "a character and its other half": "\ud83d\ude00"[:1] + "a" + "\udcff" * 50,
    "escape sequences": "\x1b[31mneuron\x1b[0m \x1b]8;;http://x\x07y",
    "directions reversed": "\u202eneuron\u202c \u2066a\u2069",
    "what grows when it is folded": "\ufdfa" * 1_300,
    "what grows a little": "ﬃ" * 1_300,
    "one letter with 2,000 accents": "e" + "\u0301" * 2_000,
    "letters with accents": "e\u0301\u0302\u0303" * 500,
    "Hangul in parts": "\u1112\u1161\u11ab" * 400,
    "1,300 characters without spaces": "東京" * 650,
    "right to left": "שלום עולם مرحبا " * 60,
    "joined emoji": "👩\u200d👩\u200d👧\u200d👦" * 140,
    "spaces of all kinds": "a\u00a0b\u2003c\u3000d\u200be\ufefff\u2028g\u0085h",
    "unknown words": " ".join(f"neurn{letter}x{end}" for letter in _LETTERS for end in _LETTERS),
    "unknown long words": " ".join(
        f"{one}{two}urotransmiter" for one in _LETTERS for two in _LETTERS
    ),
    "words nearly known": "neurom membran calcim potentail synapsee clel enzme protien " * 60,
    "very long unknown words": " ".join("neurotransmitter" * 12 + chr(97 + n) for n in range(20)),
    "lines": "neuron\nsynapse\r\ncell\tgene",
    "a command": "'; DROP TABLE articles; --",
    "a format": "%s%s%n {0.__class__} ${jndi:ldap://x}",
    "a path": "../../../etc/passwd\0.md",
    "a markup": "<script>alert(1)</script> <b>neuron</b> &lt;&amp;",
}  # fmt: skip
"""By name; the cases come first in every campaign, in this order."""

_OPERATORS = (" AND ", " OR ", " NOT ", " ", " ", " ", " ", "  ", "\n", "")
_SIGNS = ("", "", "", "", "+", "-", "NOT ", "*", "~", "$", "^", "?", "!", "\\")
_ENDS = ("", "", "", "", "^2", "^0.5", "^", "^1e9", "~1", "~", "*", "?", ".", "'s", "$", "\\)")
_FIELDS = ("", "", "", "", "", "title:", "answer:", "subject:", ":")
_PLANES = (
    (0x20, 0x7F), (0x00, 0x20), (0x80, 0x250), (0x250, 0x600), (0x590, 0x700), (0x900, 0xE00),
    (0x1100, 0x1200), (0x1E00, 0x2100), (0x2000, 0x2070), (0x2070, 0x2500), (0x3000, 0xA000),
    (0xAC00, 0xD7B0), (0xD800, 0xE000), (0xF900, 0x10000), (0x1D400, 0x1D800), (0x1F300, 0x1FA00),
    (0xE0000, 0xE0080), (0x10FF00, 0x110000),
)  # fmt: skip


def listed(number: int) -> str | None:
    """Return the listed query of this number, None behind the last one."""
    names = list(LISTED)
    return LISTED[names[number]] if number < len(names) else None


class Grammar:
    """Draws queries.

    Arguments:
        words: of the index, common and rare ones.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def query(self, random: Random) -> str:
        """Draw a query, now and then one near the limit of length."""
        kind = random.random()
        if kind < 0.15:
            return self._garbage(random, random.choice([1, 5, 20, 100]))
        if kind < 0.18:
            part = self._clause(random, 2) or "a"
            return (part * (LONG // len(part) + 1))[: random.randint(100, LONG)]
        clauses = [self._clause(random, 0) for _ in range(random.choice([1, 1, 2, 3, 5, 9, 30]))]
        query = "".join(clause + random.choice(_OPERATORS) for clause in clauses)
        if random.random() < 0.1:
            at = random.randrange(len(query) + 1)
            query = query[:at] + self._garbage(random, 3) + query[at:]
        if random.random() < 0.05:
            query = query[: random.randrange(len(query) + 1)]
        return query

    def _clause(self, random: Random, depth: int) -> str:
        kind = random.random()
        if depth < 4 and kind < 0.12:
            inner = [self._clause(random, depth + 1) for _ in range(random.randint(0, 3))]
            body = f"({random.choice(_OPERATORS).join(inner)}"
            body += random.choice([")", ")", ")", ""])
        elif kind < 0.27:
            inner = [self._word(random) for _ in range(random.randint(0, 4))]
            marks = random.choice(['""', '""', '""', "“”", "„“", "«»", '"”', "''"])
            body = marks[0] + " ".join(inner) + marks[1]
        elif kind < 0.35:
            opening, closing = random.choice([("$", "$"), ("$$", "$$"), (r"\(", r"\)"), ("$", "")])
            body = f"{opening}{self._word(random)}^{{{self._word(random)}}}_2{closing}"
        else:
            body = self._word(random)
        return random.choice(_SIGNS) + random.choice(_FIELDS) + body + random.choice(_ENDS)

    def _word(self, random: Random) -> str:
        kind = random.random()
        word = random.choice(self._words)
        if kind < 0.6:
            return word
        if kind < 0.8 and word:
            at = random.randrange(len(word))
            return word[:at] + random.choice(["", "x", word[at] * 2]) + word[at + 1 :]
        if kind < 0.85:
            return "-".join(random.choices(self._words, k=random.randint(2, 5)))
        if kind < 0.9:
            form = random.choice(["NFC", "NFD", "NFKC", "NFKD"])
            return unicodedata.normalize(form, word).upper()  # type: ignore[arg-type]
        return self._garbage(random, 4)

    def _garbage(self, random: Random, length: int) -> str:
        characters = []
        for _ in range(random.randint(1, length)):
            low, high = random.choice(_PLANES)
            characters.append(chr(random.randrange(low, high)))
        return "".join(characters)

    def options(self, random: Random) -> dict[str, Any]:
        """Draw the other arguments of a search, most of the time none."""
        options: dict[str, Any] = {}
        if random.random() < 0.5:
            return options
        if random.random() < 0.3:
            options["subject"] = random.choice(
                ["psychology", "Physics", self._garbage(random, 9), ["biology", "x" * 500], ""]
            )
        if random.random() < 0.2:
            options["sort"] = random.choice(["newest", "oldest"])
        if random.random() < 0.2:
            options["fields"] = random.choice(["answer", ["question", "keywords"]])
        if random.random() < 0.2:
            options["keyword_boost"] = random.choice([0, 3.5, 1e6])
        if random.random() < 0.2:
            options["since"] = "2024-06-01"
        if random.random() < 0.3:
            options["limit"] = random.choice([0, 1, 3, 200])
        if random.random() < 0.2:
            options["offset"] = random.choice([1, 5, 10_000])
        return options
