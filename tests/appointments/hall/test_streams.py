"""The streams of the waiting room on the server's side: what comes and goes leaves nothing behind."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette

from kcc.access.devices import claim, create
from kcc.appointments.hall.watching import HallWatch
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.appointments.conftest import Hall, place, product
from tests.conftest import NOW

STREAM = "/wachtruimte/stadhuis/nu"


class Screen:
    """A browser's EventSource, as the server sees it."""

    def __init__(self, app: Starlette, cookie: str) -> None:
        self._app, self._cookie = app, cookie
        self._gone = asyncio.Event()
        self._asked = False
        self.shows = asyncio.Event()
        self.text = ""

    async def watch(self) -> None:
        """Until it is switched off."""
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": STREAM,
            "raw_path": STREAM.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"kcc.test"), (b"cookie", self._cookie.encode())],
            "client": ("127.0.0.1", 50000),
            "server": ("kcc.test", 80),
            "state": dict(self._app.state.lifespan),
        }
        await self._app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if self._gone.is_set():
            raise OSError("the connection is gone")
        self.text += message.get("body", b"").decode()
        if "event: hall" in self.text:
            self.shows.set()

    def switch_off(self) -> None:
        """The connection is gone."""
        self._gone.set()


@pytest.fixture
async def cookie(hall: Hall, database: Database) -> str:
    """What lets a screen in."""
    await hall(product("paspoort"), place(walk_ins=True))
    async with database.writing() as session:
        link = await create(session, "stadhuis", "Scherm", NOW)
        await session.flush()
        return f"kcc-device={(await claim(session, link, 'page', NOW))[1]}"


async def test_what_screens_show_is_made_once_for_all_of_them(database: Database, clock: Clock) -> None:
    watch, made = HallWatch(database, clock), 0

    async def make(_session: AsyncSession) -> str:
        nonlocal made
        made += 1
        await asyncio.sleep(0)
        if made == 1:
            raise RuntimeError("the database was away")
        return f"{made}"

    async def all_screens(version: int) -> set[Any]:
        screens = (watch.shown("stadhuis", version, make) for _ in range(50))
        return {str(shown) for shown in await asyncio.gather(*screens, return_exceptions=True)}

    assert await all_screens(1) == {"the database was away"}
    assert await all_screens(1) == {"2"}  # what failed is tried again
    assert await all_screens(1) == {"2"}
    assert await all_screens(2) == {"3"}


async def test_streams_that_come_and_go_leave_nothing_behind(
    app: Starlette, client: httpx.AsyncClient, cookie: str
) -> None:
    before = asyncio.all_tasks()
    for _ in range(10):
        screens = [Screen(app, cookie) for _ in range(20)]
        streams = [asyncio.create_task(screen.watch()) for screen in screens]
        await asyncio.gather(*(screen.shows.wait() for screen in screens))
        for screen in screens:
            screen.switch_off()
        for stream in asyncio.as_completed(streams):
            await stream
    assert asyncio.all_tasks() - before == set()
    assert f"event: beat\ndata: {NOW.timestamp() * 1000:.0f}\n\n" in screens[0].text  # for the screen's clock
    # A session that was left open would be missing here: SQLite has four for reading.
    client.cookies.set(*cookie.split("="))
    answers = await asyncio.gather(*(client.get("/wachtruimte/stadhuis") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
