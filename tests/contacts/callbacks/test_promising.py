"""The moments that can be chosen, and before when somebody is called."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc.contacts.callbacks.promising import MOST_DAYS_AHEAD, NotThen, Preferred, When, check, chosen, due_at
from tests.contacts.callbacks.test_business_time import OFFICE, ZONE

WITHIN = timedelta(hours=16)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


TUESDAY, FRIDAY, EVENING = local("2026-11-24T09:00"), local("2026-11-27T16:00"), local("2026-11-24T18:00")


@pytest.mark.parametrize(
    ("now", "when", "after", "day", "start", "until"),
    [
        (TUESDAY, When.TODAY, time(14), None, "2026-11-24T14:00", "2026-11-24T17:00"),
        (TUESDAY, When.TODAY, time(7), None, "2026-11-24T08:30", "2026-11-24T17:00"),
        (TUESDAY, When.MORNING, None, None, "2026-11-25T08:30", "2026-11-25T12:00"),
        (TUESDAY, When.AFTERNOON, None, None, "2026-11-25T12:00", "2026-11-25T17:00"),
        (FRIDAY, When.MORNING, None, None, "2026-11-30T08:30", "2026-11-30T12:00"),
        (FRIDAY, When.DAY_AFTERNOON, None, date(2026, 12, 28), "2026-12-28T12:00", "2026-12-28T17:00"),
        (TUESDAY, When.DAY_MORNING, None, date(2026, 11, 24), "2026-11-24T08:30", "2026-11-24T12:00"),
    ],
)
def test_a_choice_is_a_moment(
    now: datetime, when: When, after: time | None, day: date | None, start: str, until: str
) -> None:
    assert chosen(OFFICE, now, when, after, day) == Preferred(local(start), local(until))
    check(OFFICE, now, Preferred(local(start), local(until)))


@pytest.mark.parametrize(
    ("now", "when", "after", "day", "field"),
    [
        (TUESDAY, When.TODAY, None, None, "after"),
        (TUESDAY, When.TODAY, time(17), None, "after"),
        (EVENING, When.TODAY, time(9), None, "after"),
        (TUESDAY, When.DAY_MORNING, None, None, "day"),
        (TUESDAY, When.DAY_MORNING, None, date(2026, 11, 23), "day"),
        (TUESDAY, When.DAY_MORNING, None, date(2026, 11, 28), "day"),
        (TUESDAY, When.DAY_MORNING, None, date(2026, 12, 25), "day"),
        (TUESDAY, When.DAY_MORNING, None, date(2027, 11, 24), "day"),
        (FRIDAY, When.DAY_MORNING, None, date(2026, 11, 27), "day"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    now: datetime, when: When, after: time | None, day: date | None, field: str
) -> None:
    with pytest.raises(NotThen) as refused:
        chosen(OFFICE, now, when, after, day)
    assert refused.value.field == field


def test_as_soon_as_possible_is_within_the_promised_time() -> None:
    assert chosen(OFFICE, TUESDAY, When.SOON, None, None) == Preferred()
    assert due_at(OFFICE, TUESDAY, WITHIN, Preferred()) == local("2026-11-25T16:30")


def test_a_later_wish_is_due_when_it_is_over() -> None:
    wish = Preferred(local("2026-11-30T08:30"), local("2026-11-30T12:00"))
    assert due_at(OFFICE, TUESDAY, WITHIN, wish) == local("2026-11-30T12:00")
    early = Preferred(local("2026-11-24T14:00"), local("2026-11-24T17:00"))
    assert due_at(OFFICE, TUESDAY, WITHIN, early) == local("2026-11-25T16:30")


def test_the_last_day_ahead_is_chosen_to_its_end() -> None:
    last = TUESDAY.astimezone(ZONE).date() + timedelta(days=MOST_DAYS_AHEAD)
    wish = chosen(OFFICE, TUESDAY, When.DAY_AFTERNOON, None, last)
    check(OFFICE, TUESDAY, wish)


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(When),
    st.times(),
    st.integers(-3, 100),
)
def test_whatever_is_chosen_can_be_promised(moment: datetime, when: When, after: time, ahead: int) -> None:
    now = moment.replace(tzinfo=ZONE)
    try:
        wish = chosen(OFFICE, now, when, after, now.date() + timedelta(days=ahead))
    except NotThen:
        return
    check(OFFICE, now, wish)
    due = due_at(OFFICE, now, WITHIN, wish)
    assert due >= now
    assert due == (wish.until or due) or due > (wish.until or now)
    # Up to the very end of an opening is still in it.
    assert OFFICE.is_open(due - timedelta(seconds=1))
