"""A hall of its own on a running server: counters with clerks, who has an appointment today, and a way to ask."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlmodel import col, func, select

from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.appointments.hall.models import ClerkProduct, VisitEvent
from kcc.appointments.models import Appointment, AppointmentProduct, CounterProduct
from tests.appointments.conftest import place, product
from tests.appointments.hall_server import HallServer

# A morning that lasts long enough for the slowest machine; a minute of it takes a second.
BEGIN, SPEED = "2026-11-24T06:00:00+01:00", 60
LATE_AFTER, WALK_IN_THRESHOLD = timedelta(minutes=1), timedelta(minutes=1)
SETTINGS = {
    "KCC_CLOCK": f"{BEGIN} x{SPEED}",
    "KCC_LATE_AFTER_MINUTES": "1",
    "KCC_WALK_IN_TARGET_MINUTES": "1",
    "KCC_SESSION_IDLE_MINUTES": "600",
}
LONG, SHORT = "aanvraag", "afhalen"
MINUTES = {LONG: 10, SHORT: 5}
_numbers = itertools.count(1)


@dataclass
class OpenHall:
    """A location that no other test uses. `clerks` and `door` are who asks: the headers of their requests.

    The last counter serves short visits only; with more than two, the clerk of the second serves long ones only.
    """

    server: HallServer
    client: httpx.AsyncClient
    code: str
    size: int
    clerks: dict[str, dict[str, str]] = field(default_factory=dict)
    planned: dict[int, datetime] = field(default_factory=dict)

    @property
    def counters(self) -> list[str]:
        """The codes of the counters."""
        return [f"{self.code}-{number}" for number in range(1, self.size + 1)]

    def product(self, kind: str) -> str:
        """The code of a product of this hall."""
        return f"{kind}-{self.code}"

    def minutes(self, code: str) -> int:
        """How long a product takes."""
        return MINUTES[code.partition("-")[0]]

    def serves(self, counter: str, code: str) -> bool:
        """Whether a counter, with its clerk, can help somebody who comes for this."""
        kind, number = code.partition("-")[0], self.counters.index(counter)
        if number == self.size - 1:
            return kind == SHORT
        return kind == LONG or number != 1 or self.size == 2

    async def post(self, path: str, *, clerk: str | None = None, key: str = "", **body: Any) -> httpx.Response:
        """Ask as the clerk of this counter, or as the one of the first."""
        headers = self.clerks[clerk or self.counters[0]] | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"/api/v1/{path}", json=body, headers=headers)

    async def good(self, path: str, **body: Any) -> dict[str, Any]:
        """What is answered, which must be a visit."""
        answer = await self.post(path, **body)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def walks_in(self, kind: str = SHORT, key: str = "") -> dict[str, Any]:
        """Somebody takes a number."""
        return await self.good(
            "visits", key=key, location=self.code, products=[{"code": self.product(kind), "persons": 1}]
        )

    async def visits(self) -> list[dict[str, Any]]:
        """Everybody who came, as the API tells."""
        headers = self.clerks[self.counters[0]]
        answer = await self.client.get("/api/v1/visits", params={"location": self.code}, headers=headers)
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    async def expects(self, *starts: tuple[datetime, str]) -> list[str]:
        """There are appointments at these moments, for these kinds of product. Returns their codes."""
        rows: list[Any] = []
        codes = []
        for starts_at, kind in starts:
            number = next(_numbers)
            code = f"{number:08}".translate(str.maketrans("0123456789", "BCDFGHJKMN"))
            codes.append(code)
            self.planned[number] = starts_at
            rows += [
                Appointment(
                    id=number,
                    code=code,
                    token_hash=code,
                    location=self.code,
                    counter=self.counters[0],
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(minutes=MINUTES[kind]),
                    name="Verzonnen Bezoeker",
                    phone="0612345678",
                    created_at=starts_at - timedelta(days=8),
                ),
                AppointmentProduct(appointment=number, product=self.product(kind), persons=1),
            ]
        await self.server.furnish(rows)
        return codes


@asynccontextmanager
async def opened(server: HallServer, counters: int) -> AsyncIterator[OpenHall]:
    """Open a hall with so many counters, each with its clerk at it."""
    async with server.client() as client:
        here = OpenHall(server, client, f"hal{next(_numbers)}", counters)
        restrictions: list[Any] = [CounterProduct(counter=here.counters[-1], product=here.product(SHORT))]
        if counters > 2:
            restrictions.append(ClerkProduct(clerk=here.counters[1], product=here.product(LONG)))
        await server.furnish(
            [product(here.product(kind), minutes) for kind, minutes in MINUTES.items()],
            place(here.code, counters, walk_ins=True),
            restrictions,
        )
        here.clerks = await tokens(server, Role.COUNTER_CLERK, here.counters)
        for counter in here.counters:
            answer = await here.post(f"counters/{counter}/open", clerk=counter)
            assert answer.status_code == 200, answer.text
        yield here


async def tokens(server: HallServer, role: Role, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """The headers with which each of these may ask."""
    async with server.database() as database, database.writing() as session:
        made = {name: await create_token(session, name, role, datetime(2026, 11, 1, tzinfo=UTC)) for name in names}
    return {name: {"Authorization": f"Bearer {token}"} for name, token in made.items()}


async def start_again(server: HallServer) -> None:
    """Start a server that was killed; its day goes on after the last that happened."""
    async with server.database() as database, database.reading() as session:
        last = (await session.exec(select(func.max(col(VisitEvent.at))))).one()
    if last is not None:
        later = datetime.fromisoformat(last) if isinstance(last, str) else last
        later = later.replace(tzinfo=UTC) if later.tzinfo is None else later
        server.settings["KCC_CLOCK"] = f"{(later + timedelta(seconds=1)).isoformat()} x{SPEED}"
    server.start()
