"""A location of its own on a running server, with the residents who race for it."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from tests.appointments.auditing import findings
from tests.appointments.conftest import AMSTERDAM, DAY, VISITOR, Desk, minutes, place, problem, product
from tests.appointments.hall_server import HallServer

BOOKED = (201, "")
MOVED = (200, "")
TAKEN = (409, "slot-taken")
_numbers = itertools.count(1)


def outcome(response: httpx.Response) -> tuple[int, str]:
    """The status, and for a refusal its kind."""
    return (response.status_code, "") if response.is_success else problem(response)


def outcomes(responses: Iterable[httpx.Response]) -> dict[tuple[int, str], int]:
    """How often each outcome came."""
    return dict(Counter(map(outcome, responses)))


async def at_once(requests: Iterable[Any]) -> list[httpx.Response]:
    """Send all of these together."""
    return list(await asyncio.gather(*requests))


@dataclass
class Hall:
    """A location that no other test uses; starts are every `step` minutes from the first of `hours` to the second."""

    server: HallServer
    desk: Desk
    hours: tuple[str, str]
    step: int
    travels: bool = False
    code: str = field(default_factory=lambda: f"hal-{next(_numbers)}")

    @property
    def client(self) -> httpx.AsyncClient:
        """For what has no short way."""
        return self.desk.client

    @property
    def product(self) -> str:
        """What people come for here."""
        return f"product-{self.code}"

    def grid(self) -> list[str]:
        """Every start that the opening hours have, whether or not a visit fits."""
        first, end = map(minutes, self.hours)
        return [f"{start // 60}:{start % 60:02}" for start in range(first, end, self.step)]

    def visitor(self, **more: Any) -> dict[str, Any]:
        """Somebody who never booked before."""
        somebody = VISITOR | {"email": f"bezoeker-{next(_numbers)}@voorbeeld.example"}
        return somebody | ({"address": "Dorpsstraat 1, Voorbeeld"} if self.travels else {}) | more

    def visit(self, start: str, persons: int = 1) -> dict[str, Any]:
        """Where, what and when, as the API wants it."""
        return self.desk.visit(start, f"{self.product}:{persons}", location=self.code)

    async def book(self, start: str, persons: int = 1, *, key: str | None = None, **more: Any) -> httpx.Response:
        """Book directly, as somebody new unless `more` says who."""
        body = self.visit(start, persons) | self.visitor(**more)
        headers = {"Idempotency-Key": key} if key else {}
        return await self.client.post("/api/v1/appointments", json=body, headers=headers)

    async def hold(self, start: str, **more: Any) -> httpx.Response:
        """Ask for a hold."""
        return await self.client.post("/api/v1/holds", json=self.visit(start) | more)

    async def confirm(self, hold: httpx.Response) -> httpx.Response:
        """Book what a hold keeps."""
        return await self.client.post("/api/v1/appointments", json=self.visitor(hold=hold.json()["id"]))

    async def move(self, booked: httpx.Response, start: str, to: "Hall | None" = None) -> httpx.Response:
        """Reschedule, with the token in the link; maybe to another hall."""
        where = {"location": to.code} if to else {}
        return await self.desk.manage(booked, "reschedule", startsAt=self.visit(start)["startsAt"], **where)

    async def cancel(self, booked: httpx.Response) -> httpx.Response:
        """Cancel, with the token in the link."""
        return await self.desk.manage(booked, "cancel")

    async def start_of(self, booked: httpx.Response) -> str:
        """When an appointment is by now: as it is in `grid`."""
        starts_at = datetime.fromisoformat((await self.desk.manage(booked)).json()["startsAt"])
        return f"{starts_at.astimezone(AMSTERDAM):%H:%M}".removeprefix("0")

    async def offered(self) -> list[str]:
        """The starts that are offered, written as in `grid`."""
        starts = await self.desk.starts(self.product, location=self.code)
        return [start.removeprefix("0") for start in starts]

    async def well_kept(self) -> None:
        """Fail unless the books agree, and what is offered is what can be had: all of it, and nothing else."""
        assert await self.disagreements() == []
        offered = await self.offered()
        others = [await self.book(start) for start in self.grid() if start not in offered]
        assert outcomes(others) in ({}, {TAKEN: len(others)})
        pick = random.Random(0)
        while offered:
            assert outcome(await self.book(pick.choice(offered))) == BOOKED
            offered = await self.offered()
        assert outcomes([await self.book(start) for start in self.grid()]) == {TAKEN: len(self.grid())}
        assert await self.disagreements() == []

    async def disagreements(self) -> list[str]:
        """What does not add up in the books, and what the service logged as an error."""
        async with self.server.database() as database:
            return [*await findings(database), *self.server.errors()]


@asynccontextmanager
async def hall(
    server: HallServer,
    counters: int = 1,
    hours: tuple[str, str] = ("9:00", "10:30"),
    duration: int = 15,
    step: int = 15,
    **location: Any,
) -> AsyncIterator[Hall]:
    """Open a location of equal counters, with one product, and let people in."""
    async with server.client() as client:
        opened = Hall(server, Desk(client), hours, step, travels="travel_minutes" in location)
        await server.furnish(
            product(opened.product, duration, further=5, step_minutes=step),
            place(opened.code, counters, [hours], weekdays=[DAY.isoweekday()], **location),
        )
        yield opened
