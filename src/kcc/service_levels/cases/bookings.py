"""The appointments behind the digital share. Nothing in them tells for whom they are, or who booked them."""

from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.plan import Plan
from kcc.clock import Clock
from kcc.service_levels import channels
from kcc.service_levels.channel_queries import Booked


@dataclass(frozen=True, slots=True)
class Asked:
    """Which appointments: booked on local days; what is None is not asked for."""

    first: date
    last: date
    product: str | None = None
    by_staff: bool | None = None


async def bookings(session: AsyncSession, plan: Plan, asked: Asked, clock: Clock) -> list[Booked]:
    """These appointments, those booked last first; only of products that could be done online on that day."""
    found = [
        one
        for _, one in await channels.bookings(session, plan, asked.first, asked.last, clock)
        if asked.product in (None, one.product) and asked.by_staff in (None, one.by_staff)
    ]
    return sorted(found, key=lambda one: (one.created_at, one.product), reverse=True)
