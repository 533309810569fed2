"""The streams of wallboards on the server's side: one look and one rendering for all, and nothing is left behind."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.service_levels.live.facts import FactFinder
from kcc.service_levels.pages import live
from tests.conftest import browser_of
from tests.contacts.conftest import exchange
from tests.contacts.telephony.exchange import Exchange, event
from tests.service_levels.live.conftest import SignIn
from tests.service_levels.phone.conftest import Phone

__all__ = ["exchange"]
STREAM = "/rapport/live/nu"


class Screen:
    """A browser's EventSource, as the server sees it."""

    def __init__(self, app: Starlette, cookie: str, query: str = "") -> None:
        self.cookie = cookie
        self._app, self._query = app, query
        self._gone = asyncio.Event()
        self._asked = False
        self._news = asyncio.Condition()
        self.shown: list[dict[str, Any]] = []
        self.text = ""

    async def watch(self) -> None:
        """Until it is switched off."""
        headers = {"host": "kcc.test", "cookie": self.cookie, "accept": "text/event-stream"}
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": STREAM,
            "raw_path": STREAM.encode(),
            "root_path": "",
            "query_string": self._query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
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
        text = message.get("body", b"").decode()
        self.text += text
        if text.startswith("event: nu\ndata: "):
            async with self._news:
                self.shown.append(json.loads(text.removeprefix("event: nu\ndata: ")))
                self._news.notify_all()

    async def waits_for(self, number: int) -> None:
        """Until so many callers wait on the screen."""
        async with self._news:
            await self._news.wait_for(lambda: bool(self.shown) and self.shown[-1]["waiting"] == number)

    def switch_off(self) -> None:
        """The connection is gone."""
        self._gone.set()


@pytest.fixture
async def cookie(sign_in: SignIn) -> str:
    """A team lead's."""
    lead = await sign_in(Role.TEAM_LEAD)
    return "; ".join(f"{name}={value}" for name, value in lead.cookies.items())


@pytest.fixture
async def screens(app: Starlette, cookie: str) -> AsyncIterator[Callable[..., list[Screen]]]:
    """`screens(20)`: so many, switched on; all are switched off at the end."""
    switched: list[tuple[Screen, asyncio.Task[None]]] = []

    def switch_on(number: int, query: str = "") -> list[Screen]:
        found = [Screen(app, cookie, query) for _ in range(number)]
        switched.extend((screen, asyncio.create_task(screen.watch())) for screen in found)
        return found

    yield switch_on
    for screen, _ in switched:
        screen.switch_off()
    for _, stream in switched:
        await stream


async def test_one_rendering_for_all_screens(
    screens: Callable[..., list[Screen]], exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str | None] = []
    board = live.board

    def counted(facts: Any, choice: Any, *rest: Any) -> Any:
        made.append(choice.queue)
        return board(facts, choice, *rest)

    monkeypatch.setattr(live, "board", counted)
    found = screens(30)
    await asyncio.gather(*(screen.waits_for(0) for screen in found))
    assert made == [None]
    await exchange.send(event(1, "entered", "2026-11-24T07:59:30Z"))
    await asyncio.gather(*(screen.waits_for(1) for screen in found))
    assert made == [None, None]
    for screen in found:
        whole, change = screen.shown
        assert set(whole["parts"]) == set(live.PARTS)
        # What stayed as it was is not sent again.
        assert {"queueing", "queues"} <= set(change["parts"]) < set(live.PARTS) - {"callbacks", "halls", "level"}
        assert "Langst: <span" in change["parts"]["queueing"]


async def test_a_screen_of_one_queue_shows_that_queue(
    screens: Callable[..., list[Screen]], exchange: Exchange, phone: Phone
) -> None:
    await exchange.send(
        event(1, "entered", "2026-11-24T07:59:30Z"),
        event(2, "entered", "2026-11-24T07:59:40Z", queue="belastingen"),
        event(3, "entered", "2026-11-24T07:59:50Z", callId="c-2"),
    )
    (whole,), (part,) = screens(1), screens(1, "wachtrij=belastingen")
    await whole.waits_for(3)
    await part.waits_for(1)
    await exchange.send(event(4, "abandoned", "2026-11-24T07:59:55Z", queue="belastingen"))
    await whole.waits_for(2)
    await part.waits_for(0)


async def test_streams_that_come_and_go_leave_nothing_behind(
    app: Starlette, client: httpx.AsyncClient, cookie: str
) -> None:
    before = asyncio.all_tasks()
    for _ in range(5):
        found = [Screen(app, cookie) for _ in range(20)]
        streams = [asyncio.create_task(screen.watch()) for screen in found]
        await asyncio.gather(*(screen.waits_for(0) for screen in found))
        for screen in found:
            screen.switch_off()
        await asyncio.gather(*streams)
    assert asyncio.all_tasks() - before == set()
    assert '"at": "09:00:00"' in found[0].text
    # A session that was left open would be missing here: SQLite has four for reading.
    client.headers["cookie"] = cookie
    answers = await asyncio.gather(*(client.get("/rapport/live") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}


async def test_while_the_database_is_away_nothing_says_that_the_figures_are_of_now(
    app: Starlette, screens: Callable[..., list[Screen]], exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.01)
    (screen,) = screens(1)
    await screen.waits_for(0)
    assert '"at": null' not in screen.text

    async def away(*_: Any) -> Any:
        raise RuntimeError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(FactFinder, "find", away)
        while '"at": null' not in screen.text:
            await asyncio.sleep(0.01)
        async with browser_of(app, cookie=screen.cookie) as another:
            assert (await another.get("/rapport/live")).status_code == 503
    await exchange.send(event(1, "entered", "2026-11-24T07:59:30Z"))
    await screen.waits_for(1)
    assert screen.shown[-1]["at"] == "09:00:00"
