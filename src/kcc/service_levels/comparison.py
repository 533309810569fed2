"""A simulated day with the number of counters that was asked for, beside other numbers, and the advice. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from kcc.appointments.hall.queueing import Rules
from kcc.service_levels.advice import ADVICE_RUNS, MOST_COUNTERS, Advice, advise
from kcc.service_levels.figures import Outcome, Targets, outcome
from kcc.service_levels.simulation import HOUR, Day, plays, with_counters

# Somebody waits for the answer: a day with so many visitors is played once in this budget, one with half of them twice.
VISITS_PLAYED, LEAST_RUNS, MOST_RUNS = 3000, 8, 50
# So many numbers of counters beside the one that was asked for, on each side.
BESIDE = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of `runs` runs with each number of counters, the same visitors in all of them.

    `counters` is the number that was asked for; None for the counters as they are planned, when they are not as many
    all day. `chosen` is what came of that, `rows` what came of other numbers all day, from few to many, and `fewest`
    the smallest of them that keeps the target with the appointments as they are booked.
    """

    runs: int
    counters: int | None
    chosen: Outcome
    rows: tuple[tuple[int, Outcome], ...]
    fewest: int | None
    advice: Advice | None


def runs_for(day: Day) -> int:
    """How often a day is played: the busier it is, the less."""
    walk_ins = sum((one.ends - one.begins) / HOUR * one.per_hour for one in day.walk_ins)
    return max(LEAST_RUNS, min(MOST_RUNS, int(VISITS_PLAYED / max(1.0, len(day.appointments) + walk_ins))))


def compare(day: Day, counters: int | None, targets: Targets, rules: Rules, seed: int = 1) -> Comparison:
    """The day with so many counters, or as they are planned, and with others. The same seed gives the same figures.

    Raises ValueError when no counter is open on the day.
    """
    planned = sorted({stretch.counters for stretch in day.stretches if stretch.counters})
    asked = counters or (planned[0] if len(planned) == 1 else None)
    runs, found = runs_for(day), dict[int, Outcome]()

    def played(number: int) -> Outcome:
        if number not in found:
            found[number] = outcome(plays(with_counters(day, number), runs, seed, rules), targets)
        return found[number]

    chosen = played(asked) if asked else outcome(plays(day, runs, seed, rules), targets)
    middle = min(MOST_COUNTERS, asked or planned[-1])
    for number in range(max(1, middle - BESIDE), min(MOST_COUNTERS, middle + BESIDE) + 1):
        played(number)
    fewest = _fewest(middle, lambda number: keeps(played(number), targets)) if day.appointments else None
    return Comparison(
        runs=runs,
        counters=asked,
        chosen=chosen,
        rows=tuple(sorted(found.items())),
        fewest=fewest,
        advice=advise(day, targets, min(ADVICE_RUNS, runs // 2), seed, rules),
    )


def keeps(found: Outcome, targets: Targets) -> bool:
    """Whether enough appointments were called in time; without appointments there is no target to keep."""
    within = found.appointments.percent_within
    return within is not None and within >= targets.percent


def _fewest(middle: int, enough: Callable[[int], bool]) -> int | None:
    """From the middle down while it is enough, or else up until it is."""
    if enough(middle):
        while middle > 1 and enough(middle - 1):
            middle -= 1
        return middle
    return next((number for number in range(middle + 1, MOST_COUNTERS + 1) if enough(number)), None)
