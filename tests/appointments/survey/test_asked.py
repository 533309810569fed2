"""Who is asked how the visit was: once, by mail, a while after it ended."""

from datetime import timedelta

import pytest
from sqlmodel import select

from kcc.appointments.hall.asking import TOPIC
from kcc.appointments.hall.ending import HallKeeper
from kcc.appointments.planner import Planner
from kcc.clock import Clock
from kcc.connectors.smtp import Message, NotSent, SmtpMailer, Undeliverable
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from tests.appointments.conftest import DAY
from tests.appointments.post import subjects, text
from tests.appointments.survey.conftest import Town, link_in
from tests.connectors.mail_server import mail_server

TO = "bezoeker@voorbeeld.example"


class Broken:
    """A way out for mail that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.tried: list[Message] = []

    async def send(self, message: Message) -> None:
        self.tried.append(message)
        raise self.error


async def test_a_mail_an_hour_after_the_visit_and_no_other(town: Town) -> None:
    await town.served()
    async with mail_server() as inbox:
        town.post.mailer = SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", "afspraken@voorbeeld.example")
        assert await town.mail(minutes=59) == []
        inbox.messages.clear()  # the confirmation
        for _ in range(3):
            await town.mail(minutes=600)
        (asked,) = inbox.messages
    assert subjects([asked]) == [f"{TO}: Hoe tevreden bent u over uw bezoek?"]
    assert (asked["Auto-Submitted"], asked["Content-Language"]) == ("auto-generated", "nl")
    for words in (
        "dinsdag 24 november bij ons: Stadhuis",
        "Eén vraag",
        "anoniem",
        "één keer, tot en met donderdag 24 december",
    ):
        assert words in " ".join(text(asked).split())
        assert words in " ".join(text(asked, "html").split())
    for personal in ("Test Bezoeker", "aspoort"):
        assert personal not in text(asked) + text(asked, "html")
    assert (await town.counts()) == {"": (1, 0), "paspoort": (1, 0)}
    link_in(asked)


async def test_in_english(town: Town) -> None:
    await town.served(language="en")
    (asked,) = await town.mail()
    assert (asked["Subject"], asked["Content-Language"]) == ("How satisfied are you with your visit?", "en")
    assert "Tuesday 24 November: Town hall" in " ".join(text(asked).split())
    assert link_in(asked).endswith("?lang=en")


async def test_who_was_not_helped_or_left_no_address_is_not_asked(town: Town, database: Database, clock: Clock) -> None:
    missed = await town.at_counter("9:20")
    await town.clerk.good(f"visits/{missed}/missed")
    await town.served("9:30", email=None, phone="06 12345678")
    walk_in = await town.clerk.walks_in()
    await town.clerk.good(f"visits/{walk_in['id']}/call", counter="stadhuis-1")
    await town.clerk.good(f"visits/{walk_in['id']}/finish", outcome="done")
    gone = await town.at_counter("9:40")
    await town.clerk.good(f"visits/{gone}/park")
    await town.clerk.good(f"visits/{gone}/leave")
    still = await town.at_counter("9:50")
    await town.clerk.good(f"visits/{still}/start")
    town.moment.move(days=1)
    assert await HallKeeper(database, clock, Planner(clock.timezone)).tidy() == 1
    assert await town.mail(minutes=600) == []
    assert await town.counts() == {}


@pytest.mark.parametrize("options", [{"survey": False}])
async def test_nobody_is_when_the_survey_is_off(town: Town) -> None:
    await town.served()
    assert await town.mail(minutes=600) == []


@pytest.mark.parametrize("options", [{"survey_after_minutes": 5}])
async def test_how_long_after_is_a_setting(town: Town) -> None:
    await town.served()
    assert await town.mail(minutes=4) == []
    assert len(await town.mail(minutes=1)) == 1


@pytest.mark.parametrize("asked_before", [True, False])
async def test_a_visit_that_goes_on_and_ends_again_is_asked_once(town: Town, asked_before: bool) -> None:
    visit = await town.served()
    if asked_before:
        assert len(await town.mail()) == 1
    await town.clerk.good(f"visits/{visit}/reopen", counter="stadhuis-1")
    assert await town.mail() == []  # being helped still
    await town.clerk.good(f"visits/{visit}/finish", outcome="done")
    assert len(await town.mail()) == (0 if asked_before else 1)
    assert await town.counts() == {"": (1, 0), "paspoort": (1, 0)}


async def test_while_the_mail_server_is_away_the_link_stays_the_same(town: Town) -> None:
    await town.served()
    working, broken = town.post.mailer, Broken(NotSent("away"))
    await town.mail(minutes=0)
    town.post.mailer = broken
    for _ in range(3):
        await town.mail()
    assert len(broken.tried) > 1
    town.post.mailer = working
    (asked,) = await town.mail()
    assert {link_in_text(message) for message in broken.tried} == {link_in(asked)}
    assert (await town.counts())[""] == (1, 0)


def link_in_text(message: Message) -> str:
    return next(line for line in message.text.splitlines() if "/enquete/" in line).removeprefix("http://kcc.test")


async def test_who_cannot_be_reached_was_not_invited(town: Town) -> None:
    await town.served()
    await town.mail(minutes=0)
    town.post.mailer = Broken(Undeliverable("no such mailbox"))
    await town.mail()
    await town.mail()
    assert (await town.counts(), await town.invitations()) == ({"": (0, 0), "paspoort": (0, 0)}, [])


async def test_after_a_long_silence_nobody_is_asked(town: Town) -> None:
    await town.served()
    await town.mail(minutes=0)
    assert await town.mail(minutes=timedelta(days=31).total_seconds() / 60) == []
    assert await town.counts() == {}


async def test_an_entry_done_twice_is_one_mail(town: Town, database: Database) -> None:
    await town.served()
    assert len(await town.mail()) == 1
    async with database.writing() as session:  # as if the process had stopped before it could note that it was done
        entry = (await session.exec(select(OutboxEntry).where(OutboxEntry.topic == TOPIC))).one()
        entry.done_at = None
    assert await town.mail() == []
    assert (await town.counts())[""] == (1, 0)


async def test_what_was_done_in_the_end_is_what_counts(town: Town) -> None:
    visit = await town.at_counter("9:20")
    products = [{"code": code, "persons": 1} for code in ("rijbewijs", "paspoort")]
    await town.clerk.good(f"visits/{visit}/transfer", products=products)
    await town.clerk.good(f"visits/{visit}/call", counter="stadhuis-1")
    await town.clerk.good(f"visits/{visit}/finish", outcome="partly")
    assert len(await town.mail()) == 1
    assert await town.counts() == {"": (1, 0), "paspoort": (1, 0), "rijbewijs": (1, 0)}
    (invitation,) = await town.invitations()
    assert (invitation.location, invitation.day, invitation.products) == ("stadhuis", DAY, ["paspoort", "rijbewijs"])
