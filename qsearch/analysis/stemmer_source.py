"""Which English stemmer NLTK has here, told from its source: loading NLTK takes long."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import re
from pathlib import Path

FINGERPRINT = "1cfc5a4d442b1045"
"""The fingerprint (``Stemmer.fingerprint``) of the English stemmers that are known by source."""

# Of NLTK 3.8 and 3.8.1; 3.9 to 3.9.2; 3.9.4 to 3.10.2; 3.10.4. They give the same stems.
_KNOWN = {"a6e30bcbd29453c9", "63fb1f93fbd62208", "e9a5368b8a8b1659", "468344a65278f34a"}
_SOURCES = {
    "snowball.py": (
        "class _LanguageSpecificStemmer",
        "class _StandardStemmer",
        "class EnglishStemmer",
    ),
    "util.py": ("def suffix_replace",),
}


@functools.cache
def english_is_known() -> bool:
    """Whether the installed English stemmer is one whose stems are known to be those of
    ``kernels.indexing.stem``.
    """
    found = importlib.util.find_spec("nltk")
    if found is None or not found.submodule_search_locations:
        return False
    try:
        return source_digest(Path(found.submodule_search_locations[0], "stem")) in _KNOWN
    except (OSError, ValueError):
        return False


def source_digest(folder: Path) -> str:
    """Return a digest of the definitions that English stems come from.

    Raises:
        OSError, ValueError: the source is not there, or is laid out in another way.
    """
    texts = []
    for name, heads in _SOURCES.items():
        source = (folder / name).read_text(encoding="utf-8")
        for head in heads:
            body = re.search(
                rf"^{head}\(.*?(?=^(?:class|def) |\Z)", source, re.DOTALL | re.MULTILINE
            )
            if body is None:
                raise ValueError(f"no {head} in {name}")
            texts.append(body.group())
    return hashlib.blake2b("".join(texts).encode(), digest_size=8).hexdigest()
