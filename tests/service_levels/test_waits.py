"""GET /api/v1/waits: who counts in which figure, and in which row."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import Visit, VisitKind
from kcc.appointments.models import Location
from kcc.service_levels.periods import By, start_of, starts
from kcc.storage.database import Database
from tests.appointments.conftest import AMSTERDAM, DAY, Desk, Hall, at, place, problem, product, put
from tests.conftest import SetClock

EMPTY = {
    "visits": 0,
    "within": 0,
    "missed": 0,
    "noShows": 0,
    "leftBeforeCalled": 0,
    "percentWithin": None,
    "averageWaitSeconds": None,
    "medianWaitSeconds": None,
    "averageMinutesLate": None,
    "walkIns": 0,
    "walkInsWithin": 0,
    "walkInsMissed": 0,
    "walkInsLeft": 0,
}
DEFINITION = {"metric": "counter-wait", "thresholdSeconds": 300, "walkInThresholdSeconds": 900, "version": 2}
_numbers = count(1)


def moment_at(clock: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(at(clock, day))


def came(
    planned: str | None, arrived: str, waited: float | None, day: date = DAY, of: str = "paspoort", **fields: Any
) -> Visit:
    """A visit, called so many minutes after it began to wait; None when it was never called."""
    planned_at, arrived_at = planned and moment_at(planned, day), moment_at(arrived, day)
    since = max(planned_at, arrived_at) if planned_at else arrived_at
    called = None if waited is None else since + timedelta(minutes=waited)
    usual = {"state": VisitState.WAITING if called is None else VisitState.FINISHED, "location": "stadhuis"}
    return Visit(
        day=day,
        number=f"A {next(_numbers)}",
        kind=VisitKind.APPOINTMENT if planned else VisitKind.WALK_IN,
        products=[[of, 1]],
        planned_at=planned_at or None,
        takes_minutes=10,
        arrived_at=arrived_at,
        first_called_at=called,
        **usual | fields,
    )


class Lead:
    """A team lead who asks for waits."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, first: date = DAY, last: date | None = None, **more: str) -> httpx.Response:
        period = {"from": first.isoformat(), "to": (last or first).isoformat()}
        return await self.client.get("/api/v1/waits", params=period | more)

    async def rows(self, first: date = DAY, last: date | None = None, **more: str) -> list[dict[str, Any]]:
        response = await self.ask(first, last, **more)
        assert response.status_code == 200, response.text
        found = response.json()
        assert found["definition"] == DEFINITION
        return list(found["rows"])


@pytest.fixture
async def lead(hall: Hall, with_token: Any) -> Lead:
    """A team lead of a municipality with one town hall with three counters."""
    await hall(product("paspoort"), product("rijbewijs"), place(counters=3, walk_ins=True))
    return Lead(await with_token(Role.TEAM_LEAD))


async def test_the_figures_of_a_day(lead: Lead, database: Database) -> None:
    await put(
        database,
        came("9:10", "9:00", -2),  # called before the time: has waited 0
        came("9:20", "9:15", 5),  # up to and including the threshold
        came("9:30", "9:34", 6),  # counts from the late arrival
        came("9:40", "9:40", 9, state=VisitState.MISSED),
        came("9:50", "9:40", None, state=VisitState.LEFT),
        came("10:00", "9:55", 1, state=VisitState.LEFT),  # was called before, and left while parked
        came("10:10", "10:00", None),  # waits still
        came(None, "9:05", 15),
        came(None, "9:05", 15.5),
        came(None, "9:05", 1, state=VisitState.MISSED),
        came(None, "9:05", 1, state=VisitState.MISSED),
        came(None, "9:05", 1, state=VisitState.LEFT),  # was called before
        came(None, "9:10", None),  # waits still
        came(None, "9:05", None, state=VisitState.LEFT),
    )
    assert await lead.rows() == [
        {
            "start": "2026-11-24",
            "location": "stadhuis",
            "visits": 4,
            "within": 3,
            "missed": 1,
            "noShows": 0,
            "leftBeforeCalled": 1,
            "percentWithin": 75.0,
            "averageWaitSeconds": 180.0,
            "medianWaitSeconds": 180.0,
            "averageMinutesLate": -4.0,
            "walkIns": 3,
            "walkInsWithin": 2,
            "walkInsMissed": 2,
            "walkInsLeft": 1,
        }
    ]


async def test_how_late_people_come_is_not_rounded_for_each_of_them(lead: Lead, database: Database) -> None:
    for seconds in (-1, -59, 30, 90):
        visit = came("9:10", "9:10", 1)
        visit.arrived_at += timedelta(seconds=seconds)
        await put(database, visit)
    (row,) = await lead.rows()
    assert row["averageMinutesLate"] == 0.25


