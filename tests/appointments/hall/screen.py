"""A screen in the waiting room, as a browser's EventSource: it listens, is cut off, and connects again."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from tests.appointments.hall.opened import LONG, SHORT, OpenHall
from tests.conftest import PASSWORD

SHOWN = 5
PATIENCE = 240.0  # seconds; much more than it ever takes


@dataclass
class Calls:
    """What was called in a hall, kept by whoever did it: [number, counter, whether it is called still, missed].

    `at` is who is at each counter.
    """

    here: OpenHall
    latest: list[list[Any]] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)

    async def something(self, counter: str, chance: random.Random) -> None:
        """Somebody is called to this counter; or who is there is called once more, begins, ends, or never came."""
        if counter not in self.at:
            await self.call(counter)
            return
        entry = next(entry for entry in self.latest if entry[1] == counter)
        verb = chance.choice(("recall", "start", "missed", "finish")) if entry[2] else "finish"
        visit = await self.here.good(f"visits/{self.at[counter]}/{verb}")
        if verb == "recall" and visit["state"] == "called":
            self.latest.remove(entry)
            self.latest.insert(0, entry)
        else:
            entry[2:] = [False, visit["state"] == "missed"]
        if visit["finishedAt"]:
            del self.at[counter]

    async def call(self, counter: str) -> None:
        """Somebody takes a number and is called at once."""
        await self.here.walks_in(SHORT if counter == self.here.counters[-1] else LONG)
        visit = await self.here.good(f"counters/{counter}/call-next")
        self.latest.insert(0, [visit["number"], counter, True, False])
        self.at[counter] = visit["id"]

    def shown(self) -> list[tuple[str, str, bool]]:
        """What every screen has to show: the last calls, the latest first, without who never came."""
        came = [(number, counter, now) for number, counter, now, missed in self.latest if not missed]
        return came[:SHOWN]


@dataclass
class Connection:
    """One connection of a screen; it ends when it is cut."""

    here: OpenHall
    lines: AsyncIterator[str]

    async def shows(self, expected: list[tuple[str, str, bool]]) -> int:
        """Listen until this is shown. Returns the version that shows it."""
        version, shown = 0, None
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                async for line in self.lines:
                    if line.startswith("id: "):
                        version = int(line.removeprefix("id: "))
                    elif line.startswith("data: {") and (shown := self._read(line)) == expected:
                        return version
        raise AssertionError(f"the stream showed {shown}, never {expected}")

    def _read(self, line: str) -> list[tuple[str, str, bool]]:
        counters = {f"Balie {number}": code for number, code in enumerate(self.here.counters, start=1)}
        calls = json.loads(line.removeprefix("data: "))["calls"]
        return [(call["number"], counters[call["counter"]], call["now"]) for call in calls]

    async def until_cut(self) -> None:
        """Listen until the connection is no more."""
        try:
            async for _ in self.lines:
                pass
        except httpx.TransportError:
            pass


async def sign_in(here: OpenHall) -> None:
    """Screens are of somebody who is signed in, with a cookie."""
    name = f"ontvangst-{here.code}"
    async with here.server.database() as database, database.writing() as session:
        await put_account(session, name, "Ontvangst", PASSWORD, [Role.COUNTER_CLERK], datetime(2026, 11, 1, tzinfo=UTC))
    answer = await here.client.post("/inloggen", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text


@asynccontextmanager
async def connected(here: OpenHall) -> AsyncIterator[Connection]:
    """A connection of its own, as the browser makes it; leaving cuts it, in the middle of whatever comes."""
    async with here.client.stream("GET", f"/wachtruimte/{here.code}/nu") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Connection(here, answer.aiter_lines())
