"""`kcc waits`: how long people will wait at the counters."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from kcc import console
from kcc.appointments.availability.cells import instant
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.hall.rules import rules
from kcc.appointments.planner import Planner
from kcc.service_levels.advice import ADVICE_RUNS, MOST_COUNTERS, Advice, advise
from kcc.service_levels.booked_day import booked_day
from kcc.service_levels.definitions import COUNTER_WAIT, COUNTER_WAIT_VERSION
from kcc.service_levels.figures import Group, Outcome, Targets, outcome
from kcc.service_levels.simulation import Day, plays, with_counters
from kcc.service_levels.targets.reading import targets
from kcc.service_levels.targets.waiting import played
from kcc.settings import Settings, load_settings
from kcc.storage.database import Database

waits = typer.Typer(no_args_is_help=True, help="Waits at the counters.")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@waits.callback()
def _only_a_group() -> None:
    """Without this Typer would make its only command the group itself."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was simulated, on which day, and what came of it."""

    place: Place
    day: date
    first_cell: int
    zone: ZoneInfo
    planned: Day
    targets: Targets
    seed: int
    found: Outcome
    advice: Advice | None

    def clock(self, seconds: float) -> str:
        """Seconds after midnight as a time on the clock."""
        moment = instant(self.first_cell) + timedelta(seconds=round(seconds / 60) * 60)
        return f"{moment.astimezone(self.zone):%H:%M}"