async def test_nobody_is_no_figure(lead: Lead) -> None:
    assert await lead.rows(DAY, DAY + timedelta(days=1)) == [
        {"start": "2026-11-24", "location": "stadhuis"} | EMPTY,
        {"start": "2026-11-25", "location": "stadhuis"} | EMPTY,
    ]


async def test_who_did_not_come_counts_once_the_location_has_closed(
    lead: Lead, desk: Desk, agent: Desk, database: Database, moment: SetClock, with_token: Any
) -> None:
    kept = await desk.book("9:20")
    await desk.book("9:30")
    await desk.book("9:30", "rijbewijs")
    await desk.manage(await desk.book("9:40"), "cancel")
    await desk.book("10:00", day=DAY + timedelta(days=1))
    checked = await agent.client.post(f"/api/v1/appointments/{kept.json()['code']}/check-in")
    assert checked.status_code == 200
    moment.at = moment_at("11:59")
    assert [row["noShows"] for row in await lead.rows()] == [0]
    moment.at = moment_at("12:00")
    assert [row["noShows"] for row in await lead.rows(DAY, DAY + timedelta(days=1))] == [2, 0]
    assert [row["noShows"] for row in await lead.rows(product="rijbewijs")] == [1]
    by_quarter = await lead.rows(by="quarter")
    assert [(row["start"], row["noShows"]) for row in by_quarter if row["noShows"]] == [("2026-11-24T08:30:00Z", 2)]


async def test_by_week_by_month_and_by_quarter_of_an_hour(lead: Lead, database: Database) -> None:
    december = date(2026, 12, 1)
    await put(
        database,
        came("9:10", "9:00", 1),
        came("9:14", "9:20", 2),
        came(None, "9:20", 0),
        came("9:00", "9:00", 3, day=december),
    )
    weeks = await lead.rows(DAY, december, by="week")
    assert [(row["start"], row["visits"]) for row in weeks] == [("2026-11-24", 2), ("2026-11-30", 1)]
    months = await lead.rows(date(2026, 11, 1), december, by="month")
    assert [(row["start"], row["visits"]) for row in months] == [("2026-11-01", 2), ("2026-12-01", 1)]
    quarters = await lead.rows(by="quarter")
    assert len(quarters) == 96
    assert [(row["start"], row["visits"], row["walkIns"]) for row in quarters if row["visits"] + row["walkIns"]] == [
        ("2026-11-24T08:00:00Z", 2, 0),
        ("2026-11-24T08:15:00Z", 0, 1),
    ]


async def test_by_location_and_product(lead: Lead, hall: Hall, database: Database) -> None:
    await hall(place("wijk"), Location(code="thuis", name="Thuis", kind="home-visit"))
    await hall(Location(code="weg", name="Weg", open_until=DAY - timedelta(days=1)))
    both = came("9:20", "9:10", 1)
    both.products = [["paspoort", 1], ["rijbewijs", 2]]
    await put(database, came("9:10", "9:00", 1), both, came("9:10", "9:00", 1, location="wijk", of="rijbewijs"))
    assert [(row["location"], row["visits"]) for row in await lead.rows()] == [("stadhuis", 2), ("wijk", 1)]
    assert [(row["location"], row["visits"]) for row in await lead.rows(location="wijk")] == [("wijk", 1)]
    found = await lead.rows(product="rijbewijs")
    assert [(row["location"], row["visits"]) for row in found] == [("stadhuis", 1), ("wijk", 1)]


async def test_what_is_refused(lead: Lead, with_token: Any) -> None:
    assert problem(await lead.ask(location="nergens")) == (404, "not-found")
    assert problem(await lead.ask(product="niets")) == (404, "not-found")
    for period in (
        lead.ask(DAY, DAY - timedelta(days=1)),
        lead.ask(DAY, DAY + timedelta(days=31), by="quarter"),
        lead.ask(DAY, DAY + timedelta(days=1100)),
        lead.ask(date(1, 1, 1)),
        lead.ask(date(9999, 12, 31)),
        lead.ask(by="decade"),
        lead.client.get("/api/v1/waits"),
    ):
        assert (await period).status_code == 400
    clerk = Lead(await with_token(Role.COUNTER_CLERK))
    assert (await clerk.ask()).status_code == 403


@pytest.mark.parametrize(("day", "quarters"), [(date(2027, 3, 28), 92), (date(2027, 10, 31), 100), (DAY, 96)])
def test_a_day_has_as_many_quarters_as_the_clock_gives_it(day: date, quarters: int) -> None:
    found = list(starts(By.QUARTER, day, day, AMSTERDAM))
    assert len(found) == len(set(found)) == quarters
    assert all(start_of(start, By.QUARTER, day, AMSTERDAM) == start for start in found)  # type: ignore[arg-type]
