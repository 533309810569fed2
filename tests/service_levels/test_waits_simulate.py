"""`kcc waits simulate`: a booked day, played."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from kcc.appointments.hall.models import Outcome, Visit, VisitKind
from kcc.appointments.planner import Planner
from kcc.service_levels.booked_day import LEAST_VISITS, booked_day, open_stretches, seconds_for
from kcc.service_levels.simulation import Punctuality, Stretch
from kcc.storage.database import Database
from tests.appointments.conftest import AMSTERDAM, DAY, Desk, Hall, place, product, put, rule
from tests.cli.conftest import Done, Kcc, installed, kcc, surroundings
from tests.conftest import NOW

__all__ = ["installed", "kcc", "surroundings"]
NINE = 9 * 3600.0


@pytest.fixture
async def simulate(installed: Kcc, hall: Hall, desk: Desk) -> Any:
    """`await simulate("--json")` at a town hall with two counters and three appointments."""
    await hall(product("paspoort"), place(counters=2, walk_ins=True), place("thuis", kind="home-visit"))
    for start in ("9:10", "9:20", "9:20"):
        assert (await desk.book(start)).status_code == 201

    async def run(*options: str, location: str = "stadhuis", day: str = DAY.isoformat()) -> Done:
        return await asyncio.to_thread(
            installed, "waits", "simulate", "--location", location, "--date", day, "--runs", "20", *options
        )

    return run


async def test_the_booked_day_for_programs(simulate: Any) -> None:
    done = await simulate("--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert found["definition"] == {"metric": "counter-wait", "thresholdSeconds": 300, "version": 2}
    assert (found["location"], found["date"], found["runs"], found["seed"]) == ("stadhuis", "2026-11-24", 20, 1)
    assert found["open"] == [{"from": "09:00", "to": "12:00", "counters": 2}]
    assert found["appointments"]["visits"] == 3
    assert 90 < found["appointments"]["percentWithin"] <= 100
    assert found["walkIns"] == {
        "visits": 0,
        "percentWithin": None,
        "averageWaitSeconds": None,
        "medianWaitSeconds": None,
        "p95WaitSeconds": None,
    }
    assert found["advice"]["counters"] == 1
    assert found["advice"]["walkInHours"] is None
    assert (await simulate("--json")).out == done.out
    assert (await simulate("--json", "--seed", "2")).out != done.out


async def test_the_booked_day_for_people(simulate: Any) -> None:
    done = await simulate("--counters", "1")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "stadhuis on 2026-11-24, 20 runs; open counters: 1 from 09:00 to 12:00"
    assert lines[3].startswith("appointments       3.0")
    assert lines[3].endswith("within 5:00")
    assert lines[-1].startswith("advice: 1 counter, a start every ")


async def test_what_cannot_be_simulated(simulate: Any, database: Database) -> None:
    await put(database, rule("9:00", "10:00", location="thuis"))
    for options, refusal in (
        ({"location": "nergens"}, "there is no location 'nergens'; there are: stadhuis, thuis"),
        ({"location": "thuis"}, "nobody waits at thuis: it is for visits at home"),
        ({"day": "2026-12-25"}, "stadhuis is closed on 2026-12-25"),
        ({"day": "24-11-2026"}, "'24-11-2026' is no date; write it as 2026-11-24"),
        ({"day": "2026-02-30"}, "'2026-02-30' is no date; write it as 2026-11-24"),
    ):
        assert await simulate(**options) == Done(2, "", f"kcc: {refusal}\n")


def visit(number: int, seconds: int, kind: VisitKind, **fields: Any) -> Visit:
    """One that was done, a week before."""
    arrived = NOW - timedelta(weeks=1)
    planned = arrived + timedelta(minutes=3) if kind is VisitKind.APPOINTMENT else None
    return Visit(
        location="stadhuis",
        day=DAY - timedelta(weeks=1),
        number=f"{kind[0]} {number}",
        kind=kind,
        products=[["paspoort", 1]],
        planned_at=planned,
        takes_minutes=10,
        arrived_at=arrived,
        state="finished",
        served_seconds=seconds,
        outcome=Outcome.DONE,
        **fields,
    )


async def test_what_was_measured_before_counts(simulate: Any, database: Database) -> None:
    for kind, seconds in ((VisitKind.APPOINTMENT, 400), (VisitKind.WALK_IN, 200)):
        await put(database, *(visit(number, seconds, kind) for number in range(LEAST_VISITS)))
    async with database.reading() as session:
        plan = await Planner(AMSTERDAM).plan(session)
        day = await booked_day(session, plan, plan.places["stadhuis"], DAY, DAY)
        day_after = await booked_day(session, plan, plan.places["stadhuis"], DAY + timedelta(days=1), DAY)
    assert day.stretches == (Stretch(NINE, 12 * 3600, 2),)
    assert [(one.at, one.takes) for one in day.appointments] == [(NINE + 600, 300), *[(NINE + 1200, 300)] * 2]
    assert [(one.per_hour, one.takes) for one in day.walk_ins] == [(pytest.approx(LEAST_VISITS / 3), 200)]
    assert day.punctuality == Punctuality(-180, 0)
    assert day_after.walk_ins == ()  # another day of the week


async def test_counters_that_open_later_make_another_stretch(simulate: Any, database: Database) -> None:
    await put(database, rule("13:00", "15:00", counters=1), rule("14:00", "15:00", staff_only=True))
    async with database.reading() as session:
        plan = await Planner(AMSTERDAM).plan(session)
    found = open_stretches(plan.opening(plan.places["stadhuis"], DAY))
    assert [(one.begins / 3600, one.ends / 3600, one.counters) for one in found] == [
        (9, 12, 2),
        (13, 14, 1),
        (14, 15, 2),
    ]


def test_a_visit_takes_as_planned_unless_all_of_it_was_measured() -> None:
    measured = {"paspoort": 400.0, "rijbewijs": 300.0}
    assert seconds_for([("paspoort", 1), ("rijbewijs", 1)], measured, 900) == 700
    assert seconds_for([("paspoort", 2)], measured, 900) == 900
    assert seconds_for([("paspoort", 1), ("huwelijk", 1)], measured, 900) == 900
    assert seconds_for([], measured, 900) == 900
