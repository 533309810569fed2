"""Lead times: what was booked on a day, and how far away the first free start was."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.app import build_app
from kcc.appointments.models import LocationProduct
from kcc.appointments.planner import Planner
from kcc.appointments.policy import policy
from kcc.clock import Clock
from kcc.service_levels import queries
from kcc.service_levels.lead_times import LeadTimeKeeper, OfDay, over
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.appointments.conftest import AMSTERDAM, DAY, Desk, Hall, place, problem, product
from tests.conftest import NOW, SetClock

FIGURES = ("start", "booked", "averageDays", "medianDays", "targetDays", "within", "percentWithin")


def keeper_of(database: Database, clock: Clock, settings: Settings) -> LeadTimeKeeper:
    return LeadTimeKeeper(database, clock, Planner(AMSTERDAM), policy(settings))


@pytest.fixture
def keeper(database: Database, clock: Clock, settings: Settings) -> LeadTimeKeeper:
    return keeper_of(database, clock, settings)


@pytest.fixture
async def lead(hall: Hall, with_token: Any) -> httpx.AsyncClient:
    """A team lead. A passport at both locations, within three days; a driving licence at one, staff books a wedding."""
    await hall(
        product("paspoort", lead_time_days=3),
        product("rijbewijs"),
        product("huwelijk", 60, staff_only=True),
        place(),
        place("wijk", weekdays=[5]),
        LocationProduct(location="wijk", product="paspoort"),
    )
    client: httpx.AsyncClient = await with_token(Role.TEAM_LEAD)
    return client


async def rows(lead: httpx.AsyncClient, first: date = DAY, last: date | None = None, **more: str) -> list[Any]:
    period = {"from": first.isoformat(), "to": (last or first).isoformat()}
    response = await lead.get("/api/v1/lead-times", params=period | more)
    assert response.status_code == 200, response.text
    found = response.json()
    assert found["definition"] == {"metric": "lead-time", "version": 1}
    return list(found["rows"])


async def recorded(database: Database, day: date = DAY) -> dict[tuple[str, str], int | None]:
    async with database.reading() as session:
        return {(row.product, row.location): row.days for row in await queries.lead_times(session, day, day, None)}


async def test_the_first_free_start_of_each_product_at_each_location(
    lead: httpx.AsyncClient, keeper: LeadTimeKeeper, database: Database
) -> None:
    assert await keeper.record() == 4
    expected = {
        ("paspoort", "stadhuis"): 0,
        ("rijbewijs", "stadhuis"): 0,
        ("huwelijk", "stadhuis"): 0,
        ("paspoort", "wijk"): 3,  # it is Tuesday
    }
    assert await recorded(database) == expected
    assert await keeper.record() == 0


async def test_nothing_free_is_recorded_as_such_and_a_new_day_anew(
    hall: Hall, keeper: LeadTimeKeeper, database: Database, moment: SetClock, app: Starlette
) -> None:
    await hall(product("paspoort", horizon_days=2), place(weekdays=[5]))
    await keeper.record()
    moment.move(days=1)
    await keeper.record()
    assert await recorded(database) == {("paspoort", "stadhuis"): None}
    assert await recorded(database, DAY + timedelta(days=1)) == {("paspoort", "stadhuis"): 2}


async def test_several_processes_at_once_record_each_once(
    lead: httpx.AsyncClient, database: Database, clock: Clock, settings: Settings
) -> None:
    await asyncio.gather(*(keeper_of(database, clock, settings).record() for _ in range(4)))
    assert len(await recorded(database)) == 4


async def test_days_from_booking_to_the_appointment(
    lead: httpx.AsyncClient, desk: Desk, keeper: LeadTimeKeeper, moment: SetClock
) -> None:
    for ahead in (0, 1, 8):
        assert (await desk.book("11:00", day=DAY + timedelta(days=ahead))).status_code == 201
    await desk.manage(await desk.book("11:00", day=DAY + timedelta(days=3)), "cancel")
    await keeper.record()
    assert await rows(lead, product="paspoort") == [
        {
            "start": "2026-11-24",
            "product": "paspoort",
            "booked": 4,
            "averageDays": 3.0,
            "medianDays": 2.0,
            "targetDays": 3,
            "within": 3,
            "percentWithin": 75.0,
            "firstFreeDays": 0,
            "firstFree": [{"location": "stadhuis", "days": 0}, {"location": "wijk", "days": 3}],
        }
    ]


async def test_an_interval_is_its_days_together(
    lead: httpx.AsyncClient, desk: Desk, keeper: LeadTimeKeeper, moment: SetClock
) -> None:
    """Made on Tuesday 24 and Wednesday 25 November, and on Monday 30 November, in the week after."""
    for made, ahead in ((0, 0), (0, 1), (1, 7), (6, 8)):
        moment.at = NOW + timedelta(days=made)
        assert (await desk.book("11:00", day=DAY + timedelta(days=made + ahead))).status_code == 201
        await keeper.record()
    last = DAY + timedelta(days=7)
    by_day = await rows(lead, DAY, last, product="paspoort")
    assert by_day == await rows(lead, DAY, last, product="paspoort", by="day")
    week, next_week = await rows(lead, DAY, last, product="paspoort", by="week")
    assert [week[name] for name in FIGURES] == [
        "2026-11-24",
        3,
        pytest.approx(8 / 3),
        1.0,
        3,
        2,
        pytest.approx(200 / 3),
    ]
    assert week["firstFree"] == by_day[1]["firstFree"] != by_day[0]["firstFree"]
    assert next_week == by_day[6] | {"start": "2026-11-30"}
    november, december = await rows(lead, DAY, last, product="paspoort", by="month")
    assert [november[name] for name in FIGURES] == ["2026-11-24", 4, 4.0, 4.0, 3, 2, 50.0]
    assert (december["start"], december["booked"], december["firstFree"]) == ("2026-12-01", 0, [])
    (year,) = await rows(lead, DAY, last, product="paspoort", by="year")
    assert year == november
    assert {row["product"] for row in await rows(lead, DAY, last, by="year")} == {"huwelijk", "paspoort", "rijbewijs"}


@pytest.mark.parametrize(
    ("of_days", "expected"),
    [
        ([([1, 5], 3), ([5], 5)], (3, 5, 2, 200 / 3)),  # each day by its own target
        ([([1, 5], 3), ([5], None)], (3, 3, 1, 50.0)),  # made without a target: in no percentage
        ([([1], None), ([5], None)], (2, None, None, None)),
        ([([], 3), ([], 4)], (0, 4, 0, None)),
    ],
)
def test_each_day_has_its_own_target(of_days: Any, expected: Any) -> None:
    row = over(DAY, "paspoort", [OfDay(DAY, ahead, target, ()) for ahead, target in of_days])
    assert (row.booked, row.target_days, row.within, row.percent_within) == expected


async def test_a_day_without_anything_has_no_figures(lead: httpx.AsyncClient) -> None:
    found = await rows(lead, DAY, DAY + timedelta(days=1))
    assert [(row["start"], row["product"]) for row in found] == [
        (day, code) for day in ("2026-11-24", "2026-11-25") for code in ("huwelijk", "paspoort", "rijbewijs")
    ]
    assert found[1] | {"start": "", "product": ""} == {
        "start": "",
        "product": "",
        "booked": 0,
        "averageDays": None,
        "medianDays": None,
        "targetDays": 3,
        "within": 0,
        "percentWithin": None,
        "firstFreeDays": None,
        "firstFree": [],
    }


async def test_what_is_refused(lead: httpx.AsyncClient, with_token: Any) -> None:
    asked = {"from": "2026-11-24", "to": "2026-11-24"}
    assert problem(await lead.get("/api/v1/lead-times", params=asked | {"product": "niets"})) == (404, "not-found")
    for wrong in ({"to": "2026-11-23"}, {"to": "2027-11-25"}, {"from": "0001-01-01"}, {"to": ""}, {"by": "hour"}):
        assert (await lead.get("/api/v1/lead-times", params=asked | wrong)).status_code == 400
    agent = await with_token(Role.AGENT)
    assert (await agent.get("/api/v1/lead-times", params=asked)).status_code == 403


async def test_it_is_kept_while_the_service_runs(hall: Hall, settings: Settings, database: Database) -> None:
    await hall(product("paspoort"), place())
    running = build_app(settings.model_copy(update={"worker": True}))
    async with running.router.lifespan_context(running):
        for _ in range(2000):
            if await recorded(database):
                break
            await asyncio.sleep(0.05)
    assert await recorded(database) == {("paspoort", "stadhuis"): 0}
