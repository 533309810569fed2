"""A small town hall, of which each test changes what it is about."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.appointments.models import (
    Appointment,
    Counter,
    Location,
    LocationAddress,
    OpeningRule,
    Product,
    ProductCombination,
    ProductTerms,
)
from kcc.appointments.plan_queries import next_plan_version
from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.appointments.post import Post

# NOW in tests/conftest.py is a moment before this Tuesday.
DAY = date(2026, 11, 24)
LONG_AGO = date(2020, 1, 1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
Hall = Callable[..., Awaitable[None]]


def minutes(clock: str) -> int:
    """`9:30` as minutes after midnight."""
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


async def put(database: Database, *rows: Any) -> None:
    """Write rows of the plan, in this order."""
    async with database.writing() as session:
        for row in rows:
            session.add(row)
            await session.flush()
        await next_plan_version(session)


def product(code: str, duration: int = 10, further: int = 0, **terms: Any) -> tuple[Product, ProductTerms]:
    """A product with its terms since long ago."""
    values = {
        "name": code.capitalize(),
        "duration_minutes": duration,
        "further_person_minutes": further,
        "max_persons": 8,
        "horizon_days": 730,
        "valid_from": LONG_AGO,
    }
    return Product(code=code), ProductTerms(product=code, **values | terms)


def place(
    code: str = "stadhuis",
    counters: int = 1,
    hours: Sequence[tuple[str, str]] = (("9:00", "12:00"),),
    weekdays: Sequence[int] = range(1, 8),
    **fields: Any,
) -> list[Any]:
    """A location with equal counters that is open at these hours on these days."""
    rules = [
        OpeningRule(location=code, weekday=weekday, opens=minutes(opens), closes=minutes(closes))
        for weekday in weekdays
        for opens, closes in hours
    ]
    return [
        Location(code=code, name=code.capitalize(), **fields),
        LocationAddress(location=code, valid_from=LONG_AGO, address="Markt 1, Voorbeeld"),
        *(
            Counter(code=f"{code}-{number}", location=code, name=f"Balie {number}", position=number)
            for number in range(1, counters + 1)
        ),
        *rules,
    ]


def rule(opens: str, closes: str, *, location: str = "stadhuis", **fields: Any) -> OpeningRule:
    """Opening hours, on the weekday of DAY unless told otherwise."""
    when = {} if "only_on" in fields else {"weekday": DAY.isoweekday()}
    return OpeningRule(location=location, opens=minutes(opens), closes=minutes(closes), **when | fields)


def combinable(first: str, second: str) -> ProductCombination:
    """Two products that may be done in one visit."""
    first, second = sorted((first, second))
    return ProductCombination(first=first, second=second)


class Desk:
    """Somebody at the API: short ways to ask, with what every booking needs filled in."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def days(
        self, *products: str, location: str = "stadhuis", first: date = DAY, last: date | None = None
    ) -> dict[str, list[str]]:
        """Of each day the starts, in UTC."""
        parameters = [("location", location), ("from", first.isoformat()), ("to", (last or first).isoformat())]
        response = await self.client.get(
            "/api/v1/availability", params=[*parameters, *(("product", item) for item in products)]
        )
        assert response.status_code == 200, response.text
        return {day["date"]: day["starts"] for day in response.json()["days"]}

    async def starts(self, *products: str, location: str = "stadhuis", day: date = DAY) -> list[str]:
        """The starts of one day, as `09:00` on the clock in Amsterdam."""
        found = (await self.days(*products, location=location, first=day))[day.isoformat()]
        return [f"{datetime.fromisoformat(start).astimezone(AMSTERDAM):%H:%M}" for start in found]

    async def hold(self, start: str, *products: str, day: date = DAY, **more: Any) -> httpx.Response:
        """Ask for a hold at a time on the clock."""
        return await self.client.post("/api/v1/holds", json=self.visit(start, *products, day=day) | more)

    async def book(
        self, start: str, *products: str, day: date = DAY, key: str | None = None, **more: Any
    ) -> httpx.Response:
        """Book a time on the clock directly."""
        body = self.visit(start, *products, day=day) | VISITOR | more
        headers = {"Idempotency-Key": key} if key else {}
        return await self.client.post("/api/v1/appointments", json=body, headers=headers)

    async def confirm(self, hold: str, key: str | None = None, **more: Any) -> httpx.Response:
        """Book what a hold keeps."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self.client.post("/api/v1/appointments", json={"hold": hold} | VISITOR | more, headers=headers)

    async def manage(self, booked: httpx.Response, verb: str = "", **body: Any) -> httpx.Response:
        """See, cancel or reschedule with the token in the link."""
        answer = booked.json()
        headers = {"Authorization": f"Bearer {token_of(answer)}"}
        address = f"/api/v1/appointments/{answer['code']}"
        if not verb:
            return await self.client.get(address, headers=headers)
        return await self.client.post(f"{address}/{verb}", json=body or None, headers=headers)

    @staticmethod
    def visit(start: str, *products: str, day: date = DAY, location: str = "stadhuis") -> dict[str, Any]:
        """Where, what and when."""
        asked = [
            {"code": code, "persons": int(persons or 1)}
            for code, _, persons in (item.partition(":") for item in products or ("paspoort",))
        ]
        return {"location": location, "products": asked, "startsAt": at(start, day)}


VISITOR = {"name": "Test Bezoeker", "email": "bezoeker@voorbeeld.example"}


def at(clock: str, day: date = DAY) -> str:
    """A time on the clock in Amsterdam as an instant."""
    hours, rest = clock.split(":")
    return datetime.combine(day, time(int(hours), int(rest)), AMSTERDAM).isoformat()


def token_of(answer: dict[str, Any]) -> str:
    """The token in the link of a booking's answer."""
    return str(httpx.URL(answer["manageUrl"]).params["token"])


