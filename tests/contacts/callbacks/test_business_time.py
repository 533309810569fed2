"""Business time against a slow model that looks at every minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kcc.catalogue.holidays import public_holidays
from kcc.contacts.callbacks.business_time import BusinessTime
from kcc.office_hours import Day, parse_week

ZONE = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)


def is_holiday(day: date) -> bool:
    return day in public_holidays(day.year)


OFFICE = BusinessTime(parse_week("mon-fri 8:30-17:00"), ZONE, is_holiday)


def slow_is_open(business: BusinessTime, moment: datetime) -> bool:
    local = moment.astimezone(ZONE)
    if is_holiday(local.date()):
        return False
    minute = local.hour * 60 + local.minute
    if any(closes <= minute < opens for closes, opens in business.closed.get(local.date(), ())):
        return False
    return any(begin <= local.time() < end for begin, end in business.week[local.weekday()])


def slow_after(business: BusinessTime, moment: datetime, minutes: int) -> datetime:
    """Tick off open minutes one by one."""
    left = minutes
    while left or (not minutes and not slow_is_open(business, moment)):
        left -= slow_is_open(business, moment) if minutes else 0
        moment += MINUTE
    return moment


@st.composite
def days(draw: st.DrawFn) -> Day:
    quarters = sorted(draw(st.sets(st.integers(24, 88), max_size=4)))
    times = [time(*divmod(15 * quarter, 60)) for quarter in quarters]
    return tuple(zip(times[::2], times[1::2], strict=False))


weeks = st.lists(days(), min_size=7, max_size=7).filter(any).map(tuple)
# Around both clock changes, Easter, King's Day, Christmas.
beginnings = st.sampled_from(
    [
        datetime(2026, 3, 27, 12, tzinfo=UTC),
        datetime(2026, 10, 23, 12, tzinfo=UTC),
        datetime(2026, 12, 24, 12, tzinfo=UTC),
        datetime(2027, 4, 26, 12, tzinfo=UTC),
    ]
)


# By how many days after the beginning: from when to when it is closed, in minutes of the day.
closings = st.dictionaries(
    st.integers(0, 7),
    st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda one: one[0] < one[1]), max_size=3),
    max_size=4,
)


@settings(deadline=None, max_examples=40)
@given(weeks, beginnings, st.integers(0, 4 * 24 * 60), st.integers(0, 900), closings)
@example(parse_week("mon-sun 6:00-22:00"), datetime(2026, 3, 28, 20, tzinfo=UTC), 0, 300, {})
@example(
    parse_week("mon-sun 6:00-22:00"), datetime(2026, 10, 24, 19, tzinfo=UTC), 0, 300, {0: [(0, 1440)], 1: [(600, 660)]}
)
def test_it_is_as_if_every_minute_were_looked_at(
    week: tuple[Day, ...], beginning: datetime, later: int, minutes: int, closed: dict[int, list[tuple[int, int]]]
) -> None:
    moment, first = beginning + later * MINUTE, beginning.astimezone(ZONE).date()
    by_day = {first + timedelta(days=number): found for number, found in closed.items()}
    business = BusinessTime(week, ZONE, is_holiday, by_day)
    assert business.is_open(moment) == slow_is_open(business, moment)
    assert business.after(moment, minutes * MINUTE) == slow_after(business, moment, minutes)


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("2026-11-24T09:00", 16, "2026-11-25T16:30"),
        ("2026-11-24T18:00", 8.5, "2026-11-25T17:00"),  # to the end of the day, not the next one's beginning
        ("2026-11-27T16:00", 2, "2026-11-30T09:30"),  # over a weekend
        ("2026-12-24T16:30", 1, "2026-12-28T09:00"),  # over Christmas
        ("2027-05-04T16:30", 1, "2027-05-07T09:00"),  # 5 May and Ascension Day, which is 6 May in 2027
        ("2026-03-27T16:30", 1, "2026-03-30T09:00"),  # the clock goes forward
        ("2026-10-23T16:30", 1, "2026-10-26T09:00"),  # and back
    ],
)
def test_moments_in_amsterdam(moment: str, hours: float, expected: str) -> None:
    since, until = (datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (moment, expected))
    assert OFFICE.after(since, timedelta(hours=hours)) == until


def test_the_next_open_moment_and_the_next_open_day() -> None:
    evening = datetime(2026, 12, 24, 18, tzinfo=ZONE)
    assert OFFICE.next_open(evening) == datetime(2026, 12, 28, 8, 30, tzinfo=ZONE)
    assert OFFICE.next_day(date(2026, 12, 24)) == date(2026, 12, 28)
    now = datetime(2026, 11, 24, 9, tzinfo=ZONE)
    assert OFFICE.next_open(now) == now


def test_who_is_never_open_is_told() -> None:
    never = BusinessTime(((),) * 7, ZONE, is_holiday)
    with pytest.raises(ValueError, match="never open"):
        never.after(datetime(2026, 11, 24, tzinfo=UTC), MINUTE)
