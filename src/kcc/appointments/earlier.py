"""The earlier place: when a place frees up, those who asked for one hear of it one by one, first come first served."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import cell_queries, queries, reading
from kcc.appointments.availability.cells import cell_at, instant
from kcc.appointments.availability.offering import Asker, SlotTaken, counters_for, offered
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Booked, fits
from kcc.appointments.availability.visit import Visit
from kcc.appointments.holds import Wanted, requested
from kcc.appointments.letters import correspondence
from kcc.appointments.links import hashed, new_secret
from kcc.appointments.models import Appointment, Hold
from kcc.appointments.occupying import LONGEST_DAY, Holder, take
from kcc.appointments.policy import Policy
from kcc.clock import Clock
from kcc.errors import InvalidInput
from kcc.storage import outbox

TOPIC = "earlier-place"


async def freed(session: AsyncSession, appointment: Appointment, now: datetime) -> None:
    """An appointment leaves its place: see later whether somebody waits for it."""
    payload = {
        "location": appointment.location,
        "first": cell_at(appointment.starts_at),
        "end": cell_at(appointment.ends_at),
        "asked": [appointment.id],
    }
    await outbox.enqueue(session, TOPIC, f"appointment:{appointment.code}", now, (payload, now))


async def next_in_line(session: AsyncSession, offer: int, now: datetime) -> None:
    """An offer has ended: go on with the next one now, not when it would have expired."""
    await outbox.hasten(session, TOPIC, f"offer:{offer}", now)


async def withdraw_unfit(session: AsyncSession, plan: Plan, now: datetime) -> None:
    """Take back the earlier places that the plan has no room for any more; the time goes to the next in line."""
    for hold, first, last in await cell_queries.offers_to_come(session, now):
        assert hold.id is not None
        kept = Booked(
            code="",
            location=hold.location,
            counter=hold.counter,
            starts_at=instant(first),  # travel included: all of it must be open
            ends_at=instant(last + 1),
            travel_minutes=0,
            products=frozenset(str(code) for code, _ in hold.products),
        )
        if not fits(plan, kept):
            await cell_queries.delete_hold(session, hold.id)
            await next_in_line(session, hold.id, now)


async def offer(session: AsyncSession, plan: Plan, policy: Policy, clock: Clock, payload: dict[str, Any]) -> None:
    """Keep a place that was freed (`first` to `end`, in cells) for the first who waits for one and was not asked yet.

    It must gain them enough. When the offer expires the place is offered on: that is in the outbox before the first
    mail is.
    """
    now = clock.now()
    freed_at = instant(payload["first"])
    place = plan.places.get(payload["location"])
    if place is None or freed_at <= now:
        return
    asker = Asker(now=now, today=clock.today(), staff=False)
    for appointment in await queries.waiting_for_earlier(session, place.code, freed_at):
        assert appointment.id is not None
        if appointment.id in payload["asked"] or await queries.offers_to(session, appointment.id, now):
            continue
        products = await queries.products_of(session, appointment.id)
        if not fits(plan, reading.booked(appointment, (code for code, _ in products))):
            continue  # an offer says that their own stands: they are asked for another time
        try:
            asked = requested(plan, policy, asker, Wanted(place.code, products, freed_at))
            found = await _start(session, plan, asked, asker, payload)
            if found is None or not _gains(plan, policy, instant(found[0]), appointment.starts_at):
                continue
            async with session.begin_nested():  # a hold whose cells others take meanwhile must not stay
                hold = await _keep(session, policy, asked, asker, *found, appointment)
        except (InvalidInput, SlotTaken):  # their visit does not fit here
            continue
        later = payload | {"asked": [*payload["asked"], appointment.id]}
        await outbox.enqueue(session, TOPIC, f"offer:{hold.id}", now, (later, hold.expires_at))
        await correspondence.offered(
            session, appointment, products, now, starts_at=hold.starts_at, until=hold.expires_at
        )
        return


# Released places are not online yet, but those who wait go first: they are asked for as staff would be. Which
# counters and hours are open to residents, and the notice, count all the same.


def _gains(plan: Plan, policy: Policy, earlier: datetime, own: datetime) -> bool:
    """Whether an earlier place is worth a mail: on another day, or enough earlier on the same one."""
    days = (earlier.astimezone(plan.zone).date(), own.astimezone(plan.zone).date())
    return days[0] < days[1] or own - earlier >= policy.earlier_gain


async def _start(
    session: AsyncSession, plan: Plan, asked: Visit, asker: Asker, payload: dict[str, Any]
) -> tuple[int, list[str]] | None:
    """The first start in the freed time at which the visit fits, and the counters where it does, best first."""
    day = instant(payload["first"]).astimezone(plan.zone).date()
    base = plan.opening(asked.place, day).first_cell
    counters = [counter.code for counter in asked.place.counters]
    taken = await cell_queries.taken(session, counters, base, base + LONGEST_DAY, asker.now, staff=True)
    starts = offered(plan, asked, asker, [day], taken, base)
    cell = next((cell for cell in starts if payload["first"] <= cell < payload["end"]), None)
    return None if cell is None else (cell, counters_for(plan, asked, asker, day, cell, taken))


async def _keep(
    session: AsyncSession,
    policy: Policy,
    asked: Visit,
    asker: Asker,
    cell: int,
    counters: list[str],
    to: Appointment,
) -> Hold:
    as_staff = Asker(now=asker.now, today=asker.today, staff=True)
    hold = Hold(
        id_hash=hashed(new_secret()),
        location=asked.place.code,
        counter=counters[0],
        starts_at=instant(cell),
        products=[[code, persons] for code, persons, _ in asked.products],
        expires_at=min(asker.now + policy.offer, instant(cell)),
        offered_to=to.id,
    )
    session.add(hold)
    await session.flush()
    hold.counter = await take(session, counters, asked, cell, Holder(hold=hold.id, until=hold.expires_at), as_staff)
    return hold
