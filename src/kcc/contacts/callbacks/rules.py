"""What the settings say about calling back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue.holidays import public_holidays
from kcc.clock import Clock
from kcc.contacts.callbacks.business_time import BusinessTime
from kcc.office_hours import parse_week
from kcc.settings import Settings

# The days on which the whole organisation is closed, each from when to when in minutes of the local day.
Closings = Callable[[AsyncSession], Awaitable[Sequence[tuple[date, int, int]]]]


@dataclass(frozen=True, slots=True)
class Rules:
    """Hours, how long it may take, and who is mailed: the contact centre and its team lead, when they have a mailbox.

    `within` and `escalate_after` are business time. `business` is without the closing days that administrators entered.
    """

    business: BusinessTime
    within: timedelta
    escalate_after: timedelta
    centre_email: str | None
    lead_email: str | None
    closings: Closings

    async def hours(self, session: AsyncSession) -> BusinessTime:
        """Business time as it is now, closing days left out."""
        closed: dict[date, list[tuple[int, int]]] = {}
        for day, closes, opens in await self.closings(session):
            closed.setdefault(day, []).append((closes, opens))
        return replace(self.business, closed=closed)


def _is_holiday(day: date) -> bool:
    return day in public_holidays(day.year)


def rules(settings: Settings, clock: Clock, closings: Closings) -> Rules:
    """The rules that these settings set."""
    return Rules(
        business=BusinessTime(parse_week(settings.callback_hours), clock.timezone, _is_holiday),
        within=timedelta(hours=settings.callback_within_hours),
        escalate_after=timedelta(hours=settings.callback_escalation_hours),
        centre_email=settings.callback_centre_email,
        lead_email=settings.callback_lead_email,
        closings=closings,
    )
