"""Holds: a start kept for somebody who fills in the form."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import cell_queries
from kcc.appointments.availability.cells import instant
from kcc.appointments.availability.offering import Asker, check_start
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.visit import Asked, Visit, place_of, visit
from kcc.appointments.links import hashed
from kcc.appointments.models import Hold
from kcc.appointments.occupying import Holder, free_counters, take
from kcc.appointments.policy import Policy
from kcc.errors import DomainError

# Somebody who confirms late may still have it when nobody else took it; after this the hold is forgotten.
KEEP_EXPIRED = timedelta(hours=2)


class HoldExpired(DomainError):
    """The time was kept until a moment that has passed, and somebody else has it now."""

    status = 409
    kind = "hold-expired"
    title = "De reservering is verlopen"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A start at a location for products × persons."""

    location: str
    products: Asked
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What a hold keeps, and until when."""

    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


def requested(plan: Plan, policy: Policy, asker: Asker, wanted: Wanted) -> Visit:
    """The visit that is wanted, as it is on its day. Raises InvalidInput as `visit` does."""
    day = wanted.starts_at.astimezone(plan.zone).date()
    place = place_of(plan, wanted.location)
    return visit(plan, place, wanted.products, day, staff=asker.staff, max_products=policy.max_products)


def resolve(plan: Plan, policy: Policy, asker: Asker, wanted: Wanted) -> tuple[Visit, int]:
    """The visit that is wanted, and its first cell. Raises InvalidInput and SlotTaken as `visit` and `check_start`."""
    asked = requested(plan, policy, asker, wanted)
    return asked, check_start(plan, asked, asker, wanted.starts_at, wanted.starts_at.astimezone(plan.zone).date())


async def hold(
    session: AsyncSession,
    plan: Plan,
    policy: Policy,
    asker: Asker,
    wanted: Wanted,
    secret: str,
    replaces: str | None = None,
) -> Held:
    """Keep a start for a while, for who knows the secret; the hold that it replaces is given back with it.

    Raises InvalidInput and SlotTaken; the transaction must then be rolled back, so that the old hold stands.
    """
    asked, cell = resolve(plan, policy, asker, wanted)
    if replaces:
        await give_back(session, replaces)
    day = wanted.starts_at.astimezone(plan.zone).date()
    counters = await free_counters(session, plan, asked, asker, day, cell)
    expires_at = asker.now + policy.hold
    row = Hold(
        id_hash=hashed(secret),
        location=asked.place.code,
        counter=counters[0],
        starts_at=instant(cell),
        products=[[code, persons] for code, persons, _ in asked.products],
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    row.counter = await take(session, counters, asked, cell, Holder(hold=row.id, until=expires_at), asker)
    return Held(row.starts_at, instant(cell + asked.cells), expires_at)


async def give_back(session: AsyncSession, secret: str) -> None:
    """Free what a hold keeps, at once. One that is not there (any more) is as good as given back."""
    found = await cell_queries.hold_by_hash(session, hashed(secret), lock=True)
    if found is not None and found.id is not None:
        await cell_queries.delete_hold(session, found.id)


async def purge(session: AsyncSession, now: datetime, limit: int) -> int:
    """Forget at most so many holds that expired long ago; returns how many. It keeps the tables small, no more."""
    return await cell_queries.purge_holds(session, now - KEEP_EXPIRED, limit)


def wanted_by(row: Hold) -> Wanted:
    """What a hold was made for."""
    return Wanted(row.location, [(str(code), int(persons)) for code, persons in row.products], row.starts_at)
