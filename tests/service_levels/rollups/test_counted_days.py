"""Reports of counted days are those of the records: whatever is logged late, corrected or removed, and whenever."""

import asyncio
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select as select_columns
from sqlmodel import delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall.models import Visit
from kcc.appointments.models import Appointment, AppointmentProduct, AppointmentStatus
from kcc.appointments.planner import Planner
from kcc.catalogue.models import TopicMerge
from kcc.clock import Clock
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.models import Callback, CallbackAttempt
from kcc.contacts.log.kinds import Channel, Outcome
from kcc.contacts.log.models import Contact, Question
from kcc.service_levels import callbacks, first_contact, waits
from kcc.service_levels.periods import By
from kcc.service_levels.rollups.counter import DayCounter
from kcc.service_levels.rollups.counting import Step, step
from kcc.service_levels.rollups.models import CallbackCount, QuestionCount, RollupSeal, VisitCount
from kcc.service_levels.rollups.questions import Questions
from kcc.service_levels.waits import Thresholds
from kcc.storage.database import Database
from kcc.storage.rows import table_of
from tests.appointments.conftest import Hall, place, product
from tests.conftest import NOW, SetClock
from tests.service_levels.asked import callback, question
from tests.service_levels.test_waits import came

REPEAT_DAYS = 7
PERIODS = [
    (date(2026, 9, 20), date(2026, 12, 5), By.MONTH),
    (date(2026, 10, 1), date(2026, 11, 30), By.WEEK),
    (date(2026, 10, 23), date(2026, 11, 20), By.DAY),
]
_numbers = count(1)

pytestmark = pytest.mark.usefixtures("kennisbank")


