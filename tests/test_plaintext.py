"""One function says what of a text is text: for analysis, snippets and ``show``."""

from __future__ import annotations

import itertools
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qsearch.analysis.pieces import Piece, plain_pieces
from qsearch.analysis.running import running_text
from qsearch.mathtext import math_spans
from qsearch.plaintext import (
    PlainText,
    line_in,
    plain_text,
    text_for_words,
    without_foreign_markup,
)
from tests.helpers import ENGLISH

MARKS = st.sampled_from(
    [
        *"""a B 1 word word x' -y .z 000 , . : ; ! ? ' " ( ) [ ] { } < > & | * ** *** _ __ ~~ ~~~ ==
        = # ## - + > ` `` ``` $ $$ / @ ^ % é 学 “ ” … http://x.org/a_b_c <b> </b> <p> </p> <br>
        <div> </div> <Foo> </Foo> <Foo/> <code> </code> <pre> </pre> <script> </script> <!-- -->
        <sub> &amp; &lt; &eacute; &#39; &nbsp; &x; [a](b) ![c](d) [e][f] [f]: [^1] [^1]: [[g|h]]
        ![[i]] {% %} {{ }} {{< >}} {: .k} {#l} {/* */} ::: :::note !!! import export --- === 1. [x]
        ]( ](x) {%raw%}""".split(),
        *["\\", "\\(", "\\)", "\\[", "\\]", " ", " ", " ", "\n", "\n", "\n\n", "    ", "\n\n    "],
        *["\n> ", "\n- ", "\n1. ", "\t", "```js\n", "\n```", 'import A from "b"', '!!! note "T"'],
        *["{% highlight x %}", "{% endhighlight %}", "{% raw %}", "{% endraw %}", '<a href="x">'],
        "| a | b |\n|---|---|",
    ]
)
MARKUP = st.lists(MARKS, max_size=24).map("".join)
UNMARKED = st.one_of(
    st.text("aB1.,:;!?'\"()*_-+=#>|$ \n\tx^/é学", max_size=40),
    st.text("aB1.,'*_-`$\\ \n()[]{}&<~;", max_size=40),
)
TEXTS = st.one_of(MARKUP, st.text(st.characters(exclude_categories=["Cs"])), UNMARKED)


def plain(source: str) -> str:
    return plain_text(source).text.strip()


def shown(source: str) -> str:
    return plain_text(source).folded().text


def words(source: str) -> list[str]:
    return [word.form for word in ENGLISH.forms(plain_text(source)) if not word.overlay]


