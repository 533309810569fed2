"""The nights on which the clock moves: waits are real seconds, days are local days, quarters are really 92 and 100."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from tests.appointments.conftest import AMSTERDAM, Desk, Hall, place, product, rule
from tests.conftest import SetClock

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
# The moment itself: 02.00 becomes 03.00, and 03.00 becomes 02.00.
MOVES = {SPRING: datetime(2027, 3, 28, 1, tzinfo=UTC), AUTUMN: datetime(2027, 10, 31, 1, tzinfo=UTC)}
QUARTERS = {SPRING: 92, AUTUMN: 100}
DAYS = pytest.mark.parametrize("day", MOVES, ids=["spring", "autumn"])


class NightHall:
    """A hall that is open all night, and its clerk."""

    def __init__(self, client: httpx.AsyncClient, lead: httpx.AsyncClient, moment: SetClock) -> None:
        self.client, self.lead, self.moment = client, lead, moment

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.post(f"/api/v1/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    async def walks_in(self, at: datetime) -> dict[str, Any]:
        self.moment.at = at
        return await self.post("visits", location="stadhuis", products=[{"code": "paspoort", "persons": 1}])

    async def served(self, called: datetime, done: datetime) -> dict[str, Any]:
        """Whoever is next is called, comes at once, and is done."""
        self.moment.at = called
        visit = await self.post("counters/stadhuis-1/call-next")
        await self.post(f"visits/{visit['id']}/start")
        self.moment.at = done
        return await self.post(f"visits/{visit['id']}/finish")

    async def waits(self, day: date, by: str) -> list[dict[str, Any]]:
        asked = {"from": day.isoformat(), "to": day.isoformat(), "by": by, "location": "stadhuis"}
        answer = await self.lead.get("/api/v1/waits", params=asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["rows"]
        return found

    async def numbers(self, day: date) -> list[str]:
        answer = await self.client.get("/api/v1/visits", params={"location": "stadhuis", "date": day.isoformat()})
        return [visit["number"] for visit in answer.json()["results"]]


@pytest.fixture
async def night(hall: Hall, with_token: Any, moment: SetClock) -> NightHall:
    await hall(product("paspoort", 5), place(counters=3, hours=[("0:00", "24:00")], walk_ins=True))
    await hall(rule("0:00", "24:00", only_on=SPRING))  # it is Easter too
    return NightHall(await with_token(Role.COUNTER_CLERK), await with_token(Role.TEAM_LEAD), moment)


@DAYS
async def test_waits_and_service_are_seconds_that_really_passed(night: NightHall, day: date) -> None:
    moves = MOVES[day]
    await night.walks_in(moves - timedelta(minutes=40))
    await night.walks_in(moves - timedelta(minutes=1))
    await night.post("counters/stadhuis-1/open")
    done = await night.served(moves - timedelta(seconds=1), moves + timedelta(seconds=1))
    assert (done["waitSeconds"], done["serviceSeconds"]) == (40 * 60 - 1, 2)
    done = await night.served(moves + timedelta(minutes=5), moves + timedelta(minutes=25, seconds=7))
    assert (done["waitSeconds"], done["serviceSeconds"]) == (6 * 60, 20 * 60 + 7)


@DAYS
async def test_parked_over_the_moment(night: NightHall, day: date) -> None:
    moves = MOVES[day]
    visit = await night.walks_in(moves - timedelta(minutes=50))
    await night.post("counters/stadhuis-1/open")
    night.moment.at = moves - timedelta(minutes=30)
    await night.post("counters/stadhuis-1/call-next")
    for minutes, verb in ((-20, "park"), (10, "resume"), (30, "finish")):
        night.moment.at = moves + timedelta(minutes=minutes)
        body = {"counter": "stadhuis-1"} if verb == "resume" else {}
        done = await night.post(f"visits/{visit['id']}/{verb}", **body)
    assert (done["waitSeconds"], done["serviceSeconds"]) == (20 * 60, 30 * 60)


@DAYS
async def test_order_is_of_instants_not_of_what_the_clock_says(night: NightHall, desk: Desk, day: date) -> None:
    moves = MOVES[day]
    # In autumn 02.30 comes twice: the first is called first. In spring 01.50 and 03.10 are twenty minutes apart.
    apart = (-30, 30) if day == AUTUMN else (-10, 10)
    starts = [moves + timedelta(minutes=minutes) for minutes in apart]
    codes = []
    for starts_at in reversed(starts):
        body = Desk.visit("0:00") | {"startsAt": starts_at.isoformat(), "name": "Test Bezoeker"}
        answer = await desk.client.post("/api/v1/appointments", json=body | {"email": "een@voorbeeld.example"})
        assert answer.status_code == 201, answer.text
        codes.append(answer.json()["code"])
    night.moment.at = moves - timedelta(minutes=35)
    arrived = [await night.post(f"appointments/{code}/check-in") for code in codes]
    assert [visit["plannedAt"] for visit in arrived] == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in reversed(starts)]
    await night.post("counters/stadhuis-1/open")
    called = [await night.served(starts[1] + timedelta(minutes=n), starts[1] + timedelta(minutes=n)) for n in (1, 2)]
    assert [visit["id"] for visit in called] == [arrived[1]["id"], arrived[0]["id"]]
    late = int((starts[1] - starts[0]).total_seconds())
    assert [visit["waitSeconds"] for visit in called] == [late + 60, 120]


@DAYS
async def test_the_day_is_the_local_day(night: NightHall, day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM)
    begins, ends = (moment.astimezone(UTC) for moment in (midnight, midnight + timedelta(days=1)))
    second = timedelta(seconds=1)
    before = await night.walks_in(begins - second)
    first, last = await night.walks_in(begins), await night.walks_in(ends - second)
    after = await night.walks_in(ends)
    assert [visit["number"] for visit in (before, first, last, after)] == ["B 001", "B 001", "B 002", "B 001"]
    assert (ends - begins).total_seconds() == QUARTERS[day] * 900
    assert await night.numbers(day) == ["B 001", "B 002"]
    assert await night.numbers(day - timedelta(days=1)) == await night.numbers(day + timedelta(days=1)) == ["B 001"]


@DAYS
async def test_each_wait_is_in_the_quarter_in_which_it_began(night: NightHall, day: date) -> None:
    moves, begins = MOVES[day], datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM).astimezone(UTC)
    night.moment.at = begins
    await night.post("counters/stadhuis-1/open")
    expected = {}
    # One in each quarter of the three hours around the moment; each waits so many minutes as none before.
    for number in range(-6, 6):
        arrived = moves + timedelta(minutes=15 * number + 2)
        await night.walks_in(arrived)
        await night.served(arrived + timedelta(minutes=number + 7), arrived + timedelta(minutes=number + 8))
        expected[f"{moves + timedelta(minutes=15 * number):%Y-%m-%dT%H:%M:%SZ}"] = number + 7 <= 15
    rows = await night.waits(day, "quarter")
    assert len(rows) == QUARTERS[day]
    starts = [begins + timedelta(minutes=15 * number) for number in range(QUARTERS[day])]
    assert [row["start"] for row in rows] == [f"{start:%Y-%m-%dT%H:%M:%SZ}" for start in starts]
    assert {row["start"]: row["walkInsWithin"] == 1 for row in rows if row["walkIns"]} == expected
    (whole,) = await night.waits(day, "day")
    assert (whole["start"], whole["walkIns"], whole["walkInsWithin"]) == (day.isoformat(), 12, 12)


@DAYS
async def test_appointments_are_in_the_quarter_of_their_planned_start(night: NightHall, desk: Desk, day: date) -> None:
    moves = MOVES[day]
    expected = {}
    night.moment.at = moves - timedelta(hours=1)
    await night.post("counters/stadhuis-1/open")
    for number in (-3, -1, 0, 2):
        planned = moves + timedelta(minutes=15 * number)
        body = Desk.visit("0:00") | {"startsAt": planned.isoformat(), "name": "Test Bezoeker"}
        night.moment.at = datetime(2026, 11, 24, 8, tzinfo=UTC) + timedelta(minutes=number)
        booked = await desk.client.post("/api/v1/appointments", json=body | {"email": "een@voorbeeld.example"})
        assert booked.status_code == 201, booked.text
        # They come long before, and are called a while after: into another quarter, or into the other hour.
        night.moment.at = planned - timedelta(minutes=20)
        await night.post(f"appointments/{booked.json()['code']}/check-in")
        called = planned + timedelta(minutes=20, seconds=number)
        await night.served(called, called)
        expected[f"{planned:%Y-%m-%dT%H:%M:%SZ}"] = 20 * 60 + number
    rows = await night.waits(day, "quarter")
    assert {row["start"]: row["averageWaitSeconds"] for row in rows if row["visits"]} == expected
