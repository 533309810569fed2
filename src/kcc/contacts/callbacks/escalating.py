"""Overdue callbacks are told to whoever has them, then to who leads the department, then to the team lead.

Only while it is open, and to each once: the mark is set in the transaction that has it mailed. For who has no address
the mark is set too, so that the next one is not told sooner, and it is kept that nobody was.
"""

import asyncio
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.addressing import addresses
from kcc.contacts.callbacks.business_time import BusinessTime
from kcc.contacts.callbacks.kinds import Alert
from kcc.contacts.callbacks.models import Callback, CallbackAlert
from kcc.contacts.callbacks.rules import Rules
from kcc.contacts.callbacks.telling import LETTERS, tell
from kcc.storage.database import Database

EVERY_SECONDS = 60.0


def next_alert(callback: Callback, business: BusinessTime, later: timedelta) -> tuple[Alert, datetime] | None:
    """Who hears next of an open callback, and from when on; None when everybody did.

    Each has business time `later` after the one before heard of it, also when that came late.
    """
    if callback.person_alerted_at is None:
        return Alert.PERSON, business.next_open(callback.due_at)
    if callback.department_alerted_at is None:
        return Alert.DEPARTMENT, business.next_open(business.after(callback.person_alerted_at, later))
    if callback.lead_alerted_at is None:
        return Alert.LEAD, business.next_open(business.after(callback.department_alerted_at, later))
    return None


async def escalate(session: AsyncSession, rules: Rules, now: datetime) -> int:
    """Tell of the overdue callbacks what is to be told now. Returns how many took a step."""
    business = await rules.hours(session)
    if not business.is_open(now):
        return 0
    told = 0
    for callback in await queries.overdue(session, now):
        following = next_alert(callback, business, rules.escalate_after)
        if following is None or following[1] > now:
            continue
        alert = following[0]
        setattr(callback, f"{alert.value}_alerted_at", now)
        await _alert(session, callback, alert, rules, now)
        told += 1
    return told


async def _alert(session: AsyncSession, callback: Callback, alert: Alert, rules: Rules, now: datetime) -> None:
    department = await catalogue.department(session, callback.department)
    assert department is not None
    assert callback.id is not None
    found = addresses(LETTERS[alert], callback, department, rules)
    heard = found[0].heard if found else None
    row = CallbackAlert(callback=callback.id, at=now, alert=alert, department=callback.department, told=heard)
    await queries.add(session, row)
    if heard is not None:
        await tell(session, callback, LETTERS[alert], now)


class Escalator:
    """Escalates. Any number of processes may do so at once: each callback is locked first."""

    def __init__(self, database: Database, clock: Clock, rules: Rules) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules

    async def tidy(self) -> int:
        """Once, now."""
        return await self._database.transact(lambda session: escalate(session, self._rules, self._clock.now()))

    async def run(self) -> None:
        """Every minute until cancelled."""
        while True:
            await self.tidy()
            await asyncio.sleep(EVERY_SECONDS)
