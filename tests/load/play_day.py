"""A whole day in a hall, played through the API faster than real time, and its figures against our own reckoning.

    python -m tests.load.play_day [--visits 400] [--speed 120] [--counters 12] [--seed 1] [--database sqlite]

Prints a table: what the service says beside what was reckoned from what was played. Ends with 1 when they differ.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from kcc.access.roles import Role
from kcc.access.tokens import create_token
from tests.appointments.conftest import AMSTERDAM, place, product
from tests.appointments.hall_server import HallServer, hall_server, migrated
from tests.load.day_plan import PRODUCTS, Visitor, visitors
from tests.load.day_player import Player
from tests.load.day_reckoning import Reckoned, by_quarter, complete, reckon, service, wait
from tests.postgres import running_server, with_name

LOCATION = "dagspel"
DAY = date(2026, 11, 24)
OPENS, HOURS, BEFORE = 9, 6, timedelta(minutes=30)
THRESHOLD, WALK_IN_THRESHOLD = 300, 900
# When the booking is done: at a clock that does not run, the day before.
BOOKING_CLOCK = "2026-11-23T09:00:00Z"
AT_ONCE = 8
# A machine that is slow or busy gets a slower clock: the day must be over before midnight.
REQUESTS_A_VISIT = 6
SETTINGS = {"KCC_CLOCK": BOOKING_CLOCK, "KCC_SESSION_IDLE_MINUTES": "600", "KCC_SESSION_MAX_HOURS": "24"}


@dataclass
class Played:
    """A day that was played: what the service says, and what was reckoned."""

    player: Player
    reckoned: Reckoned
    day: dict[str, Any]
    quarters: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    findings: list[str]
    seconds: float


def opens_at() -> datetime:
    """When the hall opens."""
    return datetime(DAY.year, DAY.month, DAY.day, OPENS, tzinfo=AMSTERDAM).astimezone(UTC)


def start_day(server: HallServer, speed: float) -> None:
    """Serve on, on the morning itself, at this speed."""
    server.stop()
    server.settings["KCC_CLOCK"] = f"{(opens_at() - BEFORE).isoformat()} x{speed:g}"
    server.start()


async def furnish(server: HallServer, counters: int) -> dict[Role, dict[str, str]]:
    """A hall with equal counters; returns the headers of who may do what."""
    await server.furnish(
        [product(code, minutes) for code, minutes in PRODUCTS.items()],
        place(LOCATION, counters, [(f"{OPENS}:00", f"{OPENS + HOURS}:00")], walk_ins=True),
    )
    found = {}
    async with server.database() as database, database.writing() as session:
        for role in (Role.AGENT, Role.COUNTER_CLERK, Role.TEAM_LEAD):
            token = await create_token(session, f"dagspel {role}", role, datetime(2026, 11, 1, tzinfo=UTC))
            found[role] = {"Authorization": f"Bearer {token}"}
    return found


async def book(
    client: httpx.AsyncClient, headers: dict[str, str], counters: int, visits: int, seed: int
) -> list[Visitor]:
    """Make the plan of the day, and book its appointments."""
    slots = [opens_at() + timedelta(minutes=10 * slot) for slot in range(HOURS * 6)] * max(1, counters - 1)
    people = visitors(slots, opens_at(), HOURS, visits, seed)
    turn = asyncio.Semaphore(AT_ONCE)

    async def made(number: int, one: Visitor) -> Visitor:
        if one.planned is None:
            return one
        asked = {"location": LOCATION, "products": [{"code": one.product, "persons": 1}]}
        body = asked | {"startsAt": one.planned.isoformat(), "name": "Verzonnen Bezoeker", "phone": "0612345678"}
        async with turn:
            answer = await client.post("/api/v1/appointments", json=body, headers=headers)
        if answer.status_code != 201:
            raise RuntimeError(f"appointment {number}: {answer.status_code} {answer.text}")
        return replace(one, code=answer.json()["code"])

    return list(await asyncio.gather(*(made(number, one) for number, one in enumerate(people))))


async def play(
    server: HallServer, *, visits: int, speed: float, counters: int, seed: int, ready: Callable[[], None] | None = None
) -> Played:
    """Book, then play the day; `ready` is called when it begins, with the service running at its speed.

    The clock goes slower than asked when booking shows that the machine cannot do so many requests.
    """
    tokens = await furnish(server, counters)
    async with server.client() as client:
        began = time.monotonic()
        people = await book(client, tokens[Role.AGENT], counters, visits, seed)
        a_booking = (time.monotonic() - began) / sum(one.planned is not None for one in people)
        speed = min(speed, HOURS * 3600 / (visits * REQUESTS_A_VISIT * a_booking))
        start_day(server, speed)
        began = time.monotonic()
        if ready:
            ready()
        codes = [f"{LOCATION}-{number}" for number in range(1, counters + 1)]
        player = Player(client, LOCATION, codes, tokens[Role.COUNTER_CLERK], speed)
        await player.play(people, opens_at() - BEFORE + timedelta(seconds=(time.monotonic() - began) * speed))
        await closing(player, began, speed)
        return await told(server, player, tokens, time.monotonic() - began)


async def closing(player: Player, began: float, speed: float) -> None:
    """Wait until the hall has closed: only then is it known who never came."""
    open_for = (timedelta(hours=HOURS) + BEFORE).total_seconds() / speed
    await asyncio.sleep(max(0.0, began + open_for - time.monotonic()))


async def told(server: HallServer, player: Player, tokens: dict[Role, dict[str, str]], seconds: float) -> Played:
    """What the service says of the day, and what it should say."""
    async with server.database() as database:
        findings = await complete(database, player.logs)
    lead = tokens[Role.TEAM_LEAD]
    asked = {"from": DAY.isoformat(), "to": DAY.isoformat(), "location": LOCATION}
    day, quarters = [
        (await player.client.get("/api/v1/waits", params=asked | {"by": by}, headers=lead)).json()["rows"]
        for by in ("day", "quarter")
    ]
    visits = await player.client.get(
        "/api/v1/visits", params={"location": LOCATION, "date": DAY.isoformat()}, headers=player.clerk
    )
    reckoned = reckon(player.logs.values(), player.never_came)
    return Played(player, reckoned, day[0], quarters, visits.json()["results"], findings, seconds)


def differences(played: Played) -> list[str]:
    """A sentence for everything the service says otherwise than was reckoned; none when all is the same."""
    found = [*played.findings]
    expected = played.reckoned.row(THRESHOLD, WALK_IN_THRESHOLD)
    found += [
        f"{name}: {played.day[name]}, not {value}" for name, value in expected.items() if played.day[name] != value
    ]
    found += [f"{name} is not reckoned" for name in sorted(played.day.keys() - expected.keys() - {"start", "location"})]
    logs = played.player.logs
    for visit in played.visits:
        log = logs.get(visit["id"])
        says = (visit["state"], visit["waitSeconds"], visit["serviceSeconds"])
        if log is None or says != (log.ended, wait(log), service(log)):
            found.append(f"{visit['number']}: {says}, not {log and (log.ended, wait(log), service(log))}")
    if sorted(logs) != sorted(visit["id"] for visit in played.visits):
        found.append("not everybody who came is among the visits")
    parts = by_quarter(logs.values(), played.player.never_came)
    for row in played.quarters:
        part = parts.pop(datetime.fromisoformat(row["start"]), Reckoned()).row(THRESHOLD, WALK_IN_THRESHOLD)
        found += [
            f"{row['start']} {name}: {row[name]}, not {value}" for name, value in part.items() if row[name] != value
        ]
    return found + [f"no quarter {start}" for start in parts]


def table(played: Played) -> str:
    """The figures as a table in Markdown."""
    expected = played.reckoned.row(THRESHOLD, WALK_IN_THRESHOLD)
    rows = ["| figure | service | reckoned |", "| --- | --- | --- |"]
    rows += [f"| {name} | {_shown(played.day[name])} | {_shown(value)} |" for name, value in expected.items()]
    return "\n".join([*rows, "", f"{played.player.requests} requests in {played.seconds:.0f} s."])


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=400)
    parser.add_argument("--speed", type=float, default=120)
    parser.add_argument("--counters", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kcc-day-")))
        url = f"sqlite:///{folder / 'kcc.sqlite3'}"
        if asked.database == "postgresql":
            url = with_name(stack.enter_context(running_server()), "postgres")
        server = stack.enter_context(hall_server(migrated(url), folder / "data", **SETTINGS))
        played = asyncio.run(
            play(server, visits=asked.visits, speed=asked.speed, counters=asked.counters, seed=asked.seed)
        )
    print(table(played))
    problems = differences(played)
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
