"""Plays a day in a hall through its HTTP API: books, comes, calls, serves. Keeps what was answered, and when it was.

The service's clock runs many times faster than ours: instants are those of its answers, never our own.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.load.day_plan import Visitor

BETWEEN_CALLS = timedelta(minutes=3)
# A colleague was first.
OVERTAKEN = 409


@dataclass
class Log:
    """A visit as it was played: (what happened, the instant that was answered, if one was)."""

    visit: int
    visitor: Visitor
    steps: list[tuple[str, datetime | None]] = field(default_factory=list)

    def add(self, what: str, moment: str | None = None) -> None:
        """One step more."""
        self.steps.append((what, datetime.fromisoformat(moment) if moment else None))

    @property
    def ended(self) -> str:
        """The last step."""
        return self.steps[-1][0]


@dataclass
class Player:
    """Plays; `logs` is who came, by number of visit; `never_came` are the planned starts of the others."""

    client: httpx.AsyncClient
    location: str
    counters: Sequence[str]
    clerk: Mapping[str, str]
    speed: float
    logs: dict[int, Log] = field(default_factory=dict)
    never_came: list[datetime] = field(default_factory=list)
    requests: int = 0
    _zero: tuple[datetime, float] = field(init=False)
    _to_come: int = 0
    _away: list[tuple[float, Log]] = field(default_factory=list)

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """Ask as a clerk. A conflict is for the caller; any other refusal ends the day."""
        self.requests += 1
        answer = await self.client.post(f"/api/v1/{path}", json=body, headers=self.clerk)
        if not answer.is_success and answer.status_code != OVERTAKEN:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")
        return answer

    async def play(self, visitors: Sequence[Visitor], began: datetime) -> None:
        """The day, until nobody is left. `began`: what the service's clock said just now."""
        self._zero = (began, time.monotonic())
        for counter in self.counters:
            await self.post(f"counters/{counter}/open")
        self.never_came = [one.planned for one in visitors if one.comes is None and one.planned]
        coming = [one for one in visitors if one.comes is not None]
        self._to_come = len(coming)
        await asyncio.gather(*map(self._comes, coming), *(self._stands(counter) for counter in self.counters))

    def _passed(self, minutes: float) -> float:
        """Our seconds for so many minutes there."""
        return minutes * 60 / self.speed

    async def _until(self, moment: datetime) -> None:
        began, zero = self._zero
        await asyncio.sleep(max(0.0, zero + (moment - began).total_seconds() / self.speed - time.monotonic()))

    async def _comes(self, visitor: Visitor) -> None:
        assert visitor.comes is not None
        await self._until(visitor.comes)
        if visitor.planned is not None:
            answer = await self.post(f"appointments/{visitor.code}/check-in")
        else:
            products = [{"code": visitor.product, "persons": 1}]
            answer = await self.post("visits", location=self.location, products=products)
        visit = answer.json()
        log = self.logs[visit["id"]] = Log(visit["id"], visitor)
        log.add("arrived", visit["arrivedAt"])
        self._to_come -= 1
        if visitor.leaves_after is not None:
            await asyncio.sleep(self._passed(visitor.leaves_after))
            answer = await self.post(f"visits/{log.visit}/leave")
            if answer.is_success:
                log.add("left", answer.json()["finishedAt"])

    async def _stands(self, counter: str) -> None:
        """A clerk's day: whoever comes back first, then who is next."""
        while True:
            if self._away and self._away[0][0] <= time.monotonic():
                _, log = self._away.pop(0)
                await self._resumes(counter, log)
                continue
            answer = await self.post(f"counters/{counter}/call-next")
            if answer.status_code == 200:
                await self._calls(counter, answer.json())
            elif self._to_come or self._away or not all(map(_is_over, self.logs.values())):
                await asyncio.sleep(self._passed(BETWEEN_CALLS.total_seconds() / 60))
            else:
                return

    async def _calls(self, counter: str, visit: dict[str, Any]) -> None:
        while visit["id"] not in self.logs:  # called before who checked in has read the answer
            await asyncio.sleep(0)
        log = self.logs[visit["id"]]
        first = all(what != "called" for what, _ in log.steps)
        log.add("called", visit["calledAt"] if first else None)
        again = log.visitor.sent_on and not first
        if not again:
            for _ in range(log.visitor.recalls):
                await asyncio.sleep(self._passed(0.7))
                await self._step(log, "recalled", "recall")
        if log.visitor.never_at_counter and not again:
            await self._step(log, "missed", "missed", "finishedAt")
            return
        await self._step(log, "started", "start", None if again else "startedAt")
        await self._serves(log, log.visitor.service[1 if again else 0], last=again or len(log.visitor.service) == 1)

    async def _serves(self, log: Log, minutes: float, *, last: bool) -> None:
        await asyncio.sleep(self._passed(minutes))
        if last:
            await self._step(log, "finished", "finish", "finishedAt")
        elif log.visitor.sent_on:
            await self._step(log, "transferred", "transfer")
        else:
            await self._step(log, "parked", "park")
            self._away.append((time.monotonic() + self._passed(log.visitor.parked), log))
            self._away.sort(key=lambda one: one[0])

    async def _resumes(self, counter: str, log: Log) -> None:
        await self._step(log, "resumed", "resume", counter=counter)
        await self._serves(log, log.visitor.service[1], last=True)

    async def _step(self, log: Log, what: str, verb: str, moment: str | None = None, **body: Any) -> None:
        log.add(what)
        answer = await self.post(f"visits/{log.visit}/{verb}", **body)
        if not answer.is_success:
            raise RuntimeError(f"{verb} of {log}: {answer.text}")
        if moment:
            log.steps[-1] = (what, datetime.fromisoformat(answer.json()[moment]))


def _is_over(log: Log) -> bool:
    return log.ended in ("finished", "missed", "left")
