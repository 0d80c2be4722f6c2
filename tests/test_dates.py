"""Days as they are written: what means one day is read, what may mean two is not."""

from __future__ import annotations

import contextlib
import datetime
import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch import ArgumentError, Article
from qsearch.dates import day_of

DAY = datetime.date(2024, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05", "2024-1-5", "2024/01/05", "2024/1/5", "2024.01.05", "2024-01-05T10:30:00Z",
        "2024-01-05 10:30:00 +0100", "2024-01-05T10:30:00.123456+01:00", "2024/01/05 10:30",
        "January 5, 2024", "Jan 5 2024", "january 5th, 2024", "5 January 2024", "05-Jan-2024",
        "5. Jan. 2024", "Fri, 05 Jan 2024 10:00:00 +0000", "Fri, 5 Jan 2024 10:00:00 GMT",
        "Friday, January 5, 2024", "Fri Jan  5 10:00:00 2024", "January 5, 2024 at 3".removesuffix(
            " at 3"
        ), "January 5, 2024, 3:15 PM", "1704412800", "1704412800.5", "1704412800123",
    ],
)  # fmt: skip
def test_one_day(text: str) -> None:
    assert day_of(text) == day_of(f" {text} ") == DAY
    assert Article(url="/a", title="t", date=text).date == DAY


@pytest.mark.parametrize("text", ["25/12/2024", "12/25/2024", "25.12.2024"])
def test_a_day_that_can_be_no_month_tells_them_apart(text: str) -> None:
    assert day_of(text) == datetime.date(2024, 12, 25)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("05/06/2024", "may be two days"),
        ("0000-00-00", "no day of the calendar"),
        ("2024-02-30", "no day of the calendar"),
        ("32/13/2024", "no day of the calendar"),
        ("2024", "must be written like"),
        ("2024-01", "must be written like"),
        ("20240105", "must be written like"),
        ("Smarch 5, 2024", "must be written like"),
        ("soon", "must be written like"),
        ("9" * 5_000, "must be written like"),
    ],
)
def test_no_day(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        day_of(text)
    with pytest.raises(ArgumentError, match=f"date .*{reason}"):
        Article(url="/a", title="t", date=text)


def test_seconds_since_1970_are_a_date_in_python_too() -> None:
    assert Article(url="/a", title="t", date=1704412800).date == DAY


@given(st.datetimes(datetime.datetime(1000, 1, 1), datetime.datetime(9999, 12, 31)))
def test_what_programs_write_is_read(moment: datetime.datetime) -> None:
    texts = [moment.isoformat(), moment.date().isoformat(), email.utils.format_datetime(moment)]
    assert {day_of(text) for text in texts} == {moment.date()}


@given(st.text(max_size=20) | st.from_regex(r"[0-9/. -]{1,12}"))
def test_of_any_text_only_a_day_or_a_value_error_comes(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(day_of(text), datetime.date)
