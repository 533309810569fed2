"""Rules, closings and holidays against a slow model that looks at the clock of every five minutes."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.availability.cells import (
    CELLS_A_DAY,
    cell_at,
    cells_for,
    instant,
    is_aligned,
    local_cell,
    rfc3339,
)
from kcc.appointments.availability.opening import Closing, CounterTerm, Opening, Rule, opening
from kcc.appointments.availability.starts import positions
from tests.appointments.conftest import AMSTERDAM, DAY, LONG_AGO
from tests.appointments.planned import AUTUMN, DAYS, SPRING, closings, rules

DATES = st.none() | st.sampled_from([LONG_AGO, DAY, SPRING])
TERMS = st.lists(st.tuples(DATES, DATES), max_size=4).map(
    lambda dates: [CounterTerm(f"balie-{number}", *term) for number, term in enumerate(dates)]
)


def clock(cell: int) -> datetime:
    """What the clock on the wall says at the beginning of a cell."""
    return instant(cell).astimezone(AMSTERDAM).replace(tzinfo=None)


def within(minute: int, hours: tuple[int, int]) -> bool:
    """Whether a minute of the day is between two others."""
    return hours[0] <= minute < hours[1]


def open_cells(
    day: date, terms: list[CounterTerm], given: list[Rule], closed: list[Closing], *, holiday: bool, staff: bool
) -> dict[str, set[int]]:
    """Of each counter that exists the cells in which it is open, by looking at each of them."""
    there = [
        term.code
        for term in terms
        if (term.open_from is None or term.open_from <= day) and (term.open_until is None or day <= term.open_until)
    ]
    dated = [rule for rule in given if rule.only_on == day]
    weekly = [
        rule
        for rule in given
        if rule.weekday == day.isoweekday()
        and (rule.valid_from or day) <= day <= (rule.valid_until or day)
        and not holiday
    ]
    found: dict[str, set[int]] = {code: set() for code in there}
    midnight = cell_at(datetime.combine(day, time(), AMSTERDAM))
    for cell in range(midnight, midnight + 310):
        if clock(cell).date() != day:
            continue
        minute = clock(cell).hour * 60 + clock(cell).minute
        if any(item.day == day and within(minute, (item.begins, item.ends)) for item in closed):
            continue
        for rule in dated or weekly:
            open_now = within(minute, (rule.opens, rule.closes)) and not any(
                within(minute, pause) for pause in rule.breaks
            )
            if open_now and (staff or not rule.staff_only):
                for code in there[: len(there) if rule.counters is None else rule.counters]:
                    found[code].add(cell)
    return found


def runs(cells: set[int]) -> list[tuple[int, int]]:
    """The unbroken runs in a set, as (first, end)."""
    firsts = sorted(cell for cell in cells if cell - 1 not in cells)
    ends = sorted(cell + 1 for cell in cells if cell + 1 not in cells)
    return list(zip(firsts, ends, strict=True))


def told(opened: Opening, *, staff: bool) -> tuple[dict[str, set[int]], list[tuple[int, int]]]:
    """The open cells of each counter and the stretches, in cells since 1970."""
    rows = opened.staff_rows if staff else opened.rows
    stretches = opened.staff_stretches if staff else opened.stretches
    base = opened.first_cell
    cells = {code: {base + bit for bit in positions(bits)} for code, bits in rows.items()}
    return cells, [(base + first, base + end) for first, end in stretches]


@given(
    day=st.sampled_from(DAYS),
    terms=TERMS,
    given_rules=st.lists(rules(), max_size=5),
    closed=st.lists(closings(), max_size=2),
    holiday=st.booleans(),
)
def test_opening(
    day: date, terms: list[CounterTerm], given_rules: list[Rule], closed: list[Closing], holiday: bool
) -> None:
    opened = opening(day, AMSTERDAM, terms, given_rules, closed, holiday=holiday)
    for staff in (False, True):
        expected = open_cells(day, terms, given_rules, closed, holiday=holiday, staff=staff)
        cells, stretches = told(opened, staff=staff)
        assert cells == expected
        assert stretches == runs(set().union(*expected.values()))


@pytest.mark.parametrize(
    ("day", "opens"), [(DAY, "08:00"), (SPRING, "07:00"), (AUTUMN, "08:00"), (AUTUMN - timedelta(days=1), "07:00")]
)
def test_nine_o_clock_stays_nine_o_clock(day: date, opens: str) -> None:
    opened = opening(day, AMSTERDAM, [CounterTerm("balie-1")], [Rule(540, 720, only_on=day)], [])
    ((first, end),) = told(opened, staff=False)[1]
    assert rfc3339(first) == f"{day}T{opens}:00Z"
    assert end - first == 36


@pytest.mark.parametrize(("day", "hours"), [(DAY, 24), (SPRING, 23), (AUTUMN, 25)])
def test_open_day_and_night(day: date, hours: int) -> None:
    opened = opening(day, AMSTERDAM, [CounterTerm("balie-1")], [Rule(0, 1440, only_on=day)], [])
    assert opened.stretches == ((0, hours * 12),)


@given(day=st.sampled_from([SPRING, AUTUMN, DAY]), minutes=st.tuples(st.integers(90, 210), st.integers(90, 210)))
def test_a_later_time_on_the_clock_is_never_an_earlier_moment(day: date, minutes: tuple[int, int]) -> None:
    earlier, later = sorted(minutes)
    assert local_cell(day, earlier, AMSTERDAM) <= local_cell(day, later, AMSTERDAM)


def test_times_that_the_clock_skips_or_shows_twice() -> None:
    skipped = {local_cell(SPRING, minutes, AMSTERDAM) for minutes in range(120, 181)}
    assert {rfc3339(cell) for cell in skipped} == {"2027-03-28T01:00:00Z"}
    assert rfc3339(local_cell(AUTUMN, 150, AMSTERDAM)) == "2027-10-31T00:30:00Z"
    # A break in the hour that is not there takes nothing from the hour after it.
    opened = opening(SPRING, AMSTERDAM, [CounterTerm("1")], [Rule(0, 300, only_on=SPRING, breaks=((135, 165),))], [])
    assert opened.stretches == ((0, 48),)


@given(moment=st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(AMSTERDAM)))
def test_cells_are_five_minutes(moment: datetime) -> None:
    cell = cell_at(moment)
    assert instant(cell) <= moment < instant(cell + 1)
    assert is_aligned(moment) is (instant(cell) == moment)
    assert datetime.fromisoformat(rfc3339(cell)) == instant(cell)


def test_minutes_are_rounded_up_to_whole_cells() -> None:
    assert [cells_for(minutes) for minutes in (0, 1, 5, 8, 10, 11, 1440)] == [0, 1, 1, 2, 2, 3, CELLS_A_DAY]