def cases(*given: tuple[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("source", "expected"), given)


# -- Markdown


@cases(
    ("the **quick** *brown* __fox__ _jumps_", "the quick brown fox jumps"),
    ("***both*** and **a *b* c** and *a **b** c*", "both and a b c and a b c"),
    ("***a** b* and ***a* b**", "a b and a b"),
    ("~~gone~~ ==marked==", "gone marked"),
    ("**H**yper**T**ext, un**believ**able", "HyperText, unbelievable"),
    ("*noun*s, un*believable*, *p = a*q", "nouns, unbelievable, *p = a*q"),
    ("**Term**: text, (*aside*), “_quoted_”", "Term: text, (aside), “quoted”"),
    ("2 * 3 * 4, 2*3*4, a*b*c, x**2 + y**2", "2 * 3 * 4, 2*3*4, a*b*c, x**2 + y**2"),
    ("snake_case, __init__.py, a_b_c, _a_b_", "snake_case, __init__.py, a_b_c, a_b"),
    ("**never closed, *neither", "**never closed, *neither"),
    ("a == b, x ~ y, ~5", "a == b, x ~ y, ~5"),
)
def test_emphasis(source: str, expected: str) -> None:
    assert plain(source) == expected


@cases(
    ("See the [walrus page](https://example.org/a) now.", "See the walrus page now."),
    ("[a](<b c> \"title\") [d](e 'f') [g](h (i))", "a d g"),
    ("[wiki](https://x.org/a_(b)_c) end", "wiki end"),
    ("**[bold link](x)** and [**bold** inside](x)", "bold link and bold inside"),
    ("[a [b] c](x) [`co[de`](y)", "a [b] c co[de"),
    ("[one][ref], [two][], [ref]\n\n[ref]: http://x.org 'T'\n[TWO]: /y", "one, two, ref"),
    ("a[i][j] and [no][such] and [aside]", "a[i][j] and [no][such] and [aside]"),
    ("said[^1] and [^note]\n\n[^1]: First.\n[^note]: More.", "said and \n\nFirst.\nMore."),
    ("[^0-9] is a class", "[^0-9] is a class"),
    ("![a red walrus](w.png 'big')", "a red walrus"),
    ("[![build](b.svg)](http://ci) text", "build text"),
    (
        "<https://x.org/a_b> <me@example.org> https://x.org/_a_/",
        "https://x.org/a_b me@example.org https://x.org/_a_/",
    ),
    ("[Note]: this is prose", "[Note]: this is prose"),
    ("[open](http://x and [closed]", "[open](http://x and [closed]"),
)
def test_links_and_images(source: str, expected: str) -> None:
    assert plain(source) == expected


@cases(
    ("# One\n## Two ##\n### C#\n#hash", "One\nTwo\nC#\n#hash"),
    ("Title\n=====\ntext\n\nSub\n---\nmore", "Title\ntext\n\nSub\nmore"),
    ("## Set up {#set-up .big}\n## Use {: #use }\n## C {x}", "Set up\nUse\nC {x}"),
    ("- one\n* two\n+ three\n  - four", "one\ntwo\nthree\n  four"),
    ("1. one\n2) two\n   - inner", "1. one\n2) two\n   inner"),
    ("- [ ] open\n- [x] done\n- [y] other", "open\ndone\n[y] other"),
    ("Term\n: its meaning\n:smile: :", "Term\nits meaning\n:smile: :"),
    ("> quoted\n> > twice\n>- item", "quoted\ntwice\nitem"),
    ("a\n\n---\n\n* * *\nb", "a\n\n\nb"),
    ("| a | b |\n|:--|--:|\n| 1 | **2** |", "a | b\n1 | 2"),
    ("a | b\n--- | ---\n1 | 2", "a | b\n1 | 2"),
    ("line\\\nbreak  \nend", "line\nbreak  \nend"),
    (r"\*not\* 1\. snake\_case \`x\` \<b\>", "*not* 1. snake_case `x` <b>"),
    (r"C:\Users\me \d+", r"C:\Users\me \d+"),
    ("-5 degrees, +1", "-5 degrees, +1"),
)
def test_blocks(source: str, expected: str) -> None:
    assert plain(source) == expected


# -- HTML


@cases(
    ("<p>The <b>walrus</b> sleeps.</p>", "The walrus sleeps."),
    ("<p>a</p><p>b</p>", "a\nb"),
    ("<b>a</b>b H<sub>2</sub>O 10<sup>-3</sup> <span class='x'>c</span>d", "ab H2O 10-3 cd"),
    ("one<br>two<br/>three<hr />four", "one\ntwo\nthree\nfour"),
    ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\nc", "a\nb\nc"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    ("<details><summary>Why?</summary>\n\nSo.\n</details>", "Why?\n\nSo."),
    (
        '<a href="x" target=_blank>link</a> <img src="a.png" alt="a walrus" width=3>',
        "link a walrus",
    ),
    ("<Image src={x} alt='a seal' /> <img src=x alt>b", "a seal b"),
    ("<input type=checkbox disabled> <P>Big</P>", "Big"),
    ("a<!-- gone\n\ngone -->b <!-- not closed", "ab <!-- not closed"),
    ("<script>var gone = 1 < 2;</script><style>p {}</style>kept", "kept"),
    ("<script>not closed", "not closed"),
    ("<!DOCTYPE html><html><head><title>T</title></head><body>b</body></html>", "T\nb"),
    ("caf&eacute; A&amp;B a&lt;b&gt; it&#39;s &#x41; 1&nbsp;m", "café A&B a<b> it's A 1 m"),
    ("&amp;lt; &unknown; A&B; AT&T &#0; &#xD800;", "&lt; &unknown; A&B; AT&T \ufffd \ufffd"),
    ("<Tabs>\n<TabItem value='a' label='b'>\n\ntext\n\n</TabItem>\n</Tabs>", "text"),
    ("<Icon name={x} {...props} /> <my-element open>in</my-element> <></>", "in"),
    ("<Chip primary>text</Chip>, <Note.Title>t</Note.Title>", "text, t"),
    ("<div>\n\n    <p>indented</p>\n\n</div>", "indented"),
    ("&lt;script&gt; is text", "<script> is text"),
    ("one.<p>two\n<p>\nthree<ul><li>a <li>b</ul>", "one.\ntwo\nthree\na \nb"),
)
def test_html(source: str, expected: str) -> None:
    assert plain(source) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "x<y and z>w",
        "if a<b and c>d",
        "I <3 you",
        "List<String> and Map<String, List<Integer>>, Foo<Bar>",
        "vector<int> v, Option<T>, a<b>c",
        "type <your-name> or <YourName> or <version> here",
        "How do I center a <div> in CSS?",
        "the difference between <b> and <strong>?",
        "close it with </div>.",
        "the <p> tag and the <link> element, cp <source> <target>",
        "<T extends Foo>",
        '<div class="never closed',
        "a <- b, c <-> d, <= >= <>=",
        "<user@host and <http://x",
    ],
)
def test_what_is_no_tag_is_text(text: str) -> None:
    assert plain(text) == text


