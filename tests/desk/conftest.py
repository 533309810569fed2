"""A small town hall with an agent at the desk, who fills in pages as a browser without script does."""

import re
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from sqlmodel import select
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.appointments.letters.correspondence import TOPIC
from kcc.appointments.models import Appointment, AppointmentStatus, LocationKind, OpeningRule
from kcc.contacts.telephony.sources import new_secret
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from tests.appointments.conftest import combinable, minutes, place, product, put
from tests.contacts.telephony.exchange import Exchange

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
PERSON = {"name": "Test Bezoeker", "email": "bezoeker@voorbeeld.example"}


class Page:
    """A page as the agent sees it, and its form with what is filled in."""

    def __init__(self, client: httpx.AsyncClient, answer: httpx.Response) -> None:
        self.client = client
        self.status = answer.status_code
        self.location = answer.headers.get("location", "")
        self._html = answer.text

    @cached_property
    def seen(self) -> BeautifulSoup:
        """What is on the page."""
        return BeautifulSoup(self._html, "html.parser")

    @property
    def text(self) -> str:
        """All text, on one line."""
        return " ".join(self.seen.get_text(" ").split())

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field, sentence) of each error in the summary."""
        return [(str(link["href"])[1:], link.get_text()) for link in self.seen.select("#fouten a")]

    @property
    def days(self) -> dict[str, list[str]]:
        """Of each day shown the free times, one for staff alone with a star."""
        return {
            str(day.legend.find(string=True)).strip(): [
                str(choice.label.find(string=True)).strip() + ("*" if "kcc-choice--ours" in choice["class"] else "")
                for choice in day.select(".kcc-choice")
                if isinstance(choice.label, Tag)
            ]
            for day in self.seen.select(".kcc-freeday")
            if isinstance(day.legend, Tag)
        }

    def fields(self, form: str = "#boeken") -> dict[str, str]:
        """What a browser would send of the form as it is."""
        found: dict[str, str] = {}
        for item in self.seen.select(f"{form} input, {form} select"):
            name, kind = str(item.get("name", "")), item.get("type")
            if item.name == "select":
                chosen = item.select_one("option[selected]") or item.select_one("option")
                found[name] = str(chosen["value"]) if chosen else ""
            elif kind not in ("radio", "checkbox") or item.has_attr("checked"):
                found[name] = str(item.get("value", "on" if kind == "checkbox" else ""))
        return found

    def time(self, shown: str) -> str:
        """The value of the radio of this time, on the first day that has it."""
        for choice in self.seen.select(".kcc-choice"):
            if isinstance(choice.label, Tag) and str(choice.label.find(string=True)).strip() == shown:
                assert isinstance(choice.input, Tag)
                return str(choice.input["value"])
        raise AssertionError(f"{shown} is not offered: {self.days}")

    async def send(self, **filled: str) -> "Page":
        """Fill in the booking form and send it with Enter; `tijd` as it is shown."""
        if re.fullmatch(r"\d+\.\d\d", filled.get("tijd", "")):
            filled["tijd"] = self.time(filled["tijd"])
        return Page(self.client, await self.client.post("/werk/afspraak", data=self.fields() | filled))

    async def follow(self) -> "Page":
        """Where the answer leads to."""
        assert self.status == 303, self.text
        return await visit(self.client, self.location)


async def visit(client: httpx.AsyncClient, address: str, **query: str) -> Page:
    """Open a page."""
    return Page(client, await client.get(address, params=query or None))


async def booked(client: httpx.AsyncClient, time: str = "10.00", product: str = "paspoort", **filled: str) -> str:
    """Make an appointment at the desk; its code."""
    page = await visit(client, "/werk/afspraak", product=product)
    made = await page.send(**{"tijd": time} | PERSON | filled)
    assert made.status == 303, made.errors
    return made.location.removeprefix("/werk/afspraken/").partition("?")[0]


@pytest.fixture
async def hall(database: Database) -> Callable[..., Awaitable[None]]:
    """`await hall(*rows)` writes the plan."""

    async def write(*rows: Any) -> None:
        await put(database, *[item for row in rows for item in (row if isinstance(row, list | tuple) else [row])])

    return write


@pytest.fixture
async def town(hall: Callable[..., Awaitable[None]]) -> None:
    """Products and places, one of each kind that the desk treats apart. NOW is on a Tuesday at nine."""
    await hall(
        product("paspoort", 10, 10, name="Paspoort aanvragen", bring=["Uw oude paspoort"], costs="Gratis."),
        product("rijbewijs", 20, 20, name="Rijbewijs aanvragen", max_persons=2),
        product("huwelijk", 30, name="Huwelijk melden"),
        product("naturalisatie", 30, name="Nederlander worden", staff_only=True),
        combinable("paspoort", "rijbewijs"),
        place("stadhuis", hours=(("9:00", "11:00"),), weekdays=[2, 3, 4]),
        OpeningRule(location="stadhuis", weekday=2, opens=minutes("11:00"), closes=minutes("11:30"), staff_only=True),
        place("wijkpunt", hours=(("13:00", "14:00"),), weekdays=[5]),
        place("thuis", hours=(("14:00", "16:00"),), weekdays=[3], kind=LocationKind.HOME_VISIT, travel_minutes=20),
    )


@pytest.fixture
async def agent(town: None, sign_in: SignIn) -> httpx.AsyncClient:
    """An agent at the desk of that town."""
    return await sign_in(Role.AGENT)


@pytest.fixture
async def exchange(app: Starlette, database: Database, client: httpx.AsyncClient) -> Exchange:
    async with database.writing() as session:
        secret = await new_secret(session, "centrale", app.state.lifespan["secret_key"])
    return Exchange(client, secret)


async def appointments(database: Database) -> list[Appointment]:
    """Every appointment that stands."""
    async with database.reading() as session:
        query = select(Appointment).where(Appointment.status == AppointmentStatus.BOOKED)
        return list((await session.exec(query)).all())


async def letters(database: Database) -> list[tuple[str, int]]:
    """(kind, sequence) of each letter that goes out at once, in order."""
    async with database.reading() as session:
        query = select(OutboxEntry).where(OutboxEntry.topic == TOPIC).order_by(OutboxEntry.id)  # type: ignore[arg-type]
        found = (await session.exec(query)).all()
    return [
        (entry.payload["letter"], entry.payload["sequence"]) for entry in found if entry.payload["letter"] != "reminder"
    ]