class Log:
    """What happens, at moments taken by chance, to records of some months around now."""

    def __init__(self, chance: random.Random, moment: SetClock) -> None:
        self.chance = chance
        self.moment = moment
        self.kinds: list[Callable[[AsyncSession], Any]] = [
            *[self.ask] * 3,
            self.correct_contact,
            *[self.correct_question] * 3,
            self.remove_contact,
            self.promise,
            self.promise,
            *[self.attempt] * 3,
            self.close,
            *[self.come] * 3,
            self.call,
            self.remove_visit,
            self.book,
            self.book,
            self.cancel,
            self.move,
            self.book_more,
            self.remove_appointment,
        ]

    def at(self) -> datetime:
        """Whole minutes, some of which return days later."""
        return self.moment.at - timedelta(days=self.chance.randrange(60), minutes=self.chance.choice([0, 0, 90, 600]))

    async def any_of(self, session: AsyncSession, table: Any) -> int | None:
        ids = (await session.exec(select(table.id).order_by(table.id))).all()
        return self.chance.choice(ids) if ids else None

    async def change(self, session: AsyncSession, table: Any, **values: Any) -> None:
        await session.exec(update(table).where(table.id == await self.any_of(session, table)).values(**values))

    async def ask(self, session: AsyncSession) -> None:
        requester = self.chance.choice(["a", "b", None])
        channel = self.chance.choice([Channel.PHONE, Channel.PHONE, Channel.EMAIL])
        outcome = self.chance.choice([Outcome.RESOLVED, Outcome.TRANSFERRED, Outcome.DISCONNECTED])
        topic = self.chance.choice(["paspoort", "vermissing", "inzameling"])
        rows = question(self.at(), outcome, topic, requester_key=requester, channel=channel)
        for row in rows:
            session.add(row)
            await session.flush()

    async def correct_contact(self, session: AsyncSession) -> None:
        values: dict[str, Any] = self.chance.choice(
            [{"requester_key": "a"}, {"requester_key": None}, {"channel": Channel.EMAIL}, {"started_at": self.at()}]
        )
        await self.change(session, Contact, **values)

    async def correct_question(self, session: AsyncSession) -> None:
        values: dict[str, Any] = self.chance.choice(
            [
                {"topic": self.chance.choice(["paspoort", "inzameling"])},
                {"outcome": Outcome.DISCONNECTED, "reached": None},
                {"outcome": Outcome.CALLBACK, "reached": None, "department": "burgerzaken"},
                {"outcome": Outcome.REFERRED, "reached": None},
            ]
        )
        await self.change(session, Question, **values)

    async def remove_contact(self, session: AsyncSession) -> None:
        await session.exec(delete(Contact).where(Contact.id == await self.any_of(session, Contact)))

    async def promise(self, session: AsyncSession) -> None:
        session.add_all(callback(self.at() + timedelta(days=self.chance.randrange(3))))

    async def attempt(self, session: AsyncSession) -> None:
        number = await self.any_of(session, Callback)
        promise = await session.get(Callback, number) if number else None
        if promise is not None:
            session.add(CallbackAttempt(callback=number, at=promise.due_at - timedelta(hours=1), reached=True))

    async def close(self, session: AsyncSession) -> None:
        closing = self.chance.choice([*Closing])
        await self.change(session, Callback, closed_at=self.at(), closed_as=closing)

    async def come(self, session: AsyncSession) -> None:
        planned = self.chance.choice([None, "9:10"])
        waited = self.chance.choice([None, 0, 4, 12.5])
        session.add(came(planned, "9:05", waited, self.at().date(), self.chance.choice(["paspoort", "rijbewijs"])))

    async def call(self, session: AsyncSession) -> None:
        await self.change(session, Visit, first_called_at=self.at())

    async def remove_visit(self, session: AsyncSession) -> None:
        await session.exec(delete(Visit).where(Visit.id == await self.any_of(session, Visit)))

    async def book(self, session: AsyncSession) -> None:
        number, at = next(_numbers), self.at() + timedelta(days=self.chance.randrange(4))
        session.add(
            Appointment(
                id=number,
                code=f"{number}",
                token_hash=f"{number}",
                location="stadhuis",
                counter="stadhuis-1",
                starts_at=at,
                ends_at=at + timedelta(minutes=10),
                name="Verzonnen Bezoeker",
                created_at=at,
            )
        )
        await session.flush()
        session.add(AppointmentProduct(appointment=number, product="paspoort", persons=1, position=0))

    async def cancel(self, session: AsyncSession) -> None:
        await self.change(session, Appointment, status=AppointmentStatus.CANCELLED, cancelled_at=self.at())

    async def move(self, session: AsyncSession) -> None:
        at = self.at()
        await self.change(session, Appointment, starts_at=at, ends_at=at + timedelta(minutes=10))

    async def book_more(self, session: AsyncSession) -> None:
        number = await self.any_of(session, Appointment)
        key = {"appointment": number, "product": "rijbewijs"}
        if number is not None and await session.get(AppointmentProduct, key) is None:
            session.add(AppointmentProduct(**key, persons=1, position=1))

    async def remove_appointment(self, session: AsyncSession) -> None:
        number = await self.any_of(session, Appointment)
        await session.exec(delete(AppointmentProduct).where(AppointmentProduct.appointment == number))
        await session.exec(delete(Appointment).where(Appointment.id == number))


async def reports(session: AsyncSession, clock: Clock) -> list[Any]:
    """Everything that is read from counts."""
    plan, found = await Planner(clock.timezone).plan(session), list[Any]()
    for first, last, by in PERIODS:
        for channel, days in ((Channel.PHONE, REPEAT_DAYS), (None, REPEAT_DAYS), (None, None)):
            asked = first_contact.Asked(first, last, by, channel, ["reisdocumenten"])
            found.append(await first_contact.rows(session, asked, clock, days))
        found += [await callbacks.rows(session, first, last, by, code, clock) for code in (None, "burgerzaken")]
        for location, of in ((None, None), ("stadhuis", "rijbewijs"), ("thuis", None)):
            wanted = waits.Asked(first, last, by, location, of)
            found.append(await waits.rows(session, plan, wanted, Thresholds(300, 600), clock.now()))
    return found


async def check(database: Database, clock: Clock) -> None:
    """What counts tell is what the records tell."""
    async with database.writing() as session:
        told = await reports(session, clock)
        await session.exec(delete(RollupSeal))
        assert told == await reports(session, clock)
        await session.rollback()


async def kept(database: Database) -> list[Any]:
    """Every count, and how far it goes."""
    async with database.reading() as session:
        tables = (RollupSeal, QuestionCount, CallbackCount, VisitCount)
        return [sorted((await session.exec(select_columns(table_of(table)))).all(), key=repr) for table in tables]


