"""The tree of topics on screen: what a move or a merge touches is shown before it is done."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.contacts.conftest import Log, answered

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
TOPICS = "/beheer/onderwerpen"
PASPOORT = {"name": "Paspoort", "department": "burgerzaken", "countsForFirstContact": "ja"}


@pytest.fixture
async def admin(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.ADMINISTRATOR)


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def text(response: httpx.Response, status: int = 200) -> str:
    return " ".join(page(response, status).main.get_text(" ").split())  # type: ignore[union-attr]


def hidden(shown: BeautifulSoup) -> dict[str, str]:
    return {str(item["name"]): str(item["value"]) for item in shown.select("main input[type=hidden]")}


async def lines(admin: httpx.AsyncClient) -> dict[str, list[str]]:
    """Of each topic in the tree its department, whether it counts, and how many questions."""
    rows = page(await admin.get(TOPICS)).select("tbody tr")
    return {row.th.get_text().strip(): [cell.get_text().strip() for cell in row.select("td")] for row in rows}  # type: ignore[union-attr]


async def parents(admin: httpx.AsyncClient) -> dict[str, str | None]:
    return {row["code"]: row["parent"] for row in (await admin.get("/api/v1/topics")).json()["results"]}


async def test_the_tree(admin: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered(), answered())
    found = await lines(admin)
    assert list(found) == ["Reisdocumenten", "Paspoort", "Vermissing", "Afval", "Inzameling"]
    assert found["Paspoort"] == ["Burgerzaken", "telt mee", "2"]
    assert found["Inzameling"] == ["Afval", "telt niet mee", "0"]  # by its group


async def test_moving_is_asked_about_and_then_done(admin: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered())
    asked = await admin.post(f"{TOPICS}/paspoort", data=PASPOORT | {"name": "Paspoorten", "parent": "afval"})
    said = text(asked)
    assert "tellen in cijfers onder de groep Afval" in said
    assert "tellen niet meer mee voor ‘in eerste contact afgehandeld’" in said
    assert "1 vraag in 2026" in said
    assert "paspoort-aanvragen" in said
    assert (await parents(admin))["paspoort"] == "reisdocumenten"  # nothing yet
    done = await admin.post(f"{TOPICS}/paspoort", data=hidden(page(asked)))
    assert (done.status_code, done.headers["location"]) == (303, f"{TOPICS}?gelukt=opgeslagen")
    assert (await parents(admin))["paspoort"] == "afval"
    assert (await lines(admin))["Paspoorten"] == ["Burgerzaken", "telt niet mee", "1"]


async def test_another_department_is_asked_about_and_a_name_is_not(admin: httpx.AsyncClient) -> None:
    same = PASPOORT | {"parent": "reisdocumenten"}
    asked = await admin.post(f"{TOPICS}/paspoort", data=same | {"department": "afval"})
    assert "Artikelen zonder eigen vakafdeling gaan naar Afval" in text(asked)
    assert (await admin.post(f"{TOPICS}/paspoort", data=hidden(page(asked)))).status_code == 303
    assert (await lines(admin))["Paspoort"][0] == "Afval"
    renamed = await admin.post(f"{TOPICS}/vermissing", data=same | {"name": "Kwijt"})
    assert renamed.status_code == 303


async def test_leaving_a_group_out_is_asked_about(admin: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered())
    group = {"name": "Reisdocumenten", "parent": "", "department": "burgerzaken"}
    said = text(await admin.post(f"{TOPICS}/reisdocumenten", data=group))
    assert "tellen niet meer mee" in said
    assert "1 vraag in 2026" in said  # those of its topics


async def test_merging_is_asked_about_and_then_done(admin: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered(), answered(topic="vermissing"))
    form = page(await admin.get(f"{TOPICS}/vermissing/samenvoegen"))
    assert [item["value"] for item in form.select("option")] == ["", "paspoort", "inzameling"]
    asked = await admin.post(f"{TOPICS}/vermissing/samenvoegen", data={"target": "paspoort"})
    assert "tellen in cijfers bij Paspoort" in text(asked)
    assert "vermissing" in await parents(admin)  # nothing yet
    done = await admin.post(f"{TOPICS}/vermissing/samenvoegen", data=hidden(page(asked)))
    assert (done.status_code, done.headers["location"]) == (303, f"{TOPICS}?gelukt=samengevoegd")
    found = await lines(admin)
    assert "Vermissing" not in found
    assert found["Paspoort"][2] == "2"
    assert (await admin.get(f"{TOPICS}/vermissing/samenvoegen")).status_code == 404
    again = await admin.post(f"{TOPICS}/vermissing/samenvoegen", data={"target": "paspoort", "bevestigd": "ja"})
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("code", "target", "status", "said"),
    [
        ("paspoort", "", 400, "Kies er een"),
        ("paspoort", "paspoort", 409, "Kies een ander onderwerp"),
        ("paspoort", "reisdocumenten", 409, "Reisdocumenten is een groep"),
        ("paspoort", "afval", 409, "Afval is een groep"),
        ("paspoort", "nergens", 409, "bestaat niet"),
        ("reisdocumenten", "paspoort", 409, "heeft nog onderwerpen onder zich"),
        ("reisdocumenten", "afval", 409, "heeft nog onderwerpen onder zich"),
    ],
)
async def test_what_cannot_be_merged(admin: httpx.AsyncClient, code: str, target: str, status: int, said: str) -> None:
    before = await parents(admin)
    sent = {"target": target, "bevestigd": "ja"}
    assert said in text(await admin.post(f"{TOPICS}/{code}/samenvoegen", data=sent), status)
    assert await parents(admin) == before


@pytest.mark.parametrize(
    ("code", "fields", "field"),
    [
        ("paspoort", {"parent": "vermissing"}, "v-parent"),
        ("paspoort", {"parent": "paspoort"}, "v-parent"),
        ("reisdocumenten", {"parent": "paspoort"}, "v-parent"),
        ("reisdocumenten", {"parent": "afval"}, "v-parent"),
        ("paspoort", {"parent": "nergens"}, "v-parent"),
        ("paspoort", {"parent": "reisdocumenten", "department": "nergens"}, "v-department"),
    ],
)
async def test_what_cannot_be_moved(admin: httpx.AsyncClient, code: str, fields: dict[str, str], field: str) -> None:
    before = await parents(admin)
    sent = PASPOORT | {"name": "Anders", "bevestigd": "ja"} | fields
    for data in (sent, {name: value for name, value in sent.items() if name != "bevestigd"}):
        shown = page(await admin.post(f"{TOPICS}/{code}", data=data), 409)
        assert [link["href"] for link in shown.select("#fouten a")] == [f"#{field}"]
        assert shown.select_one("#v-name")["value"] == "Anders"  # type: ignore[index]
    assert await parents(admin) == before


async def test_a_topic_that_was_asked_about_does_not_go(admin: httpx.AsyncClient, log: Log) -> None:
    new = {"code": "los", "name": "Los", "parent": "afval", "department": "afval", "countsForFirstContact": "ja"}
    assert (await admin.post(f"{TOPICS}/nieuw", data=new)).status_code == 303
    await log.asked(answered(topic="los"))
    for code, said in (("los", "voeg het samen"), ("afval", "heeft nog onderwerpen onder zich")):
        assert said in text(await admin.post(f"{TOPICS}/{code}/verwijderen"), 409)
    assert {"los", "afval"} <= (await parents(admin)).keys()
