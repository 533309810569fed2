"""From booking to mailbox: one mail an event, whatever the mail server does meanwhile."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from kcc.connectors.smtp import SmtpMailer
from tests.appointments.conftest import DAY, Desk, Hall, at, place, problem, product
from tests.appointments.post import Post, invitation, subjects, text
from tests.conftest import SetClock
from tests.connectors.mail_server import mail_server

SENDER = "afspraken@voorbeeld.example"
WEEK = timedelta(days=7)
TO = "bezoeker@voorbeeld.example"


@pytest.fixture
async def town(hall: Hall) -> None:
    """A town hall with a product that has something to tell in two languages."""
    words = {"name_en": "Passport", "bring": ["Uw oude paspoort"], "bring_en": ["Your old passport"]}
    await hall(product("paspoort", 20, **words), place(name_en="Town hall"))


async def test_every_event_is_one_mail(town: None, desk: Desk, post: Post) -> None:
    booked = await desk.book("10:00", day=DAY + WEEK)
    (confirmation,) = await post.deliver()
    assert subjects([confirmation]) == [f"{TO}: Uw afspraak op dinsdag 1 december, 10.00 uur"]
    assert booked.json()["manageUrl"] in text(confirmation)
    assert "Uw oude paspoort" in text(confirmation)
    await desk.manage(booked, "reschedule", startsAt=at("11:00", DAY + WEEK))
    (change,) = await post.deliver()
    assert subjects([change]) == [f"{TO}: Uw afspraak is gewijzigd: dinsdag 1 december, 11.00 uur"]
    await desk.manage(booked, "cancel")
    await desk.manage(booked, "cancel")
    (cancellation,) = await post.deliver()
    assert subjects([cancellation]) == [f"{TO}: Afgezegd: uw afspraak op dinsdag 1 december, 11.00 uur"]
    assert await post.deliver() == []

    events = [invitation(message) for message in (confirmation, change, cancellation)]
    assert [method for method, _ in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [int(event["SEQUENCE"]) for _, event in events] == [0, 1, 2]
    assert len({str(event["UID"]) for _, event in events}) == 1
    assert [f"{event['DTSTART'].dt:%Y%m%dT%H%M%S%Z}" for _, event in events] == [
        "20261201T090000UTC",
        "20261201T100000UTC",
        "20261201T100000UTC",
    ]


async def test_a_refused_or_repeated_request_sends_nothing(town: None, desk: Desk, post: Post) -> None:
    booked = await desk.book("10:00", key="een-sleutel")
    assert len(await post.deliver()) == 1
    assert (await desk.book("10:00", key="een-sleutel")).json() == booked.json()
    assert problem(await desk.book("10:00")) == (409, "slot-taken")
    assert problem(await desk.manage(booked, "reschedule", startsAt=at("13:00"))) == (409, "slot-taken")
    await desk.hold("11:00")
    assert await post.deliver() == []


async def test_who_gave_no_address_gets_no_mail(town: None, desk: Desk, post: Post, moment: SetClock) -> None:
    booked = await desk.book("10:00", email=None, phone="06 12345678", day=DAY + WEEK)
    await desk.manage(booked, "reschedule", startsAt=at("11:00", DAY + WEEK))
    moment.move(days=8)
    assert await post.deliver() == []


async def test_letters_in_english(town: None, desk: Desk, post: Post) -> None:
    await desk.book("10:00", language="en")
    (letter,) = await post.deliver()
    assert letter["Subject"] == "Your appointment on Tuesday 24 November, 10:00"
    assert letter["Content-Language"] == "en"
    for words in ("Passport", "Your old passport", "Town hall"):
        assert words in text(letter)
    assert not re.search(r"\b(Uw|u|de|het)\b", text(letter)), "Dutch in an English letter"
    assert '<html lang="en"' in text(letter, "html")
    assert "Your old passport" in invitation(letter)[1]["DESCRIPTION"]


async def test_a_name_is_text_in_letters_too(town: None, desk: Desk, post: Post) -> None:
    await desk.book("10:00", name="<b>Sam</b> & <img src=x>")
    (letter,) = await post.deliver()
    assert "<b>" not in text(letter, "html")
    assert "<img" not in text(letter, "html")


async def test_a_reminder_the_day_before_at_ten(town: None, desk: Desk, post: Post, moment: SetClock) -> None:
    await desk.book("10:00", day=DAY + WEEK)
    assert len(await post.deliver()) == 1
    moment.move(days=6, minutes=59)  # 09:59 on the clock, the day before
    assert await post.deliver() == []
    moment.move(minutes=1)
    (reminder,) = await post.deliver()
    assert subjects([reminder]) == [f"{TO}: Herinnering: uw afspraak op dinsdag 1 december, 10.00 uur"]
    assert list(reminder.iter_attachments()) == []
    moment.move(days=2)
    assert await post.deliver() == []


async def test_after_a_move_only_the_new_day_is_reminded_of(
    town: None, desk: Desk, post: Post, moment: SetClock
) -> None:
    booked = await desk.book("10:00", day=DAY + WEEK)
    await desk.manage(booked, "reschedule", startsAt=at("10:00", DAY + 2 * WEEK))
    assert len(await post.deliver()) == 2
    moment.move(days=7)
    assert await post.deliver() == []
    moment.move(days=7)
    assert subjects(await post.deliver()) == [f"{TO}: Herinnering: uw afspraak op dinsdag 8 december, 10.00 uur"]


async def test_no_reminder_of_what_is_cancelled(town: None, desk: Desk, post: Post, moment: SetClock) -> None:
    await desk.manage(await desk.book("10:00", day=DAY + WEEK), "cancel")
    assert len(await post.deliver()) == 2
    moment.move(days=6, hours=2)
    assert await post.deliver() == []


async def test_no_reminder_when_booked_or_moved_shortly_before_it(
    town: None, desk: Desk, post: Post, moment: SetClock
) -> None:
    await desk.book("11:00", day=DAY + timedelta(days=1))
    later = await desk.book("10:00", day=DAY + WEEK)
    await desk.manage(later, "reschedule", startsAt=at("10:00", DAY + timedelta(days=1)))
    assert len(await post.deliver()) == 3
    moment.move(hours=2)
    assert await post.deliver() == []


async def test_a_reminder_that_is_too_late_is_none(town: None, desk: Desk, post: Post, moment: SetClock) -> None:
    await desk.book("10:00", day=DAY + WEEK)
    assert len(await post.deliver()) == 1
    moment.move(days=7, hours=1)  # the mail server was away; it is 10:00 on the day itself
    assert await post.deliver() == []


@pytest.fixture
async def nobody_listens() -> AsyncIterator[str]:
    """The address of a mail server that is down."""
    async with mail_server() as inbox:
        address = f"smtp://127.0.0.1:{inbox.port}"
    yield address


async def test_over_smtp(town: None, desk: Desk, post: Post) -> None:
    async with mail_server() as inbox:
        post.mailer = SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER)
        booked = await desk.book("10:00")
        await post.deliver()
        assert (inbox.senders, inbox.recipients) == ([SENDER], [TO])
        assert booked.json()["manageUrl"] in text(inbox.messages[0])
        await desk.manage(booked, "cancel")
        await post.deliver()
        assert len(inbox.messages) == len({message["Message-ID"] for message in inbox.messages}) == 2


async def test_the_mail_server_is_down_for_an_hour(
    town: None, desk: Desk, post: Post, moment: SetClock, nobody_listens: str
) -> None:
    post.mailer = SmtpMailer(nobody_listens, SENDER)
    booked = await desk.book("10:00", day=DAY + WEEK)
    assert booked.status_code == 201
    for _ in range(60):
        await post.deliver()
        moment.move(minutes=1)
    async with mail_server() as inbox:
        post.mailer = SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER)
        for _ in range(70):
            await post.deliver()
            moment.move(minutes=1)
        assert [str(message["Subject"]) for message in inbox.messages] == [
            "Uw afspraak op dinsdag 1 december, 10.00 uur"
        ]
        assert booked.json()["manageUrl"] in text(inbox.messages[0])


@pytest.mark.parametrize("outage", [1, 7, 45])
async def test_after_an_outage_letters_come_in_the_order_of_events(
    town: None, desk: Desk, post: Post, moment: SetClock, nobody_listens: str, outage: int
) -> None:
    post.mailer = SmtpMailer(nobody_listens, SENDER)
    booked = await desk.book("10:00", day=DAY + WEEK)
    for _ in range(outage):
        await post.deliver()
        moment.move(minutes=1)
    await desk.manage(booked, "reschedule", startsAt=at("11:00", DAY + WEEK))
    await post.deliver()
    await desk.manage(booked, "cancel")
    other = await desk.book("10:00", day=DAY + WEEK, email="ander@voorbeeld.example")
    async with mail_server() as inbox:
        post.mailer = SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER)
        await post.deliver()
        assert inbox.recipients[0] == "ander@voorbeeld.example" or outage == 1  # nobody waits for another's letters
        for _ in range(70):
            await post.deliver()
            moment.move(minutes=1)
        sent = [str(item["Subject"]) for item in inbox.messages if item["To"] == TO]
        assert sent == [
            "Uw afspraak op dinsdag 1 december, 10.00 uur",
            "Uw afspraak is gewijzigd: dinsdag 1 december, 11.00 uur",
            "Afgezegd: uw afspraak op dinsdag 1 december, 11.00 uur",
        ]
        assert len(inbox.messages) == 4
    assert other.status_code == 201


@pytest.mark.parametrize(("answer", "mails"), [("550 no such user", 0), ("451 try later", 1)])
async def test_an_address_that_is_refused(
    town: None, desk: Desk, post: Post, moment: SetClock, answer: str, mails: int
) -> None:
    async with mail_server() as inbox:
        post.mailer = SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER)
        inbox.refusals.append(answer)
        await desk.book("10:00")
        for _ in range(3):
            await post.deliver()
            moment.move(minutes=5)
        assert len(inbox.messages) == mails
        await desk.book("11:00", email="ander@voorbeeld.example")
        await post.deliver()
        assert inbox.recipients[-1] == "ander@voorbeeld.example"
