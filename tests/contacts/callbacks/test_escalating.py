"""An overdue callback: who hears of it, when, and once."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.contacts.callbacks.escalating import Escalator
from kcc.contacts.callbacks.rules import Rules
from kcc.storage.database import Database
from tests.conftest import PASSWORD, SetClock
from tests.contacts.callbacks.conftest import CENTRE, DEPARTMENT, LEAD_OF_IT, TEAM_LEAD, Callbacks, Mailbag
from tests.contacts.callbacks.test_business_time import ZONE
from tests.contacts.callbacks.test_department_page import said
from tests.contacts.conftest import WithToken


def at(moment: SetClock, text: str) -> None:
    """It is this local time."""
    moment.at = datetime.fromisoformat(text).replace(tzinfo=ZONE)


async def test_the_person_then_the_department_then_the_team_lead(
    callbacks: Callbacks, mailbag: Mailbag, escalator: Escalator, moment: SetClock
) -> None:
    made = await callbacks.asked()  # due on Wednesday at 16:30
    await mailbag.deliver()
    steps = [
        ("2026-11-25T16:29", None),
        ("2026-11-25T16:30", DEPARTMENT),
        ("2026-11-26T11:59", None),
        ("2026-11-26T12:00", LEAD_OF_IT),  # half an hour on Wednesday, three and a half on Thursday
        ("2026-11-26T15:59", None),
        ("2026-11-26T16:00", TEAM_LEAD),
        ("2026-11-27T09:00", None),
        ("2026-12-01T09:00", None),
    ]
    for text, address in steps:
        at(moment, text)
        await escalator.tidy()
        await escalator.tidy()
        assert [to for to, _ in await mailbag.to()] == ([address] if address else []), text
    found = await callbacks.read(made)
    assert (found["personAlertedAt"], found["departmentAlertedAt"], found["leadAlertedAt"]) == (
        "2026-11-25T15:30:00Z",
        "2026-11-26T11:00:00Z",
        "2026-11-26T15:00:00Z",
    )


async def test_never_at_night_in_a_weekend_or_on_a_holiday(
    callbacks: Callbacks, mailbag: Mailbag, escalator: Escalator, moment: SetClock
) -> None:
    at(moment, "2026-12-23T08:30")
    await callbacks.asked(preferredAt="2026-12-24T12:00:00+01:00", preferredUntil="2026-12-24T17:00:00+01:00")
    await mailbag.deliver()
    for text in ("2026-12-24T17:00", "2026-12-25T10:00", "2026-12-26T10:00", "2026-12-28T08:29"):
        at(moment, text)
        assert await escalator.tidy() == 0
    at(moment, "2026-12-28T08:30")
    assert await escalator.tidy() == 1
    assert [to for to, _ in await mailbag.to()] == [DEPARTMENT]


async def test_after_days_without_a_worker_each_still_gets_their_time(
    callbacks: Callbacks, mailbag: Mailbag, database: Database, clock: Clock, callback_rules: Rules, moment: SetClock
) -> None:
    await callbacks.asked()
    await mailbag.deliver()
    found = []
    for text in ("2026-12-02T09:00", "2026-12-02T12:59", "2026-12-02T13:00", "2026-12-02T17:00", "2026-12-03T08:30"):
        at(moment, text)
        await Escalator(database, clock, callback_rules).tidy()  # as after a restart
        found.append([to for to, _ in await mailbag.to()])
    assert found == [[DEPARTMENT], [], [LEAD_OF_IT], [], [TEAM_LEAD]]


async def test_many_at_once_tell_it_once(
    callbacks: Callbacks, mailbag: Mailbag, database: Database, clock: Clock, callback_rules: Rules, moment: SetClock
) -> None:
    for _ in range(3):
        await callbacks.asked()
    await mailbag.deliver()
    at(moment, "2026-11-26T09:00")
    told = await asyncio.gather(*(Escalator(database, clock, callback_rules).tidy() for _ in range(4)))
    assert sum(told) == 3
    assert [to for to, _ in await mailbag.to()] == [DEPARTMENT] * 3


async def test_one_that_was_called_but_is_open_is_told_too_and_a_closed_one_is_not(
    callbacks: Callbacks, mailbag: Mailbag, escalator: Escalator, moment: SetClock
) -> None:
    tried, closed = await callbacks.asked(), await callbacks.asked()
    await callbacks.attempt(tried)
    await callbacks.close(closed)
    await mailbag.deliver()
    at(moment, "2026-11-26T09:00")
    assert await escalator.tidy() == 1
    (mail,) = await mailbag.deliver()
    assert "Er is één keer gebeld." in str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


async def test_without_mailboxes_it_goes_to_the_contact_centre_and_on(
    callbacks: Callbacks, mailbag: Mailbag, escalator: Escalator, moment: SetClock
) -> None:
    await callbacks.asked(department="afval")
    await mailbag.deliver()
    found = []
    for text in ("2026-11-26T09:00", "2026-11-26T13:00", "2026-11-27T08:30"):
        at(moment, text)
        await escalator.tidy()
        found.append(await mailbag.deliver())
    assert [[mail["To"] for mail in mails] for mails in found] == [[CENTRE], [], [TEAM_LEAD]]
    (last,) = found[-1]
    words = " ".join(str(last.get_body(("plain",)).get_content()).split())  # type: ignore[union-attr]
    assert "Het klantcontactcentrum kreeg hierover eerder bericht." in words


async def test_one_that_is_closed_before_its_mail_goes_out_is_not_mailed(
    callbacks: Callbacks, mailbag: Mailbag, escalator: Escalator, moment: SetClock
) -> None:
    made = await callbacks.asked()
    await mailbag.deliver()
    at(moment, "2026-11-26T09:00")
    await escalator.tidy()
    await callbacks.close(made)
    assert await mailbag.to() == []


async def told(callbacks: Callbacks, made: dict[str, Any]) -> list[Any]:
    found = await callbacks.read(made)
    return [found["personAlertedAt"], found["departmentAlertedAt"], found["leadAlertedAt"]]


async def test_what_was_given_back_waits_for_an_address_of_the_centre(
    callbacks: Callbacks,
    desk: httpx.AsyncClient,
    mailbag: Mailbag,
    callback_rules: Rules,
    database: Database,
    clock: Clock,
    moment: SetClock,
) -> None:
    made = await callbacks.asked()
    await desk.post(await mailbag.link(), data={"deed": "hand-back", "note": "niet van ons"})
    escalator = Escalator(database, clock, replace(callback_rules, centre_email=None))
    at(moment, "2026-11-26T09:00")
    await escalator.tidy()
    await desk.post("/inloggen", data={"name": "anna", "password": PASSWORD})
    page_text = said(await desk.get(f"/werk/terugbellen/{made['id']}"))
    assert "niemand, want er is geen e-mailadres voor het klantcontactcentrum" in page_text


async def test_nobody_is_said_to_be_told_who_has_no_address(
    callbacks: Callbacks, desk: httpx.AsyncClient, escalator: Escalator, moment: SetClock
) -> None:
    made = await callbacks.asked(department="afval")
    for text in ("2026-11-26T09:00", "2026-11-26T13:00"):
        at(moment, text)
        await escalator.tidy()
    assert await told(callbacks, made) == ["2026-11-26T08:00:00Z", None, None]
    await desk.post("/inloggen", data={"name": "anna", "password": PASSWORD})
    page = said(await desk.get(f"/werk/terugbellen/{made['id']}"))
    assert "vandaag 9.00 uur: het klantcontactcentrum" in page
    assert "vandaag 13.00 uur: niemand, want er is geen e-mailadres voor de leidinggevende van Afval" in page


async def test_nobody_at_all_has_an_address(
    callbacks: Callbacks, database: Database, clock: Clock, callback_rules: Rules, moment: SetClock
) -> None:
    silent = replace(callback_rules, centre_email=None, lead_email=None)
    made = await callbacks.asked(department="afval")
    for text in ("2026-11-26T09:00", "2026-11-26T13:00", "2026-11-27T08:30"):
        at(moment, text)
        assert await Escalator(database, clock, silent).tidy() == 1
    assert await Escalator(database, clock, silent).tidy() == 0
    assert await told(callbacks, made) == [None, None, None]


async def test_with_another_department_it_begins_anew(
    callbacks: Callbacks, desk: httpx.AsyncClient, mailbag: Mailbag, escalator: Escalator, moment: SetClock
) -> None:
    made = await callbacks.asked(department="afval")
    for text in ("2026-11-26T09:00", "2026-11-26T13:00", "2026-11-27T08:30"):
        at(moment, text)
        await escalator.tidy()
    await callbacks.post(f"/{made['id']}/hand-over", {"department": "burgerzaken"})
    await mailbag.deliver()
    assert await told(callbacks, made) == [None, None, None]
    for text, address in (("2026-11-27T09:00", DEPARTMENT), ("2026-11-27T13:00", LEAD_OF_IT)):
        at(moment, text)
        await escalator.tidy()
        assert [to for to, _ in await mailbag.to()] == [address], text
    assert await told(callbacks, made) == ["2026-11-27T08:00:00Z", "2026-11-27T12:00:00Z", None]
    await desk.post("/inloggen", data={"name": "anna", "password": PASSWORD})
    page = said(await desk.get(f"/werk/terugbellen/{made['id']}"))
    for line in (
        "gisteren 9.00 uur: het klantcontactcentrum",
        "vandaag 8.30 uur: de teamleider",
        "vandaag 9.00 uur: Burgerzaken",
        "vandaag 13.00 uur: de leidinggevende van Burgerzaken",
    ):
        assert line in page, line


async def test_not_on_a_day_on_which_all_is_closed(
    callbacks: Callbacks, with_token: WithToken, escalator: Escalator, moment: SetClock
) -> None:
    await callbacks.asked()
    administrator = await with_token(Role.ADMINISTRATOR)
    assert (await administrator.post("/api/v1/closing-days", json={"date": "2026-11-26"})).status_code == 201
    at(moment, "2026-11-26T10:00")
    assert await escalator.tidy() == 0
    at(moment, "2026-11-27T10:00")
    assert await escalator.tidy() == 1
