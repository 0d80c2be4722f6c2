"""A seeded collection of any size with the statistics of running text.

Word frequencies follow Zipf and Mandelbrot over a vocabulary that grows with the collection as
Heaps found; lengths are log-normal. Each article mixes a few topics with their own preferred words
and returns to its own few focus words, from which its question and keywords are made: so words
come together as they do in real text. 40 subjects are of uneven size, each with its topics.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from benchmarks.words import STOP_WORDS, vocabulary
from qsearch import Article

SUBJECTS = 40
CHUNK = 2_000
_TOPICS_A_SUBJECT = 6
_TOPICS_A_WORD = 3
_FOCUS = 8
_EXPONENT, _SHIFT = 1.05, 2.7
_FROM_TOPIC, _FROM_FOCUS = 0.55, 0.12
_SENTENCE_END, _COMMA = 1 / 15, 0.05
_COPIES = 0.03
_MIXTURE = np.array([0.6, 0.3, 0.1])
_FIRST_DAY = datetime.date(2020, 1, 1)
_QUESTIONS = (
    "What is the {0} of {1}?",
    "How does {0} do this for {1} {2}?",
    "Why are {0} and {1} not the same in {2}?",
    "What can you do with {0} {1} and {2}?",
    "Which {0} is most {1} when there are more {2}?",
    "How do {0} {1} and {2} {3} have an {4}?",
    "What was the {0} of {1} after the {2} {3}?",
    "Who has the {0} of {1} {2}, and where is it from?",
)

Numbers = npt.NDArray[np.int64]


class SyntheticCorpus:
    """Articles made up from a seed; any two of the same arguments are equal.

    Arguments:
        count: how many articles.
        seed: of everything drawn.
        words: the mean length of an answer, in words.
    """

    def __init__(self, count: int, *, seed: int = 1, words: int = 250) -> None:
        self.count = count
        self.seed = seed
        self.words = words
        rng = np.random.default_rng([seed, 0])
        made_up = vocabulary(round(40 * (count * words) ** 0.5) + 500, rng)
        self.vocabulary = [*STOP_WORDS, *made_up]
        self._names = [word.capitalize() for word in made_up[200 : 200 + SUBJECTS]]
        ranks = np.arange(1, len(self.vocabulary) + 1)
        self._weights = (ranks + _SHIFT) ** -_EXPONENT
        self._stop_share = self._weights[: len(STOP_WORDS)].sum() / self._weights.sum()
        self._topic_tables(rng)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Article]:
        for number in range(-(-self.count // CHUNK)):
            yield from self.chunk(number)

    def chunk(self, number: int) -> list[Article]:
        """Return the articles from ``number * CHUNK`` on, at most ``CHUNK`` of them."""
        first = number * CHUNK
        size = min(CHUNK, self.count - first)
        rng = np.random.default_rng([self.seed, 1, number])
        subjects = rng.choice(SUBJECTS, size=size, p=self._subject_shares)
        topics = np.empty((size, 3), dtype=np.int64)
        topics[:, :2] = rng.integers(_TOPICS_A_SUBJECT, size=(size, 2))
        topics[:, :2] += subjects[:, None] * _TOPICS_A_SUBJECT
        topics[:, 2] = rng.integers(SUBJECTS * _TOPICS_A_SUBJECT, size=size)
        focus = self._focus_words(topics, rng)
        answers = self._answers(topics, focus, rng)
        return self._articles(first, subjects, focus, answers, rng)

    # -- tables

    @property
    def _subject_shares(self) -> npt.NDArray[np.float64]:
        shares = (np.arange(SUBJECTS) + 3.0) ** -0.9
        normed: npt.NDArray[np.float64] = shares / shares.sum()
        return normed

    def _topic_tables(self, rng: np.random.Generator) -> None:
        """One table for all topics: topic t's words are where it lies between t and t + 1."""
        words = np.repeat(np.arange(len(STOP_WORDS), len(self.vocabulary)), _TOPICS_A_WORD)
        topics = rng.integers(SUBJECTS * _TOPICS_A_SUBJECT, size=words.size)
        weights = self._weights[words] * rng.exponential(1.0, size=words.size)
        order = np.argsort(topics, kind="stable")
        words, topics, weights = words[order], topics[order], weights[order]
        total = np.bincount(topics, weights, minlength=SUBJECTS * _TOPICS_A_SUBJECT)
        before = np.concatenate([[0.0], np.cumsum(total)])
        share = (np.cumsum(weights) - before[topics]) / total[topics]
        self._topic_words: Numbers = words
        self._topic_places = topics + np.clip(share, 0.0, 1.0)
        self._stop_places = np.cumsum(self._weights[: len(STOP_WORDS)])
        self._content_places = np.cumsum(self._weights[len(STOP_WORDS) :])

    def _of_topics(self, topics: Numbers, rng: np.random.Generator) -> Numbers:
        places = np.searchsorted(self._topic_places, topics + rng.random(topics.shape))
        return self._topic_words[np.minimum(places, self._topic_words.size - 1)]

    def _focus_words(self, topics: Numbers, rng: np.random.Generator) -> Numbers:
        """The rarer half of some words of each article's first two topics."""
        candidates = self._of_topics(np.repeat(topics[:, :2], _FOCUS, axis=1), rng)
        kept: Numbers = np.sort(candidates, axis=1)[:, -_FOCUS:]
        return rng.permuted(kept, axis=1)

    # -- texts

    def _answers(self, topics: Numbers, focus: Numbers, rng: np.random.Generator) -> list[str]:
        spread = 0.5
        mean = np.log(self.words) - spread**2 / 2
        drawn = np.clip(rng.lognormal(mean, spread, len(topics)), 4, 20 * self.words)
        lengths: Numbers = drawn.astype(np.int64)
        article = np.repeat(np.arange(lengths.size), lengths)
        words = self._running_words(article, topics, focus, rng)
        last = np.cumsum(lengths) - 1
        ends = rng.random(words.size) < _SENTENCE_END
        ends[1:] &= ~ends[:-1]
        ends[last] = True
        starts = np.concatenate([[True], ends[:-1]])
        kind = np.where(rng.random(words.size) < _COMMA, 3, 0)
        kind[starts], kind[ends] = 1, 2
        surfaces, size = self._surfaces, len(self.vocabulary)
        flat = [surfaces[place] for place in (words + kind * size).tolist()]
        stops = (last + 1).tolist()
        return [
            " ".join(flat[start:stop]) for start, stop in zip([0, *stops[:-1]], stops, strict=True)
        ]

    def _running_words(
        self, article: Numbers, topics: Numbers, focus: Numbers, rng: np.random.Generator
    ) -> Numbers:
        size = article.size
        source = rng.random(size)
        pick = np.searchsorted(np.cumsum(_MIXTURE), rng.random(size)).clip(max=2)
        words = self._of_topics(topics[article, pick], rng)
        own = focus[article, rng.integers(_FOCUS, size=size)]
        content = rng.random(size) * self._content_places[-1]
        general = len(STOP_WORDS) + np.searchsorted(self._content_places, content)
        words = np.where(source < _FROM_TOPIC, words, general)
        words = np.where(source > 1 - _FROM_FOCUS, own, words)
        stop = np.searchsorted(self._stop_places, rng.random(size) * self._stop_places[-1])
        chosen: Numbers = np.where(rng.random(size) < self._stop_share, stop, words)
        return chosen

    @cached_property
    def _surfaces(self) -> list[str]:
        words = self.vocabulary
        surfaces = [*words, *(word.capitalize() for word in words)]
        surfaces += [word + "." for word in words]
        surfaces += [word + "," for word in words]
        return surfaces

    def _articles(
        self,
        first: int,
        subjects: Numbers,
        focus: Numbers,
        answers: list[str],
        rng: np.random.Generator,
    ) -> list[Article]:
        templates = rng.integers(len(_QUESTIONS), size=len(answers)).tolist()
        phrases = rng.integers(2, 5, size=len(answers)).tolist()
        days = rng.integers(2_000, size=len(answers)).tolist()
        copied = (rng.random(len(answers)) < _COPIES).tolist()
        articles: list[Article] = []
        for row, answer in enumerate(answers):
            words = [self.vocabulary[word] for word in focus[row].tolist()]
            question = _QUESTIONS[templates[row]].format(*words)
            number, subject = first + row, self._names[subjects[row]]
            # A copy says what the article before it says, mostly under another subject.
            original = articles[-1] if copied[row] and articles else None
            articles.append(
                Article(
                    url=f"/learn/{subject.lower()}/questions/{'-'.join(words[:3])}-{number}",
                    id=original.id if original else str(number),
                    title=original.title if original else question,
                    question=original.question if original else question,
                    answer=original.answer if original else answer,
                    keywords=_keywords(words, phrases[row]),
                    subject=subject,
                    date=_FIRST_DAY + datetime.timedelta(days=days[row]),
                )
            )
        return articles


def _keywords(words: list[str], count: int) -> tuple[str, ...]:
    """Phrases of two words and single words in turn."""
    phrases = (f"{words[0]} {words[1]}", words[2], f"{words[3]} {words[4]}", words[5])
    return phrases[:count]
