"""A small town hall, of which each test changes what it is about."""

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from kcc.appointments.models import (
    Counter,
    Location,
    LocationAddress,
    OpeningRule,
    Product,
    ProductCombination,
    ProductTerms,
)
from kcc.appointments.queries import next_plan_version
from kcc.storage.database import Database
from tests.conftest import browser_of

# NOW in tests/conftest.py is a moment before this Tuesday.
DAY = date(2026, 11, 24)
LONG_AGO = date(2020, 1, 1)


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
        from datetime import datetime
        from zoneinfo import ZoneInfo

        found = (await self.days(*products, location=location, first=day))[day.isoformat()]
        zone = ZoneInfo("Europe/Amsterdam")
        return [f"{datetime.fromisoformat(start).astimezone(zone):%H:%M}" for start in found]

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

    async def confirm(self, hold: str, **more: Any) -> httpx.Response:
        """Book what a hold keeps."""
        return await self.client.post("/api/v1/appointments", json={"hold": hold} | VISITOR | more)

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
    from datetime import datetime
    from zoneinfo import ZoneInfo

    hours, rest = clock.split(":")
    return datetime.combine(day, time(int(hours), int(rest)), ZoneInfo("Europe/Amsterdam")).isoformat()


def token_of(answer: dict[str, Any]) -> str:
    """The token in the link of a booking's answer."""
    return str(httpx.URL(answer["manageUrl"]).params["token"])


@pytest.fixture
def settings(settings: Any) -> Any:
    """Without limits by address: every test comes from one. Freed places return at once unless a test says not."""
    return settings.model_copy(update={"rate_limits": False, "release_delay": 0, "max_open_appointments": 100})


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
    from kcc.access.roles import Role

    return Desk(await with_token(Role.AGENT))


__all__ = ["browser_of"]