# -- what other programs make of Markdown


@cases(
    ("import X from '@site/x';\nimport {A,\n  B} from \"y\"\n\n# T", "T"),
    ("import './a.css';\nexport const meta = {\n  a: 1,\n};\n\ntext", "text"),
    (
        "import os\nimport your data from the menu\nexport it",
        "import os\nimport your data from the menu\nexport it",
    ),
    ("text\n\nexport const a = 1", "text\n\nexport const a = 1"),
    ("a {/* gone */} b {props.x}", "a  b {props.x}"),
    ('Go to {{ site.url }}/docs. {% include a.html x="y" %}', "Go to /docs."),
    ("[a]({{ '/b (c)' | url }}#d) [e]({% link f.md %}) [g]({{h}})", "a e g"),
    ("{% raw %}{{ kept }}{% endraw %} {{ gone }}", "{{ kept }}"),
    ("a {% comment %} gone {% endcomment %}b", "a b"),
    ('{{< note title="x" >}}kept{{< /note >}} {{% tip %}}too{{% /tip %}}', "kept too"),
    ("{{ never closed and {% neither", "{{ never closed and {% neither"),
    (
        'Text\n{: .note #x }\n\n* TOC\n{:toc}\n\n[a](b){:target="_blank"} **c**{: .d}',
        "Text\n\nTOC\n\na c",
    ),
    (
        "{::comment}\ngone\n{:/comment}\na\n\n- {:.b} c\n- d {: .e }\n\n| {:.2f} | {:#x} of {:d} |",
        "a\n\n c\nd \n\n{:.2f} | {:#x} of {:d}",
    ),
    (
        "[a](b){ .button } {.not} {x: 1} {:ok, 1} an {:ok} here",
        "a {.not} {x: 1} {:ok, 1} an {:ok} here",
    ),
    (
        ":::note My title\ntext\n:::\n\n:::tip[Other *x*]\ny\n:::\n\n::: {.w}\nz\n:::",
        "My title\ntext\n\nOther x\ny\n\nz",
    ),
    (
        '!!! note "A title"\n    text **bold**\n\n??? warning\n    more\n\n=== "Tab"\n\n    in',
        "A title\n    text bold\n\n    more\n\nTab\n\n    in",
    ),
    ("!!! and then ???", "!!! and then ???"),
    ("> [!WARNING]\n> text\n\n> [!tip]- Title\n> more", "text\n\nTitle\nmore"),
    (
        "[[Page|shown]], [[Page]], [[Page#Part]], [[#Part]], ![[embed.png]] ![[a.png|100]]",
        "shown, Page, Page#Part, Part,",
    ),
    ('x[["a"]] [[ -f x ]] m[[1]]', 'x[["a"]] [[ -f x ]] m[[1]]'),
)
def test_dialects(source: str, expected: str) -> None:
    assert plain(source) == expected


