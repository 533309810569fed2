"""A contact centre: the small kennisbank, and agents who log what they are asked."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.clock import Clock
from kcc.contacts.telephony.sources import new_secret
from kcc.storage.database import Database
from tests.conftest import browser_of
from tests.contacts.telephony.exchange import Exchange

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]


class Log:
    """Somebody who logs contacts by the API."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, path: str = "", body: Any = None, **headers: str) -> httpx.Response:
        return await self.client.post(f"/api/v1/contacts{path}", json=body, headers=headers)

    async def start(self, channel: str = "phone", **body: Any) -> dict[str, Any]:
        """A contact that began."""
        response = await self.post("", {"channel": channel, **body})
        assert response.status_code == 201, response.text
        return dict(response.json())

    async def asked(self, *questions: dict[str, Any], channel: str = "phone", **requester: str) -> dict[str, Any]:
        """A contact that is over, with these questions."""
        return await self.start(channel, questions=list(questions), requester=requester, finish=True)

    async def change(self, contact: dict[str, Any], **body: Any) -> httpx.Response:
        headers = {"If-Match": f'"{contact["version"]}"'}
        return await self.client.patch(f"/api/v1/contacts/{contact['id']}", json=body, headers=headers)

    async def changed(self, contact: dict[str, Any], **body: Any) -> dict[str, Any]:
        response = await self.change(contact, **body)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def finish(self, contact: dict[str, Any], **body: Any) -> httpx.Response:
        return await self.post(f"/{contact['id']}/finish", body)

    async def finished(self, contact: dict[str, Any], **body: Any) -> dict[str, Any]:
        response = await self.finish(contact, **body)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def read(self, contact: dict[str, Any]) -> dict[str, Any]:
        response = await self.client.get(f"/api/v1/contacts/{contact['id']}")
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def listed(self, **query: str) -> list[dict[str, Any]]:
        response = await self.client.get("/api/v1/contacts", params=query)
        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        return list(response.json()["results"])


def answered(outcome: str = "resolved", topic: str = "paspoort", **more: Any) -> dict[str, Any]:
    """A question that ended."""
    return {"topic": topic, "outcome": outcome, **more}


def problem(response: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, kind, and (place, code) of each error."""
    found = response.json()
    errors = [
        (error["location"].get("pointer", error["location"].get("name")), error["code"])
        for error in found.get("errors", [])
    ]
    return response.status_code, found["type"].rsplit("/", 1)[1], errors


@pytest.fixture
async def as_agent(kennisbank: None, app: Starlette, database: Database, clock: Clock) -> Any:
    """`await as_agent("anna")` logs as the holder of a token of that name."""
    clients: list[httpx.AsyncClient] = []

    async def make(name: str, role: Role = Role.AGENT) -> Log:
        async with database.writing() as session:
            token = await create_token(session, name, role, clock.now())
        clients.append(browser_of(app, Authorization=f"Bearer {token}"))
        return Log(clients[-1])

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def log(as_agent: Callable[..., Awaitable[Log]]) -> Log:
    """An agent."""
    return await as_agent("anna")


@pytest.fixture
async def lead(as_agent: Callable[..., Awaitable[Log]]) -> Log:
    """A team lead."""
    return await as_agent("teamleider", Role.TEAM_LEAD)


@pytest.fixture
async def exchange(app: Starlette, client: httpx.AsyncClient, database: Database) -> Exchange:
    """An exchange that may tell of calls."""
    async with database.writing() as session:
        secret = await new_secret(session, "centrale", app.state.lifespan["secret_key"])
    return Exchange(client, secret)
