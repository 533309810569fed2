"""Calls as an exchange logs them, and a team lead who asks for service levels."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.service_levels.phone.counter import CallCounter
from kcc.storage.database import Database
from tests.contacts.telephony.test_importing import put


class Phone:
    """Calls come in, are counted, and asked for."""

    def __init__(self, database: Database, clock: Clock, client: httpx.AsyncClient) -> None:
        self.database = database
        self.client = client
        self.counter = CallCounter(database, clock)

    async def log(self, *lines: str) -> None:
        """These lines of a queue_log are taken in, and counted."""
        await put(self.database, list(lines))
        await self.counter.settle()

    async def ask(self, first: str, last: str, **more: Any) -> httpx.Response:
        return await self.client.get("/api/v1/service-levels", params={"from": first, "to": last, **more})

    async def rows(self, first: str, last: str, **more: Any) -> Sequence[dict[str, Any]]:
        answer = await self.ask(first, last, **more)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows


@pytest.fixture
async def phone(database: Database, clock: Clock, with_token: Callable[..., Any]) -> Phone:
    """The telephone of the contact centre, asked about by a team lead."""
    return Phone(database, clock, await with_token(Role.TEAM_LEAD))


def answered(at: int, number: int, wait: int, talk: int = 60, queue: str = "algemeen", end: str = "") -> list[str]:
    """The lines of a call that is answered after `wait` seconds and lasts `talk`."""
    call = f"{at}.{number}"
    return [
        f"{at}|{call}|{queue}|NONE|ENTERQUEUE||0612345678|1",
        f"{at + wait}|{call}|{queue}|SIP/1|CONNECT|{wait}|{call}9|2",
        f"{at + wait + talk}|{call}|{queue}|SIP/1|{end or f'COMPLETECALLER|{wait}|{talk}|1'}",
    ]


def abandoned(at: int, number: int, wait: int, queue: str = "algemeen", how: str = "ABANDON|1|1") -> list[str]:
    """The lines of a call that is given up, or sent away, after `wait` seconds."""
    call = f"{at}.{number}"
    return [
        f"{at}|{call}|{queue}|NONE|ENTERQUEUE||0612345678|1",
        f"{at + wait}|{call}|{queue}|NONE|{how}|{wait}",
    ]
