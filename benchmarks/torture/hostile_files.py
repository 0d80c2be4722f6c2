"""Hostile files, known kinds: what must be one reported skip, and what only looks hostile."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

GOOD = b"---\nurl: /good\ntitle: Good\n---\n"


def front(text: str) -> bytes:
    """Return a Markdown file with this front matter, besides the url ``/x``."""
    return f"---\nurl: /x\n{text}\n---\n".encode()


BOMB = "\n".join(
    ["a0: &a0 x"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
)

FILES: dict[str, bytes] = {
    "a bomb of aliases": front(BOMB),
    "a deep list": b"---\n" + b"[" * 100_000 + b"\n---\n",
    "a deep list on lines": front("a:\n" + "".join(" " * i + "-\n" for i in range(400))),
    "a tag that runs code": front("title: !!python/object/apply:os.system ['true']"),
    "20,000 merges": front("\n".join(["<<: {a: b}"] * 20_000)),
    "a name given twice": front("title: a\ntitle: b"),
    "a zero byte": front("title: a\0b"),
    "a lone surrogate": front('title: "\\ud800"'),
    "a lone surrogate in bytes": front("title: ").replace(b"title: ", b"title: \xed\xa0\x80"),
    "UTF-16": "---\nurl: /x\ntitle: é\n---\n".encode("utf-16"),
    "Latin-1": "---\nurl: /x\ntitle: é\n---\n".encode("latin-1"),
    "invalid UTF-8": front("title: ").replace(b"title: ", b"title: \xff"),
    "a line of 10 MB": front("title: " + "x" * 10_000_000),
    "17 MB": front("title: t") + b" " * 17 * 1024 * 1024,
    "0 bytes": b"",
    "no closing line": b"---\nurl: /x\ntitle: t\n",
    "an escape sequence": front("title: \x1b[31mred"),
    "a comment of 300 KB": front("title: t\n#" + "x" * 300_000),
    "directives": b"---\n" + b"%TAG !a! b\n" * 20_000 + b"---\n",
}
"""Each gives exactly one reported skip."""

MARKUP = ("[", "<", "`", "](", "{{", "&", "> ", "- + ", "$", "**a", "<a b='", "> ~~~\n", "<div>")
"""What Markdown is made of; repeated without end it must cost no more than other text."""

FORGIVEN: dict[str, bytes] = {
    "a time zone that is none": front("title: t\ndate: 2020-02-03T10:00:00+99:99:99"),
    "a day that is none": front("title: t\ndate: 2020-02-30"),
    "an integer of 5,000 digits as date": front(f"title: t\ndate: {'9' * 5_000}"),
    "a byte order mark": b"\xef\xbb\xbf" + front("title: t"),
    "CRLF": front("title: t").replace(b"\n", b"\r\n"),
    "two dots in the id": front("title: t\nid: ../../etc/passwd"),
    "an integer of 5,000 digits": front(f"title: t\nid: {'9' * 5_000}"),
    "a score that overflows nothing": front("title: t\nscore: -1e-999"),
    "a body that is no text": front("title: t") + bytes(range(256)),
    **{
        f"200 KB of {mark!r}": front(
            f"title: t\nanswer: {json.dumps(mark * (200_000 // len(mark.encode())))}"
        )
        for mark in MARKUP
    },
}
"""Each is read: url ``/x``, title ``t``."""


def fifo(path: Path) -> None:
    """Make a FIFO."""
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    """Make a socket; from within its folder, since it has to have a short path."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


def link_to(target: str) -> Callable[[Path], None]:
    """Return what makes a symbolic link to ``target``."""
    return lambda path: path.symlink_to(target)


def hole_of_2_gb(path: Path) -> None:
    """Make a file of 2 GB that takes no room."""
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)


THINGS: dict[str, Callable[[Path], None]] = {
    "a FIFO": fifo,
    "a socket": unix_socket,
    "a device": link_to("/dev/zero"),
    "a link out of the folder": link_to("/etc/passwd"),
    "a file of /proc": link_to("/proc/self/environ"),
    "a link to itself": link_to("b.md"),
    "a link to nothing": link_to("nothing.md"),
    "2 GB of zeros": hole_of_2_gb,
}
"""Each makes at a path what is no readable file: one reported skip."""


def unreadable_file(path: Path) -> None:
    """Make a file that nobody may read."""
    path.write_bytes(GOOD)
    path.chmod(0)


def unreadable_folder(path: Path) -> None:
    """Make a folder that nobody may list, with a file in it."""
    path.mkdir()
    (path / "a.md").write_bytes(GOOD)
    path.chmod(0)


FORBIDDEN: dict[str, Callable[[Path], None]] = {
    "a file that may not be read": unreadable_file,
    "a folder that may not be listed": unreadable_folder,
}
"""Each makes at a path what its mode forbids to read: one reported skip, where modes hold."""