@pytest.fixture
async def town(hall: Hall) -> None:
    """Where people come, and where they are visited."""
    await hall(product("paspoort"), product("rijbewijs"), place(counters=1), place("thuis", is_home_visit=True))


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("seed", range(2))
async def test_whatever_changes(database: Database, clock: Clock, moment: SetClock, seed: int) -> None:
    chance, counter = random.Random(seed), DayCounter(database, clock, REPEAT_DAYS)
    log = Log(chance, moment)
    for _ in range(30):
        for _ in range(chance.randrange(5)):
            async with database.writing() as session:
                await chance.choice(log.kinds)(session)
        if chance.random() < 0.4:
            await counter.settle()
        if chance.random() < 0.2:
            moment.move(days=chance.choice([-20, -1, 1, 1, 8, 20]), minutes=30)
        await check(database, clock)
    moment.move(days=60)  # it may have been set back
    await counter.settle()
    before = await kept(database)
    assert all(before)
    await counter.rebuild()
    assert await kept(database) == before
    await check(database, clock)


@pytest.mark.usefixtures("town")
async def test_topics_that_became_one(database: Database, clock: Clock) -> None:
    counter = DayCounter(database, clock, REPEAT_DAYS)
    async with database.writing() as session:
        for days, topic in ((30, "vermissing"), (29, "paspoort")):
            for row in question(NOW - timedelta(days=days), Outcome.RESOLVED, topic, requester_key="a"):
                session.add(row)
                await session.flush()
    await counter.settle()
    async with database.writing() as session:
        session.add(TopicMerge(topic="vermissing", target="paspoort", merged_at=NOW, merged_by="anna"))
    await check(database, clock)
    await counter.settle()
    await check(database, clock)
    async with database.reading() as session:
        topics = (await session.exec(select(QuestionCount.topic, QuestionCount.seen))).all()
    assert {(topic, seen) for topic, seen in topics} == {("paspoort", 0), ("paspoort", 1)}


async def test_other_rules_make_counts_worthless(database: Database, clock: Clock) -> None:
    async with database.writing() as session:
        for days in (40, 37, 28):
            for row in question(NOW - timedelta(days=days), requester_key="a"):
                session.add(row)
                await session.flush()
    asked = first_contact.Asked(NOW.date() - timedelta(days=60), NOW.date(), By.YEAR)
    for repeat_days, seen in ((7, 2), (2, 3), (30, 0)):
        for _ in range(2):
            async with database.reading() as session:
                (row,), _ = await first_contact.rows(session, asked, clock, repeat_days)
            assert (row.seen.followed, row.seen.resolved) == (2 if repeat_days == 30 else 3, seen)
            await DayCounter(database, clock, repeat_days).settle()


@pytest.mark.usefixtures("town")
async def test_who_writes_while_days_are_counted(database: Database, clock: Clock, moment: SetClock) -> None:
    async def write(seed: int) -> None:
        log = Log(random.Random(seed), moment)
        for _ in range(6):
            async with database.writing() as session:
                for work in (log.ask, log.promise, log.come, log.book):
                    await work(session)

    async def count_days() -> None:
        await DayCounter(database, clock, REPEAT_DAYS).settle()

    await asyncio.gather(*(work for seed in range(6) for work in (write(seed), count_days())))
    await count_days()
    before = await kept(database)
    await DayCounter(database, clock, REPEAT_DAYS).rebuild()
    assert await kept(database) == before
    await check(database, clock)


async def test_a_day_is_not_sealed_over_a_change_that_nobody_sees_yet(
    database: Database, clock: Clock, moment: SetClock
) -> None:
    if database.is_sqlite:  # it has one writer at a time
        return
    counter = DayCounter(database, clock, REPEAT_DAYS)
    await counter.settle()
    moment.move(days=30)
    async with database.writing() as session:
        for row in question(NOW, requester_key="a"):
            session.add(row)
            await session.flush()
        counting = partial(step, family=Questions(REPEAT_DAYS), clock=clock)
        assert await database.transact(counting) is Step.BUSY
    await counter.settle()
    await check(database, clock)
    async with database.reading() as session:
        assert (await session.exec(select(QuestionCount.eligible))).all()
