"""The list of contacts: an agent's own of today, a team lead's all."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.contacts.conftest import Log, answered

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
LIST = "/werk/contacten"


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn) -> Log:
    """Somebody who is signed in, and logs."""
    return Log(await sign_in(Role.AGENT))


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    assert response.headers["cache-control"] == "no-store"
    return BeautifulSoup(response.text, "html.parser")


def rows(shown: BeautifulSoup) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in shown.select("tbody tr")]


async def quickly(client: httpx.AsyncClient, topic: str, **line: str) -> None:
    sent = {"onderwerp": topic, "kanaal": "counter", "vrager": "resident", "resultaat": "resolved", "aantal": "1"}
    cells = {f"{name}[]": value for name, value in (sent | line).items()}
    saved = await client.post("/werk/snel", data=cells | {"actie": "opslaan"})
    assert saved.status_code == 303, saved.text


async def test_an_agent_sees_their_own_of_today(log: Log, sign_in: SignIn, moment: SetClock) -> None:
    moment.move(hours=14, minutes=45)  # a quarter to midnight
    agent = Log(await sign_in(Role.AGENT))
    await quickly(agent.client, "vermissing")
    moment.move(minutes=25)
    await log.asked(answered(), phone="0612345678")
    await quickly(agent.client, "paspoort", kanaal="email", resultaat="transferred")
    shown = page(await agent.client.get(LIST))
    (row,) = rows(shown)
    assert row.startswith("00.10 E-mail Reisdocumenten – Paspoort: Doorverbonden (afdeling bereikt)")
    assert shown.select_one("#v-van") is None
    tomorrow = await agent.client.get(LIST, params={"van": "2026-11-24", "tot": "2026-11-24"})
    assert rows(page(tomorrow)) == [row]  # days are a team lead's to choose


async def test_a_team_lead_sees_all_by_day(agent: Log, log: Log, sign_in: SignIn, moment: SetClock) -> None:
    await log.asked(answered(), phone="0612345678", name="Voorbeeld Inwoner", email="a@voorbeeld.example")
    await quickly(agent.client, "inzameling", vrager="own-organisation:burgerzaken")
    moment.move(days=1)
    lead = await sign_in(Role.TEAM_LEAD)
    await log.start(questions=[{"topic": "paspoort"}])
    (row,) = rows(page(await lead.get(LIST)))
    assert "Nog open" in row and row.endswith("Open")
    shown = page(await lead.get(LIST, params={"van": "2026-11-24", "tot": "2026-11-24"}))
    assert len(rows(shown)) == 2
    assert "Collega van een afdeling: Burgerzaken" in rows(shown)[0]
    for personal in ("612345678", "Voorbeeld Inwoner", "voorbeeld.example"):
        assert personal not in shown.main.get_text()  # type: ignore[union-attr]
    both = {"van": "2026-11-24", "tot": "2026-11-25"}
    for query, number in (
        ({}, 3), ({"onderwerp": "paspoort"}, 2), ({"onderwerp": "afval"}, 1), ({"kanaal": "counter"}, 1),
        ({"vrager": "own-organisation"}, 1), ({"onderwerp": "vermissing"}, 0), ({"onderwerp": "nergens"}, 3),
    ):  # fmt: skip
        assert len(rows(page(await lead.get(LIST, params=both | query)))) == number, query


@pytest.mark.parametrize(
    "query",
    [
        {"van": "2026-11-25", "tot": "2026-11-24"}, {"van": "gisteren"}, {"van": "2020-01-01", "tot": "2026-11-24"},
        {"van": "1066-01-01", "tot": "1066-01-02"}, {"kanaal": "rook"}, {"vrager": "koning"}, {"onderwerp": "A B"},
    ],
)  # fmt: skip
async def test_what_cannot_be_chosen(kennisbank: None, sign_in: SignIn, log: Log, query: dict[str, str]) -> None:
    lead = await sign_in(Role.TEAM_LEAD)
    await log.asked(answered())
    shown = page(await lead.get(LIST, params=query), 400)
    assert len(shown.select("#fouten a")) == 1
    assert len(rows(shown)) == 1  # the usual


async def test_opening_again(agent: Log, sign_in: SignIn, moment: SetClock) -> None:
    await quickly(agent.client, "paspoort")
    shown = page(await agent.client.get(LIST, params={"kanaal": "counter"}))
    form = shown.select_one("tbody form")
    assert form is not None
    sent = {str(item["name"]): str(item["value"]) for item in form.select("input")}
    done = await agent.client.post(str(form["action"]), data=sent)
    assert (done.status_code, done.headers["location"]) == (303, f"{LIST}?kanaal=counter&gelukt=heropend")
    again = page(await agent.client.get(done.headers["location"]))
    assert "Het contact is heropend" in again.text
    assert "Ga verder" in rows(again)[0]


async def test_opening_again_too_late(agent: Log, sign_in: SignIn, moment: SetClock) -> None:
    await quickly(agent.client, "paspoort")
    action = page(await agent.client.get(LIST)).select_one("tbody form")["action"]  # type: ignore[index]
    for _ in range(3):  # whoever does nothing for a while is signed out
        moment.move(minutes=20, seconds=1)
        page(await agent.client.get(LIST))
    other, lead = await sign_in(Role.AGENT), await sign_in(Role.TEAM_LEAD)
    shown = page(await agent.client.get(LIST))
    assert rows(shown)[0].endswith("Afgerond")
    late = page(await agent.client.post(str(action)), 409)
    assert "tot 60 minuten" in late.select_one("[role=alert]").text  # type: ignore[union-attr]
    assert (await other.post(str(action))).status_code == 404
    assert (await lead.post(str(action))).status_code == 303


async def test_a_long_list(agent: Log, sign_in: SignIn) -> None:
    for _ in range(2):
        await quickly(agent.client, "paspoort", aantal="30")
    first = page(await agent.client.get(LIST, params={"kanaal": "counter"}))
    assert len(rows(first)) == 50
    more = page(await agent.client.get(first.select_one("a[rel=next]")["href"]))  # type: ignore[index, arg-type]
    assert len(rows(more)) == 10
    assert more.select_one("a[rel=prev]")["href"] == f"{LIST}?kanaal=counter"  # type: ignore[index]


async def test_nothing_yet(agent: Log) -> None:
    assert "U hebt vandaag nog niets geregistreerd" in page(await agent.client.get(LIST)).text


async def test_from_the_list_an_agent_goes_on_with_what_is_open(agent: Log, sign_in: SignIn) -> None:
    await agent.client.post("/werk/contact", data={"do": "save", "topic": "paspoort"})
    shown = page(await agent.client.get(LIST))
    (link,) = shown.select("tbody a")
    assert (link["href"], link.get_text().split(" met ")[0]) == ("/werk?contact=1", "Ga verder")
    lead = page(await (await sign_in(Role.TEAM_LEAD)).get(LIST))
    assert not lead.select("tbody a")  # it stays its agent's
