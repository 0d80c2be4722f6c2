"""The terms of many forms at once: compiled where that gives the stemmer's terms."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from qsearch.analysis.stemmer_source import english_is_known
from qsearch.analysis.stems import Stemmer
from qsearch.kernels import runtime

if TYPE_CHECKING:
    from qsearch.packed import Bytes, Starts


def terms_of(stemmer: Stemmer, data: Bytes, starts: Starts) -> tuple[Bytes, Starts]:
    """Return the terms of folded forms, as ``stemmer.term`` gives them one by one.

    Once the kernels are ready, only what they don't know is asked of ``stemmer``: other languages,
    and forms with rare characters.

    Arguments:
        data, starts: the forms (``qsearch.packed``).

    Returns:
        the terms in the same order and shape.
    """
    from qsearch.packed import pack, unpack

    if not (runtime.ready() and _is_compiled(stemmer.language)):
        return pack([stemmer.term(form.decode()).encode() for form in unpack(data, starts)])
    import numpy as np

    made, made_starts, left = _compiled_terms(data, starts)
    sizes = np.diff(made_starts)
    parts: list[bytes] = []
    done = 0
    for form in np.flatnonzero(left).tolist():
        term = stemmer.term(data[starts[form] : starts[form + 1]].tobytes().decode()).encode()
        parts += (made[done : made_starts[form]].tobytes(), term)
        done = made_starts[form]
        sizes[form] = len(term)
    parts.append(made[done : made_starts[-1]].tobytes())
    np.cumsum(sizes, out=made_starts[1:])
    return np.frombuffer(b"".join(parts), dtype=np.uint8), made_starts


def agree(stemmer: Stemmer) -> bool:
    """Whether the compiled stemmer gives the terms of this one, for words that meet each of its
    rules; the kernels have to be ready.
    """
    from qsearch.analysis.english import probes
    from qsearch.packed import pack, unpack

    words = probes()
    made, starts, _ = _compiled_terms(*pack([word.encode() for word in words]))
    return unpack(made, starts) == [stemmer.term(word).encode() for word in words]


@functools.cache
def _is_compiled(language: str) -> bool:
    """Whether the kernels know the installed stemmer of a language; asked once a process."""
    return language == "english" and (english_is_known() or agree(Stemmer(language)))


def _compiled_terms(data: Bytes, starts: Starts) -> tuple[Bytes, Starts, Bytes]:
    import numpy as np

    from qsearch.kernels.indexing.stem import terms

    made, made_starts = np.empty(data.size, np.uint8), np.empty(starts.size, np.int64)
    left = np.empty(starts.size - 1, np.uint8)
    terms(data, starts, made, made_starts, left)
    return made, made_starts, left