# -- code


@cases(
    ("Wrap it in `<div>`.", "Wrap it in <div>."),
    ("`` a ` b `` and ` x ` and ` `", "a ` b and x and"),
    ("`*a* [b](c) &amp; {{ d }} $e$ \\_`", "*a* [b](c) &amp; {{ d }} $e$ \\_"),
    ("a ` b and `` c", "a ` b and `` c"),
    ('```html\n<div class="box">hello</div>\n```\nafter', '<div class="box">hello</div>\nafter'),
    ("~~~\n# a\n```\n~~~\nb", "# a\n```\nb"),
    ("````md\n```js\nx\n```\n````", "```js\nx\n```"),
    ("```\nnever closed <b>\n\n**x**", "never closed <b>\n\n**x**"),
    ('```python title="app.py" {1,3}\nx\n```', "app.py\nx"),
    ("``` this is prose\nx\n```", "this is prose\nx"),
    ("```rust,ignore\na\n```\n```js {1} copy\nb\n```\n~~~ {.c #d}\ne\n~~~", "a\nb\ne"),
    ("```all on one line```", "all on one line"),
    ("> ```\n> <b>\n> ```\n> *x*", "<b>\nx"),
    ("1. do:\n   ```sh\n   a <b>\n   ```\n2. *x*", "1. do:\n   a <b>\n2. x"),
    ("- ```\n  <i>\n  ```", "<i>"),
    (
        "text\n\n    <div> *x* &amp;\n\n    <p>\n\ntext *y*",
        "text\n\n    <div> *x* &amp;\n\n    <p>\n\ntext y",
    ),
    ("- a\n\n    *b*\n\n        *code*", "a\n\n    b\n\n        *code*"),
    ("text\n    *not code*", "text\n    not code"),
    (
        "<pre><code>&lt;div&gt; <b>*x*</b> {{ y }}\n\n  `z`</code></pre>*w*",
        "<div> *x* {{ y }}\n\n  `z`\nw",
    ),
    (
        "<code><div></code> and <code></div></code>, <pre><b>x</b> <T></pre>",
        "<div> and </div>, \nx <T>",
    ),
    ("<code>a_*b*_ &amp;</code> <code>never *closed*", "a_*b*_ & never closed"),
    ("{% highlight js %}\n<b> {{ x }} *y*\n{% endhighlight %}", "<b> {{ x }} *y*"),
    ("{{< highlight go >}}\n<b> *y*\n{{< /highlight >}} *z*", "<b> *y*\n z"),
    ("a `code\nover lines` b", "a code\nover lines b"),
    ("a ` b\n\nc ` d", "a ` b\n\nc ` d"),
    ("`<!--` kept `-->`", "<!-- kept -->"),
)
def test_in_code_everything_is_text(source: str, expected: str) -> None:
    assert plain(source) == expected


# -- mathematics


@pytest.mark.parametrize(
    "formula",
    [
        "$a_1 * b_2 * c_3$",
        "$x < y > z$",
        r"\(x\_y [a](b) \*\)",
        "$$\n- a\n\n> b & c \\\\\n# d\n$$",
        r"\[ {{a}} *b* <b> \]",
        "$[a](b)$",
    ],
)
def test_mathematics_stays_as_it_was_written(formula: str) -> None:
    made = plain_text(f"so *{formula}* and **x**")
    assert made.text == f"so {formula} and x"
    assert [made.text[start:end] for start, end in made.math] == [formula]


