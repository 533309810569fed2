"""A list of small questions, logged at once from a form."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.contacts.conftest import Log, answered

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
SNEL = "/werk/snel"
LINE = {"onderwerp": "", "kanaal": "counter", "vrager": "resident", "resultaat": "resolved", "aantal": "1"}


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.AGENT)


def body(*lines: dict[str, str], **more: str) -> dict[str, Any]:
    rows = [LINE | line for line in lines]
    return {f"{name}[]": [row[name] for row in rows] for name in LINE} | {"sleutel": "k", "actie": "opslaan"} | more


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def typed(shown: BeautifulSoup) -> list[dict[str, str]]:
    """The lines of the form as they stand in it."""
    found = []
    for line in shown.select("fieldset"):
        row = {str(item["name"]).removesuffix("[]"): str(item.get("value", "")) for item in line.select("input")}
        for item in line.select("select"):
            row[str(item["name"]).removesuffix("[]")] = str(
                (item.select_one("option[selected]") or {"value": ""})["value"]
            )
        found.append(row)
    return found


def errors(shown: BeautifulSoup) -> list[tuple[str, str]]:
    links = shown.select("#fouten a")
    for link in links:
        assert shown.select_one(str(link["href"])) is not None, link
    return [(str(link["href"]), link.get_text()) for link in links]


async def logged(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await client.get("/api/v1/contacts", params={"limit": 100})).json()["results"])


async def test_an_empty_list(agent: httpx.AsyncClient) -> None:
    shown = page(await agent.get(SNEL))
    assert typed(shown) == [LINE] * 3
    assert shown.select_one("input[autofocus]")["id"] == "onderwerp-1"  # type: ignore[index]
    assert [item["value"] for item in shown.select("datalist option")] == [
        "Paspoort – Reisdocumenten", "Vermissing – Reisdocumenten", "Inzameling – Afval",
    ]  # fmt: skip
    # Enter presses a form's first button: that is one more line, not saving.
    assert shown.select_one("#lijst button")["value"] == "rij"  # type: ignore[index]
    own = [item["value"] for item in shown.select("#vrager-1 optgroup option")]
    assert own == ["own-organisation:afval", "own-organisation:burgerzaken"]


async def test_all_are_logged_at_once(agent: httpx.AsyncClient, lead: Log) -> None:
    saved = await agent.post(
        SNEL,
        data=body(
            {"onderwerp": "Paspoort – Reisdocumenten", "kanaal": "email", "aantal": "3"},
            {},
            {"onderwerp": "inzameling", "vrager": "own-organisation:burgerzaken", "resultaat": "transferred"},
        ),
    )
    assert saved.status_code == 303
    shown = page(await agent.get(saved.headers["location"]))
    assert "4 vragen zijn geregistreerd" in shown.text
    assert typed(shown)[0] == LINE | {"vrager": "own-organisation:burgerzaken"}  # goes on as the last line
    found = await logged(lead.client)
    assert [(one["channel"], one["questions"][0]["topic"], one["questions"][0]["outcome"]) for one in found] == [
        ("counter", "inzameling", "transferred"), *[("email", "paspoort", "resolved")] * 3,
    ]  # fmt: skip
    assert all(one["finishedAt"] for one in found)
    assert found[0]["requester"]["kind"] == "own-organisation"
    assert found[0]["requester"]["department"] == "burgerzaken"
    assert found[0]["questions"][0]["department"] == "afval"


async def test_sent_twice_is_logged_once(agent: httpx.AsyncClient, lead: Log) -> None:
    sent = body({"onderwerp": "paspoort", "aantal": "2"})
    first, again = await agent.post(SNEL, data=sent), await agent.post(SNEL, data=sent)
    assert (first.status_code, again.status_code) == (303, 303)
    other = await agent.post(SNEL, data=sent | {"aantal[]": ["5"]})
    shown = page(other, 409)
    assert "al opgeslagen" in errors(shown)[0][1]
    assert typed(shown)[0]["aantal"] == "5"
    assert shown.select_one("[name=sleutel]")["value"] != "k"  # type: ignore[index]
    assert len(await logged(lead.client)) == 2


async def test_what_is_wrong_is_told_at_its_line_and_nothing_is_lost(agent: httpx.AsyncClient, lead: Log) -> None:
    lines = [
        LINE | {"onderwerp": "Paspoort – Reisdocumenten", "aantal": "2"},
        LINE | {"onderwerp": "Reisdocumenten", "kanaal": "email"},
        LINE | {"onderwerp": "", "aantal": "4"},
        LINE | {"onderwerp": "paspoort", "aantal": "51"},
        LINE | {"onderwerp": "paspoort", "aantal": "twee", "vrager": "own-organisation:afval"},
    ]
    shown = page(await agent.post(SNEL, data=body(*lines)), 400)
    assert errors(shown) == [
        ("#onderwerp-2", "Regel 2: ‘Reisdocumenten’ staat niet in de lijst; kies een onderwerp"),
        ("#onderwerp-3", "Regel 3: kies een onderwerp"),
        ("#aantal-4", "Regel 4: vul een heel getal van 1 tot en met 50 in"),
        ("#aantal-5", "Regel 5: vul een heel getal van 1 tot en met 50 in"),
    ]
    assert typed(shown) == lines
    assert await logged(lead.client) == []


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"kanaal": "rookseinen"}, "kanaal"),
        ({"resultaat": "gelukt"}, "resultaat"),
        ({"vrager": "koning"}, "vrager"),
        ({"vrager": "own-organisation:"}, "vrager"),
        ({"vrager": "own-organisation:nergens"}, "vrager"),
    ],
)
async def test_what_is_not_in_a_list(agent: httpx.AsyncClient, lead: Log, line: dict[str, str], field: str) -> None:
    response = await agent.post(SNEL, data=body({"onderwerp": "paspoort"}, {"onderwerp": "paspoort"} | line))
    shown = page(response, response.status_code)
    assert response.status_code in (400, 409)
    assert [link for link, _ in errors(shown)] == [f"#{field}-2"]
    assert await logged(lead.client) == []


async def test_too_many_and_none(agent: httpx.AsyncClient, lead: Log) -> None:
    line = {"onderwerp": "paspoort", "aantal": "50"}
    many = page(await agent.post(SNEL, data=body(*[line] * 5)), 400)
    assert errors(many) == [("#lijst", "Dit zijn 250 vragen. Sla er ten hoogste 200 tegelijk op.")]
    assert len(typed(many)) == 5
    full = page(await agent.post(SNEL, data=body(*[line] * 20, actie="rij")), 400)
    assert "ten hoogste 20 regels" in errors(full)[0][1]
    assert len(typed(full)) == 20
    assert errors(page(await agent.post(SNEL, data=body({})), 400)) == [("#onderwerp-1", "Regel 1: kies een onderwerp")]
    page(await agent.post(SNEL, data={}), 200)
    assert await logged(lead.client) == []


async def test_without_script_a_button_gives_a_line_or_a_topic(agent: httpx.AsyncClient) -> None:
    sent = body({"onderwerp": "half", "kanaal": "chat"})
    more = page(await agent.post(SNEL, data=sent | {"actie": "rij"}))
    assert typed(more) == [LINE | {"onderwerp": "half", "kanaal": "chat"}, LINE | {"kanaal": "chat"}]
    assert more.select_one("input[autofocus]")["id"] == "onderwerp-2"  # type: ignore[index]
    assert more.select_one("[name=sleutel]")["value"] == "k"  # type: ignore[index]
    chosen = page(await agent.post(SNEL, data=sent | {"actie": "", "kies": "paspoort"}))
    assert [line["onderwerp"] for line in typed(chosen)] == ["half", "Paspoort – Reisdocumenten"]


async def test_what_one_is_asked_most_is_one_click(agent: httpx.AsyncClient, log: Log) -> None:
    def shown(response: httpx.Response) -> list[str]:
        return [str(item["value"]) for item in page(response).select("button[name=kies]")]

    assert shown(await agent.get(SNEL)) == []
    await log.asked(answered(topic="vermissing"))
    assert shown(await agent.get(SNEL)) == ["vermissing"]  # of all agents, as long as there is nothing of one's own
    await agent.post(SNEL, data=body({"onderwerp": "inzameling"}, {"onderwerp": "paspoort", "aantal": "2"}))
    assert shown(await agent.get(SNEL)) == ["paspoort", "inzameling"]
