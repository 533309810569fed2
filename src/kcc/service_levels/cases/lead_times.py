"""The appointments behind the lead times. Nothing in them tells for whom they are, or who booked them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds
from kcc.appointments.availability.plan import Plan
from kcc.service_levels import channel_queries
from kcc.service_levels.channel_queries import Booked
from kcc.service_levels.lead_times import lead


class Norm(StrEnum):
    """How an appointment stands to the target of its product on the day it was booked."""

    PROMISED = "met"
    WITHIN = "binnen"
    BEYOND = "buiten"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which appointments: booked on local days; what is None is not asked for."""

    first: date
    last: date
    product: str | None = None
    norm: Norm | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """An appointment for a product; `days` from booking to its start, `target` is None where nothing was promised."""

    booked: Booked
    days: int
    target: int | None

    def is_one_of(self, norm: Norm) -> bool:
        """Whether it stands so to its target; without one it stands in no way."""
        return self.target is not None and (
            norm is Norm.PROMISED or (norm is Norm.WITHIN) == (self.days <= self.target)
        )


async def appointments(session: AsyncSession, plan: Plan, asked: Asked) -> list[Ahead]:
    """These appointments, those booked last first; one for more products is there once for each."""
    begin, end = day_bounds(asked.first, plan.zone)[0], day_bounds(asked.last, plan.zone)[1]
    found = [
        _ahead(one, plan)
        for one in await channel_queries.booked(session, begin, end)
        if asked.product in (None, one.product)
    ]
    kept = [one for one in found if asked.norm is None or one.is_one_of(asked.norm)]
    return sorted(kept, key=lambda one: (one.booked.created_at, one.booked.product), reverse=True)


def _ahead(one: Booked, plan: Plan) -> Ahead:
    made, days = lead(one.created_at, one.starts_at, plan.zone)
    terms = plan.products[one.product].on(made) if one.product in plan.products else None
    return Ahead(one, days, terms.lead_time_days if terms else None)
