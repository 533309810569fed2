"""A small municipality in which everything happened, as rows in the database: exports tell what follows from them."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import Outcome as VisitOutcome
from kcc.appointments.hall.models import Visit, VisitKind
from kcc.appointments.models import Appointment, AppointmentProduct, CountedEvent, ProductCount
from kcc.catalogue.models import TopicMerge
from kcc.clock import Clock
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.models import Callback, CallbackAttempt
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.models import Contact, Question, QuestionArticle
from kcc.service_levels.export.exporting import Written, export
from kcc.storage.database import Database
from tests.appointments.conftest import hall, options, place, product, settings
from tests.contacts.telephony.test_importing import put
from tests.service_levels.phone.conftest import abandoned, answered

__all__ = ["hall", "options", "settings"]

Star = Callable[[str], list[tuple[Any, ...]]]
FIRST, LAST = "2026-10-24", "2026-11-24"
# The night in which the clock goes back, with an hour that there is twice; the night between two months; ordinary days.
MOMENTS = tuple(
    datetime(*moment, tzinfo=UTC)
    for moment in (
        (2026, 10, 24, 22, 30),
        (2026, 10, 25, 0, 20),
        (2026, 10, 25, 1, 20),
        (2026, 10, 31, 22, 58),
        (2026, 11, 2, 8, 0),
        (2026, 11, 3, 13, 44, 59),
        (2026, 11, 23, 23, 10),
    )
)
SECRETS = ("0612345678", "iemand@voorbeeld.example", "Verzonnen Vrager", "niet voor anderen", "anna", "SIP/1")


@pytest.fixture
async def filled(kennisbank: None, database: Database, hall: Callable[..., Awaitable[None]]) -> None:
    """Calls, contacts, callbacks, visits and appointments of a month."""
    online = product("paspoort", online_url="https://voorbeeld.example/paspoort")
    await hall(online, product("rijbewijs"), place(counters=2))
    await put(database, calls())
    chance = random.Random(6)
    async with database.writing() as session:
        for number in range(120):
            for row in contact(number, chance):
                session.add(row)
                await session.flush()
        session.add(
            TopicMerge(
                topic="vermissing", target="paspoort", merged_at=datetime(2026, 11, 5, tzinfo=UTC), merged_by="x"
            )
        )
        session.add(ProductCount(product="paspoort", day=date(2026, 10, 26), event=CountedEvent.OPENED, count=1))
        for day in (3, 7, 24):
            row = ProductCount(product="paspoort", day=date(2026, 11, day), event=CountedEvent.ONLINE_CHOSEN, count=day)
            session.add(row)
        for number in range(60):
            for row in visit(number, chance):
                session.add(row)
                await session.flush()


def calls() -> list[str]:
    """Lines of calls in two queues that end in every way, on every one of the moments."""
    lines: list[str] = []
    for number, moment in enumerate(MOMENTS * 6):
        at, queue = int(moment.timestamp()) + number * 3, ("algemeen", "belastingen")[number % 2]
        match number % 7:
            case 0 | 1 | 2:
                lines += answered(at, number, wait=(5, 30, 31, 600)[number % 4], queue=queue)
            case 3:
                lines += answered(at, number, 12, queue=queue, end="BLINDTRANSFER|0612345678|van|12|40|1")
            case 4:
                lines += abandoned(at, number, (3, 5, 6, 45)[number % 4], queue=queue)
            case 5:
                lines += abandoned(at, number, 90, queue=queue, how="EXITWITHTIMEOUT|1|1")
            case 6:
                lines += answered(at, number, 20, queue=queue)[:2]
    return sorted(lines, key=lambda line: int(line.split("|")[0]))


def contact(number: int, chance: random.Random) -> list[Any]:
    """A contact of somebody, with a question or two; now and then a callback."""
    begin = chance.choice(MOMENTS) + timedelta(seconds=chance.randint(0, 3000))
    is_open = number % 40 == 0
    requester = chance.choice([RequesterKind.RESIDENT, RequesterKind.RESIDENT, RequesterKind.OWN_ORGANISATION])
    inside = requester is RequesterKind.OWN_ORGANISATION
    rows: list[Any] = [
        Contact(
            id=number + 1,
            agent=("anna", "bram")[number % 2],
            channel=chance.choice([Channel.PHONE, Channel.PHONE, Channel.EMAIL]),
            requester=requester,
            department="afval" if inside else None,
            name=SECRETS[2],
            email=SECRETS[1],
            phone=SECRETS[0],
            started_at=begin,
            finished_at=None if is_open else begin + timedelta(seconds=chance.randint(10, 400)),
            is_open=is_open,
        )
    ]
    for position in range(1, chance.randint(2, 3)):
        outcome = None if is_open else chance.choice(list(Outcome))
        department = "burgerzaken" if outcome in (Outcome.TRANSFERRED, Outcome.CALLBACK) else None
        rows.append(
            Question(
                id=number * 2 + position,
                contact=number + 1,
                contact_is_open=is_open,
                position=position,
                topic=chance.choice(["paspoort", "vermissing", "inzameling", "reisdocumenten"]),
                outcome=outcome,
                department=department,
                reached=chance.random() < 0.5 if outcome is Outcome.TRANSFERRED else None,
                source=outcome and Source.OWN_KNOWLEDGE,
                note=SECRETS[3],
                asked_at=begin,
                closed_at=outcome and begin + timedelta(seconds=5),
            )
        )
        if chance.random() < 0.5:
            rows.append(QuestionArticle(question=number * 2 + position, slug="grofvuil", opened_at=begin))
    if number % 3 == 0:
        rows += callback(number, begin, chance)
    return rows


def callback(number: int, asked: datetime, chance: random.Random) -> list[Any]:
    """A promise that is kept or not, withdrawn, or still open."""
    due = asked + timedelta(hours=chance.choice([1, 20]))
    ended = chance.choice([None, due - timedelta(minutes=30), due, due + timedelta(hours=1)])
    rows: list[Any] = [
        Callback(
            id=number + 1,
            contact=number + 1,
            department=chance.choice(["burgerzaken", "afval"]),
            text=SECRETS[3],
            phone=SECRETS[0],
            name=SECRETS[2],
            agent="anna",
            asked_at=asked,
            due_at=due,
            closed_at=ended,
            closed_by=ended and "anna",
            closed_as=ended and chance.choice(list(Closing)),
        )
    ]
    attempts = [due + timedelta(minutes=minutes) for minutes in chance.choice([[], [-20], [0, 90], [5]])]
    return rows + [CallbackAttempt(callback=number + 1, at=at, reached=False, note=SECRETS[3]) for at in attempts]


def visit(number: int, chance: random.Random) -> list[Any]:
    """An appointment to which somebody came or not, or a walk-in."""
    day = date(2026, 11, 2 + number % 20)
    planned = datetime(day.year, day.month, day.day, 8, 5 * (number % 12), tzinfo=UTC)
    arrived = planned + timedelta(seconds=chance.randint(-600, 300))
    kind = VisitKind.WALK_IN if number % 3 == 0 else VisitKind.APPOINTMENT
    rows: list[Any] = []
    if kind is VisitKind.APPOINTMENT:
        rows.append(
            Appointment(
                id=number + 1,
                code=f"CODE{number}",
                token_hash=f"{number}",
                location="stadhuis",
                counter="stadhuis-1",
                starts_at=planned,
                ends_at=planned + timedelta(minutes=10),
                name=SECRETS[2],
                email=SECRETS[1],
                booked_by_staff=number % 2 == 0,
                created_at=planned - timedelta(days=chance.randint(0, 20), minutes=1),
            )
        )
        rows.append(AppointmentProduct(appointment=number + 1, product="paspoort", persons=1 + number % 2))
        if number % 5 == 0:
            return rows
    called = None if number % 11 == 0 else arrived + timedelta(seconds=chance.randint(0, 900))
    state = chance.choice([VisitState.FINISHED, VisitState.MISSED] if called else [VisitState.LEFT])
    rows.append(
        Visit(
            location="stadhuis",
            day=day,
            number=f"{number}",
            kind=kind,
            appointment=number + 1 if kind is VisitKind.APPOINTMENT else None,
            products=[["rijbewijs", 1], ["paspoort", 2]][: 1 + number % 2],
            planned_at=planned if kind is VisitKind.APPOINTMENT else None,
            takes_minutes=10,
            arrived_at=arrived,
            state=state,
            first_called_at=called,
            served_at="stadhuis-1" if state is VisitState.FINISHED else None,
            outcome=VisitOutcome.DONE if state is VisitState.FINISHED else None,
            note=SECRETS[3],
        )
    )
    return rows


@pytest.fixture
def exported(database: Database, clock: Clock, tmp_path: Path) -> Callable[..., Awaitable[dict[str, Written]]]:
    """`await exported()` exports to `tmp_path / "star"`; returns what was written by table."""

    async def run(first: date | None = None, last: date | None = None, folder: str = "star") -> dict[str, Written]:
        done = await export(database, tmp_path / folder, clock, first, last)
        return {one.table: one for one in done}

    return run


@pytest.fixture
async def star(filled: None, exported: Callable[..., Awaitable[dict[str, Written]]], tmp_path: Path) -> Star:
    """`star("SELECT … FROM fact_call")` asks DuckDB of the files."""
    await exported()
    connection = duckdb.connect()
    for table in (tmp_path / "star").iterdir():
        if table.is_dir():
            connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM '{table}/*.parquet'")
    return lambda sql: connection.execute(sql).fetchall()
