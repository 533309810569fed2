"""Who comes is corrected at the desk, or by staff through the API: a name misheard, another e-mail address."""

from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.appointments.conftest import problem
from tests.appointments.post import Post, subjects, text
from tests.conftest import SetClock
from tests.desk.conftest import PERSON, Page, appointments, booked, letters, visit

NEW = "nieuw@voorbeeld.example"


@pytest.fixture
def post(database: Database, clock: Clock, settings: Settings) -> Post:
    """Sends what is due when a test says so."""
    return Post(database, clock, settings)


async def correct(agent: httpx.AsyncClient, code: str, **changed: str) -> Page:
    """Fill in the form of corrections and send it."""
    address = f"/werk/afspraken/{code}/gegevens"
    fields = (await visit(agent, address)).fields("#gegevens") | changed
    return Page(agent, await agent.post(address, data=fields))


async def test_the_form_has_what_is_known(agent: httpx.AsyncClient) -> None:
    code = await booked(agent, phone="06 12345678", language="en")
    page = await visit(agent, f"/werk/afspraken/{code}")
    assert page.seen.select(f'a[href="/werk/afspraken/{code}/gegevens"]')
    fields = (await visit(agent, f"/werk/afspraken/{code}/gegevens")).fields("#gegevens")
    assert fields == PERSON | {"phone": "06 12345678", "language": "en"}


async def test_another_address_gets_the_confirmation(agent: httpx.AsyncClient, database: Database, post: Post) -> None:
    code = await booked(agent)
    (row,) = await appointments(database)
    await post.deliver()
    page = await (await correct(agent, code, email=NEW, name="Test Inwoner", language="en")).follow()
    assert "De gegevens zijn verbeterd. De bevestiging gaat naar het nieuwe e-mailadres." in page.text
    (letter,) = await post.deliver()
    assert subjects([letter]) == [f"{NEW}: Your appointment on Tuesday 24 November, 10:00"]
    assert "Dear Test Inwoner," in text(letter)
    (changed,) = await appointments(database)
    assert (changed.email, changed.name, changed.sequence) == (NEW, "Test Inwoner", 0)
    assert changed.email_key not in (None, row.email_key)
    found = Page(agent, await agent.post("/werk/afspraken", data={"q": NEW}))
    assert found.location == f"/werk/afspraken/{code}"
    assert "Geen afspraken" in Page(agent, await agent.post("/werk/afspraken", data={"q": PERSON["email"]})).text


async def test_another_name_or_number_sends_nothing(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent)
    sent = await letters(database)
    changed = {"name": "Test  Inwoner", "phone": "0612345678", "email": "BEZOEKER@voorbeeld.EXAMPLE"}
    page = await (await correct(agent, code, **changed)).follow()
    assert "De gegevens zijn verbeterd" in page.text and "De bevestiging gaat" not in page.text
    (row,) = await appointments(database)
    assert (row.name, row.phone) == ("Test Inwoner", "+31612345678")
    assert await letters(database) == sent


async def test_without_an_address_there_is_no_mail_and_no_earlier_place(
    agent: httpx.AsyncClient, database: Database
) -> None:
    code = await booked(agent, earlier="true", phone="0612345678")
    assert (await correct(agent, code, email="")).status == 303
    (row,) = await appointments(database)
    assert (row.email, row.email_key, row.earlier_asked_at) == (None, None, None)


async def test_what_is_wrong_is_told_at_the_field(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent)
    (before,) = await appointments(database)
    for changed, field, part in (
        ({"name": ""}, "naam", "Vul de naam in"),
        ({"name": "Jan 111222333"}, "naam", "burgerservicenummer"),
        ({"email": "geen@adres"}, "email", "e-mailadres"),
        ({"email": ""}, "email", "een e-mailadres of een telefoonnummer"),
        ({"phone": "111222333"}, "telefoon", "burgerservicenummer"),
        ({"phone": "12"}, "telefoon", "telefoonnummer"),
    ):
        page = await correct(agent, code, **changed)
        assert (page.status, [name for name, _ in page.errors]) == (400, [field]), page.errors
        assert part in page.errors[0][1]
        assert page.fields("#gegevens").items() >= changed.items()
    assert await appointments(database) == [before]
    assert (await visit(agent, "/werk/afspraken/BBBBBBBB/gegevens")).status == 404


async def test_a_reminder_for_who_had_no_address_and_one_only(
    agent: httpx.AsyncClient, post: Post, moment: SetClock
) -> None:
    page = await visit(agent, "/werk/afspraak", product="paspoort", vanaf="2026-12-01")
    made = await page.send(**{"tijd": "10.00"} | PERSON | {"email": "", "phone": "0612345678"})
    code = made.location.removeprefix("/werk/afspraken/").partition("?")[0]
    assert await post.deliver() == []
    for email in (NEW, PERSON["email"], NEW):
        await correct(agent, code, email=email)
        assert len(await post.deliver()) == 1
    moment.move(days=6, hours=1, minutes=1)
    assert subjects(await post.deliver()) == [f"{NEW}: Herinnering: uw afspraak op dinsdag 1 december, 10.00 uur"]


async def test_what_is_over_is_corrected_without_mail(
    agent: httpx.AsyncClient, database: Database, moment: SetClock, with_token: Any
) -> None:
    code = await booked(agent)
    sent = await letters(database)
    moment.move(hours=5)
    staff = await with_token(Role.AGENT)
    assert (await staff.patch(f"/api/v1/appointments/{code}", json={"email": NEW})).status_code == 200
    assert await letters(database) == sent


async def test_by_the_api(
    agent: httpx.AsyncClient, database: Database, with_token: Any, client: httpx.AsyncClient, post: Post
) -> None:
    code = await booked(agent, phone="0612345678")
    address = f"/api/v1/appointments/{code}"
    staff = await with_token(Role.COUNTER_CLERK)
    await post.deliver()
    answer = await staff.patch(address, json={"email": NEW})
    assert answer.status_code == 200
    known = {"name": PERSON["name"], "email": NEW, "phone": "+31612345678", "language": "nl", "sequence": 0}
    assert answer.json().items() >= known.items()
    assert len(await post.deliver()) == 1
    assert (await staff.patch(address, json={})).json() == answer.json()
    assert (await staff.patch(address, json={"email": None})).json()["email"] is None
    wrong = ({"phone": None}, {"name": None}, {"name": ""}, {"name": "Jan 111222333"}, {"email": "x"}, {"code": "A"})
    for body in wrong:
        assert problem(await staff.patch(address, json=body)) == (400, "invalid-input"), body
    assert (await client.patch(address, json={"name": "Iemand"})).status_code == 401
    assert problem(await staff.patch("/api/v1/appointments/BBBBBBBB", json={"name": "Iemand"})) == (404, "not-found")
