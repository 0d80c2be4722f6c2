"""What each container makes of its bytes: values, lines, and what is wrong with one record only."""

from __future__ import annotations

import pytest

from qsearch.limits import Limits
from tests.reading.helpers import read


def urls_and_lines(name: str, data: str | bytes) -> list[tuple[str | None, int | None]]:
    articles, errors, _ = read(name, data)
    assert not errors
    return [(one.url, one.line) for one in articles]


# -- tables


def test_a_row_knows_its_line_whatever_its_values_hold() -> None:
    text = '\nid,question,answer\n1,"Is it\nfree?",Yes\n\n2,"a ""b""",No\n'
    assert urls_and_lines("a.csv", text) == [("id:1", 3), ("id:2", 6)]
    (first, second), _, _ = read("a.csv", text)
    assert (first.question, second.question) == ("Is it\nfree?", 'a "b"')


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "question;answer\nA;b, c\n"),
        ("a.csv", "question\tanswer\nA\tb, c\n"),
        ("a.tsv", "question\tanswer\nA\tb, c\n"),
        ("a.csv", '"question",answer\nA,"b, c"\n'),
        ("a.csv", "\ufeffQuestion,ANSWER\r\nA,\"b, c\"\r\n"),
    ],
)  # fmt: skip
def test_what_parts_values_is_told_by_the_first_row(name: str, text: str) -> None:
    (one,), _, _ = read(name, text)
    assert (one.question, one.answer) == ("A", "b, c")


def test_a_bad_row_is_one_error_and_the_others_are_read() -> None:
    text = 'question,answer\nA,b\nC,d,e\n"F"g,h\nI,j\n'
    articles, errors, _ = read("a.csv", text)
    assert [one.question for one in articles] == ["A", "I"]
    assert [(error.line, error.reason[:20]) for error in errors] == [
        (3, "the row has 3 values"),
        (4, "text stands behind a"),
    ]


def test_a_wrong_value_of_a_row_is_noted_at_its_cell() -> None:
    _, _, notes = read("a.csv", 'question,answer,date\n"A\nB",c,05/06/2024\n')
    ((_, _, *place, _),) = notes.found
    assert place == [3, 6]


def test_a_table_whose_columns_feed_no_text_is_one_error() -> None:
    articles, (error,), _ = read("a.csv", "Is it free?,Yes\nIs it far?,No\n")
    assert (articles, error.line, error.column) == ([], 1, 1)
    assert "'Is it free?', 'Yes'" in error.reason
    (one,), _, _ = read("a.csv", "frage\nA\n", fields=(("question", ("frage",)),))
    assert one.question == "A"


def test_a_table_has_a_limit_of_columns() -> None:
    _, (error,), _ = read("a.csv", "a,b,c\n1,2,3\n", limits=Limits(columns=2))
    assert error.reason == "more than 2 columns"


# -- JSON


def test_the_array_of_records_is_found_wherever_it_lies() -> None:
    record = '{"question": "A"}'
    for text in (
        f"[{record}]",
        f'{{"version": 1, "faqs": [{record}], "tags": ["x"]}}',
        f'{{"data": {{"items": [{record}]}}}}',
        f'{{"links": [{{"href": "x"}}], "faqs": [{record}]}}',
    ):
        (one,), errors, _ = read("a.json", text)
        assert (one.question, one.url, errors) == ("A", "a.json:1", [])


def test_a_record_of_json_knows_its_line_and_a_fault_its_place() -> None:
    text = '[\n {"id": 1, "title": "t"},\n {"id": 2,\n  "id": 3},\n 5,\n {"title": "u"}\n]\n'
    articles, errors, _ = read("a.json", text)
    assert [(one.url, one.line) for one in articles] == [("id:1", 2), ("a.json:4", 6)]
    assert [(error.line, error.column) for error in errors] == [(4, 3), (5, 2)]


def test_json_that_holds_no_records_is_a_note() -> None:
    for text in ('{"name": "x", "version": "1"}', "[]", "5", '["a"]'):
        articles, errors, notes = read("package.json", text)
        assert (articles, errors) == ([], [])
        assert [note[0] for note in notes.found] == ["no records"]


# -- HTML


