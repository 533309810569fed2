"""An appointment that the plan has no room for any more: agents see it, and do not promise it."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlmodel import col, update

from kcc.appointments.models import ClosingDay, Counter, Product
from kcc.appointments.plan_queries import next_plan_version
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, put
from tests.desk.conftest import PERSON, Page, appointments, booked, visit

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


@pytest.mark.parametrize("why", CHANGES)
async def test_what_no_longer_fits_is_not_promised(agent: httpx.AsyncClient, database: Database, why: str) -> None:
    code = await booked(agent, "10.00")
    before = await visit(agent, f"/werk/afspraken/{code}")
    assert (warnings(before), "Wij verwachten u" in before.text) == ([], True)
    await change(database, CHANGES[why])
    page = await visit(agent, f"/werk/afspraken/{code}")
    assert warnings(page) == [f"Deze afspraak past niet meer: {why} Spreek een andere tijd af, of zeg de afspraak af."]
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
