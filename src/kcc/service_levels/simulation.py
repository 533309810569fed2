"""A day at the counters, played many times over: who waits how long, given what is open and who comes. Pure.

A discrete-event simulation. Times are in seconds after any moment that the caller chooses (say local midnight). All
counters are equal. The order is that of the hall itself. Nobody gives up: who came is served, after closing if need be.
The same seed gives the same visitors whatever is open, so that two plans are compared on the same days.
"""

import heapq
import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random

from kcc.appointments.hall.queueing import Rules, Waiting, next_for
from kcc.service_levels.definitions import counter_wait

HOUR = 3600.0
_ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)


class Service(StrEnum):
    """How service times vary around their mean."""

    EXPONENTIAL = "exponential"
    DETERMINISTIC = "deterministic"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when so many counters are open."""

    begins: float
    ends: float
    counters: int


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment: its time, and the seconds that it takes on average."""

    at: float
    takes: float


@dataclass(frozen=True, slots=True)
class WalkIns:
    """Between two times so many an hour walk in (a Poisson process), who each take so many seconds on average."""

    begins: float
    ends: float
    per_hour: float
    takes: float


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Seconds that appointments come after their time (negative: before), a normal distribution."""

    mean: float = -300.0
    deviation: float = 300.0


@dataclass(frozen=True, slots=True)
class Day:
    """What is open and who comes. `stretches` are in order and do not overlap; between two of them nobody is called.

    `variation` is the standard deviation of a lognormal service time as a share of its mean.
    """

    stretches: tuple[Stretch, ...]
    appointments: tuple[Planned, ...] = ()
    walk_ins: tuple[WalkIns, ...] = ()
    punctuality: Punctuality = Punctuality()
    service: Service = Service.LOGNORMAL
    variation: float = 0.5


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who comes, as the queue sees them, and the seconds that serving them will turn out to take."""

    waiting: Waiting
    arrives: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Served:
    """A visitor who was served. `waited` is the counter wait in whole seconds, as it is defined everywhere."""

    visitor: Visitor
    called: float
    waited: int

    @property
    def by_appointment(self) -> bool:
        """Whether this was no walk-in."""
        return self.visitor.waiting.planned_at is not None


@dataclass(frozen=True, slots=True)
class Played:
    """One run: everybody in the order in which they were called.

    `busy` and `idle` are counter-seconds (idle only while open); `after_closing` the seconds until the last one left.
    """

    served: tuple[Served, ...]
    busy: float
    idle: float
    after_closing: float


def play(day: Day, seed: int, run: int = 0, rules: Rules | None = None) -> Played:
    """One run of a day. The numbers follow from `seed` and `run` alone. Raises ValueError when no counter is open."""
    if not any(stretch.counters for stretch in day.stretches):
        raise ValueError("no counter is open")
    return _Course(day, list(visitors(day, seed, run)), rules or Rules()).play()


def plays(day: Day, runs: int, seed: int, rules: Rules | None = None) -> Iterator[Played]:
    """So many runs, each with other visitors."""
    return (play(day, seed, run, rules) for run in range(runs))


def visitors(day: Day, seed: int, run: int) -> Iterator[Visitor]:
    """Who comes in a run: appointments first, then walk-ins by arrival."""
    number = 0
    random = Random(f"appointments {seed} {run}")  # noqa: S311
    for planned in day.appointments:
        arrives = planned.at + random.gauss(day.punctuality.mean, day.punctuality.deviation)
        yield _visitor(number, arrives, planned.takes, _seconds(day, planned.takes, random), planned.at)
        number += 1
    random = Random(f"walk-ins {seed} {run}")  # noqa: S311
    for walk_ins in day.walk_ins:
        at, rate = walk_ins.begins, walk_ins.per_hour / HOUR
        while rate > 0 and (at := at + random.expovariate(rate)) < walk_ins.ends:
            yield _visitor(number, at, walk_ins.takes, _seconds(day, walk_ins.takes, random))
            number += 1


