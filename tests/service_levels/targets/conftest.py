"""A team lead who sets targets, in a municipality with a town hall, products and a telephone."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.appointments.conftest import Hall, agent, desk, hall, options, place, product, settings
from tests.service_levels.phone.conftest import Phone

__all__ = ["agent", "desk", "hall", "options", "settings"]
TODAY, TOMORROW, YESTERDAY = "2026-11-24", "2026-11-25", "2026-11-23"
PATH = "/api/v1/targets"


class Lead:
    """Sets targets by the API, and asks for them."""

    def __init__(self, client: httpx.AsyncClient, phone: Phone) -> None:
        self.client = client
        self.phone = phone

    async def put(self, metric: str, valid_from: str, level: Any = 80, threshold: Any = None, **more: Any) -> Any:
        body = {"metric": metric, "validFrom": valid_from, "level": level, **more}
        return await self.client.put(PATH, json=body if threshold is None else {**body, "threshold": threshold})

    async def set(
        self, metric: str, valid_from: str, level: int = 80, threshold: int | None = None, **more: Any
    ) -> Any:
        answer = await self.put(metric, valid_from, level, threshold, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def listed(self, **query: str) -> list[dict[str, Any]]:
        answer = await self.client.get(PATH, params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["results"]
        return found


@pytest.fixture
async def lead(database: Database, clock: Clock, hall: Hall, with_token: Callable[..., Any]) -> Lead:
    """A team lead with a token."""
    await hall(product("paspoort", lead_time_days=3), product("rijbewijs"), place(counters=2, walk_ins=True))
    client = await with_token(Role.TEAM_LEAD)
    return Lead(client, Phone(database, clock, client))
