"""Cancel and reschedule: the old place is left, the new one taken, all or nothing."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.contact_details import keyed
from kcc.appointments import cell_queries, earlier, queries
from kcc.appointments.availability.cells import cell_at, instant
from kcc.appointments.availability.offering import Asker
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Booked, fits
from kcc.appointments.availability.visit import Asked, Visit
from kcc.appointments.holds import Wanted, requested, resolve
from kcc.appointments.letters import correspondence
from kcc.appointments.models import Appointment, AppointmentStatus, Hold
from kcc.appointments.occupying import Holder, free_counters, leave, take
from kcc.appointments.policy import Policy
from kcc.appointments.schemas import NO_CONTACT
from kcc.errors import Conflict, FieldError, InvalidInput, NotFound


async def appointment_to_change(session: AsyncSession, code: str) -> Appointment:
    """An appointment, locked until the end of the transaction. Raises NotFound."""
    found = await queries.by_code(session, code, lock=True)
    if found is None:
        raise NotFound("Deze afspraak bestaat niet")
    return found


async def cancel(session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, appointment: Appointment) -> None:
    """Cancel an appointment that is still to come; once more changes nothing.

    Raises Conflict when it is over, or its visitor is here.
    """
    if appointment.status is AppointmentStatus.CANCELLED:
        return
    _check_not_here(appointment)
    _check_to_come(appointment, asker.now)
    assert appointment.id is not None
    products = await queries.products_of(session, appointment.id)
    appointment.status = AppointmentStatus.CANCELLED
    appointment.cancelled_at = asker.now
    appointment.sequence += 1
    appointment.earlier_asked_at = None
    await withdraw_offers(session, appointment.id, asker.now)
    await _leave(session, policy, appointment, asker.now)
    await correspondence.cancelled(session, appointment, products, asker.now)


async def reschedule(
    session: AsyncSession,
    plan: Plan,
    policy: Policy,
    asker: Asker,
    appointment: Appointment,
    starts_at: datetime,
    location: str | None = None,
) -> None:
    """Move an appointment to another start, and maybe another location. Its own cells do not block it.

    Raises Conflict when it is over or cancelled or its visitor is here, and InvalidInput and SlotTaken as booking does:
    then the transaction must be rolled back, and the old start stands.
    """
    _check_stands(appointment)
    _check_not_here(appointment)
    _check_to_come(appointment, asker.now)
    assert appointment.id is not None
    if starts_at == appointment.starts_at and location in (None, appointment.location):
        return
    products = await queries.products_of(session, appointment.id)
    wanted = Wanted(location or appointment.location, products, starts_at)
    asked, cell = resolve(plan, policy, asker, wanted)
    _check_address(asked, appointment)
    day = starts_at.astimezone(plan.zone).date()
    counters = await free_counters(session, plan, asked, asker, day, cell, own=appointment.id)
    await _leave(session, policy, appointment, asker.now)
    holder = Holder(appointment=appointment.id)
    counter = await take(session, counters, asked, cell, holder, asker, own=appointment.id)
    moved_earlier = instant(cell) < appointment.starts_at
    moved_away = asked.place.code != appointment.location
    appointment.location = asked.place.code
    appointment.counter = counter
    appointment.starts_at, appointment.ends_at = instant(cell), instant(cell + asked.cells)
    appointment.travel_minutes = asked.place.travel_minutes if asked.travel else 0
    appointment.address = appointment.address if asked.place.is_home_visit else ""
    appointment.sequence += 1
    appointment.told_misfit = appointment.told_at = None
    if moved_earlier:
        appointment.earlier_asked_at = None
    if moved_earlier or moved_away:
        await withdraw_offers(session, appointment.id, asker.now)
    await correspondence.changed(session, plan, appointment, products, asker.now)


async def accept_offer(
    session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, appointment: Appointment, offer: int
) -> None:
    """Take the earlier place that was kept. Raises Conflict when the offer has ended; then roll back."""
    _check_stands(appointment)
    _check_not_here(appointment)
    assert appointment.id is not None
    kept = {hold.id: hold for hold in await queries.offers_to(session, appointment.id, asker.now)}.get(offer)
    if kept is None or kept.id is None:
        raise _offer_ended()
    products = await queries.products_of(session, appointment.id)
    asked = _fitting(plan, policy, asker, kept, products)
    await _leave(session, policy, appointment, asker.now)
    turned = await cell_queries.turn_hold_into_appointment(session, kept.id, appointment.id)
    if kept.location != appointment.location or turned != asked.cells + 2 * asked.travel:
        raise _offer_ended()
    cell = cell_at(kept.starts_at)
    appointment.counter = kept.counter
    appointment.starts_at, appointment.ends_at = kept.starts_at, instant(cell + asked.cells)
    appointment.sequence += 1
    appointment.earlier_asked_at = appointment.told_misfit = appointment.told_at = None
    await withdraw_offers(session, appointment.id, asker.now)
    await correspondence.changed(session, plan, appointment, products, asker.now)


def _check_not_here(appointment: Appointment) -> None:
    if appointment.arrived_at is not None:
        raise Conflict("Er is al aangemeld voor deze afspraak. Ga naar de ontvangst als er iets moet veranderen.")


def _fitting(plan: Plan, policy: Policy, asker: Asker, kept: Hold, products: Asked) -> Visit:
    """The visit at the place that was kept. Raises Conflict when the plan has no room for it there any more."""
    try:
        asked = requested(plan, policy, asker, Wanted(kept.location, products, kept.starts_at))
    except InvalidInput:
        raise _offer_ended() from None
    there = Booked(
        code="",
        location=kept.location,
        counter=kept.counter,
        starts_at=kept.starts_at,
        ends_at=instant(cell_at(kept.starts_at) + asked.cells),
        travel_minutes=asked.place.travel_minutes if asked.travel else 0,
        products=asked.codes,
    )
    if not fits(plan, there):
        raise _offer_ended()
    return asked


async def decline_offer(session: AsyncSession, appointment: Appointment, offer: int, now: datetime) -> None:
    """Give the earlier place back: the next one who asked is told at once. One that has ended is no error."""
    assert appointment.id is not None
    if offer in {hold.id for hold in await queries.offers_to(session, appointment.id, now)}:
        await cell_queries.delete_hold(session, offer)
        await earlier.next_in_line(session, offer, now)


async def ask_earlier(session: AsyncSession, appointment: Appointment, now: datetime, *, wanted: bool) -> None:
    """Put an appointment on the list for an earlier place, or take it off. Raises Conflict when it is over."""
    _check_stands(appointment)
    _check_to_come(appointment, now)
    assert appointment.id is not None
    if not wanted:
        appointment.earlier_asked_at = None
        await withdraw_offers(session, appointment.id, now)
    elif appointment.earlier_asked_at is None:
        appointment.earlier_asked_at = now


async def correct(
    session: AsyncSession, plan: Plan, policy: Policy, appointment: Appointment, now: datetime, **changes: str | None
) -> bool:
    """Put right `name`, `email`, `phone` or `language`. Returns whether the confirmation goes to another address.

    Raises InvalidInput when neither an e-mail address nor a phone number would be left.
    """
    contact = {name: getattr(appointment, name) for name in ("name", "email", "phone", "language")} | changes
    if not contact["email"] and not contact["phone"]:
        raise InvalidInput(NO_CONTACT, [FieldError("body", "/email", "no-contact", NO_CONTACT)])
    appointment.sqlmodel_update(contact)
    before = appointment.email_key
    appointment.email_key = keyed(policy.secret_key, contact["email"].casefold()) if contact["email"] else None
    assert appointment.id is not None
    if appointment.email is None:  # an earlier place is told of by mail only
        appointment.earlier_asked_at = None
        await withdraw_offers(session, appointment.id, now)
    if appointment.email is None or appointment.email_key == before:
        return False
    appointment.told_misfit = appointment.told_at = None
    if appointment.status is not AppointmentStatus.BOOKED or appointment.starts_at <= now:
        return False
    products = await queries.products_of(session, appointment.id)
    await correspondence.readdressed(session, plan, appointment, products, now)
    return True


async def withdraw_offers(session: AsyncSession, appointment: int, now: datetime) -> None:
    """Whoever has moved or cancelled needs no offer any more: it goes to the next in line."""
    for hold in await queries.offers_to(session, appointment, now):
        assert hold.id is not None
        await cell_queries.delete_hold(session, hold.id)
        await earlier.next_in_line(session, hold.id, now)


async def _leave(session: AsyncSession, policy: Policy, appointment: Appointment, now: datetime) -> None:
    assert appointment.id is not None
    await leave(session, appointment.id, now, policy.release_delay)
    await earlier.freed(session, appointment, now)


def _offer_ended() -> Conflict:
    return Conflict("Deze eerdere plek is niet meer vrij. Uw afspraak blijft zoals die was.")


def _check_address(asked: Visit, appointment: Appointment) -> None:
    if asked.place.is_home_visit and not appointment.address:
        detail = "Voor een bezoek aan huis is een adres nodig. Maak een nieuwe afspraak."
        raise InvalidInput(detail, [FieldError("body", "/location", "address-missing", detail)])


def _check_stands(appointment: Appointment) -> None:
    if appointment.status is not AppointmentStatus.BOOKED:
        raise Conflict("Deze afspraak is afgezegd. Maak een nieuwe afspraak.")


def _check_to_come(appointment: Appointment, now: datetime) -> None:
    if appointment.starts_at <= now:
        raise Conflict("Deze afspraak is al begonnen of voorbij. Bel ons als er iets niet klopt.")
