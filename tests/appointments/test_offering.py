"""The starts that are offered against a brute force, and against what can then be booked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kcc.appointments.availability.cells import cell_at, instant
from kcc.appointments.availability.offering import Asker, SlotTaken, check_start, counters_for, offered
from kcc.appointments.availability.opening import Rule
from kcc.appointments.availability.plan import Plan, PlannedCounter
from kcc.appointments.availability.starts import positions
from kcc.appointments.availability.visit import Visit, visit
from kcc.errors import InvalidInput
from tests.appointments.conftest import AMSTERDAM
from tests.appointments.planned import AUTUMN, SPRING, closings, planned, rules, terms

# Two days next to each other, one of them a day on which the clock moves; most rules are about either.
NEXT = timedelta(days=1)
PAIRS = [(SPRING - NEXT, SPRING), (SPRING, SPRING + NEXT), (AUTUMN, AUTUMN + NEXT)]


def midnight(day: date) -> int:
    """The first cell of a local day."""
    return cell_at(datetime.combine(day, time(), AMSTERDAM))


def day_and_night(days: Sequence[date]) -> tuple[Rule, ...]:
    """Open without end on these days."""
    return tuple(Rule(0, 1440, only_on=day) for day in days)


@st.composite
def halls(draw: st.DrawFn) -> tuple[Plan, Visit, tuple[date, date]]:
    """A place with a few counters, a visit to it, and two days."""
    pair = draw(st.sampled_from(PAIRS))
    of = terms(
        duration_minutes=draw(st.integers(1, 90)),
        step_minutes=draw(st.none() | st.sampled_from([5, 10, 15, 25])),
        notice_minutes=draw(st.sampled_from([0, 30, 1500])),
        horizon_days=draw(st.sampled_from([0, 1, 30])),
    )
    only = st.sampled_from([frozenset[str](), frozenset({"a"}), frozenset({"b"})])
    counters = tuple(
        PlannedCounter(f"balie-{number}", products=draw(only)) for number in range(draw(st.integers(0, 2)))
    )
    plan = planned(
        {"a": of, "b": terms()},
        counters=(PlannedCounter("balie"), *counters),
        rules=draw(st.just(day_and_night(pair)) | st.lists(rules(pair), min_size=1, max_size=4).map(tuple)),
        closings=tuple(draw(st.lists(closings(pair), max_size=1))),
        is_home_visit=draw(st.booleans()),
        travel_minutes=draw(st.sampled_from([0, 10, 30])),
    )
    return plan, visit(plan, plan.places["stadhuis"], [("a", 1)], pair[0], staff=True, max_products=1), pair


ASKERS = st.builds(lambda minutes, staff: (timedelta(minutes=minutes), staff), st.integers(-60, 3000), st.booleans())
TAKEN = st.dictionaries(
    st.sampled_from(["balie", "balie-0", "balie-1"]),
    st.lists(st.tuples(st.integers(0, 600), st.integers(1, 30)), max_size=4),
)


def asker_at(pair: Sequence[date], asker: tuple[timedelta, bool]) -> Asker:
    """Somebody who asks so long after the first of the days began."""
    now = instant(midnight(pair[0])) + asker[0]
    return Asker(now, now.astimezone(AMSTERDAM).date(), asker[1])


def row(runs: Sequence[tuple[int, int]]) -> int:
    """The cells in these runs, as bits."""
    bits = 0
    for first, length in runs:
        bits |= ((1 << length) - 1) << first
    return bits


@given(hall=halls(), asker=ASKERS, runs=TAKEN)
@settings(max_examples=200)
def test_what_is_offered_is_what_can_be_booked(
    hall: tuple[Plan, Visit, tuple[date, date]],
    asker: tuple[timedelta, bool],
    runs: dict[str, list[tuple[int, int]]],
) -> None:
    plan, wanted, pair = hall
    who, base = asker_at(pair, asker), midnight(pair[0])
    taken = {code: row(cells) for code, cells in runs.items()}
    found = offered(plan, wanted, who, pair, taken, base)
    assert found == sorted(set(found))
    bookable = []
    for cell in range(base, midnight(pair[1] + NEXT)):
        day = instant(cell).astimezone(AMSTERDAM).date()
        of_day = {code: bits >> (midnight(day) - base) for code, bits in taken.items()}
        try:
            assert check_start(plan, wanted, who, instant(cell), day) == cell
        except (InvalidInput, SlotTaken):
            continue
        if counters_for(plan, wanted, who, day, cell, of_day):
            bookable.append(cell)
    assert found == bookable


@given(hall=halls(), asker=ASKERS, runs=TAKEN)
def test_offered_against_looking_at_every_cell(
    hall: tuple[Plan, Visit, tuple[date, date]],
    asker: tuple[timedelta, bool],
    runs: dict[str, list[tuple[int, int]]],
) -> None:
    plan, wanted, pair = hall
    who, base = asker_at(pair, asker), midnight(pair[0])
    earliest = who.now if who.staff else who.now + wanted.notice
    expected = []
    for day in pair:
        if day > who.today + wanted.horizon:
            continue
        opened = plan.opening(wanted.place, day)
        rows = opened.staff_rows if who.staff else opened.rows
        stretches = (*opened.stretches, *opened.staff_stretches) if who.staff else opened.stretches
        for cell in range(opened.first_cell, midnight(day + NEXT)):
            bit = cell - opened.first_cell
            needed = range(bit - wanted.travel, bit + wanted.cells + wanted.travel)
            on_step = any(first <= bit < end and (bit - first) % wanted.step == 0 for first, end in stretches)
            fits = any(
                counter.serves(wanted.codes)
                and set(needed) <= set(positions(rows.get(counter.code, 0)))
                and not any(
                    first <= cell_of + opened.first_cell - base < first + length
                    for cell_of in needed
                    for first, length in runs.get(counter.code, [])
                )
                for counter in wanted.place.counters
            )
            if on_step and fits and instant(cell) >= earliest:
                expected.append(cell)
    assert offered(plan, wanted, who, pair, {code: row(cells) for code, cells in runs.items()}, base) == expected


@given(hall=halls(), asker=ASKERS, runs=TAKEN)
def test_days_asked_for_together_are_the_same_as_apart(
    hall: tuple[Plan, Visit, tuple[date, date]],
    asker: tuple[timedelta, bool],
    runs: dict[str, list[tuple[int, int]]],
) -> None:
    plan, wanted, pair = hall
    who, base = asker_at(pair, asker), midnight(pair[0])
    taken = {code: row(cells) for code, cells in runs.items()}
    apart = [cell for day in pair for cell in offered(plan, wanted, who, [day], taken, base)]
    assert offered(plan, wanted, who, pair, taken, base) == apart


def test_a_visit_ends_on_its_own_day() -> None:
    pair = (AUTUMN, AUTUMN + NEXT)
    plan = planned({"a": terms(duration_minutes=45)}, rules=day_and_night(pair))
    wanted = visit(plan, plan.places["stadhuis"], [("a", 1)], AUTUMN, staff=False, max_products=1)
    who = asker_at(pair, (timedelta(0), False))
    found = [instant(cell).astimezone(AMSTERDAM) for cell in offered(plan, wanted, who, pair, {}, midnight(AUTUMN))]
    assert max(start for start in found if start.date() == AUTUMN).strftime("%H:%M") == "23:00"


def test_the_counter_that_leaves_the_smallest_unusable_gap_comes_first() -> None:
    counters = tuple(PlannedCounter(code) for code in ("leeg", "past", "rest"))
    rule = Rule(540, 720, only_on=AUTUMN)
    plan = planned({"a": terms(duration_minutes=20)}, counters=counters, rules=(rule,))
    wanted = visit(plan, plan.places["stadhuis"], [("a", 1)], AUTUMN, staff=False, max_products=1)
    who, nine = asker_at((AUTUMN,), (timedelta(0), False)), 10 * 12  # the day has an hour before nine twice
    taken = {"past": row([(nine + 4, 8)]), "rest": row([(nine + 6, 6)])}
    first = midnight(AUTUMN) + nine
    assert counters_for(plan, wanted, who, AUTUMN, first, taken) == ["past", "leeg", "rest"]
    assert counters_for(plan, wanted, who, AUTUMN, first + 4, taken) == ["leeg"]
