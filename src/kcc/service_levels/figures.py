"""What runs of a simulated day come to: shares in time, waits, occupancy, work after closing. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kcc.service_levels.definitions import mean, share, waits
from kcc.service_levels.simulation import Played, Served


@dataclass(frozen=True, slots=True)
class Targets:
    """Within how many seconds appointments and walk-ins are called, and for which percentage of appointments."""

    appointment_seconds: int = 300
    walk_in_seconds: int = 900
    percent: float = 95.0


@dataclass(frozen=True, slots=True)
class Group:
    """Waits, in seconds, of all appointments or all walk-ins of the runs; None of nobody. `visits` is a run's mean."""

    visits: float
    percent_within: float | None
    average_seconds: float | None
    median_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All runs together. `percent_of_days` is the share of runs that kept the target for appointments."""

    runs: int
    appointments: Group
    walk_ins: Group
    percent_of_days: float | None
    occupancy_percent: float | None
    after_closing_seconds: float
    after_closing_p95_seconds: float


def outcome(runs: Iterable[Played], targets: Targets) -> Outcome:
    """What these runs (one or more) come to. Occupancy is busy / (busy + idle) counter time, as in a report."""
    played = list(runs)
    each = [share_within(run, targets) for run in played]
    on_days = [percent >= targets.percent for percent in each if percent is not None]
    busy = sum(run.busy for run in played)
    after = [run.after_closing for run in played]
    visits = [one for run in played for one in run.served]
    return Outcome(
        runs=len(played),
        appointments=_group([one for one in visits if one.by_appointment], targets.appointment_seconds, len(played)),
        walk_ins=_group([one for one in visits if not one.by_appointment], targets.walk_in_seconds, len(played)),
        percent_of_days=share(sum(on_days), len(on_days)),
        occupancy_percent=100 * busy / whole if (whole := busy + sum(run.idle for run in played)) else None,
        after_closing_seconds=mean(after) or 0.0,
        after_closing_p95_seconds=percentile(after, 95) or 0.0,
    )


def share_within(run: Played, targets: Targets) -> float | None:
    """The percentage of appointments of a run that were called in time; None without appointments."""
    waited = [one.waited for one in run.served if one.by_appointment]
    return share(sum(wait <= targets.appointment_seconds for wait in waited), len(waited))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The smallest value that so many percent do not exceed (nearest rank); None of nothing."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)] if values else None


def _group(visits: Sequence[Served], threshold: int, runs: int) -> Group:
    seconds = [one.waited for one in visits]
    found = waits(seconds, threshold)
    return Group(
        visits=found.visits / runs,
        percent_within=found.percent_within,
        average_seconds=found.average_seconds,
        median_seconds=found.median_seconds,
        p95_seconds=percentile(seconds, 95),
    )
