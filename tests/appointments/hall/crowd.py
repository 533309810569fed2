"""Clerks who all call at once, and visitors who come, go and mix up their tickets; all remember what they heard."""

import asyncio
import random
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.appointments.hall.opened import LONG, SHORT, OpenHall

AT_ONCE = 4
ENDED = ("finished", "missed", "left")
# What is recorded when a request is answered well, and how much may be when it is not answered at all.
RECORDS = {
    "start": "started",
    "park": "parked",
    "resume": "resumed",
    "transfer": "transferred",
    "finish": "finished",
    "leave": "left",
    "call": "called",
    "call-next": "called",
}
MOST_EVENTS_A_REQUEST = 3


@dataclass
class Crowd:
    """Everybody in a hall. `comes` are those who still have to come: a code to check in with, or a kind of product.

    `acknowledged` are the (visit, event) that were answered; `unanswered` counts requests of which nobody knows.
    `products`: what each visit is for, and after each transfer.
    """

    here: OpenHall
    seed: int
    comes: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    unanswered: int = 0
    answered: int = 0
    products: dict[int, list[str]] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    parked: list[int] = field(default_factory=list)
    came: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The same seed wishes the same things; how they meet is up to the machine."""
        self.chance = random.Random(self.seed)

    async def gather(self, visits: int) -> None:
        """So many are to come, half by appointment: about now, earlier and later; a tenth of those will not."""
        now = datetime.fromisoformat((await self._walks_in(SHORT, f"first-{self.here.code}"))["arrivedAt"])
        starts = [
            (now.replace(microsecond=0) + timedelta(minutes=self.chance.randint(-6, 14)), self._kind())
            for _ in range(visits // 2)
        ]
        codes = await self.here.expects(*starts)
        by_appointment = [("check-in", code) for code in codes[: len(codes) * 9 // 10]]
        self.comes = [*by_appointment, *((self._kind(), f"{self.here.code}-{n}") for n in range(visits - len(codes)))]
        self.chance.shuffle(self.comes)

    def _kind(self) -> str:
        return self.chance.choice((LONG, SHORT))

    async def arrive(self, number: int) -> bool:
        """So many come, all at once. Returns whether anybody did."""
        coming, self.comes = self.comes[:number], self.comes[number:]
        await together(self._comes(one) for one in coming)
        return bool(coming)

    async def until_empty(self) -> None:
        """All counters call, time and again at the same moment, until nobody is left and nobody comes any more."""
        busy = True
        while busy or self.comes or self.parked:
            turns = (self._turn(counter) for counter in self.here.counters)
            busy = any(await together([self.arrive(AT_ONCE), self._leaves(), *turns]))

    async def until_killed(self, answers: int) -> None:
        """Kill the server in the middle of it, when so many more requests have been answered."""
        until = self.answered + answers
        everybody = asyncio.create_task(self.until_empty())
        while self.answered < until and not everybody.done():
            await asyncio.sleep(0)
        self.here.server.kill()
        with suppress(httpx.TransportError):
            await everybody

    async def pick_up(self) -> None:
        """After a restart: those who heard nothing ask again, clerks look at their screens and go on."""
        for visit in await self.here.visits():
            self.products.setdefault(visit["id"], [visit["products"][0]["code"]])
        for one in self.came:
            await self._comes(one)
        visits = await self.here.visits()
        self.waiting = {visit["id"] for visit in visits if visit["state"] == "waiting"}
        self.parked = [visit["id"] for visit in visits if visit["state"] == "parked"]
        at_counter = [visit["id"] for visit in visits if visit["state"] in ("called", "serving")]
        await together(self._post(f"visits/{number}/finish") for number in at_counter)

    async def _turn(self, counter: str) -> bool:
        """A clerk takes one visitor, if there is one, as far as it goes."""
        visit = await self._next(counter)
        if visit is None:
            return False
        choice = self.chance.random()
        if choice < 0.1 and await self._wrong_ticket(counter, visit):
            return True
        if choice < 0.2:
            await self._recall(counter, visit)
        elif choice < 0.3:
            await self._good(counter, visit, "start")
            await self._good(counter, visit, "park")
            self.parked.append(visit)
        elif choice < 0.4:
            await self._transfer(counter, visit)
        elif choice < 0.45:
            await self._good(counter, visit, "finish")
        else:
            await self._good(counter, visit, "start")
            await self._good(counter, visit, "finish")
        return True

    async def _next(self, counter: str) -> int | None:
        if self.parked and self.chance.random() < 0.5:
            number = self.parked.pop(0)
            await self._good(counter, number, "resume", counter=counter)
            await self._good(counter, number, "finish")
            return None if not self.waiting else await self._called(counter)
        if self.waiting and self.chance.random() < 0.1:
            number = self.chance.choice(sorted(self.waiting))
            if (await self._post(f"visits/{number}/call", clerk=counter, counter=counter)).is_success:
                return number
        return await self._called(counter)

    async def _called(self, counter: str) -> int | None:
        answer = await self._post(f"counters/{counter}/call-next", clerk=counter)
        assert answer.status_code in (200, 204), answer.text
        return int(answer.json()["id"]) if answer.status_code == 200 else None

    async def _recall(self, counter: str, number: int) -> None:
        times = self.chance.randint(1, 3)
        for time in range(1, times + 1):
            answer = await self._post(f"visits/{number}/recall", clerk=counter)
            assert answer.json()["state"] == ("missed" if time == 3 else "called"), answer.text
            self.acknowledged.append((number, "missed" if time == 3 else "recalled"))
        if times < 3:
            await self._good(counter, number, "finish")

    async def _wrong_ticket(self, counter: str, number: int) -> bool:
        """Whether the one who came could be helped: somebody else may have called them meanwhile."""
        if not self.waiting:
            return False
        other = self.chance.choice(sorted(self.waiting))
        answer = await self._post(f"visits/{number}/wrong-ticket", clerk=counter, here=other)
        if not answer.is_success:
            return False
        self.acknowledged += [(number, "returned"), (other, "called"), (other, "started")]
        self.waiting.add(number)
        self.waiting.discard(other)
        await self._good(counter, other, "finish")
        return True

    async def _transfer(self, counter: str, number: int) -> None:
        """On to another counter: every other time for something else."""
        kind = self._kind()
        body: dict[str, Any] = {}
        product = self.products[number][-1]
        if self.chance.random() < 0.5:
            product = self.here.product(kind)
            body = {"products": [{"code": product, "persons": 1}]}
        self.products[number].append(product)
        await self._good(counter, number, "transfer", **body)

    async def _leaves(self) -> bool:
        """Now and then somebody has waited long enough."""
        if self.waiting and self.chance.random() < 0.3:
            number = self.chance.choice(sorted(self.waiting))
            await self._post(f"visits/{number}/leave")
        return False

    async def _comes(self, one: tuple[str, str]) -> None:
        if one not in self.came:
            self.came.append(one)
        kind, what = one
        if kind == "check-in":
            answer = await self._post(f"appointments/{what}/check-in")
            if answer.status_code == 409:  # asked again after a restart, by somebody who was helped already
                assert "Zet het bezoek terug" in answer.json()["detail"], answer.text
                return
            assert answer.status_code == 200, answer.text
            self._arrived(answer.json())
        else:
            await self._walks_in(kind, what)

    async def _walks_in(self, kind: str, key: str) -> dict[str, Any]:
        if (kind, key) not in self.came:
            self.came.append((kind, key))
        products = [{"code": self.here.product(kind), "persons": 1}]
        answer = await self._post("visits", key=key, location=self.here.code, products=products)
        assert answer.status_code == 201, answer.text
        self._arrived(answer.json())
        found: dict[str, Any] = answer.json()
        return found

    def _arrived(self, visit: dict[str, Any]) -> None:
        if visit["id"] not in self.products:
            self.acknowledged.append((visit["id"], "arrived"))
            self.products[visit["id"]] = [visit["products"][0]["code"]]
            self.waiting.add(visit["id"])

    async def _good(self, clerk: str, number: int, verb: str, **body: Any) -> None:
        answer = await self._post(f"visits/{number}/{verb}", clerk=clerk, **body)
        assert answer.status_code == 200, answer.text

    async def _post(self, path: str, **asked: Any) -> httpx.Response:
        """Ask, and remember what was answered. A conflict is an answer too, anything else but success is not."""
        self.unanswered += 1
        answer = await self.here.post(path, **asked)
        self.unanswered -= 1
        self.answered += 1
        assert answer.is_success or answer.status_code == 409, f"{path}: {answer.status_code} {answer.text}"
        kind = RECORDS.get(path.rpartition("/")[2])
        if kind and answer.status_code == 200:
            visit = int(answer.json()["id"])
            self.acknowledged.append((visit, kind))
            (self.waiting.add if kind == "transferred" else self.waiting.discard)(visit)
        return answer


async def together(work: Iterable[Awaitable[Any]]) -> list[Any]:
    """Do all at once, and wait for all of it also when some fails."""
    done = await asyncio.gather(*work, return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException):
            raise result
    return done
