"""A contact that was finished by mistake: opened again with a key, it ends otherwise."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.storage.database import Database
from tests.desk.agent import SOLVED, Agent
from tests.desk.conftest import Page

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn, database: Database) -> Agent:
    return Agent(await sign_in(Role.AGENT), database)


async def reopen(agent: Agent) -> None:
    """Press ‘Heropenen’, which has a key."""
    assert agent.page
    assert agent.page.seen.select('button[form="heropenen"][aria-keyshortcuts="Alt+H"]')
    (form,) = agent.page.seen.select("#heropenen")
    agent.page = await Page(agent.client, await agent.client.post(str(form["action"]))).follow()


async def test_finished_by_mistake(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press("disconnected")
    await reopen(agent)
    assert (await agent.log())[0]["seconds"] is None
    # What is typed now is about the question that is there; its outcome is mended.
    fields = agent.fields
    for words in ("Mevrouw", "Mevrouw belt terug"):
        kept = await agent.client.post("/werk/contact/bewaren", data=fields | {"note": words})
        assert "Bewaard" in kept.text
        fields["shown"] = str(BeautifulSoup(kept.text, "html.parser").select("[name=shown]")[0]["value"])
    await agent.press("resolved", **fields | {"note": "Mevrouw belt terug"})
    assert (await agent.log())[0]["questions"] == [SOLVED]


async def test_finished_by_mistake_while_another_contact_goes_on(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save", note="Eerste")
    await agent.sit_down(contact="nieuw", artikel="paspoort-aanvragen")
    await agent.press("resolved", note="Tweede")
    assert agent.fields["note"] == "Eerste"
    await reopen(agent)
    assert agent.fields["note"] == "Tweede"
    assert [one["seconds"] for one in await agent.log()] == [None, None]


@pytest.mark.parametrize(
    ("do", "leads_to"),
    [("callback", "/werk/terugbellen/nieuw?contact=1&question=1"), ("appointment", "/werk/afspraak?")],
)
async def test_what_was_finished_by_mistake_ends_otherwise(agent: Agent, do: str, leads_to: str) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press("resolved")
    await reopen(agent)
    sent = await agent.client.post("/werk/contact", data=agent.fields | {"do": do})
    assert sent.headers["location"].startswith(leads_to)
    assert "contact=1" in sent.headers["location"] and sent.headers["location"].endswith("=1")
