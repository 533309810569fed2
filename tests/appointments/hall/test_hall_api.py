"""The hall through its API: arrive, be called, be served, go."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func
from sqlmodel import select

from kcc.access.roles import Role
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import Event, course
from kcc.appointments.hall.floor import course_of
from kcc.appointments.hall.models import CounterSession
from kcc.appointments.models import CounterProduct
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Desk, Hall, at, combinable, place, problem, product
from tests.conftest import NOW, SetClock

V1 = "/api/v1"


class Clerk:
    """A counter clerk at the API, with the numbers on the tickets as names."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.client.post(f"{V1}/{path}", json=body)

    async def good(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.post(path, **body)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def arrives(self, booked: httpx.Response) -> dict[str, Any]:
        return await self.good(f"appointments/{booked.json()['code']}/check-in")

    async def walks_in(self, *products: str) -> dict[str, Any]:
        asked = [{"code": code, "persons": 1} for code in products or ("paspoort",)]
        return await self.good("visits", location="stadhuis", products=asked)

    async def next(self, counter: int = 1) -> str | None:
        """The number that is called to a counter."""
        answer = await self.post(f"counters/stadhuis-{counter}/call-next")
        if answer.status_code == 204:
            return None
        assert answer.status_code == 200, answer.text
        return str(answer.json()["number"])

    async def opens(self, *counters: int) -> None:
        for counter in counters:
            await self.good(f"counters/stadhuis-{counter}/open")

    async def visits(self) -> dict[str, dict[str, Any]]:
        answer = await self.client.get(f"{V1}/visits", params={"location": "stadhuis"})
        return {visit["number"]: visit for visit in answer.json()["results"]}


@pytest.fixture
async def clerk(hall: Hall, with_token: Any) -> Clerk:
    """A clerk in a town hall with three counters, the third without a scanner for passports."""
    await hall(product("paspoort"), product("rijbewijs"), product("uittreksel", 5), combinable("paspoort", "rijbewijs"))
    await hall(place(counters=3, walk_ins=True), CounterProduct(counter="stadhuis-3", product="uittreksel"))
    await hall(place("elders", walk_ins=False))
    return Clerk(await with_token(Role.COUNTER_CLERK))


async def test_a_whole_visit(clerk: Clerk, desk: Desk, moment: SetClock) -> None:
    booked = await desk.book("9:20")
    moment.move(minutes=minutes_to("9:14"))
    arrived = await clerk.arrives(booked)
    assert (arrived["number"], arrived["state"], arrived["waitSeconds"]) == ("A 001", "waiting", None)
    assert await clerk.arrives(booked) == arrived  # once more changes nothing
    await clerk.opens(1)
    moment.move(minutes=7)
    assert await clerk.next() == "A 001"
    called = (await clerk.visits())["A 001"]
    assert (called["state"], called["counter"], called["waitSeconds"]) == ("called", "stadhuis-1", 60)
    moment.move(minutes=1)
    await clerk.good(f"visits/{arrived['id']}/start")
    moment.move(minutes=9)
    done = await clerk.good(f"visits/{arrived['id']}/finish", outcome="done", note="Foto opnieuw gemaakt")
    assert (done["state"], done["serviceSeconds"], done["waitSeconds"]) == ("finished", 540, 60)


def minutes_to(clock: str) -> float:
    """Minutes from NOW until a time on the clock of DAY."""
    return (datetime.fromisoformat(at(clock)) - NOW).total_seconds() / 60


async def test_case_23_two_counters_never_call_the_same_person(clerk: Clerk, moment: SetClock) -> None:
    moment.move(minutes=minutes_to("9:00"))
    await clerk.opens(1, 2)
    for expected in ({"B 001", "B 002"}, {"B 003", None}):
        for _ in range(2 if None not in expected else 1):
            await clerk.walks_in()
        called = await asyncio.gather(clerk.next(1), clerk.next(2))
        assert set(called) == expected
        for visit in (await clerk.visits()).values():
            if visit["state"] == "called":
                await clerk.good(f"visits/{visit['id']}/finish")


async def test_who_is_first_is_decided_no_earlier_than_what_is_recorded(
    clerk: Clerk, desk: Desk, moment: SetClock
) -> None:
    booked = await desk.book("9:20")
    moment.move(minutes=minutes_to("9:14"))
    await clerk.arrives(booked)
    await clerk.opens(1)
    moment.move(minutes=6, seconds=1)
    await clerk.walks_in()
    moment.move(seconds=-2)  # the clock of a request that waited for its turn, before the appointment's time
    assert await clerk.next() == "A 001"


async def test_case_24_tomorrows_and_cancelled_appointments_are_not_for_now(
    clerk: Clerk, desk: Desk, agent: Desk
) -> None:
    tomorrow = await desk.book("9:20", day=DAY.replace(day=25))
    cancelled = await desk.book("9:20")
    await desk.manage(cancelled, "cancel")
    for booked in (tomorrow, cancelled):
        answer = await clerk.post(f"appointments/{booked.json()['code']}/check-in")
        assert problem(answer)[0] == 409
    assert (await clerk.post("appointments/BBBBBBBB/check-in")).status_code == 404
    assert await clerk.visits() == {}


async def test_case_25_parked_time_is_neither_wait_nor_service(clerk: Clerk, moment: SetClock) -> None:
    await clerk.opens(1, 2)
    visit = await clerk.walks_in()
    moment.move(minutes=3)
    await clerk.next()
    await clerk.good(f"visits/{visit['id']}/start")
    moment.move(minutes=5)
    assert (await clerk.good(f"visits/{visit['id']}/park"))["state"] == "parked"
    moment.move(minutes=40)
    resumed = await clerk.good(f"visits/{visit['id']}/resume", counter="stadhuis-2")
    assert (resumed["state"], resumed["counter"]) == ("serving", "stadhuis-2")
    moment.move(minutes=5)
    done = await clerk.good(f"visits/{visit['id']}/finish")
    assert (done["waitSeconds"], done["serviceSeconds"]) == (180, 600)


async def test_only_who_fits_is_called(clerk: Clerk) -> None:
    await clerk.opens(1, 3)
    await clerk.walks_in("paspoort")
    await clerk.walks_in("uittreksel")
    assert (await clerk.next(3), await clerk.next(3 - 2)) == ("B 002", "B 001")


async def test_a_counter_has_one_visitor(clerk: Clerk) -> None:
    first, second = await clerk.walks_in(), await clerk.walks_in()
    answer = await clerk.post("counters/stadhuis-1/call-next")
    assert (problem(answer)[0], "dicht" in answer.json()["detail"]) == (409, True)
    await clerk.opens(1, 2)
    await clerk.next(1)
    for path, body in (
        ("counters/stadhuis-1/call-next", {}),
        (f"visits/{second['id']}/call", {"counter": "stadhuis-1"}),
        ("counters/stadhuis-1/close", {}),
    ):
        answer = await clerk.post(path, **body)
        assert (problem(answer)[0], "B 001" in answer.json()["detail"]) == (409, True), path
    await clerk.good(f"visits/{first['id']}/missed")
    closed = await clerk.good("counters/stadhuis-1/close")
    assert (closed["open"], closed["clerk"]) == (False, None)


async def test_the_third_call_is_the_last(clerk: Clerk) -> None:
    await clerk.opens(1)
    visit = await clerk.walks_in()
    await clerk.next()
    recall = f"visits/{visit['id']}/recall"
    assert [(await clerk.good(recall))["calls"] for _ in range(2)] == [2, 3]
    assert (await clerk.good(recall))["state"] == "missed"
    assert problem(await clerk.post(recall))[0] == 409


async def test_the_wrong_ticket_is_mended_in_one_action(clerk: Clerk, moment: SetClock) -> None:
    await clerk.opens(1)
    called, other, third = [await clerk.walks_in() for _ in range(3)]
    moment.move(minutes=2)
    assert await clerk.next() == "B 001"
    moment.move(minutes=1)
    mended = await clerk.good(f"visits/{called['id']}/wrong-ticket", here=other["id"])
    assert (mended["number"], mended["state"], mended["counter"]) == ("B 002", "serving", "stadhuis-1")
    back = (await clerk.visits())["B 001"]
    assert (back["state"], back["counter"], back["waitSeconds"]) == ("waiting", None, None)
    await clerk.good(f"visits/{other['id']}/finish")
    assert await clerk.next() == "B 001"  # before the third, as it was
    assert third["number"] == "B 003"


async def test_a_second_counter_keeps_the_place(clerk: Clerk, moment: SetClock) -> None:
    await clerk.opens(1, 2)
    visit = await clerk.walks_in("paspoort")
    await clerk.next()
    await clerk.walks_in("paspoort")
    moment.move(minutes=4)
    moved = await clerk.good(f"visits/{visit['id']}/transfer", products=[{"code": "rijbewijs", "persons": 1}])
    assert (moved["state"], moved["products"]) == ("waiting", [{"code": "rijbewijs", "persons": 1}])
    assert await clerk.next(2) == "B 001"


async def test_a_counter_is_open_once(clerk: Clerk, database: Database) -> None:
    await asyncio.gather(*(clerk.opens(1) for _ in range(4)))
    async with database.reading() as session:
        assert (await session.exec(select(func.count()).select_from(CounterSession))).one() == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("visits", {"location": "stadhuis", "products": []}, 400),
        ("visits", {"location": "stadhuis", "products": [{"code": "onbekend", "persons": 1}]}, 400),
        ("visits", {"location": "nergens", "products": [{"code": "paspoort", "persons": 1}]}, 404),
        ("visits", {"location": "elders", "products": [{"code": "paspoort", "persons": 1}]}, 409),
        ("visits/1/call", {"counter": "stadhuis-1"}, 409),
        ("visits/1/call", {"counter": "nergens"}, 404),
        ("visits/9/start", {}, 404),
        ("visits/1/start", {}, 409),
        ("visits/1/finish", {"note": "x" * 201}, 400),
        ("visits/1/finish", {"note": "BSN 111222333"}, 400),
        ("visits/1/transfer", {"products": [{"code": "huwelijk", "persons": 1}]}, 400),
        ("counters/nergens/open", {}, 404),
        ("counters/nergens/call-next", {}, 404),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    clerk: Clerk, path: str, body: dict[str, Any], status: int
) -> None:
    await clerk.walks_in()
    before = await clerk.visits()
    answer = await clerk.post(path, **body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert await clerk.visits() == before


async def test_what_is_kept_follows_from_the_events(clerk: Clerk, database: Database, moment: SetClock) -> None:
    await clerk.opens(1, 2)
    steps = ("start", "park", "resume", "transfer", "finish")
    visits = [await clerk.walks_in() for _ in range(len(steps))]
    for number, visit in enumerate(visits):
        moment.move(minutes=1)
        await clerk.good(f"visits/{visit['id']}/call", counter="stadhuis-1")
        for step in steps[:number]:
            moment.move(seconds=70)
            body = {"counter": "stadhuis-1"} if step == "resume" else {}
            await clerk.good(f"visits/{visit['id']}/{step}", **body)
        if (await clerk.visits())[visit["number"]]["state"] in ("called", "serving"):
            await clerk.good(f"visits/{visit['id']}/finish")
    async with database.reading() as session:
        for visit in visits:
            kept = await queries.visit(session, visit["id"])
            events = await queries.events_of(session, visit["id"])
            assert kept is not None
            told = [Event(event.id or 0, event.kind, event.at, event.counter) for event in events]
            assert course(told) == course_of(kept)


async def test_corrections_are_events_too(clerk: Clerk, moment: SetClock) -> None:
    await clerk.opens(1)
    visit = await clerk.walks_in()
    moment.move(minutes=3)
    assert await clerk.next(1) == "B 001"
    await clerk.good(f"visits/{visit['id']}/start")
    moment.move(minutes=10)
    await clerk.good(f"visits/{visit['id']}/finish")
    path = f"visits/{visit['id']}"
    before = (await clerk.client.get(f"{V1}/{path}")).json()
    kinds = [event["kind"] for event in before["events"]]
    assert kinds == ["arrived", "called", "started", "finished"]
    called, started = before["events"][1], before["events"][2]
    really = datetime.fromisoformat(called["at"]) - timedelta(minutes=2)
    assert problem(await clerk.post(f"{path}/corrections", event=999, reallyAt=called["at"]))[0] == 404
    too_late = datetime.fromisoformat(started["at"]) + timedelta(seconds=1)
    for wrong in (too_late, moment.at + timedelta(minutes=1), really - timedelta(minutes=5)):
        answer = await clerk.post(f"{path}/corrections", event=called["id"], reallyAt=wrong.isoformat())
        assert problem(answer)[0] == 400
        assert answer.json()["errors"][0]["location"] == {"pointer": "/reallyAt"}
    after = await clerk.good(f"{path}/corrections", event=called["id"], reallyAt=really.isoformat())
    assert (before["waitSeconds"], after["waitSeconds"]) == (180, 60)
    assert after["events"][:4] == before["events"]
    assert (after["events"][4]["kind"], after["events"][4]["corrects"]) == ("corrected", called["id"])
    assert (await clerk.visits())["B 001"]["waitSeconds"] == 60
    again = await clerk.good(f"{path}/corrections", event=called["id"], reallyAt=called["at"])
    assert (again["waitSeconds"], len(again["events"])) == (180, 6)


async def test_only_what_ended_is_reopened_and_only_what_was_parked_resumed(clerk: Clerk) -> None:
    await clerk.opens(1)
    visit = await clerk.walks_in()
    path = f"visits/{visit['id']}"
    assert problem(await clerk.post(f"{path}/reopen", counter="stadhuis-1"))[0] == 409
    assert problem(await clerk.post(f"{path}/back"))[0] == 409
    await clerk.next(1)
    await clerk.good(f"{path}/finish", outcome="partly")
    assert problem(await clerk.post(f"{path}/resume", counter="stadhuis-1"))[0] == 409
    assert (await clerk.good(f"{path}/reopen", counter="stadhuis-1"))["state"] == "serving"
    await clerk.good(f"{path}/park")
    await clerk.good(f"{path}/leave")
    assert (await clerk.good(f"{path}/back"))["state"] == "waiting"


async def test_moments_of_a_visit_never_go_back(clerk: Clerk, moment: SetClock) -> None:
    """As when a request reads the clock, and another one is first to have its turn in the hall."""
    await clerk.opens(1)
    visit = await clerk.walks_in()
    moment.move(minutes=3)
    await clerk.next(1)
    moment.move(minutes=-1)
    await clerk.good(f"visits/{visit['id']}/start")
    await clerk.good(f"visits/{visit['id']}/finish")
    events = (await clerk.client.get(f"{V1}/visits/{visit['id']}")).json()["events"]
    moments = [event["at"] for event in events]
    assert (moments[1:], moments[0] < moments[1]) == ([moments[1]] * 3, True)
