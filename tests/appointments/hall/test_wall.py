"""What the waiting room's screen says as it is loaded; the stream keeps it so."""

from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.appointments.conftest import Hall, place, product
from tests.appointments.hall.test_hall_api import Clerk, minutes_to
from tests.conftest import SetClock

WALL = "/wachtruimte/stadhuis"


@pytest.fixture
async def clerk(hall: Hall, with_token: Any, moment: SetClock) -> Clerk:
    """At the town hall, at 9:05."""
    await hall(product("paspoort"), place(counters=1, walk_ins=True))
    moment.move(minutes=minutes_to("9:05"))
    return Clerk(await with_token(Role.COUNTER_CLERK))


@pytest.fixture
async def wall(clerk: Clerk, sign_in: Any) -> httpx.AsyncClient:
    """A browser that shows the screen."""
    browser: httpx.AsyncClient = await sign_in(Role.COUNTER_CLERK)
    return browser


async def shown(wall: httpx.AsyncClient, element: str) -> str:
    found = BeautifulSoup((await wall.get(WALL)).text, "html.parser").select_one(f"#{element}")
    assert found is not None
    return found.get_text()


async def test_who_was_helped_is_not_sent_to_a_counter(wall: httpx.AsyncClient, clerk: Clerk) -> None:
    async def says() -> tuple[str, ...]:
        return tuple([await shown(wall, element) for element in ("h-nu", "nummer", "waar", "loket")])

    assert await says() == ("Nu aan de beurt", "–", "Ga naar", "–")
    await clerk.opens(1)
    asked = {"location": "stadhuis", "products": [{"code": "paspoort", "persons": 1}]}
    await clerk.good("visits", **asked)
    visit = await clerk.good("counters/stadhuis-1/call-next")
    assert await says() == ("Nu aan de beurt", "B 001", "Ga naar", "Balie 1")
    await clerk.good(f"visits/{visit['id']}/start")
    assert await says() == ("Laatst geroepen", "B 001", "Bij", "Balie 1")
    await clerk.good(f"visits/{visit['id']}/finish", outcome="done")
    assert await says() == ("Laatst geroepen", "B 001", "Bij", "Balie 1")


async def test_the_wait_of_who_comes_now_in_two_languages(wall: httpx.AsyncClient, clerk: Clerk) -> None:
    async def says() -> tuple[str, str]:
        return await shown(wall, "wacht"), await shown(wall, "wacht-en")

    assert await says() == ("Er is nu geen loket open.", "No counter is open now.")
    await clerk.opens(1)
    assert await says() == ("U bent snel aan de beurt.", "It will be your turn soon.")
    await clerk.good("visits", location="stadhuis", products=[{"code": "paspoort", "persons": 1}])
    assert await says() == ("U wacht nu ongeveer 10 minuten.", "You wait about 10 minutes now.")


async def test_the_clock_is_written_as_elsewhere(wall: httpx.AsyncClient) -> None:
    assert await shown(wall, "klok") == "9.05"
