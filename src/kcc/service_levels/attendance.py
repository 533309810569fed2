"""Who came and how long each waited, in numbers that add up. Who counts in which figure is told in metrics. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kcc.appointments.hall.course import VisitState
from kcc.service_levels.definitions import counter_wait


@dataclass(frozen=True, slots=True)
class Came:
    """A visit as far as waiting goes; `planned_at` is None for a walk-in, `called_at` is the first call."""

    location: str
    planned_at: datetime | None
    arrived_at: datetime
    called_at: datetime | None
    state: VisitState
    products: frozenset[str]


class Fate(StrEnum):
    """How it went with somebody who came, or should have."""

    CALLED = "called"
    MISSED = "missed"
    LEFT = "left"
    NO_SHOW = "no-show"


def fate(one: Came) -> Fate | None:
    """Who was missed, or left before being called, is out of the wait and counted apart; who waits is in no figure."""
    if one.state is VisitState.MISSED:
        return Fate.MISSED
    if one.called_at is not None:
        return Fate.CALLED
    return Fate.LEFT if one.state is VisitState.LEFT else None


@dataclass(slots=True)
class Attendance:
    """Visits by appointment, and walk-ins apart; of each wait, in seconds, how many there were.

    `late` is how long after their planned start those in `waits` came, together; negative when early.
    """

    waits: Counter[int] = field(default_factory=Counter)
    late: timedelta = timedelta()
    walk_in_waits: Counter[int] = field(default_factory=Counter)
    missed: int = 0
    no_shows: int = 0
    left_before_called: int = 0
    walk_ins_missed: int = 0
    walk_ins_left: int = 0

    def add(self, other: "Attendance") -> None:
        """Those of another too."""
        self.waits.update(other.waits)
        self.late += other.late
        self.walk_in_waits.update(other.walk_in_waits)
        self.missed += other.missed
        self.no_shows += other.no_shows
        self.left_before_called += other.left_before_called
        self.walk_ins_missed += other.walk_ins_missed
        self.walk_ins_left += other.walk_ins_left

    def count(self, one: Came) -> None:
        """One visit more."""
        went = fate(one)
        if went is Fate.CALLED and one.called_at is not None:
            wait = counter_wait(one.planned_at, one.arrived_at, one.called_at)
            if one.planned_at is None:
                self.walk_in_waits[wait] += 1
            else:
                self.waits[wait] += 1
                self.late += one.arrived_at - one.planned_at
        elif one.planned_at is None:
            self.walk_ins_missed += went is Fate.MISSED
            self.walk_ins_left += went is Fate.LEFT
        else:
            self.missed += went is Fate.MISSED
            self.left_before_called += went is Fate.LEFT
