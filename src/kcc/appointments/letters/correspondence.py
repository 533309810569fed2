"""Which mail an event causes. The mail itself is written and sent later, from the outbox, exactly once an event."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Misfit
from kcc.appointments.facts import Letter
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.errors import Conflict
from kcc.storage import outbox

TOPIC = "appointment-letter"
# Reminders go out at this time of the day before, in local time.
REMINDED_AT = time(10, 0)
# Whoever books or moves less than this before the reminder needs none.
TOO_LATE = timedelta(hours=12)


async def booked(
    session: AsyncSession, plan: Plan, appointment: Appointment, products: Sequence[tuple[str, int]], now: datetime
) -> None:
    """A confirmation now, a reminder the day before."""
    await _with_reminder(session, plan, Letter.CONFIRMATION, appointment, products, now)


async def changed(
    session: AsyncSession, plan: Plan, appointment: Appointment, products: Sequence[tuple[str, int]], now: datetime
) -> None:
    """The new time now, a new reminder the day before; the old reminder finds that it is old."""
    await _with_reminder(session, plan, Letter.CHANGE, appointment, products, now)


async def readdressed(
    session: AsyncSession, plan: Plan, appointment: Appointment, products: Sequence[tuple[str, int]], now: datetime
) -> None:
    """The confirmation to another address, and a reminder when none is waiting already."""
    waiting = await outbox.open_entries(session, TOPIC, appointment.code)
    reminder = {"letter": Letter.REMINDER.value, "sequence": appointment.sequence}
    if any(reminder.items() <= entry.payload.items() for entry in waiting):
        await _write(session, appointment, now, (_about(Letter.CONFIRMATION, appointment, products), now))
    else:
        await booked(session, plan, appointment, products, now)


async def resend(session: AsyncSession, appointment: Appointment, now: datetime) -> None:
    """The confirmation once more, of the appointment as it is now. Whether that fits the plan is asked before.

    Raises Conflict when nobody can read it or it says what is no longer so: without an e-mail address, cancelled, over.
    """
    if appointment.email is None:
        raise Conflict("Bij deze afspraak staat geen e-mailadres")
    if appointment.status is not AppointmentStatus.BOOKED or appointment.ends_at <= now:
        raise Conflict("Deze afspraak is afgezegd of voorbij. Er is niets meer te bevestigen.")
    assert appointment.id is not None
    products = await queries.products_of(session, appointment.id)
    await _write(session, appointment, now, (_about(Letter.CONFIRMATION, appointment, products), now))


async def unfit(
    session: AsyncSession, appointment: Appointment, products: Sequence[tuple[str, int]], why: Misfit, now: datetime
) -> None:
    """That the appointment cannot take place as it stands, and why."""
    await _write(session, appointment, now, (_about(Letter.UNFIT, appointment, products, misfit=why.value), now))


async def cancelled(
    session: AsyncSession, appointment: Appointment, products: Sequence[tuple[str, int]], now: datetime
) -> None:
    """A cancellation, which takes the appointment out of calendars."""
    await _write(session, appointment, now, (_about(Letter.CANCELLATION, appointment, products), now))


async def offered(
    session: AsyncSession,
    appointment: Appointment,
    products: Sequence[tuple[str, int]],
    now: datetime,
    *,
    starts_at: datetime,
    until: datetime,
) -> None:
    """An earlier place, and how long it is kept."""
    offered = {"offeredAt": starts_at.isoformat(), "offerUntil": until.isoformat()}
    await _write(session, appointment, now, (_about(Letter.EARLIER_PLACE, appointment, products, **offered), now))


async def _with_reminder(
    session: AsyncSession,
    plan: Plan,
    letter: Letter,
    appointment: Appointment,
    products: Sequence[tuple[str, int]],
    now: datetime,
) -> None:
    """This letter now, a reminder the day before."""
    letters = [(_about(letter, appointment, products), now)]
    day_before = appointment.starts_at.astimezone(plan.zone).date() - timedelta(days=1)
    moment = datetime.combine(day_before, REMINDED_AT, plan.zone)
    if moment - now > TOO_LATE:
        letters.append((_about(Letter.REMINDER, appointment, products), moment.astimezone(now.tzinfo)))
    await _write(session, appointment, now, *letters)


def _about(
    letter: Letter, appointment: Appointment, products: Sequence[tuple[str, int]], **more: str
) -> dict[str, Any]:
    """The event as it is now, without anything about the person: that stays with the appointment."""
    return {
        "letter": letter.value,
        "sequence": appointment.sequence,
        "location": appointment.location,
        "startsAt": appointment.starts_at.isoformat(),
        "endsAt": appointment.ends_at.isoformat(),
        "products": [list(item) for item in products],
        **more,
    }


async def _write(
    session: AsyncSession, appointment: Appointment, now: datetime, *letters: tuple[dict[str, Any], datetime]
) -> None:
    """Letters, each from a moment on; none to who has no e-mail address."""
    if appointment.email is not None:
        await outbox.enqueue(session, TOPIC, appointment.code, now, *letters)
