"""What an article is called that has no title of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qsearch.article import Article

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-(?=.)")
_JOINTS = re.compile(r"[\s_-]+")


def title_of(article: Article) -> str:
    """The title of an article, else its question, both as plain text, else its file's name in
    words, else its url.
    """
    from qsearch.plaintext import plain_text

    own = article.title.strip() or article.question.strip()
    shown = plain_text(own).folded().text or own
    return shown or (name_in_words(article.path) if article.path else "") or article.url


def name_in_words(path: str) -> str:
    """The name of a file as a title: without its ending, its day, and what joins its words.

    A file that every folder may have (``README``, ``index``) is called like its folder.
    """
    folder, _, name = path.rpartition("/")
    stem = name[:-3] if name.lower().endswith(".gz") else name
    stem = stem[: stem.rfind(".")] if "." in stem[1:] else stem
    if stem.lower().strip("_") in ("readme", "index") and folder.strip("/"):
        stem = folder.rpartition("/")[2]
    words = _JOINTS.sub(" ", _DAY.sub("", stem)).strip()
    return words[:1].upper() + words[1:]
