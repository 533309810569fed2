"""Appointments that the plan has no room for any more: which they are, and telling their residents, once."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries, reading
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Misfit, misfit
from kcc.appointments.letters import correspondence
from kcc.appointments.models import Appointment
from kcc.appointments.reading import Products
from kcc.errors import Conflict


@dataclass(frozen=True, slots=True)
class Unfit:
    """An appointment that cannot take place as it stands, and why."""

    appointment: Appointment
    products: Products
    why: Misfit

    @property
    def told_at(self) -> datetime | None:
        """When its resident was told of this by mail; None when not yet."""
        return self.appointment.told_at if self.appointment.told_misfit is self.why else None

    @property
    def waits_for_mail(self) -> bool:
        """Whether its resident can be told by mail, and was not yet."""
        return self.appointment.email is not None and self.told_at is None


async def unfit(session: AsyncSession, plan: Plan, now: datetime) -> list[Unfit]:
    """All appointments to come that the plan, as it is, has no room for; by time."""
    found = {}
    for booked in await queries.booked_to_come(session, now):
        if booked.starts_at > now and (why := misfit(plan, booked)):
            found[booked.code] = why
    rows = await queries.with_codes(session, found) if found else []
    products = await queries.products_of_all(session, [row.id for row in rows if row.id is not None])
    return [Unfit(row, products.get(row.id or 0, []), found[row.code]) for row in rows]


async def check_fits(session: AsyncSession, plan: Plan, appointment: Appointment, now: datetime) -> None:
    """Raises Conflict when the appointment cannot take place as it stands: then nothing about it is promised."""
    if await reading.misfit_of(session, plan, appointment, now):
        raise Conflict("Deze afspraak past niet meer en kan zo niet doorgaan. Spreek eerst een andere tijd af.")


async def tell(session: AsyncSession, appointment: Appointment, why: Misfit, now: datetime) -> bool:
    """Mail the resident of an appointment (locked) that it cannot take place, and why; whether there is mail now.

    Of one reason they hear once, however often this is called.
    """
    if appointment.email is None or appointment.told_misfit is why:
        return False
    appointment.told_misfit, appointment.told_at = why, now
    assert appointment.id is not None
    await correspondence.unfit(session, appointment, await queries.products_of(session, appointment.id), why, now)
    return True


async def _tell_if_unfit(session: AsyncSession, plan: Plan, code: str, now: datetime) -> bool:
    appointment = await queries.by_code(session, code, lock=True)
    if appointment is None:
        return False
    why = await reading.misfit_of(session, plan, appointment, now)
    return why is not None and await tell(session, appointment, why, now)


async def tell_all(session: AsyncSession, plan: Plan, now: datetime) -> int:
    """Mail everybody who has an appointment that cannot take place and was not told yet; returns how many."""
    waiting = [item.appointment.code for item in await unfit(session, plan, now) if item.waits_for_mail]
    # Always in one order: each is locked, and two who do this at once must not wait for each other.
    told = [await _tell_if_unfit(session, plan, code, now) for code in sorted(waiting)]
    return sum(told)
