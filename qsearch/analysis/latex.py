r"""LaTeX as a reader sees it: ``Ca^{2+}`` is Ca2+, ``H_2O`` is H2O, ``\alpha`` is α.

Two situations: a word of running text, where ``^`` and ``_`` may raise and lower what follows, and
a whole piece of mathematics, where spaces mean nothing and commands are no words.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from qsearch.mathtext import N_COMMANDS

# The letters that LaTeX names otherwise than Unicode does.
_LETTERS = {
    "epsilon": "ε",
    "varepsilon": "ε",
    "theta": "θ",
    "vartheta": "θ",
    "phi": "φ",
    "varphi": "φ",
    "sigma": "σ",
    "varsigma": "σ",
    "rho": "ρ",
    "varrho": "ρ",
    "pi": "π",
    "varpi": "π",
    "kappa": "κ",
    "varkappa": "κ",
    "lambda": "λ",
    "hbar": "ħ",
    "ell": "l",
}
# Names that are read aloud, so they may be searched for.
_FUNCTIONS = frozenset(
    """arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lim liminf
    limsup ln log max min mod Pr sec sin sinh sup tan tanh""".split()
)

_RAISED = re.compile(r"\^(?:\{([^{}]*)\}|(.))", re.DOTALL)
_LOWERED = re.compile(r"_(?:\{([^{}]*)\}|(.))", re.DOTALL)
_LOWERED_IN_WORD = re.compile(r"_(?:\{([^{}]*)\}|(\d))")
# Commands that say how their argument looks: it stands where they stand.
_LOOK = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|mathbb|mathcal|boldsymbol"
    r"|operatorname|ce|mbox)\s*\{([^{}]*)\}"
)
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)|.)\s*", re.DOTALL)
_ROUND_OPERATOR = re.compile(r"(?<!\s)\s+(?=[=+\-^_])|(?<=[=+\-^_])\s+")
_TEXT_DASHES = str.maketrans("−–", "--")
_RAISED_MINUS = str.maketrans("-−", "⁻⁻")


def plain_word(word: str) -> str:
    """Return a word of running text without marks for raising and lowering.

    ``snake_case`` keeps its underscore: only digits and braces follow one that lowers.
    """
    if "^" in word:
        word = _RAISED.sub(_raised, word)
    if "_" in word:
        word = _LOWERED_IN_WORD.sub(_content, word)
    return word


def plain_math(formula: str) -> str:
    """Return a piece of mathematics, its marks included, as words between spaces."""
    inner = formula[2:-2] if formula.startswith(("$$", "\\")) else formula[1:-1]
    inner = inner.translate(_TEXT_DASHES)
    if "\\" in inner:
        inner = _COMMAND.sub(_command, _LOOK.sub(r"\1", inner))
    inner = _ROUND_OPERATOR.sub("", inner)
    inner = _RAISED.sub(_raised, inner)
    inner = _LOWERED.sub(_content, inner)
    return inner.replace("{", " ").replace("}", " ")


def _content(match: re.Match[str]) -> str:
    braced, single = match.groups()
    return braced if braced is not None else single


def _raised(match: re.Match[str]) -> str:
    """What is raised; a minus in it is a charge or a sign of an exponent, not a hyphen."""
    return _content(match).replace(" ", "").translate(_RAISED_MINUS)


def _command(match: re.Match[str]) -> str:
    name = match.group(1)
    return " " if name is None else _named(name)


@functools.lru_cache(1_000)
def _named(name: str) -> str:
    """What the command of a name stands for."""
    letter = _LETTERS.get(name) or _greek(name)
    if letter is not None:
        return letter
    if name in _FUNCTIONS:
        return f" {name} "
    if name.startswith("n") and name not in N_COMMANDS:
        # A line break that was written as two characters inside mathematics.
        return f" {name[1:]} "
    return " "


def _greek(name: str) -> str | None:
    kind = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {kind} LETTER {name.upper()}")
    except KeyError:
        return None
