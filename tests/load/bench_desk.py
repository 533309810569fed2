"""The agent's desk: so many agents who log contacts at once, beside a bare Starlette route in the same run.

    python -m tests.load.bench_desk [--databases sqlite,postgresql] [--agents 50] [--contacts 6] [--pause 6.0]

Each agent, signed in, does over and over what a resolved call takes: look at the desk, begin a contact, search, open
the article, say that it is solved; with a pause of so many seconds, drawn at random around the mean, before each.
Agents of flesh take a minute a call: with six seconds they are twice as quick. The kennisbank is the demonstration's.
What is acknowledged is on disk.
"""

import argparse
import asyncio
import random
import re
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import httpx

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.storage.database import Database
from tests.appointments.hall_server import hall_server
from tests.journeys.serving import kcc
from tests.load.bench_booking import BARE, database_at
from tests.load.bench_http import PORT_BARE, serving
from tests.load.open_loop import percentile

PASSWORD = "een goed wachtwoord"
ACTIONS = ("look at the desk", "begin a contact", "search", "open the article", "say that it is solved")
JSON = "application/json"
COUNT = "SELECT count(*) FROM contact WHERE finished_at IS NOT NULL AND agent LIKE 'agent-%'"
Times = dict[str, list[float]]


async def accounts(url: str, number: int) -> None:
    """So many agents who may sign in."""
    database = Database(url)
    async with database.writing() as session:
        for agent in range(number):
            name = f"agent-{agent}"
            await put_account(session, name, name, PASSWORD, [Role.AGENT], datetime(2026, 11, 1, tzinfo=UTC))
    await database.close()


async def agent(number: int, url: str, bare: str, contacts: int, pause: float, times: Times) -> None:
    """One agent's morning."""
    chance = random.Random(number)
    htmx = {"HX-Request": "true"}
    async with httpx.AsyncClient(base_url=url, timeout=60, verify=False) as client:
        answer = await client.post("/inloggen", data={"name": f"agent-{number}", "password": PASSWORD})
        assert answer.status_code == 303, answer.text

        async def timed(what: str, method: str, address: str, good: int = 200, **request: object) -> httpx.Response:
            await asyncio.sleep(chance.expovariate(1 / pause))
            began = time.perf_counter()
            answer = await client.request(method, address, **request)  # type: ignore[arg-type]
            times[what].append(time.perf_counter() - began)
            assert answer.status_code == good, answer.text
            return answer

        for _ in range(contacts):
            look, begin, search, opening, solved = ACTIONS
            await timed("bare route", "GET", f"{bare}/")
            await timed(look, "GET", "/werk")
            begun = await timed(begin, "POST", "/werk/contact", data={"do": "save"}, headers={"Accept": JSON})
            contact = begun.json()["next"].rpartition("=")[2]
            asked = {"q": "grofvuil ophalen", "contact": contact}
            await timed(search, "GET", "/werk", params=asked, headers=htmx | {"HX-Target": "gevonden"})
            article = asked | {"artikel": "grofvuil"}
            opened = await timed(opening, "GET", "/werk", params=article, headers=htmx | {"HX-Target": "artikel"})
            (question,) = re.findall(r'name="question" value="(\d+)"', opened.text)
            ended = {"contact": contact, "question": question, "do": "resolved", "article": "grofvuil", "q": asked["q"]}
            await timed(solved, "POST", "/werk/contact", data=ended, headers={"Accept": JSON})


async def morning(url: str, agents: int, contacts: int, pause: float) -> Times:
    """All of them at once."""
    times: Times = defaultdict(list)
    bare = f"http://127.0.0.1:{PORT_BARE}"
    await asyncio.gather(*(agent(number, url, bare, contacts, pause, times) for number in range(agents)))
    return times


async def logged(url: str) -> int:
    """How many contacts are in the log, finished."""
    database = Database(url)
    async with database.reading() as session:
        found = (await (await session.connection()).exec_driver_sql(COUNT)).scalar_one()
    await database.close()
    return int(found)


def measure(kind: str, folder: Path, agents: int, contacts: int, pause: float) -> None:
    """A server of its own, with the demonstration's kennisbank."""
    with database_at(kind, folder) as url:
        data = folder / "data"
        data.mkdir()
        kcc(data, "demo", "--days", "28", KCC_DATABASE_URL=url)
        asyncio.run(accounts(url, agents))
        before = asyncio.run(logged(url))
        with hall_server(url, data) as server, serving(BARE, {}, PORT_BARE, "/"):
            times = asyncio.run(morning(server.url, agents, contacts, pause))
        found = asyncio.run(logged(url)) - before
        assert found == agents * contacts, f"{found} contacts are in the log"
    yardstick = percentile(times["bare route"], 0.5)
    print(f"\n  {agents} agents on {kind}, {contacts} contacts each, {pause} s between interactions")
    print(f"  {'':24}{'x bare p50':>11}{'p50 ms':>9}{'p99 ms':>9}{'number':>8}")
    for what in ("bare route", *ACTIONS):
        p50, p99 = (percentile(times[what], share) for share in (0.5, 0.99))
        print(
            f"  {what:24}{p50 / yardstick:>11.1f}{1000 * p50:>9.1f}{1000 * p99:>9.1f}{len(times[what]):>8}", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--contacts", type=int, default=6)
    parser.add_argument("--pause", type=float, default=6.0)
    asked = parser.parse_args()
    for kind in asked.databases.split(","):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            measure(kind, Path(folder), asked.agents, asked.contacts, asked.pause)


if __name__ == "__main__":
    main()
