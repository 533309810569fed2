"""`/rapport/gesprekken-zonder-contact`: what a team lead finds there."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.contacts.joining.keeper import Joiner
from kcc.contacts.telephony.seats import sit_down, stand_up
from kcc.contacts.telephony.sources import new_secret
from kcc.storage.database import Database
from tests.conftest import PASSWORD, SetClock
from tests.contacts.conftest import Log
from tests.contacts.telephony.exchange import Exchange, event

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
PAGE = "/rapport/gesprekken-zonder-contact"


def rows(response: httpx.Response) -> list[list[str]]:
    page = BeautifulSoup(response.text, "html.parser")
    return [[cell.get_text() for cell in row.select("th, td")] for row in page.select("tbody tr")]


async def test_both_lists_of_a_period(
    kennisbank: None,
    app: Starlette,
    client: httpx.AsyncClient,
    sign_in: SignIn,
    with_token: SignIn,
    database: Database,
    moment: SetClock,
) -> None:
    lead = await sign_in(Role.TEAM_LEAD)
    empty = await lead.get(PAGE)
    assert (empty.status_code, rows(empty)) == (200, [])
    assert "Bij elk gesprek dat iemand opnam" in empty.text
    async with database.writing() as session:
        exchange = Exchange(client, await new_secret(session, "centrale", app.state.lifespan["secret_key"]))
    await exchange.send(
        event(1, "entered"),
        event(2, "answered", "2026-11-24T07:30:30Z", agent="PJSIP/101"),
        event(3, "ended", "2026-11-24T07:32:00Z"),
    )
    agent = Log(await with_token(Role.AGENT))
    contact = await agent.start()
    moment.at += timedelta(minutes=4)
    await agent.finished(contact, topic="paspoort", outcome="resolved")
    await Joiner(database).settle()
    shown = await lead.get(PAGE)
    assert rows(shown) == [
        ["24 november, 8.30", "toestel 101", "algemeen", "1\xa0min\xa030\xa0s"],
        ["24 november, 9.00", "test", str(contact["id"]), "geen gesprek op dat moment"],
    ]
    link = BeautifulSoup(shown.text, "html.parser").select_one("[aria-labelledby=h-contacten] td a")
    assert link is not None
    there = await lead.get(str(link["href"]))
    (row,) = rows(there)
    assert row[0] == "09.00"
    assert f"Contact {contact['id']}" in there.text
    nowhere = await lead.get("/werk/contacten", params={"nummer": contact["id"] + 1})
    assert (nowhere.status_code, rows(nowhere)) == (200, [])
    assert rows(await lead.get(PAGE, params={"van": "2026-11-20", "tot": "2026-11-23"})) == []


async def test_who_sat_at_the_telephone_is_named(
    kennisbank: None, app: Starlette, client: httpx.AsyncClient, sign_in: SignIn, database: Database, moment: SetClock
) -> None:
    lead = await sign_in(Role.TEAM_LEAD)
    async with database.writing() as session:
        exchange = Exchange(client, await new_secret(session, "centrale", app.state.lifespan["secret_key"]))
        await put_account(session, "anna", "Anna Voorbeeld", PASSWORD, [Role.AGENT], moment.now())
        await sit_down(session, "anna", "101", datetime(2026, 11, 24, 7, tzinfo=UTC))
        await sit_down(session, "token-van-toen", "102", datetime(2026, 11, 24, 7, tzinfo=UTC))
        await stand_up(session, "token-van-toen", datetime(2026, 11, 24, 7, 31, tzinfo=UTC))
    for number, (minute, phone) in enumerate([(30, "PJSIP/101"), (30, "SIP/102"), (31, "SIP/102"), (31, "anna")]):
        about = {"callId": f"gesprek-{number}"}
        at = f"2026-11-24T07:{minute}"
        await exchange.send(
            event(10 * number, "entered", f"{at}:0{number}Z", **about),
            event(10 * number + 1, "answered", f"{at}:1{number}Z", agent=phone, **about),
            event(10 * number + 2, "ended", f"{at}:50Z", **about),
        )
    names = [row[1] for row in rows(await lead.get(PAGE))]
    assert names == ["Anna Voorbeeld", "token-van-toen", "toestel 102", "Anna Voorbeeld"]


@pytest.mark.parametrize(
    "query", [{"van": "gisteren"}, {"van": "2026-11-24", "tot": "2026-11-20"}, {"tot": "0001-01-01"}]
)
async def test_a_period_that_cannot_be_is_told_and_kept(
    kennisbank: None, sign_in: SignIn, query: dict[str, str]
) -> None:
    response = await (await sign_in(Role.TEAM_LEAD)).get(PAGE, params=query)
    assert response.status_code == 400
    page = BeautifulSoup(response.text, "html.parser")
    wrong = page.select_one("#fouten li a")
    assert wrong is not None
    assert str(wrong["href"]).removeprefix("#v-") in query
    for name, text in query.items():
        field = page.select_one(f"#v-{name}")
        assert field is not None
        assert field["value"] == text