def _visitor(number: int, arrives: float, takes: float, seconds: float, planned: float | None = None) -> Visitor:
    planned_at = None if planned is None else _moment(planned)
    return Visitor(Waiting(number, _moment(arrives), timedelta(seconds=takes), planned_at), arrives, seconds)


def _seconds(day: Day, mean: float, random: Random) -> float:
    """A service time. A lognormal one with mean m and variation v has σ² = ln(1 + v²) and μ = ln m − σ²/2."""
    if day.service is Service.DETERMINISTIC:
        return mean
    if day.service is Service.EXPONENTIAL:
        return random.expovariate(1 / mean)
    variance = math.log(1 + day.variation**2)
    return random.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))


def _moment(at: float) -> datetime:
    return _ORIGIN + timedelta(seconds=at)


class _Course:
    """The state of one run while it is played."""

    def __init__(self, day: Day, coming: Sequence[Visitor], rules: Rules) -> None:
        self._rules = rules
        self._closes = max(stretch.ends for stretch in day.stretches)
        self._last_counters = next(stretch.counters for stretch in reversed(day.stretches) if stretch.counters)
        # When; 0 a stretch ends, 1 one begins, 2 somebody comes, 3 somebody is done; of whom, or how many counters.
        self._events: list[tuple[float, int, int, Visitor | None]] = []
        for visitor in coming:
            self._events.append((visitor.arrives, 2, visitor.waiting.id, visitor))
        for stretch in day.stretches:
            self._events.append((stretch.ends, 0, 0, None))
            self._events.append((stretch.begins, 1, stretch.counters, None))
        heapq.heapify(self._events)
        self._due = sorted(visitor.waiting.planned_at for visitor in coming if visitor.waiting.planned_at)
        self._longest = max((visitor.waiting.takes for visitor in coming), default=timedelta())
        self._waiting: dict[int, Visitor] = {}
        self._served: list[Served] = []
        self._open = self._busy = 0
        self._idle_seconds = self._busy_seconds = 0.0

    def play(self) -> Played:
        now = self._events[0][0]
        last_left = self._closes
        while self._events:
            before, (now, kind, number, visitor) = now, heapq.heappop(self._events)
            self._idle_seconds += max(0, self._open - self._busy) * max(0.0, min(now, self._closes) - before)
            if kind == 0:
                self._open = self._last_counters if now >= self._closes else 0
            elif kind == 1:
                self._open = number
            elif visitor is not None:
                self._waiting[visitor.waiting.id] = visitor
            else:
                self._busy -= 1
                last_left = max(last_left, now)
            # Who comes and what closes at this very moment counts before anybody is called.
            if not self._events or self._events[0][0] > now:
                self._call(now)
        return Played(tuple(self._served), self._busy_seconds, self._idle_seconds, last_left - self._closes)

    def _call(self, now: float) -> None:
        moment = _moment(now)
        while self._waiting and self._busy < self._open:
            one = next_for(
                (visitor.waiting for visitor in self._waiting.values()), moment, self._rules, self._due_soon(moment)
            )
            assert one is not None
            visitor = self._waiting.pop(one.id)
            if one.planned_at is not None:
                self._due.remove(one.planned_at)
            waited = counter_wait(one.planned_at, one.arrived_at, moment)
            self._served.append(Served(visitor, now, waited))
            self._busy += 1
            self._busy_seconds += visitor.seconds
            heapq.heappush(self._events, (now + visitor.seconds, 3, one.id, None))

    def _due_soon(self, moment: datetime) -> Sequence[datetime]:
        """Of the appointments still to be called those that can be in the way of a walk-in now."""
        return self._due[bisect_right(self._due, moment) : bisect_right(self._due, moment + self._longest)]


def with_counters(day: Day, counters: int) -> Day:
    """The same day with so many counters whenever any is open."""
    merged: list[Stretch] = []
    for stretch in day.stretches:
        if not stretch.counters:
            continue
        if merged and merged[-1].ends == stretch.begins:
            merged[-1] = replace(merged[-1], ends=stretch.ends)
        else:
            merged.append(replace(stretch, counters=counters))
    return replace(day, stretches=tuple(merged))
