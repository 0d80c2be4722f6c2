"""What the kernels that build an index take together, see ``kernels.search.arguments``."""

from __future__ import annotations

from typing import NamedTuple

from qsearch.arrays import Array


class PieceTable(NamedTuple):
    """The distinct pieces of texts, numbered, and room for more.

    Attributes:
        slots: uint64, open addressing over a power of two of slots: the key of a piece, 0 where a
            slot is free, and its number.
        exemplars: uint8, the bytes of each piece; starts: int64, where each begins.
        size: int64, one number: how many there are.
    """

    slots: Array
    exemplars: Array
    starts: Array
    size: Array


class PieceWords(NamedTuple):
    """The words of numbered pieces.

    Attributes:
        starts: int64, where the words of each piece start, and where the last ones end.
        forms, positions: uint32, of each word its form and its place in the piece.
        widths: uint32, how many places each piece takes.
    """

    starts: Array
    forms: Array
    positions: Array
    widths: Array


class StringTable(NamedTuple):
    """The distinct forms of words, numbered, and room for more.

    A form is written behind those there are, and stays there if it is new.

    Attributes:
        slots: int64, open addressing over a power of two of slots, at least half of them free
            (-1); else 31 bits of a form's hash, which say where it belongs, and 32 bits of its
            number.
        exemplars: uint8, the bytes of each form; starts: int64, where each begins.
        size: int64, one number: how many there are.
    """

    slots: Array
    exemplars: Array
    starts: Array
    size: Array


class WordLimits(NamedTuple):
    """How long things may be.

    Attributes:
        piece: bytes of a piece whose words the kernel finds.
        form, atoms: ``MAX_FORM`` and ``MAX_COMPOUND_ATOMS``.
    """

    piece: int
    form: int
    atoms: int


class Folding(NamedTuple):
    """What each code point folds to; all arrays are read only.

    Attributes:
        starts: int32, where that begins in the arrays that follow.
        points: int32, code points; classes: uint8, the class of each.
    """

    starts: Array
    points: Array
    classes: Array


class PieceSpace(NamedTuple):
    """Working space for one piece.

    Attributes:
        raw: int32, its characters; text: int32, folded; classes: uint8, the class of each.
        built: int32, room for two forms and a connector.
    """

    raw: Array
    text: Array
    classes: Array
    built: Array


class FoundWords(NamedTuple):
    """Receives the words of pieces.

    Attributes:
        starts, forms, positions, widths: see ``PieceWords``.
        overlays: uint8, 1 for a word that lies over others.
        left: uint8, 1 for a piece whose words Python has to find; it gets none here.
    """

    starts: Array
    forms: Array
    positions: Array
    overlays: Array
    widths: Array
    left: Array


class Occurrences(NamedTuple):
    """The occurrences of words, those of a term by document and place; uint32.

    Attributes:
        form, doc, place: one a word.
    """

    form: Array
    doc: Array
    place: Array


class FormTerms(NamedTuple):
    """The term of each form (uint32), and its rank among that term's forms (uint16)."""

    term: Array
    rank: Array


class SortedOccurrences(NamedTuple):
    """Working space of one value an occurrence.

    Attributes:
        place: uint64, document and place; form: uint32, rank and field.
    """

    place: Array
    form: Array


class PostingColumns(NamedTuple):
    """Receives the postings of terms.

    Attributes:
        docs, places, ranks: uint8, bytes as on disk; details: uint32, a detail word a posting.
    """

    docs: Array
    details: Array
    places: Array
    ranks: Array


class TermStarts(NamedTuple):
    """Receives where each term's share of ``PostingColumns`` begins; int64, one more than terms."""

    postings: Array
    docs: Array
    places: Array
    ranks: Array


class CappedPostings(NamedTuple):
    """Receives the postings whose frequencies do not fit: their numbers and counts; int64."""

    postings: Array
    counts: Array
