"""Random Markdown files: articles written in one of YAML's many ways, and ruins of such."""

from __future__ import annotations

import json
from random import Random
from typing import NamedTuple

from benchmarks.torture.collection import text

_PIECES = (
    "'", '"', ": ", " #", "&a ", "*a", "!!str ", "!!python/object/apply:os.system ['true']", "<<: ",
    "- ", "[", "]", "{", "}", ",", "|", ">", "%TAG ! x", "---\n", "...\n", "\t", "\n", "\r\n", "\0",
    "\x1b[31m", "\u2028", "\x85", "\ufeff", "\ufffe", "\u202e", "? ", "@", "`", "~", "null", "yes",
    "0o17", "1e999", ".inf", "2020-02-30", "12:30:45", "\\", "\\ud800", "\\x", "=", "!",
    "\U0010ffff",
)  # fmt: skip
_BYTES = (
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\xf4\x90\x80\x80",
    b"\0",
    b"\r",
    b"\xfe",
)
_NAMES = (
    "title",
    "question",
    "answer",
    "subject",
    "keywords",
    "date",
    "id",
    "score",
    "author",
    "seo",
)


class Written(NamedTuple):
    """A file.

    Attributes:
        data: its bytes.
        values: what must be read from it; None if it may be refused.
    """

    data: bytes
    values: dict[str, str] | None


def draw(random: Random, url: str) -> Written:
    """Draw a file; its url is ``url`` unless that is ruined too."""
    values = {
        "title": text(random, 5),
        "question": text(random, random.choice([0, 8])),
        "answer": text(random, random.choice([10, 80])),
        "subject": random.choice(["Physics", "Computer science", "no", "0123", "12:30"]),
        "id": random.choice(["22", "0017", "1e5", "on", "../../etc"]),
    }
    lines = [f"url: {url}", *(_field(random, *item) for item in values.items())]
    lines += random.choice([[], ["score: -1.0"], ["seo:\n  title: a\n  page_keywords: a,b"]])
    lines += random.choice([[], ["# a comment"], ["related_article1:\n    id: 5\n    title: x"]])
    random.shuffle(lines)
    front = "---\n" + "\n".join(lines) + "\n---\n" + random.choice(["", "\n&nbsp;\n", "---\n"])
    if random.random() < 0.3:
        data = front.encode()
        if random.random() < 0.3:
            data = data.replace(b"\n", b"\r\n")
        if random.random() < 0.3:
            data = b"\xef\xbb\xbf" + data
        return Written(data, values)
    return Written(_ruined(random, front), None)


def _field(random: Random, name: str, value: str) -> str:
    """A field in one of the ways of YAML that give back the very text."""
    kind = random.random()
    if kind < 0.35:
        return f"{name}: {json.dumps(value, ensure_ascii=random.random() < 0.5)}"
    if kind < 0.6:
        quoted = value.replace("'", "''")
        return f"{name}: '{quoted}'"
    if kind < 0.8 and value:
        return f"{name}: >-\n    {value}"
    if value:
        return f"{name}: |-\n  {value}"
    return f'{name}: ""'


def _ruined(random: Random, front: str) -> bytes:
    for _ in range(random.choice([1, 1, 2, 4, 10])):
        at = random.randrange(len(front) + 1)
        kind = random.random()
        if kind < 0.45:
            front = front[:at] + random.choice(_PIECES) + front[at:]
        elif kind < 0.6:
            front = front[:at] + front[at + random.randint(1, 40) :]
        elif kind < 0.7:
            piece = random.choice(_PIECES)
            front = front[:at] + piece * random.choice([10, 1_000, 20_000]) + front[at:]
        elif kind < 0.85:
            name = random.choice(_NAMES)
            value = random.choice(
                ["[" * 40, "{a: {b: c}}", "&x y", "*x", "- a", "9" * 5_000, "!t x"]
            )
            front = front.replace("\n", f"\n{name}: {value}\n", 1)
        else:
            front = front[:at] + front[at:][::-1]
    data = front.encode("utf-8", "surrogatepass")
    if random.random() < 0.2:
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.choice(_BYTES) + data[at:]
    if random.random() < 0.03:
        data = front.encode(random.choice(["utf-16", "utf-32", "latin-1"]), "replace")
    return data
