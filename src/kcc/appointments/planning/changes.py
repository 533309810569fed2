"""A change of the plan: the next one waits for it, and it tells which appointments it touches."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import earlier, plan_queries
from kcc.appointments import queries as of_appointments
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Booked, touched
from kcc.appointments.models import Location, Product
from kcc.appointments.planner import build
from kcc.appointments.planning import queries
from kcc.catalogue.refusals import InUse, unknown_field
from kcc.clock import Clock
from kcc.errors import Conflict, FieldError


@dataclass
class Change:
    """A change under way, made at `now`. `plan` is as it was before; `touched` is there when it is done."""

    plan: Plan
    now: datetime
    today: date
    touched: list[Booked] = field(default_factory=list)


@asynccontextmanager
async def changing(session: AsyncSession, clock: Clock) -> AsyncIterator[Change]:
    """Change the plan within this. At the end `plan` is the changed one and `touched` what no longer fits in it.

    Of two who change the plan the second waits, so that what it read still holds. Both plans are read here and not
    through the `Planner`: a change that is rolled back must not stay in anybody's memory. Earlier places that were
    offered and can be no more are withdrawn.
    """
    await plan_queries.next_plan_version(session)
    change = Change(await _plan(session, clock.timezone), clock.now(), clock.today())
    yield change
    await session.flush()
    before, change.plan = change.plan, await _plan(session, clock.timezone)
    change.touched = touched(before, change.plan, await of_appointments.booked_to_come(session, change.now))
    await earlier.withdraw_unfit(session, change.plan, change.now)


async def _plan(session: AsyncSession, zone: ZoneInfo) -> Plan:
    return build(await plan_queries.plan_rows(session), await plan_queries.plan_version(session), zone)


async def position(session: AsyncSession, table: type[SQLModel], wanted: int | None, current: int | None) -> int:
    """Where something stands: as wanted, where it stood, or at the end."""
    if wanted is not None:
        return wanted
    return current if current is not None else await queries.last_position(session, table) + 1


async def unknown_products(session: AsyncSession, codes: list[str], name: str) -> list[FieldError]:
    """Those of these codes that are no product; `name` is the field that holds them."""
    known = await queries.codes(session, Product)
    return [
        unknown_field(f"{name}/{number}", f"product {code} bestaat niet")
        for number, code in enumerate(codes)
        if code not in known
    ]


async def unknown_location(session: AsyncSession, code: str | None) -> list[FieldError]:
    """Nothing when the location exists, or when none is named."""
    if code is None or code in await queries.codes(session, Location):
        return []
    return [unknown_field("location", f"locatie {code} bestaat niet")]


async def delete(session: AsyncSession, row: SQLModel, when_in_use: str) -> None:
    """Remove a row. Raises InUse with this sentence when something still refers to it."""
    try:
        async with session.begin_nested():
            await session.delete(row)
    except IntegrityError:
        raise InUse(when_in_use) from None


def refused(name: str, code: str, detail: str) -> Conflict:
    """Well formed, but not to be had: says why, at the field."""
    return Conflict(detail, [FieldError("body", f"/{name}", code, detail)])