def test_the_main_text_of_a_page_keeps_what_a_reader_would_miss() -> None:
    page = """<html><head><title> A  title </title><style>x</style></head><body>
    <nav>Menu</nav><article><h2>Part</h2><p>One &lt;b&gt; &amp; <em>two</em><br>three</p>
    <ul><li>a<li>b</ul><pre>x
  &lt;y&gt;</pre>Use <code>&lt;div&gt;</code>.<table><tr><td>1<td>2</table>
    <script>no()</script></article></body></html>"""
    (one,), _, _ = read("a.html", page)
    assert one.title == "A title"
    assert one.answer.split("\n\n") == [
        "## Part", "One &lt;b> &amp; two\nthree", "- a", "- b", "```\nx\n  <y>\n```",
        "Use `<div>`.", "1 2",
    ]  # fmt: skip


def test_a_page_may_have_a_front_matter_and_say_its_encoding() -> None:
    (one,), _, _ = read("a.html", "---\ntitle: T\ndate: 2024-01-05\n---\n<title>U</title><p>x")
    assert (one.title, one.answer, str(one.date)) == ("T", "x", "2024-01-05")
    old = '<meta charset="iso-8859-1"><title>Où</title><p>é'.encode("latin-1")
    (one,), _, _ = read("a.html", old)
    assert (one.title, one.answer) == ("Où", "é")


def test_questions_of_a_page_are_articles_and_the_rest_is_one() -> None:
    data = """<title>FAQ</title>
<script type="application/ld+json">{"@graph": [{"@type": ["WebPage", "FAQPage"], "mainEntity": [
{"@type": "Question", "name": "Is it free?",
 "acceptedAnswer": {"text": "<p>Yes.</p><p>Always.</p>"}}]}]}</script>
<h2>Is it free?</h2><p>Yes.</p><p>Always.</p><p>Call us.</p>"""
    articles, errors, _ = read("x/a.html", data)
    assert not errors
    assert [(one.url, one.question, one.answer, one.line) for one in articles] == [
        ("x/a.html", "", "Call us.", 1),
        ("x/a.html#is-it-free", "Is it free?", "Yes.\n\nAlways.", 3),
    ]
    assert {one.subject for one in articles} == {"x"}


# -- mapping


def test_a_users_names_come_first_and_lead_into_blocks() -> None:
    line = (
        '{"id": "1", "title": "Bridge", "context": "By the mayor.", "question": "When?",'
        ' "answers": {"text": ["1932"], "answer_start": [24]}}'
    )
    (one,), _, notes = read("a.jsonl", line)
    assert one.answer == "By the mayor."
    assert notes.unread == {"answers": 1}
    fields = (("answer", ("answers.text",)), ("subject", ("path",)), ("keywords", ("folder:2",)))
    (one,), _, notes = read("x/y/a.jsonl", line, fields=fields)
    assert (one.answer, one.subject, one.keywords) == ("1932", "x/y/a.jsonl", ("y",))
    assert notes.unread == {"context": 1}  # of two names for one field, one is not read


def test_what_says_whether_is_no_day() -> None:
    (one,), _, notes = read("a.md", "---\ntitle: t\npublished: false\ndraft: true\n---\n")
    assert (one.date, [note[0] for note in notes.found]) == (None, ["draft", "draft"])
    (one,), _, notes = read("a.md", "---\ntitle: t\npublished: 2024-1-5\n---\n")
    assert (str(one.date), notes.found) == ("2024-01-05", [])


def test_a_title_that_yaml_cuts_is_noted() -> None:
    (one,), _, notes = read("a.md", "---\ntitle: What is C #1\nx: y # z\n---\n")
    assert one.title == "What is C"
    assert [(note[0], note[2:4]) for note in notes.found] == [("cut at a comment sign", (2, 18))]
    (one,), _, notes = read("a.md", "---\ntitle: 'What is C #1'\n---\n")
    assert (one.title, notes.found) == ("What is C #1", [])


def test_subjects_come_from_names_or_from_the_first_folder() -> None:
    for front, subject in (("category: Pay", "Pay"), ("categories: [Pay, Ship]", "Pay"), ("", "x")):
        (one,), _, _ = read("x/y/a.md", f"---\ntitle: t\n{front}\n---\n")
        assert one.subject == subject
    (one,), _, _ = read("a.md", "# t")
    assert one.subject == ""


def test_a_body_follows_an_answer_and_markup_alone_is_none() -> None:
    front = "---\ntitle: t\nanswer: One.\n---\n"
    (one,), _, _ = read("a.md", front + "\nTwo.\n\n")
    assert one.answer == "One.\n\nTwo."
    for body in ("&nbsp;", "<!-- a note -->", "<br/>\n&nbsp;\n", "{% include x.html %}", "---"):
        (one,), _, _ = read("a.md", front + body)
        assert one.answer == "One."
