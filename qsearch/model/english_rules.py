"""The rules of the English stemmer as a table, for plain Python and for the kernel."""

from __future__ import annotations

from typing import NamedTuple

WORD, R1, R2 = 0, 1, 2
SHRINKS, GONE, ONE = -1, 0, 1


class Rule(NamedTuple):
    """One suffix of one step.

    Attributes:
        step: where it belongs.
        suffix, put: what is taken away and what comes in its place.
        region: the part of the word that has to hold the suffix.
        before: the letters of which one has to stand before it; empty for any.
        rest: the length that R2 has afterwards if it did not hold the whole suffix. Taking letters
            away shrinks it; where NLTK writes another ending it forgets R2, or keeps an e.
    """

    step: int
    suffix: bytes
    put: bytes
    region: int
    before: bytes = b""
    rest: int = SHRINKS


SPECIAL, STEP_0, STEP_1A, STEP_1B, STEP_2, STEP_3, STEP_4 = range(7)

# Whole words with their stems. The published algorithm looks for inning to succeed after step 1a;
# NLTK looks for them and their inflections before everything else.
_SPECIAL_WORDS = """skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl
ugly:ugli early:earli only:onli singly:singl sky:sky news:news howe:howe atlas:atlas cosmos:cosmos
bias:bias andes:andes inning:inning innings:inning outing:outing outings:outing canning:canning
cannings:canning herring:herring herrings:herring earring:earring earrings:earring proceed:proceed
proceeds:proceed proceeded:proceed proceeding:proceed exceed:exceed exceeds:exceed exceeded:exceed
exceeding:exceed succeed:succeed succeeds:succeed succeeded:succeed succeeding:succeed"""


def _rules(step: int, pairs: str, region: int, before: str = "", rest: int = SHRINKS) -> list[Rule]:
    made = []
    for pair in pairs.split():
        suffix, put = pair.encode().split(b":")
        made.append(Rule(step, suffix, put, region, before.encode(), rest))
    return made


RULES = sorted(
    [
        *_rules(SPECIAL, _SPECIAL_WORDS, WORD),
        *_rules(STEP_0, "'s': 's: ':", WORD),
        *_rules(STEP_1A, "sses:ss ied:i ies:i us:us ss:ss s:", WORD),
        *_rules(STEP_1B, "eed:ee eedly:ee", R1, rest=GONE),
        *_rules(STEP_1B, "ed: edly: ing: ingly:", WORD),
        *_rules(STEP_2, "tional:tion enci:ence anci:ance abli:able entli:ent", R1),
        *_rules(STEP_2, "fulness:ful fulli:ful lessli:less", R1),
        *_rules(STEP_2, "ogi:og", R1, before="l"),
        *_rules(STEP_2, "li:", R1, before="cdeghkmnrt"),
        *_rules(STEP_2, "izer:ize ization:ize alism:al aliti:al alli:al", R1, rest=GONE),
        *_rules(STEP_2, "ousli:ous ousness:ous biliti:ble bli:ble", R1, rest=GONE),
        *_rules(STEP_2, "ational:ate ation:ate ator:ate iveness:ive iviti:ive", R1, rest=ONE),
        *_rules(STEP_3, "tional:tion alize:al ful: ness:", R1),
        *_rules(STEP_3, "ational:ate icate:ic iciti:ic ical:ic", R1, rest=GONE),
        *_rules(STEP_3, "ative:", R2),
        *_rules(STEP_4, "al: ance: ence: er: ic: able: ible: ant: ement: ment: ent:", R2),
        *_rules(STEP_4, "ism: ate: iti: ous: ive: ize:", R2),
        *_rules(STEP_4, "ion:", R2, before="st"),
    ],
    key=lambda rule: (rule.step, rule.suffix[-1], -len(rule.suffix)),
)

VOWELS = "aeiouy"
DOUBLED = "bdfgmnprt"
"""Letters that are doubled before an ending (hopping)."""

NOT_SHORT = "wxY"
"""Letters that end no short syllable."""

EXCEPTIONS = ("gener", "arsen", "commun")
"""Beginnings behind which R1 starts: the rule would take too much of them."""

OTHERS_END = 0x2400
"""Code points from here on are looked at by their blocks (``is_other``)."""


def is_other(char: str) -> bool:
    """Whether a character beyond ASCII is a consonant to every rule: to NLTK it is no digit, no
    capital and no apostrophe.
    """
    point = ord(char)
    if point < OTHERS_END:
        return char.lower() == char and not char.isdigit() and char not in "‘’‛"
    # Kana, Han and Hangul.
    return 0x3041 <= point < 0xA000 or 0xAC00 <= point < 0xD7A4
