"""Hostile files of every container but Markdown: what each of them is, and how it is called."""

from __future__ import annotations

import gzip
import json

_DEEP = 100_000
_MANY = 1_000_000
_LONG = 17 * 1024 * 1024

_TEXT = b"x" * _LONG
_BYTES = bytes(range(256)) * 99
_LINES = (b"x" * 999 + b"\n") * (_LONG // 1_000)
_GOOD_ROW = '{"question": "Is it free?", "answer": "Yes."}'

CONTAINERS: dict[str, tuple[str, bytes]] = {
    # TOML and JSON above a page
    "TOML that is nested deeply": (".md", b"+++\nx = " + b"[" * _DEEP + b"\n+++\n"),
    "a TOML name of many parts": (".md", b"+++\n" + b"a." * 60_000 + b"a = 1\n+++\n"),
    "TOML that is never closed": (".md", b'+++\ntitle = "t"\n'),
    "TOML of one name twice": (".md", b'+++\ntitle = "t"\ntitle = "u"\n+++\n'),
    "a TOML number of many digits": (".md", b"+++\nx = " + b"9" * 5_000 + b"\n+++\n"),
    "a JSON front matter that is nested deeply": (".md", b'{"x": ' + b"[" * _DEEP + b"\n"),
    "a JSON front matter that is never closed": (".md", b'{"title": "t"\n'),
    # JSON
    "JSON that is nested deeply": (".json", b"[" * _DEEP),
    "JSON objects that are nested deeply": (".json", b'{"a":' * _DEEP + b"1" + b"}" * _DEEP),
    "JSON that ends early": (".json", b'[{"question": "Is it free?"'),
    "JSON that is no JSON": (".json", b"question: Is it free?"),
    "JSON in UTF-16": (".json", f"[{_GOOD_ROW}]".encode("utf-16")),
    "JSON in Latin-1": (".json", '[{"question": "Où?"}]'.encode("latin-1")),
    "JSON that is too long": (".json", b"[" + b" " * _LONG + b"]"),
    "a JSON record with half a pair": (".json", b'[{"question": "\\ud800"}]'),
    "a JSON record of one name twice": (".json", b'[{"question": "a", "question": "b"}]'),
    "a JSON array of numbers and a record": (".json", b'[{"a": {}}]'),
    "an empty JSON file": (".json", b" \n"),
    # tables
    "a table of many columns": (".csv", b"a," * _MANY + b"\n" + b"1," * _MANY + b"\n"),
    "a row of many values": (".csv", b"question,answer\n" + b"1," * _MANY + b"\n"),
    "a quote that is never closed": (".csv", b'question\n"' + b"x\n" * _MANY),
    "a quoted value that is too long": (".csv", b'question\n"' + _LINES + b'"\n'),
    "a line of a table that is too long": (".tsv", b"question\n" + b"x" * _LONG + b"\n"),
    "text behind a quote": (".csv", b'question\n"a" b\n'),
    "a column given twice": (".csv", b"question,answer,question\na,b,c\n"),
    "a table without names": (".csv", b"Is it free?,Yes\nIs it far?,No\n"),
    "a table in UTF-16": (".csv", "question\nIs it free?\n".encode("utf-16")),
    "a table in Latin-1": (".csv", "question\nOù?\n".encode("latin-1")),
    "a zero byte in a table": (".csv", b"question\na\0b\n"),
    # HTML
    "HTML that is nested deeply": (".html", b"<div>" * _DEEP + b"x"),
    "HTML of formatting that is nested deeply": (".html", b"<b><i><u>" * _DEEP + b"x"),
    "HTML of very many tags": (".html", b"<p>x" * 1_100_000),
    "a tag of many attributes": (".html", b"<p " + b" ".join(b"a%d" % i for i in range(_DEEP))),
    "HTML in UTF-16": (".html", "<p>x".encode("utf-16")),
    "HTML in an encoding that it doesn't name": (".html", "<p>Où".encode("latin-1")),
    "HTML without text": (".html", b"<script>var text = 1</script><!-- nothing -->"),
    "an HTML comment that never ends": (".html", b"<!-- " + b"<!--" * _DEEP),
    "HTML of declarations": (".html", b"<![CDATA[" * _DEEP),
    # packed
    "a packed page that unpacks to too much": (".md.gz", gzip.compress(b"x" * _LONG)),
    "packed JSON that unpacks to too much": (".json.gz", gzip.compress(b"[" + b" " * _LONG)),
    "a packed row that unpacks to too much": (
        ".csv.gz",
        gzip.compress(b"question\n" + b"x" * _LONG),
    ),
    "packed HTML that is cut off": (
        ".html.gz",
        gzip.compress(b"<p>" + bytes(range(256)) * 99)[:-9],
    ),
    "a table that is packed and cut off": (
        ".csv.gz",
        gzip.compress(b"question\n" + b"x" * 99)[:-9],
    ),
}
"""Each is one reported skip: how its name ends, and its bytes."""

PEACEFUL: dict[str, tuple[str, bytes]] = {
    "quoted line breaks": (".csv", b'question,answer\n"Is it\nfree?","Yes,\r\n""all"" of it"\n'),
    "a byte order mark and CRLF": (".csv", b"\xef\xbb\xbfquestion\r\nIs it free?\r\n"),
    "more commas than values": (".csv", b"question,answer,,\nIs it free?,Yes,,\n"),
    "a long value": (".csv", b'question\n"' + b"free " * 200_000 + b'"\n'),
    "JSON of many empty lists": (".json", f'[{_GOOD_ROW[:-1]}, "x": {[[]] * 1000}}}]'.encode()),
    "JSON in one record": (".json", _GOOD_ROW.encode()),
    "tags that are never closed": (".html", b"<ul>" + b"<li>free" * 5_000),
    "tags closed in another order": (".html", b"<b><p><i>free</b></p></i>" * 1_000),
    "entities that are none": (".html", b"<p>free &&& &unknown; &#xfffffff;"),
    "a picture in its address": (".html", b'<p>free<img src="data:' + b"/a" * 100_000 + b'">'),
    "FAQ data that is no JSON": (
        ".html",
        b'<script type="application/ld+json">{"@type": [[[</script><p>free',
    ),
    "FAQ data that is nested deeply": (
        ".html",
        b'<script type="application/ld+json">' + b'{"@graph":[' * 9_000 + b"</script><p>free",
    ),
    "TOML of every type": (
        ".md",
        b'+++\ntitle = "free"\na = [1, 2.5, inf, true, 2024-01-05, 10:30:00]\nb = {c = "d"}\n+++\n',
    ),
    "a packed table": (".tsv.gz", gzip.compress(b"question\tanswer\nIs it free?\tYes\n")),
    "packed JSON Lines": (".ndjson.gz", gzip.compress(_GOOD_ROW.encode())),
    "a JSON front matter": (".mdx", json.dumps({"title": "free"}).encode() + b"\nYes.\n"),
}
"""Each is read as one article."""