@waits.command()
def simulate(
    location: Annotated[str, typer.Option(help="Code of the location.")],
    on: Annotated[str, typer.Option("--date", help="The day, such as 2026-11-24.")],
    counters: Annotated[
        int | None, typer.Option(help="So many open counters instead of those planned.", min=1, max=100)
    ] = None,
    runs: Annotated[int, typer.Option(help="How often the day is played.", min=1, max=5000)] = 200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Play a day at the counters many times over, as it is planned and booked, and advise how to keep the target."""
    day, settings = _day(on), load_settings()
    clock = settings.make_clock()

    async def work(database: Database) -> tuple[Plan, Place, Day, Targets]:
        async with database.reading() as session:
            plan = await Planner(clock.timezone).plan(session)
            place = _place(plan, location, day)
            promised = played(await targets(session, settings), day, location)
            return plan, place, await booked_day(session, plan, place, day, clock.today()), promised

    plan, place, planned, promised = console.with_database(work)
    chosen = with_counters(planned, counters) if counters else planned
    found = _simulate(settings, plan, place, day, chosen, promised, runs, seed)
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        typer.echo("\n".join(_as_table(found)))


def _day(text: str) -> date:
    with suppress(ValueError):
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    raise console.Refused(f"{text!r} is no date; write it as 2026-11-24")


def _place(plan: Plan, location: str, day: date) -> Place:
    place = plan.places.get(location)
    if place is None:
        raise console.Refused(f"there is no location {location!r}; there are: {', '.join(plan.places) or 'none'}")
    if place.is_home_visit:
        raise console.Refused(f"nobody waits at {location}: it is for visits at home")
    if not plan.opening(place, day).staff_stretches:
        raise console.Refused(f"{location} is closed on {day}")
    return place


def _simulate(
    settings: Settings, plan: Plan, place: Place, day: date, planned: Day, promised: Targets, runs: int, seed: int
) -> Simulated:
    order = rules(settings)
    return Simulated(
        place,
        day,
        plan.opening(place, day).first_cell,
        plan.zone,
        planned,
        promised,
        seed,
        outcome(plays(planned, runs, seed, order), promised),
        advise(planned, promised, min(runs, ADVICE_RUNS), seed, order),
    )


def _as_json(simulated: Simulated) -> dict[str, Any]:
    found, advice = simulated.found, simulated.advice
    return {
        "definition": {
            "metric": COUNTER_WAIT,
            "thresholdSeconds": simulated.targets.appointment_seconds,
            "version": COUNTER_WAIT_VERSION,
        },
        "location": simulated.place.code,
        "date": simulated.day.isoformat(),
        "runs": found.runs,
        "seed": simulated.seed,
        "targetPercent": simulated.targets.percent,
        "walkInThresholdSeconds": simulated.targets.walk_in_seconds,
        "open": [
            {"from": simulated.clock(one.begins), "to": simulated.clock(one.ends), "counters": one.counters}
            for one in simulated.planned.stretches
        ],
        **_outcome_json(found),
        "advice": None
        if advice is None
        else {
            "counters": advice.counters,
            "spacingMinutes": advice.spacing_minutes,
            "walkInHours": None
            if advice.walk_in_hours is None
            else {
                "from": simulated.clock(advice.walk_in_hours[0]),
                "to": simulated.clock(advice.walk_in_hours[1]),
            },
            "runs": advice.outcome.runs,
            **_outcome_json(advice.outcome),
        },
    }


def _outcome_json(found: Outcome) -> dict[str, Any]:
    return {
        "appointments": _group_json(found.appointments),
        "walkIns": _group_json(found.walk_ins),
        "percentOfDays": found.percent_of_days,
        "occupancyPercent": found.occupancy_percent,
        "afterClosingSeconds": found.after_closing_seconds,
        "afterClosingP95Seconds": found.after_closing_p95_seconds,
    }


def _group_json(group: Group) -> dict[str, float | None]:
    return {
        "visits": group.visits,
        "percentWithin": group.percent_within,
        "averageWaitSeconds": group.average_seconds,
        "medianWaitSeconds": group.median_seconds,
        "p95WaitSeconds": group.p95_seconds,
    }


def _as_table(simulated: Simulated) -> list[str]:
    found, targets = simulated.found, simulated.targets
    hours = ", ".join(
        f"{one.counters} from {simulated.clock(one.begins)} to {simulated.clock(one.ends)}"
        for one in simulated.planned.stretches
    )
    return [
        f"{simulated.place.code} on {simulated.day}, {found.runs} runs; open counters: {hours}",
        "",
        f"{'':14}{'visits':>8}{'in time':>10}{'mean':>8}{'median':>8}{'95 %':>8}",
        _row("appointments", found.appointments, targets.appointment_seconds),
        _row("walk-ins", found.walk_ins, targets.walk_in_seconds),
        "",
        f"counters busy {_percent(found.occupancy_percent)} of the time; last visitor out "
        f"{_clock(found.after_closing_seconds)} after closing on average, "
        f"{_clock(found.after_closing_p95_seconds)} at most on 95 % of days",
        f"target of {targets.percent:g} % kept on {_percent(found.percent_of_days)} of days",
        f"advice: {_advice(simulated)}",
    ]


def _row(name: str, group: Group, threshold: int) -> str:
    shown = (group.average_seconds, group.median_seconds, group.p95_seconds)
    times = "".join(f"{_clock(seconds):>8}" for seconds in shown)
    return f"{name:14}{group.visits:8.1f}{_percent(group.percent_within):>10}{times}   within {_clock(threshold)}"


def _advice(simulated: Simulated) -> str:
    advice = simulated.advice
    if not simulated.planned.appointments:
        return "none, for there are no appointments"
    if advice is None:
        return f"none; not even {MOST_COUNTERS} counters keep the target"
    hours = advice.walk_in_hours
    walk_ins = f", walk-ins from {simulated.clock(hours[0])} to {simulated.clock(hours[1])}" if hours else ""
    counters = "1 counter" if advice.counters == 1 else f"{advice.counters} counters"
    return (
        f"{counters}, a start every {advice.spacing_minutes} minutes{walk_ins}: "
        f"{_percent(advice.outcome.appointments.percent_within)} in time"
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} %"


def _clock(seconds: float | None) -> str:
    return "-" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}"
