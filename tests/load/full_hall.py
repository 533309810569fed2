"""A hall in which three hundred people wait, and who may look at it and call: written through the verbs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access import devices, sessions
from kcc.access.accounts import put_account
from kcc.access.models import Account
from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.appointments.hall import arriving, counters
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Outcome, Visit, VisitKind
from kcc.appointments.models import Appointment
from kcc.appointments.planner import Planner
from kcc.storage.database import Database
from tests.appointments.conftest import AMSTERDAM, place, product, put
from tests.appointments.hall_server import CLOCK
from tests.load.booked import CLOSES, OPENS, PRODUCT, WEEKDAYS, fill

HALL = "hal"
COUNTERS = tuple(f"{HALL}-{number}" for number in range(1, 7))
WAITING = 300
# When the service begins, by its own clock: half an hour after the doors opened.
NOW = datetime.fromisoformat(CLOCK)
OPENED = timedelta(minutes=30)
CHECKED_IN_AHEAD = timedelta(minutes=40)
BEFORE_A_DAY = 250
CLERK = "balie"


@dataclass(frozen=True, slots=True)
class Keys:
    """What lets in: a clerk at the API, the same clerk at the pages, a screen in the waiting room."""

    token: str
    clerk: str
    screen: str


async def furnish(url: str, waiting: int = WAITING) -> Keys:
    """Six open counters with a day 80 % full of appointments; those of the next 40 minutes wait, walk-ins besides."""
    database = Database(url)
    hall = place(HALL, len(COUNTERS), [(OPENS, CLOSES)], weekdays=WEEKDAYS, walk_ins=True)
    await put(database, *product(PRODUCT, 10), *hall)
    await fill(database, HALL, len(COUNTERS), [NOW.date()], 0.8)
    async with database.writing() as session:
        floor = Floor(await Planner(AMSTERDAM).plan(session), HALL, NOW.date(), NOW - OPENED, CLERK)
        for counter in COUNTERS:
            await counters.open_counter(session, floor, counter)
        await _served_before(session)
        await _arrive(session, floor, waiting)
        keys = await _keys(session)
    await database.close()
    return keys


async def _served_before(session: AsyncSession) -> None:
    """Eight weeks of visits, by which the wait of walk-ins is told."""
    for before in range(1, 57):
        day = NOW.date() - timedelta(days=before)
        arrived = NOW - timedelta(days=before)
        visit = {
            "location": HALL,
            "day": day,
            "kind": VisitKind.WALK_IN,
            "products": [[PRODUCT, 1]],
            "takes_minutes": 10,
            "arrived_at": arrived,
            "first_called_at": arrived,
            "called_at": arrived,
            "calls": 1,
            "state": VisitState.FINISHED,
            "started_at": arrived,
            "finished_at": arrived + timedelta(minutes=10),
            "outcome": Outcome.DONE,
            "note": "",
        }
        served = [{"number": f"B {number:03}", "served_seconds": 300 + 2 * number} for number in range(BEFORE_A_DAY)]
        await session.exec(insert(Visit).values([visit | one for one in served]))


async def _arrive(session: AsyncSession, floor: Floor, waiting: int) -> None:
    """One after the other, evenly over the time since the doors opened."""
    booked = select(Appointment).where(Appointment.starts_at < NOW + CHECKED_IN_AHEAD)
    appointments = list((await session.exec(booked.order_by(col(Appointment.id)).limit(waiting // 2))).all())
    for number in range(waiting):
        then = Floor(floor.plan, HALL, floor.day, floor.now + OPENED * number / waiting, CLERK)
        if appointments and number % 2:
            await arriving.check_in(session, then, appointments.pop())
        else:
            await arriving.walk_in(session, then, [(PRODUCT, 1)])


async def _keys(session: AsyncSession) -> Keys:
    token = await create_token(session, CLERK, Role.COUNTER_CLERK, NOW)
    await put_account(session, CLERK, "Verzonnen Baliemedewerker", "een goed wachtwoord", [Role.COUNTER_CLERK], NOW)
    account = (await session.exec(select(Account.id).where(Account.name == CLERK))).one()
    assert account is not None
    secret = await sessions.sign_in(session, account, NOW, timedelta(days=1))
    link = await devices.create(session, HALL, "Scherm", NOW)
    await session.flush()
    _, screen = await devices.claim(session, link, "", NOW)
    return Keys(f"Bearer {token}", f"kcc={secret}", f"kcc-device={screen}")
