"""Who is called next, and how long a newcomer will wait. Pure: no database, no clock.

The order, of those who fit a counter:

1. appointments whose time has come, by planned time; one that came too late, by its arrival instead;
2. walk-ins by arrival. One that has waited past its threshold goes before (1), unless an appointment is due within
   the time that the walk-in takes;
3. appointments whose time has not come, only when there is nobody else.

Who was at a counter before and must go on at another keeps the place they had.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kcc.appointments.hall.course import VisitState


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings of the order: how late an appointment may come and keep its time, how long a walk-in waits at most."""

    late_after: timedelta = timedelta(minutes=10)
    walk_in_threshold: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits. `planned_at` is None for a walk-in; `place_since` is the place kept from a first counter.

    `takes` is how long serving them is expected to take; `sent_on_by` the counter that sent them on to another one.
    """

    id: int
    arrived_at: datetime
    takes: timedelta
    planned_at: datetime | None = None
    place_since: datetime | None = None
    products: frozenset[str] = frozenset()
    sent_on_by: str | None = None


@dataclass(frozen=True, slots=True)
class Occupation:
    """Somebody in the hall, and what they will take; `since` is when they were called or served.

    `alone` is their only product, when they come for one and by themselves.
    """

    id: int
    state: VisitState
    counter: str | None
    since: datetime | None
    planned_at: datetime | None
    takes_minutes: int
    alone: str | None


Fits = Callable[[Waiting], bool]


def codes(products: Sequence[Sequence[str | int]]) -> frozenset[str]:
    """The products of [code, persons] of each."""
    return frozenset(str(code) for code, _persons in products)


def in_order(
    waiting: Iterable[Waiting], now: datetime, rules: Rules, due: Sequence[datetime] = (), fits: Fits = lambda _: True
) -> list[Waiting]:
    """Those who fit, in the order in which they are called.

    `due` are the planned times of appointments that are still to be called, arrived or not.
    """
    upcoming = _upcoming(now, due)
    return sorted(filter(fits, waiting), key=lambda one: _rank(one, now, rules, upcoming))


def next_for(
    waiting: Iterable[Waiting], now: datetime, rules: Rules, due: Sequence[datetime] = (), fits: Fits = lambda _: True
) -> Waiting | None:
    """Who is called next at a counter; None when nobody fits."""
    upcoming = _upcoming(now, due)
    return min(filter(fits, waiting), key=lambda one: _rank(one, now, rules, upcoming), default=None)


def _upcoming(now: datetime, due: Sequence[datetime]) -> datetime | None:
    """The first that is due from now on: when that one is not in the way of a walk-in, none is."""
    return min((moment for moment in due if moment > now), default=None)


def _rank(one: Waiting, now: datetime, rules: Rules, upcoming: datetime | None) -> tuple[int, datetime, datetime, int]:
    if one.place_since is not None:
        group, since = 1, one.place_since
    elif one.planned_at is None:
        overdue = now - one.arrived_at > rules.walk_in_threshold
        in_the_way = upcoming is not None and upcoming < now + one.takes
        group, since = (0 if overdue and not in_the_way else 2), one.arrived_at
    else:
        late = one.arrived_at - one.planned_at > rules.late_after
        group, since = (1 if one.planned_at <= now else 3), (one.arrived_at if late else one.planned_at)
    return group, since, one.arrived_at, one.id


def waiting_time(counters: Iterable[datetime], ahead: Iterable[timedelta], now: datetime) -> timedelta | None:
    """How long somebody waits behind those `ahead` (what each takes), at equal counters; None when none is open."""
    free = [max(moment, now) for moment in counters]
    if not free:
        return None
    heapq.heapify(free)
    for takes in ahead:
        heapq.heappush(free, heapq.heappop(free) + takes)
    return free[0] - now