def problem(response: httpx.Response) -> tuple[int, str]:
    """The status and the kind of a refusal."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["type"].rpartition("/")[2]


def places_of(response: httpx.Response) -> set[str]:
    """Where in the request a refusal says that something is wrong: pointers, and names of parameters and headers."""
    return {place for error in response.json()["errors"] for place in error["location"].values()}


async def appointments(database: Database) -> Sequence[Appointment]:
    """All appointments there are, oldest first."""
    async with database.reading() as session:
        return (await session.exec(select(Appointment).order_by(col(Appointment.id)))).all()


@pytest.fixture
def options() -> dict[str, Any]:
    """Settings that a test wants otherwise; it gives them by parametrize."""
    return {}


@pytest.fixture
def settings(settings: Any, options: dict[str, Any]) -> Any:
    """Without limits by address: every test comes from one. Freed places return at once unless a test says not."""
    usual = {"rate_limits": False, "release_delay": 0, "max_open_appointments": 100}
    return settings.model_copy(update=usual | options)


@pytest.fixture
async def hall(database: Database) -> Callable[..., Any]:
    """`await hall(*rows)` writes the plan."""

    async def write(*rows: Any) -> None:
        flat = [item for row in rows for item in (row if isinstance(row, list | tuple) else [row])]
        await put(database, *flat)

    return write


@pytest.fixture
async def desk(app: Starlette, client: httpx.AsyncClient) -> Desk:
    """A resident at the API."""
    return Desk(client)


@pytest.fixture
async def agent(with_token: Any) -> Desk:
    """An agent at the API."""
    return Desk(await with_token(Role.AGENT))


@pytest.fixture
async def here(hall: Hall, desk: Desk) -> Desk:
    """A resident at a town hall with two products that go together, a third that does not, and one counter."""
    await hall(product("paspoort", 20), product("rijbewijs", 20, max_persons=1), product("huwelijk", 20))
    await hall(combinable("paspoort", "rijbewijs"), place(), place("elders", hours=()))
    return desk


@pytest.fixture
def post(database: Database, clock: Clock, settings: Settings) -> Post:
    """Sends what is due when a test says so."""
    return Post(database, clock, settings)