def test_entities_in_mathematics_are_characters() -> None:
    made = plain_text("$a &lt; b &amp; c$ &lt;")
    assert made.text == "$a < b & c$ <"
    assert made.math == ((0, 11),)


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "`$a` and `$b`",
        "    $a$",
        "<code>$a$</code>",
        r"\$a\$",
        "```\n$a$ \\(b\\)\n```",
    ],
)
def test_money_and_code_are_no_mathematics(text: str) -> None:
    assert plain_text(text).math == ()


def test_code_does_not_hide_mathematics_behind_it() -> None:
    made = plain_text("`$a` and `$b` give $x$")
    assert [made.text[start:end] for start, end in made.math] == ["$x$"]


# -- words


def test_a_phrase_stands_across_markup() -> None:
    assert words("the **quick** [brown](x) <i>fox</i>") == ["the", "quick", "brown", "fox"]


def test_code_is_found_by_its_words() -> None:
    assert words('```html\n<div class="box">hello</div>\n```')[:3] == ["div", "class", "box"]
    assert "alpha" in words(r"`$\alpha$`")


def cut_words(text: str) -> list[tuple[str, int, bool]]:
    found = []
    place = 0
    for piece in plain_pieces(text):
        of_piece = ENGLISH.words(Piece(piece, 0, False))
        found += [(word.form, place + word.position, word.overlay) for word in of_piece]
        place += of_piece[-1].position + 1 if of_piece else 0
    return found


@settings(max_examples=400)
@given(TEXTS)
@example("**a**-b **1**,000 _a_.b *c*'s")
@example("a\\_b and a\\-b $x$")
@example("a\n\n    $\\alpha$")
@example("    $\\alpha$")
@example("`$\\alpha$`")
@example("a\n:::tip\nb")
@example("a\n1. :::")  # regression: the number of a list item was a word here
@example("a\n: ::: tip")
@example("a\n\nimport b from 'c'")
@example("export default a")
@example("a&eacute;b")
@example("a[^1]\n- [x] b")
@example("a~~b~~c")
@example("```python\na\n```")
@example("# a\n***\n> * b\n1. **c**\n=\n--")
def test_the_short_way_has_the_words_of_the_plain_text(source: str) -> None:
    """Texts in which no markup makes a difference to the words are cut as they were written."""
    made = plain_text(source)
    forms = [(w.form, w.position, w.overlay) for w in ENGLISH.forms(made)]
    assert cut_words(running_text(*text_for_words(source))) == forms


@given(UNMARKED)
def test_marks_of_headings_lists_tables_and_emphasis_are_in_no_word(source: str) -> None:
    expected = [(w.form, w.position, w.overlay) for w in ENGLISH.forms(plain_text(source))]
    assert cut_words(running_text(*text_for_words(source))) == expected


def test_plain_prose_is_not_read_as_markdown_to_find_its_words() -> None:
    text = "# A\n\n**Term**: text, *so*.\n- 1. > x | y -- `".replace("`", "")
    assert text_for_words(text) == (text, ())
    formula = "so $x^2$ and \\(y\\)"
    assert text_for_words(formula) == (formula, list(math_spans(formula)))


# -- places


@settings(max_examples=300)
@given(TEXTS)
def test_characters_know_where_they_stood(source: str) -> None:
    made = plain_text(source)
    put = {at for change in made.changes for at in range(change.made_start, change.made_end)}
    places = [made.source_span(at, at + 1) for at in range(len(made.text))]
    for at, (start, end) in enumerate(places):
        assert 0 <= start < end <= len(source)
        assert at in put or source[start:end] == made.text[at]
    for (start, _), (after, _) in itertools.pairwise(places):
        assert start <= after
    if places:
        assert made.source_span(0, len(made.text)) == (places[0][0], places[-1][1])
    # White space folded: the same characters from the same places.
    folded = made.folded()
    bare = [at for at, char in enumerate(made.text) if not char.isspace()]
    bare_folded = [at for at, char in enumerate(folded.text) if not char.isspace()]
    assert len(bare) == len(bare_folded)
    for at, folded_at in zip(bare, bare_folded, strict=True):
        assert folded.text[folded_at] == made.text[at]
        assert folded.source_span(folded_at, folded_at + 1) == places[at]


