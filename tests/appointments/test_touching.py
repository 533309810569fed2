"""Which appointments a plan has no room for any more: by examples, and against going through the minutes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.availability.opening import Closing, Rule
from kcc.appointments.availability.plan import Place, Plan, PlannedCounter, PlannedProduct, Terms
from kcc.appointments.availability.touching import Booked, fits, touched

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = date(2026, 11, 24)
LONG_AGO = date(2020, 1, 1)
TERMS = Terms(
    valid_from=LONG_AGO, name="Paspoort", name_en="", upl=None, duration_minutes=10, further_person_minutes=0,
    preparation_minutes=0, step_minutes=None, max_persons=1, notice_minutes=0, horizon_days=60, bring=(), bring_en=(),
    costs="", costs_en="", online_url=None, staff_only=False, lead_time_days=None,
)  # fmt: skip
PLACE = Place(
    code="stadhuis", name="Stadhuis", name_en="", is_home_visit=False, travel_minutes=0, directions="",
    directions_en="", open_from=None, open_until=None, addresses=(),
    counters=(PlannedCounter("b1"), PlannedCounter("b2")),
    products=frozenset(), rules=(Rule(9 * 60, 12 * 60, weekday=2),), closings=(),
)  # fmt: skip


def plan(place: Place = PLACE, **product: Any) -> Plan:
    paspoort = replace(PlannedProduct("paspoort", (TERMS,), frozenset()), **product)
    return Plan(1, ZONE, {"paspoort": paspoort}, {place.code: place})


def at(minutes: int, length: int = 10, travel: int = 0, day: date = DAY, counter: str = "b1") -> Booked:
    """An appointment for a passport, some minutes after local midnight."""
    starts = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC) + timedelta(minutes=minutes)
    ends = starts + timedelta(minutes=length)
    return Booked("A", "stadhuis", counter, starts, ends, travel, frozenset({"paspoort"}))


def test_it_fits_from_the_first_minute_to_the_last() -> None:
    assert fits(plan(), at(9 * 60))
    assert fits(plan(), at(11 * 60 + 50))
    assert not fits(plan(), at(9 * 60 - 5))
    assert not fits(plan(), at(11 * 60 + 55))


def test_travel_before_and_after_must_fit_too() -> None:
    assert fits(plan(), at(9 * 60 + 20, travel=20))
    assert not fits(plan(), at(9 * 60 + 15, travel=20))
    assert not fits(plan(), at(11 * 60 + 35, travel=20))
    nights = replace(PLACE, rules=(Rule(0, 24 * 60, weekday=2),))
    assert fits(plan(nights), at(20, travel=20))
    assert not fits(plan(nights), at(15, travel=20))  # it would begin yesterday


@pytest.mark.parametrize(
    "changed",
    [
        plan(replace(PLACE, closings=(Closing(DAY, 10 * 60 + 5, 10 * 60 + 10),))),
        plan(replace(PLACE, rules=())),
        plan(replace(PLACE, rules=(replace(PLACE.rules[0], breaks=((10 * 60, 10 * 60 + 5),)),))),
        plan(replace(PLACE, rules=(*PLACE.rules, Rule(13 * 60, 14 * 60, only_on=DAY)))),
        plan(replace(PLACE, open_until=date(2026, 11, 23))),
        plan(replace(PLACE, code="elders")),
        plan(replace(PLACE, products=frozenset({"rijbewijs"}))),
        plan(replace(PLACE, counters=(PlannedCounter("b2"),))),
        plan(replace(PLACE, counters=(PlannedCounter("b1", open_from=date(2026, 11, 25)),))),
        plan(replace(PLACE, counters=(PlannedCounter("b1", products=frozenset({"rijbewijs"})),))),
        plan(withdrawn_from=DAY),
        plan(terms=(replace(TERMS, valid_from=date(2026, 11, 25)),)),
        Plan(1, ZONE, {}, {"stadhuis": PLACE}),
    ],
)
def test_what_touches(changed: Plan) -> None:
    booked = at(10 * 60)
    assert touched(plan(), changed, [booked, at(10 * 60, day=date(2026, 11, 25))]) == [booked]
    assert touched(changed, changed, [booked]) == []  # what did not fit before is no news


@pytest.mark.parametrize(
    "changed",
    [
        plan(replace(PLACE, rules=(replace(PLACE.rules[0], staff_only=True),))),
        plan(replace(PLACE, rules=(replace(PLACE.rules[0], counters=1),))),
        plan(replace(PLACE, closings=(Closing(DAY, 10 * 60 + 10, 12 * 60), Closing(date(2026, 12, 1))))),
        plan(terms=(replace(TERMS, duration_minutes=60, staff_only=True),)),
        plan(withdrawn_from=date(2026, 11, 25)),
    ],
)
def test_what_does_not(changed: Plan) -> None:
    assert touched(plan(), changed, [at(10 * 60)]) == []


times = st.integers(0, 288).map(lambda cell: cell * 5)


@given(
    st.sampled_from([DAY, date(2027, 3, 28), date(2026, 10, 25)]),
    st.lists(st.tuples(times, times, st.sampled_from([None, 1])), max_size=4),
    st.lists(st.tuples(times, times), max_size=3),
    times,
    st.integers(1, 12).map(lambda cells: cells * 5),
    st.sampled_from([0, 5, 20]),
    st.sampled_from(["b1", "b2"]),
)
def test_as_going_through_the_minutes(
    day: date,
    hours: list[tuple[int, int, int | None]],
    closings: list[tuple[int, int]],
    start: int,
    length: int,
    travel: int,
    counter: str,
) -> None:
    """Every cell of a visit, on days with a clock change too, is open at its counter and not closed."""
    rules = [Rule(a, b, only_on=day, counters=counters) for a, b, counters in hours if a < b]
    shut = [Closing(day, a, b) for a, b in closings if a < b]
    booked = at(start, length, travel, day, counter)
    moment, end = booked.starts_at - timedelta(minutes=travel), booked.ends_at + timedelta(minutes=travel)

    def instant(minutes: int) -> datetime:
        extra, of_day = divmod(minutes, 24 * 60)
        on = day + timedelta(days=extra)
        return datetime(on.year, on.month, on.day, of_day // 60, of_day % 60, tzinfo=ZONE).astimezone(UTC)

    def is_open(at: datetime) -> bool:
        serving = [rule for rule in rules if counter == "b1" or rule.counters is None]
        return any(instant(rule.opens) <= at < instant(rule.closes) for rule in serving) and not any(
            instant(closing.begins) <= at < instant(closing.ends) for closing in shut
        )

    expected = booked.starts_at.astimezone(ZONE).date() == day
    while moment < end:
        expected = expected and is_open(moment)
        moment += timedelta(minutes=5)
    made = plan(replace(PLACE, rules=tuple(rules), closings=tuple(shut)))
    assert fits(made, booked) == expected
