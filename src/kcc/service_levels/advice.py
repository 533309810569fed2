"""The fewest counters, and with them the start spacing and walk-in hours, that keep the target. Pure.

The appointments of the day stay as many and take as long, but start evenly over the starts there are: one a counter,
every so many minutes, as long as it can end before closing. As many people walk in, within the hours that they may.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kcc.appointments.hall.queueing import Rules
from kcc.service_levels.figures import Outcome, Targets, outcome, share_within
from kcc.service_levels.simulation import HOUR, Day, Played, Stretch, WalkIns, play, with_counters

MOST_COUNTERS = 20
SPACINGS = (5, 10, 15, 20, 30)
ADVICE_RUNS = 40
# Hopeless plans are given up after so many runs, when they are so far below the target.
_FIRST_RUNS, _HOPELESS = 4, 15.0


@dataclass(frozen=True, slots=True)
class Advice:
    """A plan that keeps the target, and what came of it. `walk_in_hours` are (begins, ends); None when nobody may."""

    counters: int
    spacing_minutes: int
    walk_in_hours: tuple[float, float] | None
    outcome: Outcome


def advise(
    day: Day,
    targets: Targets,
    runs: int = ADVICE_RUNS,
    seed: int = 1,
    rules: Rules | None = None,
    spacings: Sequence[int] = SPACINGS,
) -> Advice | None:
    """The plan with the fewest counters; of those the longest walk-in hours, then the most in time.

    Of equal ones the one with the longest spacing.
    None when no plan with up to 20 counters keeps the target, or there are no appointments to keep it for.
    """
    if not day.appointments:
        return None
    best: Advice | None = None
    for window in _windows(day):
        for spacing in spacings:
            # Only fewer counters are better than what was found, or as many with the same walk-in hours.
            most = MOST_COUNTERS if best is None else best.counters - (best.walk_in_hours != window)
            found = _fewest(day, targets, runs, seed, rules, spacing, window, most)
            if found is not None and (best is None or _rank(found) < _rank(best)):
                best = found
    return best


def _rank(advice: Advice) -> tuple[int, float, float, int]:
    hours = advice.walk_in_hours or (0.0, 0.0)
    within = advice.outcome.appointments.percent_within or 0
    return advice.counters, hours[0] - hours[1], -within, -advice.spacing_minutes


def _fewest(
    day: Day,
    targets: Targets,
    runs: int,
    seed: int,
    rules: Rules | None,
    spacing: int,
    window: tuple[float, float] | None,
    most: int,
) -> Advice | None:
    """By halving: with the same visitors more counters make nobody wait longer, but for noise."""
    least, found = 1, None
    while least <= most:
        counters = (least + most) // 2
        changed = planned_so(day, counters, spacing, window)
        kept = _kept(changed, targets, runs, seed, rules) if changed is not None else None
        if kept is None:
            least = counters + 1
        else:
            found, most = Advice(counters, spacing, window, kept), counters - 1
    return found


def _kept(day: Day, targets: Targets, runs: int, seed: int, rules: Rules | None) -> Outcome | None:
    """What comes of a plan; None when it does not keep the target."""
    played: list[Played] = []
    for run in range(runs):
        played.append(play(day, seed, run, rules))
        if run + 1 == _FIRST_RUNS:
            early = [share_within(one, targets) or 0.0 for one in played]
            if sum(early) / len(early) < targets.percent - _HOPELESS:
                return None
    found = outcome(played, targets)
    return found if (found.appointments.percent_within or 0.0) >= targets.percent else None


def planned_so(day: Day, counters: int, spacing: int, window: tuple[float, float] | None) -> Day | None:
    """The day with so many counters, starts every `spacing` minutes, and these walk-in hours.

    None when its appointments do not fit, or would not be over before closing.
    """
    changed = with_counters(day, counters)
    longest = max(one.takes for one in day.appointments)
    starts = [at for at in _starts(changed.stretches, 60.0 * spacing, longest) for _ in range(counters)]
    wanted = len(day.appointments)
    if wanted > len(starts):
        return None
    appointments = []
    for number, one in enumerate(sorted(day.appointments, key=lambda planned: planned.at)):
        appointments.append(replace(one, at=starts[number * len(starts) // wanted]))
    return replace(changed, appointments=tuple(appointments), walk_ins=_within(day.walk_ins, window))


def _starts(stretches: Sequence[Stretch], spacing: float, longest: float) -> Iterator[float]:
    for stretch in stretches:
        at = stretch.begins
        while at + longest <= stretch.ends:
            yield at
            at += spacing


def _within(walk_ins: Sequence[WalkIns], window: tuple[float, float] | None) -> tuple[WalkIns, ...]:
    if window is None:
        return ()
    begins, ends = window
    hours = sum(max(0.0, min(ends, one.ends) - max(begins, one.begins)) for one in walk_ins)
    number = sum((one.ends - one.begins) / HOUR * one.per_hour for one in walk_ins)
    per_hour = number / (hours / HOUR)
    return tuple(
        replace(one, begins=max(begins, one.begins), ends=min(ends, one.ends), per_hour=per_hour)
        for one in walk_ins
        if min(ends, one.ends) > max(begins, one.begins)
    )


def _windows(day: Day) -> list[tuple[float, float] | None]:
    """All hours in which people walk in now, and their first and second half; longest first."""
    if not day.walk_ins:
        return [None]
    begins, ends = min(one.begins for one in day.walk_ins), max(one.ends for one in day.walk_ins)
    half = (begins + ends) / 2
    return [(begins, ends), (begins, half), (half, ends)]
