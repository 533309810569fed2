"""Counts and records together tell of every day once."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.periods import DAY, days_of, next_month
from kcc.service_levels.rollups.models import Span
from kcc.service_levels.rollups.pieces import Sealed

days = st.dates(date(2026, 1, 15), date(2026, 6, 20))


@given(days, st.integers(0, 150), days, st.frozensets(days, max_size=4), st.booleans())
def test_every_day_is_told_of_once(
    first: date, more: int, until: date, changed: frozenset[date], by_month: bool
) -> None:
    last = first + timedelta(days=more)
    pieces = Sealed(until, changed).pieces(first, last, by_month=by_month)
    counted: list[date] = []
    for span, begin, end in pieces.runs:
        assert span is Span.DAY or (by_month and begin.day == end.day == 1)
        counted += days_of(begin, end if span is Span.DAY else next_month(end) - DAY)
    read = [day for begin, end in pieces.rest for day in days_of(begin, end)]
    assert sorted(counted + read) == list(days_of(first, last))
    assert all(day < until and day not in changed for day in counted)
    assert all(day >= until or day in changed for day in read)


def test_whole_months_are_taken_together() -> None:
    first, last = date(2026, 1, 15), date(2026, 5, 10)
    sealed = Sealed(last, frozenset({date(2026, 3, 31)}))
    assert sealed.pieces(first, last, by_month=True).runs == [
        (Span.DAY, first, date(2026, 1, 31)),
        (Span.MONTH, date(2026, 2, 1), date(2026, 2, 1)),
        (Span.DAY, date(2026, 3, 1), date(2026, 3, 30)),
        (Span.MONTH, date(2026, 4, 1), date(2026, 4, 1)),
        (Span.DAY, date(2026, 5, 1), date(2026, 5, 9)),
    ]
    assert sealed.pieces(first, last, by_month=True).rest == [(date(2026, 3, 31),) * 2, (last, last)]
