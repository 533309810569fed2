"""An appointment that the plan has no room for any more is never confirmed: its resident hears that it cannot be."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import col, delete

from kcc.appointments.models import ClosingDay, LocationKind
from kcc.appointments.plan_queries import next_plan_version
from kcc.connectors.smtp import SmtpMailer
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Desk, Hall, appointments, at, place, product, put
from tests.appointments.post import Post, subjects, text
from tests.conftest import SetClock
from tests.connectors.mail_server import mail_server

TO = "bezoeker@voorbeeld.example"
LATER = DAY + timedelta(days=7)
CANNOT = f"{TO}: Uw afspraak op dinsdag 1 december, 10.00 uur kan niet doorgaan"


@pytest.fixture
async def town(hall: Hall) -> None:
    await hall(product("paspoort", 20), place())


async def close(database: Database, **fields: int) -> None:
    """The day of the appointment becomes a closing day, or a part of it."""
    await put(database, ClosingDay(day=LATER, **fields))


async def reopen(database: Database) -> None:
    """All closing days are taken away."""
    async with database.writing() as session:
        await session.exec(delete(ClosingDay).where(col(ClosingDay.id) > 0))
        await next_plan_version(session)


def attached(message: EmailMessage) -> int:
    return len(list(message.iter_attachments()))


async def test_instead_of_a_reminder(town: None, desk: Desk, post: Post, moment: SetClock, database: Database) -> None:
    booked = await desk.book("10:00", day=LATER)
    await post.deliver()
    await close(database)
    moment.move(days=6, hours=1)
    (letter,) = await post.deliver()
    assert subjects([letter]) == [CANNOT]
    words = " ".join(text(letter).split())
    assert "De balie is dan niet open." in words
    assert "Wij verwachten u" not in words
    assert booked.json()["manageUrl"] in words
    assert attached(letter) == 0
    (row,) = await appointments(database)
    assert (row.told_misfit, row.told_at) == ("closed", moment.now())
    moment.move(hours=2)
    assert await post.deliver() == []


async def test_a_confirmation_that_waited_too_long(
    town: None, desk: Desk, post: Post, moment: SetClock, database: Database
) -> None:
    await desk.book("10:00", day=LATER, language="en")
    await close(database)
    async with mail_server() as inbox:
        post.mailer = SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", "afspraken@voorbeeld.example")
        await post.deliver()
        moment.move(days=6, hours=2)  # once: not again when the reminder is due
        await post.deliver()
        (letter,) = inbox.messages
    assert letter["Subject"] == "Your appointment on Tuesday 1 December, 10:00 cannot take place"
    assert "The counter is not open at that time." in " ".join(text(letter).split())
    assert attached(letter) == 0


async def test_who_chose_another_time_is_reminded_of_that(
    town: None, desk: Desk, post: Post, moment: SetClock, database: Database
) -> None:
    booked = await desk.book("10:00", day=LATER)
    await close(database, opens_until=600, opens_again=660)
    assert subjects(await post.deliver()) == [CANNOT]
    await desk.manage(booked, "reschedule", startsAt=at("11:00", LATER))
    (row,) = await appointments(database)
    assert (row.told_misfit, row.told_at) == (None, None)
    assert subjects(await post.deliver()) == [f"{TO}: Uw afspraak is gewijzigd: dinsdag 1 december, 11.00 uur"]
    moment.move(days=6, hours=1)
    assert subjects(await post.deliver()) == [f"{TO}: Herinnering: uw afspraak op dinsdag 1 december, 11.00 uur"]


async def test_the_plan_put_right_and_wrong_again(
    town: None, desk: Desk, post: Post, moment: SetClock, database: Database
) -> None:
    await desk.book("10:00", day=LATER)
    await close(database)
    assert subjects(await post.deliver()) == [CANNOT]
    await reopen(database)
    moment.move(days=6, hours=1)
    assert subjects(await post.deliver()) == [f"{TO}: Herinnering: uw afspraak op dinsdag 1 december, 10.00 uur"]
    (row,) = await appointments(database)
    assert row.told_at is None


async def test_an_appointment_at_home(hall: Hall, agent: Desk, post: Post, database: Database) -> None:
    await hall(product("paspoort", 20), place("thuis", kind=LocationKind.HOME_VISIT, travel_minutes=20))
    made = await agent.book("10:00", day=LATER, location="thuis", address="Straat 1, Voorbeeld")
    assert made.status_code == 201, made.text
    await close(database)
    (letter,) = await post.deliver()
    words = " ".join(text(letter).split())
    assert "Wij kunnen niet bij u langskomen op dinsdag 1 december 2026 om 10.00 uur." in words
    assert "Wij komen op die tijd niet meer bij mensen thuis." in words
