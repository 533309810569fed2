"""An appointment that the plan has no room for any more: agents see it, and do not promise it."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest
from sqlmodel import col, update

from kcc.access.roles import Role
from kcc.appointments.models import ClosingDay, Counter, Product
from kcc.appointments.plan_queries import next_plan_version
from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, put
from tests.appointments.post import Post, subjects
from tests.desk.conftest import PERSON, Page, SignIn, appointments, booked, letters, visit

CHANGES = {
    "de balie is op deze tijd niet meer open": ClosingDay(day=DAY, opens_until=600, opens_again=660),
    "de balie is niet meer op deze locatie": update(Counter)
    .where(col(Counter.code) == "stadhuis-1")
    .values(location="wijkpunt"),
    "wat de inwoner komt doen, is op deze dag niet meer te boeken": update(Product)
    .where(col(Product.code) == "paspoort")
    .values(withdrawn_from=DAY),
}


async def change(database: Database, what: Any) -> None:
    """A change of the plan: a row, or a statement."""
    if isinstance(what, ClosingDay):
        await put(database, ClosingDay(**what.model_dump()))
        return
    async with database.writing() as session:
        await session.exec(what)
        await next_plan_version(session)


def warnings(page: Page) -> list[str]:
    """The warnings on the page."""
    return [" ".join(item.get_text(" ").split()) for item in page.seen.select("main .utrecht-alert--warning")]


@pytest.fixture
def post(database: Database, clock: Clock, settings: Settings) -> Post:
    """Sends what is due when a test says so."""
    return Post(database, clock, settings)


@pytest.mark.parametrize("why", CHANGES)
async def test_what_no_longer_fits_is_not_promised(agent: httpx.AsyncClient, database: Database, why: str) -> None:
    code = await booked(agent, "10.00")
    before = await visit(agent, f"/werk/afspraken/{code}")
    assert (warnings(before), "Wij verwachten u" in before.text) == ([], True)
    await change(database, CHANGES[why])
    page = await visit(agent, f"/werk/afspraken/{code}")
    told = "Spreek een andere tijd af, of zeg de afspraak af. De inwoner weet dit nog niet."
    assert warnings(page) == [f"Deze afspraak past niet meer: {why} {told}"]
    assert page.seen.select(f'main .utrecht-alert--warning a[href="/werk/afspraken/{code}/verzetten"]')
    assert "Wij verwachten u" not in page.text
    assert "dinsdag 24 november 2026 om 10.00 uur kan zo niet doorgaan" in page.text


async def test_moved_or_cancelled_it_is_no_worry_any_more(agent: httpx.AsyncClient, database: Database) -> None:
    moved, cancelled = await booked(agent, "10.00"), await booked(agent, "10.10")
    await change(database, ClosingDay(day=DAY, opens_until=600, opens_again=660))
    times = await visit(agent, f"/werk/afspraken/{moved}/verzetten")
    await agent.post(f"/werk/afspraken/{moved}/verzetten", data={"tijd": times.time("9.00"), "locatie": "stadhuis"})
    await agent.post(f"/werk/afspraken/{cancelled}/afzeggen")
    assert "Wij verwachten u" in (await visit(agent, f"/werk/afspraken/{moved}")).text
    assert "past niet meer" not in (await visit(agent, f"/werk/afspraken/{cancelled}")).text
    assert [row.code for row in await appointments(database)] == [moved]


async def test_the_list_marks_what_no_longer_fits(agent: httpx.AsyncClient, database: Database) -> None:
    await booked(agent, "9.50")
    touched = await booked(agent, "10.00")
    await booked(agent, "11.10")
    await change(database, ClosingDay(day=DAY, opens_until=600, opens_again=660))
    await change(database, ClosingDay(day=date(2026, 11, 25)))
    page = Page(agent, await agent.post("/werk/afspraken", data={"q": PERSON["email"]}))
    marked = {
        str(item.a["href"])[-8:]: "past niet meer" in item.get_text() for item in page.seen.select(".kcc-hit") if item.a
    }
    assert len(marked) == 3
    assert [code for code, is_marked in marked.items() if is_marked] == [touched]


HALF = ClosingDay(day=DAY, opens_until=600, opens_again=660)


async def test_what_no_longer_fits_is_not_confirmed_again(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    address = f"/werk/afspraken/{code}"
    before = await visit(agent, address)
    assert {str(form["action"]) for form in before.seen.select("main form")} == {
        f"{address}/bevestiging",
        f"{address}/eerder",
    }
    await change(database, HALF)
    assert not (await visit(agent, address)).seen.select("main form")
    sent = await letters(database)
    for verb, fields in (("bevestiging", {"sleutel": "a"}), ("eerder", {"wanted": "true"})):
        refused = Page(agent, await agent.post(f"{address}/{verb}", data=fields))
        assert (refused.status, "past niet meer" in refused.text) == (409, True)
    assert await letters(database) == sent
    assert [row.earlier_asked_at for row in await appointments(database)] == [None]
    assert (await agent.post(f"{address}/eerder", data={"wanted": "false"})).status_code == 303


def rows(page: Page) -> list[list[str]]:
    """The list of what no longer fits, cell by cell."""
    return [
        [" ".join(cell.get_text(" ").split()) for cell in line.select("th, td")]
        for line in page.seen.select("section[aria-labelledby=h-geraakt] tbody tr")
    ]


async def test_the_list_of_those_to_mail_and_to_call(
    agent: httpx.AsyncClient, database: Database, sign_in: SignIn
) -> None:
    mailed = await booked(agent, "10.00")
    called = await booked(agent, "10.10", name="Zonder Mail", email="", phone="06 12345678")
    await booked(agent, "9.00")
    assert "passen" not in (await visit(agent, "/werk/afspraken")).text
    await change(database, HALF)
    admin = await sign_in(Role.ADMINISTRATOR)
    for client, address in ((agent, "/werk/afspraken"), (admin, "/beheer")):
        page = await visit(client, address)
        assert "Afspraken die niet meer passen (2)" in page.text
        first, second = rows(page)
        assert first == [
            "Dinsdag 24 november 2026, 10.00 uur",
            "Paspoort aanvragen Stadhuis: de balie is op deze tijd niet meer open",
            "Test Bezoeker bezoeker@ voorbeeld.example",
            "nog niet",
            f"Andere tijd voor Test Bezoeker {mailed[:4]}-{mailed[4:]}",
        ]
        assert second[2:4] == ["Zonder Mail 06 12345678", "bellen"]
        links = [str(link["href"]) for link in page.seen.select("section[aria-labelledby=h-geraakt] td a")]
        assert links == [
            part
            for code in (mailed, called)
            for part in (f"/werk/afspraken/{code}/verzetten", f"/werk/afspraken/{code}")
        ]
        assert "Mail deze inwoner" in page.text
    sent = await letters(database)
    answers = await asyncio.gather(*(agent.post("/werk/afspraken-mail") for _ in range(3)))
    assert sorted(answer.headers["location"] for answer in answers) == [
        "/werk/afspraken?gemaild=0",
        "/werk/afspraken?gemaild=0",
        "/werk/afspraken?gemaild=1",
    ]
    assert (await letters(database))[len(sent) :] == [("unfit", 0)]
    page = await visit(agent, "/werk/afspraken?gemaild=1")
    assert "1 inwoner krijgt e-mail" in page.text
    assert not page.seen.select('form[action="/werk/afspraken-mail"]')
    assert [line[3] for line in rows(page)] == ["dinsdag 24 november 2026, 9.00 uur", "bellen"]
    assert "De inwoner is hierover gemaild" in (await visit(agent, f"/werk/afspraken/{mailed}")).text
    back = await admin.post("/werk/afspraken-mail", data={"terug": "/beheer"})
    assert back.headers["location"] == "/beheer?gemaild=0"
    assert "Niemand hoefde nog e-mail te krijgen" in (await visit(admin, "/beheer?gemaild=0")).text
    assert (await admin.post("/werk/afspraken-mail", data={"terug": "https://elders.example"})).status_code == 400


async def test_the_mail_goes_out(agent: httpx.AsyncClient, database: Database, post: Post) -> None:
    await booked(agent, "10.00")
    await post.deliver()
    await change(database, HALF)
    await agent.post("/werk/afspraken-mail")
    assert subjects(await post.deliver()) == [
        "bezoeker@voorbeeld.example: Uw afspraak op dinsdag 24 november, 10.00 uur kan niet doorgaan"
    ]
    await agent.post("/werk/afspraken-mail")
    assert await post.deliver() == []
