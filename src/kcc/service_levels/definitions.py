"""The figures, exactly as defined. Pure; every part that needs a definition takes it from here.

Durations are in seconds. No data is None: never 0 % and never 100 %.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

# Raised when `counter_wait`, or what counts as in time, comes to mean something else.
COUNTER_WAIT, COUNTER_WAIT_VERSION = "counter-wait", 1
# Raised when the days from booking come to mean something else.
LEAD_TIME_VERSION = 1


def counter_wait(planned_at: datetime | None, arrived_at: datetime, called_at: datetime) -> int:
    """Seconds that a visitor waited for a counter: from the planned start or the arrival, whichever came last.

    A walk-in (`planned_at` None) waits from the arrival. Who is called early has waited 0. A recall does not count:
    `called_at` is the first call.
    """
    since = arrived_at if planned_at is None else max(planned_at, arrived_at)
    return max(0, int((called_at - since).total_seconds()))


def minutes_late(planned_at: datetime, arrived_at: datetime) -> int:
    """Whole minutes after the planned start; negative when early."""
    return int((arrived_at - planned_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Waits:
    """Counter waits of some visits, against a threshold in seconds."""

    visits: int
    within: int
    percent_within: float | None
    average_seconds: float | None
    median_seconds: float | None


def waits(seconds: Sequence[int], threshold: int) -> Waits:
    """Figures of these waits; in time is up to and including the threshold."""
    if not seconds:
        return Waits(0, 0, None, None, None)
    within = sum(wait <= threshold for wait in seconds)
    return Waits(len(seconds), within, 100 * within / len(seconds), sum(seconds) / len(seconds), float(median(seconds)))


def share(part: int, whole: int) -> float | None:
    """A percentage; None of nothing."""
    return 100 * part / whole if whole else None


def mean(values: Iterable[float]) -> float | None:
    """The mean; None of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else None
