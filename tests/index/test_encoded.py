"""An encoded article travels as plain data, and holds all that a segment takes of an article."""

from __future__ import annotations

import datetime
import json
import marshal

from hypothesis import example, given
from hypothesis import strategies as st

from qsearch import Article
from qsearch.analysis.pieces import plain_pieces
from qsearch.index.collector import Collector
from qsearch.index.encoded import Encoded, decode, encode, running_texts
from qsearch.index.stored_record import KEYWORD_END, encode_article
from qsearch.model.fields import KEYWORDS, plain_texts_of
from tests.helpers import ENGLISH, article

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["a $x^2$ b", "H<sub>2</sub>O and <b>c</b>", "1 &lt; 2", "\\(y\\)", "same"]
)
ARTICLES = st.builds(
    Article,
    url=st.just("/a") | TEXT.map(lambda text: f"/{text}"),
    id=st.none() | TEXT,
    title=TEXT.map(lambda text: f"t {text}"),
    question=TEXT,
    answer=TEXT,
    keywords=st.lists(TEXT, max_size=3),
    subject=TEXT,
    description=TEXT,
    date=st.none() | st.dates(),
    rating=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    related=st.lists(TEXT.filter(str.strip), max_size=2),
    no_index=st.booleans(),
    path=st.none() | st.just("/f.md"),
    line=st.none() | st.integers(1, 2**31),
)


@given(ARTICLES)
@example(Article(url="/a", title="same", question="same", answer="same", description="same"))
@example(Article(id="1", answer="$x$", date=datetime.date(1, 1, 1), path="/f.md", line=7))
def test_an_article_comes_back_from_another_process(article: Article) -> None:
    sent = marshal.dumps(tuple(encode(article)))
    again = decode(Encoded(*marshal.loads(sent)))
    assert again == article
    assert (again.path, again.line) == (article.path, article.line)


@given(ARTICLES)
def test_what_has_no_column_of_its_own_is_stored_as_json_writes_it(article: Article) -> None:
    links = [[link.url, link.id, link.title, link.subject] for link in article.related]
    more = {
        "rating": article.rating,
        "related": links or None,
        "no_index": article.no_index or None,
    }
    more = {name: value for name, value in more.items() if value is not None}
    expected = json.dumps(more, ensure_ascii=False, separators=(",", ":")) if more else ""
    assert encode_article(article)[-1] == expected.encode()


@given(ARTICLES)
def test_the_running_texts_hold_the_words_of_the_plain_texts(article: Article) -> None:
    found = running_texts(encode(article))
    keywords = iter(found[KEYWORDS].split(KEYWORD_END))
    for part, text in plain_texts_of(article):
        running = next(keywords) if part == KEYWORDS else found[part]
        words = [word for piece in plain_pieces(running) for word in ENGLISH.plain_words(piece)]
        assert [word.form for word in words] == [word.form for word in ENGLISH.forms(text)]


def test_a_title_that_says_the_question_is_one_text() -> None:
    collector = Collector(ENGLISH)
    collector.take(encode(article("/a", "one two", question="one  two")))
    collector.take(encode(article("/b", "one two", question="one")))
    occurrences = collector.data().occurrences
    assert occurrences.doc.tolist() == [0, 0, 1, 1, 1]
