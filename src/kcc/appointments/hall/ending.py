"""The end of a day in a hall: whoever is still there by the numbers is not there any more, and counters close.

A no-show is not written down: it is an appointment that nobody checked in for, once its day is over.
"""

import asyncio
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.plan import Plan
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import VisitEventKind, VisitState
from kcc.appointments.hall.floor import Floor, record
from kcc.appointments.planner import Planner
from kcc.clock import Clock
from kcc.storage.database import Database

EVERY_SECONDS = 60.0
BY = "kcc"
ENDS = {
    VisitState.WAITING: VisitEventKind.LEFT,
    VisitState.PARKED: VisitEventKind.LEFT,
    VisitState.CALLED: VisitEventKind.MISSED,
    VisitState.SERVING: VisitEventKind.FINISHED,
}


async def end_days(session: AsyncSession, plan: Plan, today: date, now: datetime) -> int:
    """End the days before today at every location. Returns how many visits were ended.

    Who was being served has no outcome: nobody said how it went, and how long it took is not known.
    """
    ended = 0
    for location, day in await queries.days_not_ended(session, today):
        await queries.take_turn(session, location, day)
        floor = Floor(plan, location, day, now, BY)
        for visit in await queries.present(session, location, day):
            await record(session, floor, visit, ENDS[visit.state])
            ended += 1
    await queries.close_before(session, today, plan.zone, now)
    return ended


class HallKeeper:
    """Ends days. Any number of processes may do so at once: each hall's turn is taken first."""

    def __init__(self, database: Database, clock: Clock, planner: Planner) -> None:
        self._database = database
        self._clock = clock
        self._planner = planner

    async def tidy(self) -> int:
        """Once, now."""

        async def work(session: AsyncSession) -> int:
            plan = await self._planner.plan(session)
            return await end_days(session, plan, self._clock.today(), self._clock.now())

        return await self._database.transact(work)

    async def run(self) -> None:
        """Every minute until cancelled."""
        while True:
            await self.tidy()
            await asyncio.sleep(EVERY_SECONDS)
