"""One immutable segment, read: what a term, a document number or a url leads to.

Columns, n articles, by the question they answer:

    lengths             n x 3 bytes: the length of each ranked field (``lengths``)
    date, line          the day's ordinal (0: none); the line in the source
    group               n x 2 numbers: what copies share (``copies.group_of``)
    origin, digest      where the article came from; 16 bytes of its source's content
    siblings            how many articles that source gave
    url, id             texts, and the articles in their order
    subject, path       distinct texts, and which one each article has; paths in blocks, further
                        subjects of one article apart (``subjects``)
    stored              the articles (``stored_record``) in compressed blocks (``blocks``)
    parts               n x 3 numbers: where question, answer and keywords start when the parts
                        of an article are laid end to end, title first
    form, term          the vocabulary, sorted
    form.term, .rank    the term of each form, and its place among that term's forms
    form.hash           for finding a form at once (``strings.hash_columns``)
    term.forms          the forms of each term, commonest first, from term.first_form on
    term.postings       where each term's postings start among all postings
    term.docs           where each term's bytes start in docs: the distance of each article from
                        the one before it
    details             a byte a posting: which of details.common its detail word is (frequencies
                        and form bits), or that details.rare has it
    term.places         where each term's bytes start in places: for each occurrence the distance
                        from the one before it in the article
    term.ranks          where each term's bytes start in ranks: which form each occurrence is of, in
                        postings whose form bits don't tell (``model.bit_layout``)
    capped              how often a term really stands where a frequency word can't say
    heading.words       the content words of titles and questions (``model.heading``); those of
                        each start in heading.starts
    phrase.key          keyword phrases by their keys, sorted; the articles of each are in
                        phrase.docs, from phrase.starts on
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.errors import Error, IndexCorrupt
from qsearch.index.blocks import StoredBlocks
from qsearch.index.collector import Occurrences, SegmentData, select
from qsearch.index.column_checks import divides, misfit
from qsearch.index.documents import Documents, Labels
from qsearch.index.manifest import SegmentEntry, open_columns
from qsearch.index.positions import position_words
from qsearch.index.stored_record import STORED, decode_article
from qsearch.index.strings import Strings
from qsearch.index.subjects import Subjects
from qsearch.index.texts import Texts, select_texts
from qsearch.index.varint import DENSE, decode
from qsearch.lazy import lazy
from qsearch.model.bit_layout import (
    FORM_BITS,
    ONLY_FORM,
    PART_SHIFT,
    RANKED,
    SEVERAL,
    Postings,
    unpack_frequency,
)
from qsearch.model.fields import FIELDS
from qsearch.storage import Readable


class Segment:
    """The articles and postings of one segment file. Safe for use by several threads."""

    def __init__(self, storage: Readable, entry: SegmentEntry) -> None:
        file = entry.file
        self.name = file.name
        self.count = entry.articles
        self.columns = open_columns(storage, file)
        self.forms = Strings(self.columns, "form")
        self.terms = Strings(self.columns, "term")
        self.urls = Strings(self.columns, "url")
        self.ids = Strings(self.columns, "id")
        self.subjects = Subjects(self.columns, self.count)
        self._stored = StoredBlocks(self.columns, "stored", texts=len(STORED))
        self._paths = StoredBlocks(self.columns, "path", texts=1)
        if name := misfit(self.columns, self.count):
            raise self._corrupt(f"the column {name} does not fit the others")

    def _corrupt(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(f"{self.columns.path}: {what}", path=self.columns.path)

    # -- articles

    @property
    def length_bytes(self) -> Array:
        """The length bytes, shape (articles, fields)."""
        return self.columns.column("lengths").reshape(-1, len(FIELDS))

    @property
    def dates(self) -> Array:
        """The ordinal of each article's day, 0 for none."""
        return self.columns.column("date")

    @property
    def groups(self) -> Array:
        """What copies share, shape (articles, 2); zeros for an article that has no copies."""
        return self.columns.column("group").reshape(-1, 2)

    def group(self, number: int) -> bytes:
        """Return the 16 bytes that the copies of an article share."""
        return self.columns.column("group", 2 * number, 2 * number + 2).tobytes()

    def paths(self) -> tuple[list[str], Array]:
        """Return the distinct paths, and which one each article has."""
        texts = [self._text(path) for (path,) in self._paths.all()]
        of = self.columns.column("path.of")
        if of.size and int(of.max()) >= len(texts):
            raise self._corrupt("an article has a path that is not there")
        return texts, of

    def url_ranks(self) -> Array:
        """Return the place of each article's url in their order."""
        order = self.columns.column("url.order")
        if order.size and int(order.max()) >= self.count:
            raise self._corrupt("the order of urls names an article that is not there")
        ranks = np.zeros(self.count, dtype=np.int64)
        ranks[order] = np.arange(self.count)
        return ranks

    def url_texts(self) -> Texts:
        """Return the urls of all articles, in their order."""
        return self._texts("url")

    def by_url(self, url: str) -> int | None:
        """Return the number of the article with this url."""
        return self.urls.find(url, self.columns.column("url.order"))

    def by_id(self, article_id: str) -> list[int]:
        """Return the numbers of the articles with this id."""
        order = self.columns.column("id.order")
        place = self.ids.first_at_least(article_id, order)
        found = []
        while place < self.count and self.ids[int(order[place])] == article_id:
            found.append(int(order[place]))
            place += 1
        return found

    def article(self, number: int) -> Article:
        """Return an article as it was added."""
        record = self._stored[number]
        path, line = self.source(number)
        try:
            return decode_article(
                record,
                url=self.urls[number],
                id=self.ids[number] or None,
                subjects=self.subjects.of(number),
                date=self.date(number),
                path=path,
                line=line,
            )
        except (ValueError, TypeError, OverflowError, AttributeError, Error):
            raise self._corrupt(f"the article {number} can't be read") from None

    def date(self, number: int) -> datetime.date | None:
        """Return the day of an article, or None."""
        day = int(self.columns.column("date", number, number + 1)[0])
        try:
            return datetime.date.fromordinal(day) if day else None
        except (ValueError, OverflowError):
            raise self._corrupt(f"the article {number} has a day that is none") from None

    def source(self, number: int) -> tuple[str | None, int | None]:
        """Return the path and the line that an article came from."""
        path = int(self.columns.column("path.of", number, number + 1)[0])
        line = int(self.columns.column("line", number, number + 1)[0])
        return self._text(self._paths[path][0]) or None, line or None

    def _text(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise self._corrupt("a path that is not UTF-8") from None

    # -- words

    def term_of(self, form: str) -> str | None:
        """Return the term of a word form that occurs here."""
        number = self.forms.find_hashed(form)
        return None if number is None else self.terms[self.form_term(number)]

    def form_term(self, number: int) -> int:
        """Return the number in ``terms`` of the term of a form."""
        term = int(self.columns.column("form.term", number, number + 1)[0])
        if term >= len(self.terms):
            raise self._corrupt("a form has a term that is not there")
        return term

    def number_of(self, form: str, term: str) -> int | None:
        """Return the number in ``terms`` of a form's term, also where the form does not occur."""
        number = self.forms.find_hashed(form)
        return self.terms.find(term) if number is None else self.form_term(number)

    def forms_of(self, term: str) -> list[str]:
        """Return the word forms of a term that occur here, the commonest first."""
        number = self.terms.find(term)
        if number is None:
            return []
        start, stop = self._range("term.first_form", number)
        numbers = self.columns.column("term.forms", start, stop)
        return [self.forms[number] for number in numbers.tolist()]

    @lazy
    def headings(self) -> tuple[Array, Array]:
        """The words of the headings (``model.heading``), and where each run of them starts."""
        words, starts = self.columns.column("heading.words"), self.columns.column("heading.starts")
        if not divides(starts, words.size):
            raise self._corrupt("the headings are out of order")
        return words, starts

    def form_place(self, number: int, form: str) -> tuple[int, int, int]:
        """Return where the forms of the term with this number start and stop among all forms, term
        by term, and the place of one of them, -1 if it does not occur here.
        """
        start, stop = self._range("term.first_form", number)
        form_number = self.forms.find_hashed(form)
        if form_number is None:
            return start, stop, -1
        rank = int(self.columns.column("form.rank", form_number, form_number + 1)[0])
        return start, stop, start + rank

    def _range(self, name: str, number: int) -> tuple[int, int]:
        start, stop = self.columns.column(name, number, number + 2).tolist()
        return start, stop

    def postings(self, term: str) -> Postings | None:
        """Return the articles of a term, deleted ones among them."""
        number = self.terms.find(term)
        return None if number is None else self.postings_at(number)

    def postings_at(self, number: int) -> Postings:
        """Return the articles of the term with this number in ``terms``."""
        steps = decode(self.columns.column("docs", *self._range("term.docs", number)))
        docs = np.cumsum(steps)
        start, stop = self._range("term.postings", number)
        inside = not docs.size or (docs[0] >= 0 and docs[-1] < self.count)
        in_order = inside and (docs[1:] > docs[:-1]).all()
        if docs.size != stop - start or not in_order:
            raise self._corrupt("the articles of a term do not fit its postings")
        return self._postings(docs, start, stop)

    def _postings(self, docs: Array, start: int, stop: int) -> Postings:
        words = self.details(start, stop)
        frequencies = (words >> np.uint32(FORM_BITS)).astype(np.uint16)
        return Postings(docs, frequencies, words.astype(np.uint8))

    def every_posting(self) -> tuple[Array, Postings]:
        """Return where the postings of each term start, and all of them."""
        starts = self.columns.column("term.postings").astype(np.int64)
        running = np.cumsum(decode(self.columns.column("docs")))
        if not divides(starts, running.size):
            raise self._corrupt("the articles of the terms do not fit their postings")
        before = np.concatenate([[0], running])[starts[:-1]]
        docs = running - np.repeat(before, starts[1:] - starts[:-1])
        if docs.size and not (docs.min() >= 0 and docs.max() < self.count):
            raise self._corrupt("a term has an article that is not there")
        return starts, self._postings(docs, 0, int(starts[-1]))

    def details(self, start: int, stop: int) -> Array:
        """Return the detail words (``bit_layout``) of the postings ``start`` to ``stop``."""
        column = self.columns.column
        coded = column("details", start, stop)
        common = np.append(column("details.common"), np.zeros(256, np.uint32))[:256]
        words: Array = common[coded]
        rare = column("details.rare")
        first, last = np.searchsorted(rare, [start, stop]).tolist()
        which = (rare[first:last] - np.uint64(start)).astype(np.int64)
        words[which] = column("details.rare_value", first, last)
        return words

    def form_bit(self, form: str) -> int:
        """Return the bit of a word form in the masks of its term: 0 for a form that does not occur
        here, -1 for one that shares its bit with others.
        """
        number = self.forms.find_hashed(form)
        if number is None:
            return 0
        rank = int(self.columns.column("form.rank", number, number + 1)[0])
        return 1 << rank if rank < FORM_BITS - 1 else -1

    def form_docs(self, form: str) -> Array:
        """Return the articles of a word form."""
        bit = self.form_bit(form)
        if bit > 0:
            # Without its positions: the commoner forms of a term have a bit of their own.
            term = self.term_of(form)
            postings = None if term is None else self.postings(term)
            if postings:
                docs: Array = postings.docs[(postings.masks & np.uint8(bit)) != 0]
                return docs
        found = self.form_postings(form)
        return np.zeros(0, dtype=np.int64) if found is None else found[0]

    def form_postings(self, form: str) -> tuple[Array, Array] | None:
        """Return the articles of a word form, and a bit for each ranked field it stands in."""
        number = self.forms.find_hashed(form)
        if number is None:
            return None
        term = self.form_term(number)
        rank = int(self.columns.column("form.rank", number, number + 1)[0])
        postings = self.postings_at(term)
        fields = np.zeros(postings.docs.size, dtype=np.uint8)
        for field in range(len(FIELDS)):
            fields |= (unpack_frequency(postings.frequencies, field) > 0).astype(np.uint8) << field
        bit = np.uint8(1 << min(rank, FORM_BITS - 1))
        there = (postings.masks & bit) != 0
        fields[~there] = 0
        # Which of several forms stands in which of several fields only the positions tell.
        certain = ONLY_FORM[postings.masks] == rank
        if rank < FORM_BITS - 1:
            certain |= (fields & (fields - np.uint8(1))) == 0
        unsure = there & ~certain
        if unsure.any():
            fields[unsure] = 0
            docs, places, ranks = self._occurrences(term, unsure)
            ours = ranks == rank
            field_bits = np.uint8(1) << RANKED[places[ours] >> np.uint32(PART_SHIFT)].astype("u1")
            np.bitwise_or.at(fields, postings.docs.searchsorted(docs[ours]), field_bits)
        found = fields != 0
        return postings.docs[found], fields[found]

    def positions_size(self, term: str) -> int:
        """Return how many bytes the positions of a term take: about one for each occurrence."""
        number = self.terms.find(term)
        if number is None:
            return 0
        start, stop = self._range("term.places", number)
        return max(stop - start, 0)

    def positions(self, term: str) -> tuple[Array, Array] | None:
        """Return (document, position word) of each occurrence of a term, in that order."""
        number = self.terms.find(term)
        if number is None:
            return None
        docs, places, _ = self._occurrences(number)
        return docs, places

    def _occurrences(self, term: int, wanted: Array | None = None) -> tuple[Array, Array, Array]:
        """The document, position word and form rank of each occurrence of a term.

        Arguments:
            wanted: whether each posting is looked at; None for all.
        """
        distances = decode(self.columns.column("places", *self._range("term.places", term)), DENSE)
        told = decode(self.columns.column("ranks", *self._range("term.ranks", term)))
        postings = self.postings_at(term)
        counts = self.counts(postings.frequencies, self._range("term.postings", term)[0])
        self._check_places(postings, counts, distances, told)
        if wanted is not None:
            here = np.repeat(wanted, counts)
            told = told[here[np.repeat(ONLY_FORM[postings.masks] == SEVERAL, counts)]]
            distances, counts = distances[here], counts[wanted]
            postings = Postings(*(column[wanted] for column in postings))
        return self._places(postings, counts, distances, told)

    def _check_places(
        self, postings: Postings, counts: Array, distances: Array, told: Array
    ) -> None:
        several = counts[ONLY_FORM[postings.masks] == SEVERAL].sum()
        if distances.size != counts.sum() or told.size != several:
            raise self._corrupt("the positions do not fit the postings")

    def _places(
        self, postings: Postings, counts: Array, distances: Array, told: Array
    ) -> tuple[Array, Array, Array]:
        """As ``_occurrences``, for postings of whatever terms.

        Arguments:
            counts: how many occurrences each posting has; distances: one for each of them.
            told: the rank of each whose posting's form bits don't tell it.
        """
        ranks = np.repeat(ONLY_FORM[postings.masks], counts).astype(np.int64)
        ranks[ranks == SEVERAL] = told
        docs = np.repeat(postings.docs, counts)
        parts = self.columns.column("parts").reshape(-1, 3)
        try:
            return docs, position_words(docs, counts, distances, parts), ranks
        except ValueError as error:
            raise self._corrupt(str(error)) from None

    def counts(self, frequencies: Array, start: int) -> Array:
        """Return how often its term stands in the article of each posting, from ``start`` on.

        Arguments:
            frequencies: the frequency word of each posting, which can't say large ones.
            start: the number of the first of them among all postings.
        """
        counts = np.zeros(frequencies.size, dtype=np.int64)
        for field in range(len(FIELDS)):
            counts += unpack_frequency(frequencies, field)
        capped = self.columns.column("capped.posting")
        first, last = np.searchsorted(capped, [start, start + frequencies.size]).tolist()
        which = (capped[first:last] - np.uint64(start)).astype(np.int64)
        counts[which] = self.columns.column("capped.count", first, last)
        return counts

    def phrase_docs(self, keys: Array) -> Iterator[tuple[int, Array]]:
        """Yield (index in ``keys``, articles) for each keyword phrase that occurs here."""
        filed = self.columns.column("phrase.key")
        places = np.searchsorted(filed, keys)
        there = places < filed.size
        there[there] = filed[places[there]] == keys[there]
        for index in np.flatnonzero(there).tolist():
            docs = self.columns.column("phrase.docs", *self._range("phrase.starts", places[index]))
            if docs.size and int(docs.max()) >= self.count:
                raise self._corrupt("a keyword has an article that is not there")
            yield index, docs

    def phrases(self) -> tuple[Array, Array]:
        """Return the keyword phrases, sorted: the key of each, and an article that has it."""
        column = self.columns.column
        starts, docs = column("phrase.starts").astype(np.int64), column("phrase.docs")
        sizes = np.diff(starts)
        if starts[0] != 0 or starts[-1] != docs.size or (sizes < 0).any():
            raise self._corrupt("the keywords are out of order")
        if docs.size and int(docs.max()) >= self.count:
            raise self._corrupt("a keyword has an article that is not there")
        return np.repeat(column("phrase.key"), sizes), docs

    # -- everything, for merging

    def data(self, live: Array | None = None) -> SegmentData:
        """Return what the segment was made from, of the articles where ``live`` is true."""
        try:
            return self._data() if live is None else select(self._data(), live)
        except (IndexError, ValueError):
            raise self._corrupt("the postings lead out of the segment") from None

    def _data(self) -> SegmentData:
        column = self.columns.column
        terms = self._texts("term")
        starts, postings = self.every_posting()
        counts = self.counts(postings.frequencies, 0)
        distances, told = decode(column("places"), DENSE), decode(column("ranks"))
        self._check_places(postings, counts, distances, told)
        doc, place, rank = self._places(postings, counts, distances, told)
        term = np.repeat(np.repeat(np.arange(starts.size - 1), np.diff(starts)), counts)
        form = column("term.forms")[column("term.first_form")[term] + rank]
        forms = self._texts("form")
        phrase_key, phrase_doc = self.phrases()
        if (
            form.max(initial=0) >= max(len(forms), 1)
            or doc.max(initial=0) >= self.count
            or doc.min(initial=0) < 0
        ):
            raise self._corrupt("the postings lead out of the segment")
        return SegmentData(
            documents=self._documents(),
            occurrences=Occurrences(
                forms=forms,
                terms=select_texts(terms, column("form.term")),
                form=form,
                doc=doc.astype(np.uint32),
                place=place,
            ),
            phrase_key=phrase_key,
            phrase_doc=phrase_doc,
        )

    def _texts(self, name: str) -> Texts:
        column = self.columns.column
        data, starts = column(f"{name}.bytes"), column(f"{name}.starts").astype(np.int64)
        if starts[0] != 0 or (starts[1:] < starts[:-1]).any() or starts[-1] != data.size:
            raise self._corrupt(f"the texts {name} are out of order")
        return Texts(data, starts)

    def _documents(self) -> Documents:
        column = self.columns.column

        subjects, subject_of = self.subjects.labels()
        paths, path_of = self.paths()

        stored = self._stored.blocks()
        if sum(stored.counts) != self.count:
            raise self._corrupt("there are not as many records as articles")

        return Documents(
            url=self.url_texts(),
            id=self._texts("id"),
            subject=Labels(tuple(subjects), subject_of, *self.subjects.more),
            path=Labels(tuple(paths), path_of),
            date=self.dates,
            line=column("line"),
            group=self.groups,
            origin=column("origin"),
            siblings=column("siblings"),
            digest=column("digest").reshape(-1, 16),
            lengths=self.length_bytes,
            stored=stored,
        )