def test_the_line_of_a_passage() -> None:
    source = "# Title\n\n<!-- x\n-->\n- [one](a)\n- **two** words\n"
    made = plain_text(source).folded()
    start = made.text.index("two")
    place, end = made.source_span(start, start + len("two words"))
    assert source[place:end] == "two** words"
    assert line_in(source, place) == 6


# -- anything


@settings(max_examples=300)
@given(TEXTS)
def test_any_text_gives_a_plain_text(source: str) -> None:
    made = plain_text(source)
    made.text.encode()
    last = 0
    for start, end in made.math:
        assert last <= start < end <= len(made.text)
        last = end
    folded = made.folded()
    lines = folded.text.split("\n")
    assert lines == [""] or all(line and line == " ".join(line.split()) for line in lines)
    assert [w.form for w in ENGLISH.forms(folded)] == [w.form for w in ENGLISH.forms(made)]
    without_foreign_markup(source).encode()


@given(
    st.lists(st.sampled_from(["<", "{{", "{%", "`", "```\n", "[", "<!--", "<b x='", "$", "::: "]))
)
def test_what_is_never_closed_swallows_nothing(marks: list[str]) -> None:
    source = "".join(f"{mark}word{number} " for number, mark in enumerate(marks))
    found = "".join(words(source))
    assert all(f"word{number}" in found for number in range(len(marks)))


HOSTILE = [
    *r"""[ ] < ` ![ []( ]( [a](< ](a" <!-- <![CDATA[ {% {{ {%raw%} {: {/* {a= * **a ~~ a*b**c*** $
    $$ \( \ & &# &a | ::: [^a [[ [[a| http:// http://a_ <code> <pre> <script> <div> </div> <Foo> =
    ==a <svg/onload= `a``b``` a`b``c```d````""".split(),
    *["``` ", "``` \n", "](x ", "<a b='", "<a ", "</a ", "_a ", "> ", "- ", "- + ", "1. ", "\n> "],
    *["\n- ", "\n    ", "# ", "\n:::a[", "\n!!! a", "\nimport ", "import {", "export {", "\n[^a]:"],
    *["\n[a]:", "~~~\n", "- ```\n", "> ~~~\n", "{% highlight %}", "{{< highlight >}}", " ", "\t"],
    *["\n", "`` ` ", "**a** ", "$a$ ", "<a b c", "{.a ", "a\n```\n", "[a](b "],
]


def calls(source: str) -> int:
    """How many functions are called to read a text, those of Python and of C."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        plain_text(source)
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize("mark", HOSTILE)
def test_repeated_without_end_it_takes_as_many_steps_as_there_are_marks(mark: str) -> None:
    assert calls(mark * 2_000) < 30 * calls(mark * 100) + 3_000


@pytest.mark.parametrize("mark", HOSTILE)
def test_a_long_text_of_one_mark_is_read(mark: str) -> None:
    """Regression: after each region all of the rest was searched for the next mark."""
    assert len(plain_text(mark * 5_000).text) <= 5_000 * len(mark)


@pytest.mark.parametrize(
    "source",
    [
        "[a](" + "{{x}}" * 60 + " b c",
        "``` js " + 'a="b" ' * 60 + "{ c",
        "``` " + "a=" * 60 + " b c",
    ],
)
def test_what_could_be_read_in_many_ways_is_read_in_one(source: str) -> None:
    """Regression: these took exponential time."""
    assert plain_text(source).text


def test_what_ends_nothing_is_the_same_plain_text() -> None:
    assert plain_text("") == PlainText("", ())
    assert plain_text("just words").text == "just words"
