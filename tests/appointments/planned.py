"""Plans made in memory, and strategies that make them, for tests of the pure cores."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from kcc.appointments.availability.opening import Closing, Rule
from kcc.appointments.availability.plan import Plan, PlannedCounter, PlannedProduct, Terms
from kcc.appointments.models import (
    ClosingDay,
    Counter,
    CounterProduct,
    Location,
    LocationAddress,
    LocationProduct,
    OpeningRule,
    Product,
    ProductCombination,
    ProductTerms,
)
from kcc.appointments.planner import build
from tests.appointments.conftest import AMSTERDAM, DAY, LONG_AGO, product

PLAN_TABLES = (
    Product,
    ProductTerms,
    ProductCombination,
    Location,
    LocationAddress,
    LocationProduct,
    Counter,
    CounterProduct,
    OpeningRule,
    ClosingDay,
)

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)  # the clock goes forward, and back
DAYS = [DAY, SPRING, AUTUMN, date(2026, 12, 25)]


def _smallest() -> Plan:
    rows: dict[Any, list[Any]] = {table: [] for table in PLAN_TABLES}
    for row in (*product("product", further=10), Location(code="stadhuis", name="Stadhuis")):
        rows[type(row)].append(row)
    return build(rows, 1, AMSTERDAM)


def terms(**values: Any) -> Terms:
    """A product's terms: ten minutes for each person, unless told otherwise."""
    return replace(_smallest().products["product"].terms[0], **values)


def planned(products: dict[str, Terms], combinations: Iterable[tuple[str, str]] = (), /, **place: Any) -> Plan:
    """A plan with these products and one place, `stadhuis`."""
    pairs = {pair for first, second in combinations for pair in ((first, second), (second, first))}
    usual = {"counters": (PlannedCounter("balie-1"),)}
    return Plan(
        version=1,
        zone=AMSTERDAM,
        products={
            code: PlannedProduct(code, (of,), frozenset(other for one, other in pairs if one == code))
            for code, of in products.items()
        },
        places={"stadhuis": replace(_smallest().places["stadhuis"], **usual | place)},
    )


def _outside_the_hour_that_moves(minute: int) -> int:
    # Between 02:00 and 03:00 a time on the clock may not exist, or come twice: test_opening.py looks at that apart.
    return minute if not 120 < minute < 180 else 180


def clock_times(last: int = 1440) -> st.SearchStrategy[int]:
    """Minutes after midnight, on 5-minute cells."""
    return st.integers(0, last // 5).map(lambda cell: _outside_the_hour_that_moves(cell * 5))


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    """From one time on the clock to a later one; often up to midnight."""
    begins, ends = sorted(draw(st.lists(st.one_of(clock_times(), st.just(1440)), min_size=2, max_size=2, unique=True)))
    return begins, ends


@st.composite
def rules(draw: st.DrawFn, days: Sequence[date] = DAYS) -> Rule:
    """Opening hours that may hold on one of these days."""
    opens, closes = draw(spans())
    day = draw(st.sampled_from(days))
    near = st.none() | st.sampled_from([LONG_AGO, day, date(2027, 3, 1)])
    once = draw(st.integers(0, 3)) == 0
    return Rule(
        opens,
        closes,
        weekday=None if once else day.isoweekday(),
        only_on=day if once else None,
        breaks=tuple(draw(st.lists(spans(), max_size=2))),
        counters=draw(st.none() | st.integers(1, 3)),
        staff_only=draw(st.booleans()),
        valid_from=draw(near),
        valid_until=draw(near),
    )


@st.composite
def closings(draw: st.DrawFn, days: Sequence[date] = DAYS) -> Closing:
    """Closed on one of these days, or part of it."""
    begins, ends = draw(st.just((0, 1440)) | spans())
    return Closing(draw(st.sampled_from(days)), begins, ends)
