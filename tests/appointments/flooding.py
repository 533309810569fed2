"""Residents who book, hold and cancel without end, and remember what they were told."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.appointments.racing import BOOKED, Hall, at_once, outcomes


@dataclass
class Attempt:
    """One person's wish for a start.

    `body` is what was sent to book it, with `key`; `answer` what came of it, if known.
    `cancelling`: whether they asked to cancel; `cancelled`: whether that was answered.
    """

    body: dict[str, Any]
    key: str
    answer: httpx.Response | None = None
    cancelling: bool = False
    cancelled: bool = False

    @property
    def email(self) -> str:
        """Everybody has their own."""
        return str(self.body["email"])


@dataclass
class Flood:
    """`residents` at once, each booking one start after another until the server is gone.

    No more of them want a start than there are counters, so that nobody needs to be refused.
    """

    here: Hall
    counters: int
    seed: int
    residents: int = 8
    attempts: list[Attempt] = field(default_factory=list)
    answered: int = 0

    async def until_killed(self, answers: int) -> None:
        """Let them in; kill the server in the middle of it, when so many requests have been answered."""
        wishes = iter(self.here.grid() * self.counters)
        crowd = [asyncio.create_task(self._resident(wishes, number)) for number in range(self.residents)]
        while self.answered < answers and not all(task.done() for task in crowd):
            await asyncio.sleep(0)
        self.here.server.kill()
        await asyncio.gather(*crowd)

    async def _resident(self, wishes: Iterator[str], number: int) -> None:
        chance = random.Random(self.seed * 100 + number)
        with suppress(httpx.TransportError):
            for start in wishes:
                await self._book(start, chance)

    async def _book(self, start: str, chance: random.Random) -> None:
        key = f"{self.here.code}-{len(self.attempts)}-{start}"
        wanted = self.here.visit(start)
        if chance.random() < 0.4:
            wanted = {"hold": (await self._answer(self.here.hold(start))).json()["id"]}
        attempt = Attempt(self.here.visitor(**wanted), key)
        self.attempts.append(attempt)
        attempt.answer = await self._answer(book(self.here, attempt))
        if chance.random() < 0.3:
            attempt.cancelling = True
            await self._answer(self.here.cancel(attempt.answer), good=200)
            attempt.cancelled = True

    async def _answer(self, request: Any, good: int = 201) -> httpx.Response:
        response: httpx.Response = await request
        assert response.status_code == good, response.text
        self.answered += 1
        return response

    async def check(self) -> None:
        """After the restart: fail unless everybody has what they were told, and those who heard nothing can ask."""
        await asyncio.gather(*map(self._check, self.attempts))

    async def _check(self, attempt: Attempt) -> None:
        again = await at_once(book(self.here, attempt) for _ in range(2))
        assert outcomes(again) == {BOOKED: 2}, again[0].text
        assert again[0].json() == again[1].json() == (attempt.answer or again[0]).json()
        detail = (await self.here.desk.manage(again[0])).json()
        possible = {"cancelled"} if attempt.cancelled else {"booked", "cancelled"}
        assert detail["status"] in (possible if attempt.cancelling else {"booked"})
        assert (detail["startsAt"], detail["email"]) == (again[0].json()["startsAt"], attempt.email)


async def book(here: Hall, attempt: Attempt) -> httpx.Response:
    """Book, or ask once more what came of it."""
    return await here.client.post("/api/v1/appointments", json=attempt.body, headers={"Idempotency-Key": attempt.key})
