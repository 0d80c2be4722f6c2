"""English word forms -> stems without NLTK: the Snowball stemmer as NLTK computes it.

The algorithm is the one of https://snowballstem.org/algorithms/english/stemmer.html (M. F. Porter),
with what NLTK does otherwise. A word is changed at its end only, so the regions R1 and R2 are kept
as their lengths. The rules are a table: at each step the longest suffix that matches decides,
whether or not its condition holds (``model.english_rules``).

NLTK stays the definition: this is used where the installed one is known to give the same stems
(``stemmer_source``), because loading it takes longer than a first commit or query.
``kernels.indexing.stem`` has the same rules as a kernel.
"""

from __future__ import annotations

from qsearch.model.english_rules import (
    DOUBLED,
    EXCEPTIONS,
    NOT_SHORT,
    R1,
    RULES,
    SHRINKS,
    SPECIAL,
    STEP_0,
    STEP_1A,
    STEP_1B,
    STEP_2,
    STEP_3,
    STEP_4,
    VOWELS,
    Rule,
    is_other,
)

_BY_SUFFIX = [
    {rule.suffix.decode(): rule for rule in RULES if rule.step == step} for step in range(7)
]
_SIZES = [sorted({len(suffix) for suffix in rules}, reverse=True) for rules in _BY_SUFFIX]
_PUT = {rule: rule.put.decode() for rule in RULES}
_BEFORE = {rule: rule.before.decode() for rule in RULES}


def stem(word: str) -> str | None:
    """Return the stem of a word of small letters, as NLTK gives it; None if it holds a character
    that is not known here.
    """
    if not word.isascii() and not all(char < "\x80" or is_other(char) for char in word):
        return None
    if len(word) <= 2:
        return word
    special = _BY_SUFFIX[SPECIAL].get(word)
    if special is not None:
        return _PUT[special]
    return _Word(word.removeprefix("'")).stem()


class _Word:
    """A word on its way, and how long its regions are."""

    def __init__(self, text: str) -> None:
        # A y that is no vowel is written Y until the end.
        letters = list(text)
        for at, letter in enumerate(letters):
            if letter == "y" and (at == 0 or letters[at - 1] in VOWELS):
                letters[at] = "Y"
        self.text = "".join(letters)
        first = next((len(one) for one in EXCEPTIONS if text.startswith(one)), None)
        if first is None:
            first = self._region(0)
        self.r1 = len(text) - first
        self.r2 = len(text) - self._region(first)

    def _region(self, begin: int) -> int:
        """Where the region begins behind the first consonant that follows a vowel."""
        text = self.text
        for at in range(begin + 1, len(text)):
            if text[at] not in VOWELS and text[at - 1] in VOWELS:
                return at + 1
        return len(text)

    def stem(self) -> str:
        rule = self._rule(STEP_0)
        if rule:
            self._replace(rule)
        self._step_1a()
        self._step_1b()
        if len(self.text) > 2 and self.text[-1] in "yY" and self.text[-2] not in VOWELS:
            self.text = self.text[:-1] + "i"
        for step in (STEP_2, STEP_3, STEP_4):
            self._by_table(step)
        self._step_5()
        return self.text.replace("Y", "y")

    def _rule(self, step: int) -> Rule | None:
        """The rule of a step with the longest suffix that the word ends with."""
        text, rules = self.text, _BY_SUFFIX[step]
        for size in _SIZES[step]:
            if size <= len(text) and (rule := rules.get(text[-size:])):
                return rule
        return None

    def _replace(self, rule: Rule) -> None:
        length, put = len(rule.suffix), _PUT[rule]
        self.text = self.text[:-length] + put
        shorter = length - len(put)
        if rule.rest == SHRINKS or self.r2 >= length:
            self.r2 = max(self.r2 - shorter, 0)
        else:
            self.r2 = rule.rest
        self.r1 = max(self.r1 - shorter, 0)

    def _cut(self) -> None:
        """Take the last letter away."""
        self.text = self.text[:-1]
        self.r1, self.r2 = max(self.r1 - 1, 0), max(self.r2 - 1, 0)

    def _has_vowel(self, end: int) -> bool:
        return any(letter in VOWELS for letter in self.text[: max(end, 0)])

    def _step_1a(self) -> None:
        rule = self._rule(STEP_1A)
        if rule is None:
            return
        size = len(self.text)
        if len(rule.suffix) == 1 and not self._has_vowel(size - 2):
            return
        if len(rule.suffix) == 3 and size <= 4:
            self._cut()  # ties -> tie
        else:
            self._replace(rule)

    def _step_1b(self) -> None:
        rule = self._rule(STEP_1B)
        if rule is None:
            return
        length = len(rule.suffix)
        if rule.region == R1:
            if self.r1 >= length:
                self._replace(rule)
            return
        if not self._has_vowel(len(self.text) - length):
            return
        self._replace(rule)
        # What is left may have lost an e, or doubled its last letter.
        text = self.text
        last, second = text[-1:], text[-2:-1]
        if text[-2:] in ("at", "bl", "iz"):
            self.text += "e"
            self.r1 += 1
            if len(self.text) > 5 or self.r1 >= 3:
                self.r2 += 1
        elif last == second and last and last in DOUBLED:
            self._cut()
        elif self.r1 == 0 and second and second in VOWELS and last not in VOWELS:
            is_short = len(text) == 2
            if len(text) > 2:
                is_short = last not in NOT_SHORT and text[-3] not in VOWELS
            if is_short:
                self.text += "e"

    def _by_table(self, step: int) -> None:
        """Steps 2, 3 and 4, which only need what the rules say."""
        rule = self._rule(step)
        if rule is None:
            return
        length = len(rule.suffix)
        if (self.r1 if rule.region == R1 else self.r2) < length:
            return
        before = _BEFORE[rule]
        if before and self.text[-length - 1 : -length] not in [*before]:
            return
        self._replace(rule)

    def _step_5(self) -> None:
        """Take away a last e, or one l of two."""
        text = self.text
        if not self.r1:
            return
        if text.endswith("l"):
            if self.r2 and text[-2:-1] == "l":
                self._cut()
        elif text.endswith("e"):
            long = len(text) >= 4 and (
                text[-2] in VOWELS + NOT_SHORT or text[-3] not in VOWELS or text[-4] in VOWELS
            )
            if self.r2 or long:
                self._cut()


def probes() -> list[str]:
    """Return words that meet every rule, on stems of many shapes.

    A stemmer that gives the same terms for these follows the same rules.
    """
    stems = (
        "",
        "t",
        "ab",
        "yet",
        "hop",
        "fall",
        "abl",
        "relat",
        "gener",
        "commun",
        "valet",
        "banalit",
    )
    suffixes = [rule.suffix.decode() for rule in RULES if rule.step != SPECIAL]
    words = [rule.suffix.decode() for rule in RULES if rule.step == SPECIAL]
    words += [stem + suffix for suffix in suffixes for stem in stems]
    return [*words, "say", "cry", "by", "rate", "cease", "control", "arsenal", "'twas", "a.b2-c'd"]
