"""A simulated day at the counters: who booked, who came, how long they waited. Pure.

Nine in ten are called within five minutes of when they were there and due; on busy days of the week fewer. A place and
a day are the same every time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from kcc.appointments.availability.cells import instant
from kcc.appointments.availability.opening import Opening
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.availability.visit import visit
from kcc.appointments.hall.course import VisitEventKind as Kind

# What people come for, and how often; places that do not offer it are left out.
PRODUCTS = {
    **{"paspoort": 22, "identiteitskaart": 14, "rijbewijs": 20, "document-ophalen": 26, "verhuizing": 6},
    **{"uittreksel": 5, "akte": 4, "vog": 3},
}
QUARTER = 3  # cells
BOOKED, WALK_IN = 0.09, 0.2  # chance of an appointment in a quarter of an hour of a counter, of a walk-in at a place
LAST_WALK_IN = 16 * 12 + 6  # the cell at half past four: after five it is by appointment only
NO_SHOW, MISSED, LEFT = 0.06, 0.01, 0.03
# Chance of a wait of more than five minutes on Monday up to Friday.
LONG_WAIT = (0.13, 0.09, 0.07, 0.08, 0.07)
SHORT_SECONDS, FIVE_MINUTES, LONG_SECONDS = 80.0, 300, (310.0, 900.0)
BOOKED_AHEAD = 14  # days, at most
BOOKED_BY_STAFF = 0.35
# When somebody walks in, and waits how many seconds.
Rush = Sequence[tuple[datetime, float]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who booked (`planned`), came, or both. `counter`: where it was booked; `events`: what, when and where.

    Who did not come has no events.
    """

    product: str
    minutes: int
    counter: str | None
    planned: datetime | None
    booked_at: datetime | None
    booked_by_staff: bool
    events: tuple[tuple[Kind, datetime, str | None], ...]


def visitors(plan: Plan, place: Place, day: date, volume: float, rush: Rush = ()) -> list[Visitor]:
    """Everybody of a day, by when they were there and due. Those in `rush` walk in besides.

    `volume` is the share of an ordinary day's visitors. Nobody, on a day on which the place is closed.
    """
    chance = Random(f"{place.code} {day}")  # noqa: S311  (a simulation)
    simulated = _Day(plan, place, day, chance)
    due = [*simulated.booked(volume * BOOKED), *simulated.walk_ins(volume * WALK_IN), *simulated.rushed(rush)]
    return [simulated.seen(one) for one in sorted(due, key=lambda one: one.ready)]


@dataclass(frozen=True, slots=True)
class _Due:
    product: str
    minutes: int
    ready: datetime
    arrived: datetime | None
    counter: str | None = None
    planned: datetime | None = None
    waits: float | None = None


class _Day:
    def __init__(self, plan: Plan, place: Place, day: date, chance: Random) -> None:
        self._place, self._day, self._chance = place, day, chance
        self._opening: Opening = plan.opening(place, day)
        self._free: dict[str, datetime] = {}
        offered = [code for code in PRODUCTS if code in plan.products and place.offers(frozenset([code]))]
        self._cells = {code: visit(plan, place, [(code, 1)], day, staff=True, max_products=1).cells for code in offered}

    def booked(self, rate: float) -> Iterator[_Due]:
        for counter in self._place.counters:
            row, bit = self._opening.rows.get(counter.code, 0), 0
            while row >> bit:
                step = QUARTER
                if row >> bit & 1 and self._chance.random() < rate and (product := self._product(counter.serves)):
                    cells = self._cells[product]
                    if row >> bit & (1 << cells) - 1 == (1 << cells) - 1:
                        step = -(-cells // QUARTER) * QUARTER
                        planned = instant(self._opening.first_cell + bit)
                        arrived = planned + timedelta(seconds=int(self._chance.gauss(-300, 240)))
                        came = self._chance.random() >= NO_SHOW
                        yield _Due(
                            product,
                            cells * 5,
                            max(planned, arrived),
                            arrived if came else None,
                            counter.code,
                            planned,
                        )
                bit += step

    def walk_ins(self, rate: float) -> Iterator[_Due]:
        for first, end in self._opening.staff_stretches if self._place.walk_ins else ():
            for bit in range(first, min(end, LAST_WALK_IN), QUARTER):
                if self._chance.random() < rate and (product := self._product()):
                    at = instant(self._opening.first_cell + bit) + timedelta(seconds=self._chance.randrange(900))
                    yield _Due(product, self._cells[product] * 5, at, at)

    def rushed(self, rush: Rush) -> Iterator[_Due]:
        for at, waits in rush if self._place.walk_ins else ():
            if self._counters(at) and (product := self._product()):
                yield _Due(product, self._cells[product] * 5, at, at, waits=waits)

    def _product(self, serves: Callable[[frozenset[str]], bool] = lambda _: True) -> str | None:
        codes = [code for code in self._cells if serves(frozenset([code]))]
        return self._chance.choices(codes, [PRODUCTS[code] for code in codes])[0] if codes else None

    def seen(self, due: _Due) -> Visitor:
        """How it went."""
        ahead = timedelta(days=self._chance.randint(1, BOOKED_AHEAD), minutes=self._chance.randrange(240))
        return Visitor(
            due.product,
            due.minutes,
            due.counter,
            due.planned,
            due.planned - ahead if due.planned else None,
            due.planned is not None and self._chance.random() < BOOKED_BY_STAFF,
            tuple(self._events(due, due.arrived)) if due.arrived else (),
        )

    def _events(self, due: _Due, arrived: datetime) -> Iterator[tuple[Kind, datetime, str | None]]:
        chance = self._chance
        yield Kind.ARRIVED, arrived, None
        wait = chance.expovariate(1 / SHORT_SECONDS) % FIVE_MINUTES
        if chance.random() < LONG_WAIT[min(self._day.weekday(), len(LONG_WAIT) - 1)]:
            wait = chance.uniform(*LONG_SECONDS)
        called = due.ready + timedelta(seconds=int(wait if due.waits is None else due.waits))
        if due.planned is None and due.waits is None and chance.random() < LEFT:
            yield Kind.LEFT, called, None
            return
        counters = [code for code in self._counters(called) if self._serves(code, due.product)] or [
            due.counter or self._place.counters[0].code
        ]
        # The last ones first, so that who tries the demonstration finds the first one free.
        counter = min(reversed(counters), key=lambda code: max(self._free.get(code, called), called))
        called = max(self._free.get(counter, called), called)
        yield Kind.CALLED, called, counter
        if chance.random() < MISSED:
            self._free[counter] = called + timedelta(minutes=3)
            yield Kind.MISSED, self._free[counter], counter
            return
        started = called + timedelta(seconds=chance.randint(15, 50))
        self._free[counter] = started + timedelta(seconds=int(due.minutes * 60 * chance.uniform(0.6, 1.2)))
        yield Kind.STARTED, started, counter
        yield Kind.FINISHED, self._free[counter], counter

    def _counters(self, at: datetime) -> list[str]:
        """The counters that are open at a moment."""
        bit = int(at.timestamp()) // 300 - self._opening.first_cell
        return [code for code, row in self._opening.staff_rows.items() if bit >= 0 and row >> bit & 1]

    def _serves(self, counter: str, product: str) -> bool:
        return any(one.code == counter and one.serves(frozenset([product])) for one in self._place.counters)
