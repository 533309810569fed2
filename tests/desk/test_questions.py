"""Several questions in one contact: begun, taken back, shown, each with its own outcome."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from kcc.access.roles import Role
from kcc.storage.database import Database
from tests.desk.agent import HTMX, SOLVED, Agent
from tests.desk.conftest import Page, visit

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn, database: Database) -> Agent:
    return Agent(await sign_in(Role.AGENT), database)


async def test_an_outcome_for_each_question_ends_the_contact_with_the_last(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save")
    await agent.opens("paspoort-aanvragen")
    await agent.press("next-question")
    await agent.opens("grofvuil")
    assert "Paspoort" in agent.text and "nog open" in agent.text
    await agent.press("not-reached")
    assert "Gezet door het artikel" in agent.text  # the first question is left
    await agent.press("resolved")
    assert (await agent.log())[0]["questions"] == [
        SOLVED,
        ("inzameling", "transferred", "department-not-reached", ["grofvuil"]),
    ]


def remover(agent: Agent) -> bool:
    """Whether the question on the screen can be removed."""
    assert agent.page
    return agent.page.seen.select_one("#contact [value=remove-question]") is not None


async def test_a_further_question_begun_by_mistake_is_taken_back(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    assert not remover(agent)
    await agent.press("save")
    assert not remover(agent)
    await agent.press("next-question")
    await agent.press("resolved")
    assert agent.errors == [("onderwerp", "Kies een onderwerp, of open een artikel")]
    assert remover(agent)  # what to do about it
    twice = agent.fields
    await agent.press("remove-question", phone="06 12345678")
    assert agent.page
    assert "artikel=paspoort-aanvragen" in agent.page.location
    assert (agent.fields["topic"], agent.fields["phone"]) == ("paspoort", "+31612345678")
    again = await agent.client.post("/werk/contact", data=twice | {"do": "remove-question"})
    assert (again.status_code, again.headers["location"]) == (303, agent.page.location)
    await agent.press("resolved")
    assert (await agent.log())[0]["questions"] == [SOLVED]


async def test_a_question_something_was_said_of_is_not_removed(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press("save")
    only = agent.fields
    refused = await agent.client.post("/werk/contact", data=only | {"do": "remove-question"})
    assert refused.status_code == 409
    await agent.press("next-question")
    await agent.press("remove-question", note="Nog iets")
    assert agent.page
    assert (agent.page.status, agent.fields["note"]) == (409, "Nog iets")
    assert "Haal eerst de notitie en het onderwerp weg" in agent.text
    await agent.press("save", note="Nog iets")
    assert not remover(agent)


async def test_a_further_question_nobody_said_anything_of_is_left_out(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press("next-question")
    await agent.press("next-question")
    await agent.press("save", topic="")
    assert [len(one["questions"]) for one in await agent.log()] == [2]
    assert agent.page
    first = agent.page.seen.select_one('[aria-label="Andere vragen in dit contact"] a')
    assert first
    agent.page = await visit(agent.client, str(first["href"]))
    await agent.press("resolved")
    assert await agent.log() == [{"channel": "phone", "seconds": 0.0, "questions": [SOLVED]}]


async def test_a_further_question_before_the_contact_began(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press("next-question", note="Eerste")
    assert agent.fields["note"] == ""
    await agent.press("resolved", note="Tweede", topic="inzameling")
    await agent.press("resolved")
    assert [one[0] for one in (await agent.log())[0]["questions"]] == ["paspoort", "inzameling"]


async def test_buttons_and_articles_are_about_the_question_that_is_shown(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save", topic="vermissing")
    await agent.press("next-question")
    assert agent.page
    first = agent.page.seen.select_one('[aria-label="Andere vragen in dit contact"] a')
    assert first
    agent.page = await visit(agent.client, str(first["href"]))
    shown = agent.fields["question"]
    (link,) = agent.page.seen.select("#zoeken input[name=vraag]")
    assert link["value"] == shown
    asked = {"artikel": "paspoort-aanvragen", "contact": agent.fields["contact"], "vraag": shown}
    agent.page = Page(agent.client, await agent.client.get("/werk", params=asked, headers=HTMX))
    assert agent.fields["question"] == shown
    sent = await agent.client.post("/werk/contact", data=agent.fields | {"do": "callback"})
    assert sent.headers["location"].endswith(f"&question={shown}")
    sent = await agent.client.post("/werk/contact", data=agent.fields | {"do": "appointment"})
    assert sent.headers["location"].endswith(f"&vraag={shown}")
    assert [one[3] for one in (await agent.log())[0]["questions"]] == [["paspoort-aanvragen"], []]
