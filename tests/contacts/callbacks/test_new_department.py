"""A department that was not there all year: nothing of before is made up, and what it did stays when it stops."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.contacts.callbacks.conftest import Callbacks
from tests.contacts.conftest import Log, answered

Client = Callable[..., Awaitable[httpx.AsyncClient]]
NEW = {"code": "jeugd", "name": "Jeugd"}
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


async def figures(lead: Log, path: str, **query: str) -> list[dict[str, Any]]:
    answer = await lead.client.get(f"/api/v1/{path}", params=YEAR | query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["rows"])


async def test_part_of_a_year(
    callbacks: Callbacks, lead: Log, with_token: Client, sign_in: Client, moment: SetClock
) -> None:
    admin = await with_token(Role.ADMINISTRATOR)
    assert (await admin.post("/api/v1/departments", json=NEW)).status_code == 201
    assert await figures(lead, "callbacks/in-time") == await figures(lead, "reachability") == []
    promise = await callbacks.asked(department="jeugd")
    await callbacks.attempt(promise, reached=True)
    await callbacks.close(promise)
    await callbacks.log.asked(answered("transferred", department="jeugd", reached=False))
    moment.move(days=7)
    months = {row["start"]: (row["due"], row["percentCalled"]) for row in await figures(lead, "callbacks/in-time")}
    assert [start for start, (due, percent) in months.items() if (due, percent) != (0, None)] == ["2026-11-01"]
    assert (len(months), months["2026-11-01"]) == (12, (1, 100.0))

    # It stops: no topic is its own, and it cannot be removed from what was.
    assert (await admin.delete("/api/v1/departments/jeugd")).status_code == 409
    moment.move(days=60)
    (tried,) = await figures(lead, "reachability")
    assert (tried["department"], tried["reached"], tried["notReached"], tried["percent"]) == ("jeugd", 0, 1, 0.0)
    assert (await figures(lead, "callbacks/in-time"))[10]["percentCalled"] == 100.0
    browser = await sign_in(Role.TEAM_LEAD)
    for days, expected in (
        ({"van": "2026-11-01", "tot": "2026-11-30"}, [["Jeugd", "1", "0,0 %", "1", "100,0 %"]]),
        ({"van": "2026-10-01", "tot": "2026-10-31"}, []),
    ):
        page = BeautifulSoup((await browser.get("/rapport/eerste-contact", params=days)).text, "html.parser")
        rows = page.select("[aria-labelledby=h-afdelingen] tbody tr")
        shown = [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in rows]
        assert shown == expected
