"""Booking: a hold, or a start that is free, becomes an appointment with one mail about it."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.contact_details import keyed
from kcc.appointments import cell_queries, queries
from kcc.appointments.availability.cells import cell_at, instant
from kcc.appointments.availability.offering import Asker, SlotTaken
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.visit import Visit
from kcc.appointments.holds import HoldExpired, Wanted, requested, resolve, wanted_by
from kcc.appointments.letters import correspondence
from kcc.appointments.links import hashed, manage_token, new_code
from kcc.appointments.models import Appointment, Hold
from kcc.appointments.occupying import Holder, free_counters, take
from kcc.appointments.policy import Policy
from kcc.appointments.schemas import Visitor
from kcc.errors import DomainError, FieldError, InvalidInput


class TooManyAppointments(DomainError):
    """This e-mail address has as many appointments to come as it may."""

    status = 409
    kind = "too-many-appointments"
    title = "Te veel afspraken"


@dataclass(frozen=True, slots=True)
class Person:
    """Who comes, and how to reach them; `address` is where to come for a home visit."""

    name: str
    email: str | None
    phone: str | None
    language: str = "nl"
    address: str = ""
    wants_earlier: bool = False


async def book(
    session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, wanted: Wanted | str, person: Person
) -> Appointment:
    """Book a start, or what a hold keeps (its secret id).

    Raises InvalidInput for what can never be, SlotTaken, HoldExpired and TooManyAppointments; the transaction must
    then be rolled back.
    """
    hold = None
    if isinstance(wanted, str):
        hold = await cell_queries.hold_by_hash(session, hashed(wanted), lock=True)
        if hold is None:
            raise _expired()
        wanted = wanted_by(hold)
    await _check_person(session, plan, policy, asker, person, wanted.location)
    appointment = await _occupy(session, plan, policy, asker, wanted, hold, person)
    await correspondence.booked(session, plan, appointment, wanted.products, asker.now)
    return appointment


async def _check_person(
    session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, person: Person, location: str
) -> None:
    place = plan.places.get(location)
    if place is not None and place.is_home_visit and not person.address:
        problem = FieldError("body", "/address", "missing", "Vul het adres in waar wij komen")
        raise InvalidInput("Vul het adres in waar wij komen", [problem])
    if asker.staff or person.email is None:
        return
    key = keyed(policy.secret_key, person.email.casefold())
    if await queries.open_appointments(session, key, asker.now) >= policy.max_open:
        raise TooManyAppointments(
            f"Met dit e-mailadres staan er al {policy.max_open} afspraken. Zeg er een af, of bel ons."
        )


async def _occupy(
    session: AsyncSession,
    plan: Plan,
    policy: Policy,
    asker: Asker,
    wanted: Wanted,
    hold: Hold | None,
    person: Person,
) -> Appointment:
    """The appointment with its cells: those of the hold while it lasts, otherwise those that are free."""
    if hold is not None and (kept := await _keep(session, plan, policy, asker, wanted, hold, person)):
        return kept
    try:
        asked, cell = resolve(plan, policy, asker, wanted)
        day = wanted.starts_at.astimezone(plan.zone).date()
        counters = await free_counters(session, plan, asked, asker, day, cell)
        row = _row(asked, cell, counters[0], asker, policy, person)
        number = await queries.add_appointment(session, row, wanted.products)
        counter = await take(session, counters, asked, cell, Holder(appointment=number), asker)
        if counter != row.counter:  # somebody else was there first
            row.counter = counter
            await queries.move_to_counter(session, number, counter)
    except SlotTaken:
        if hold is None:
            raise
        raise _expired() from None
    return row


async def _keep(
    session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, wanted: Wanted, hold: Hold, person: Person
) -> Appointment | None:
    """The appointment at the counter that a live hold keeps: a promise, whatever notice or opening hours say by now.

    None, and the hold is gone, when it has expired or when the visit takes another time since the plan changed.
    """
    assert hold.id is not None
    asked = requested(plan, policy, asker, wanted)
    cells = asked.cells + 2 * asked.travel
    if hold.expires_at > asker.now and await cell_queries.cells_of_hold(session, hold.id) == cells:
        row = _row(asked, cell_at(wanted.starts_at), hold.counter, asker, policy, person)
        number = await queries.add_appointment(session, row, wanted.products)
        if await cell_queries.turn_hold_into_appointment(session, hold.id, number) != cells:
            raise _expired()  # at this very moment: the transaction is rolled back
        await cell_queries.delete_hold(session, hold.id)
        return row
    await cell_queries.delete_hold(session, hold.id)
    return None


def _row(asked: Visit, cell: int, counter: str, asker: Asker, policy: Policy, person: Person) -> Appointment:
    code = new_code()
    return Appointment(
        code=code,
        token_hash=hashed(manage_token(policy.secret_key, code)),
        location=asked.place.code,
        counter=counter,
        starts_at=instant(cell),
        ends_at=instant(cell + asked.cells),
        travel_minutes=asked.place.travel_minutes if asked.travel else 0,
        name=person.name,
        email=person.email,
        email_key=keyed(policy.secret_key, person.email.casefold()) if person.email else None,
        phone=person.phone,
        address=person.address if asked.place.is_home_visit else "",
        language=person.language,
        booked_by_staff=asker.staff,
        created_at=asker.now,
        earlier_asked_at=asker.now if person.wants_earlier else None,
    )


def _expired() -> HoldExpired:
    return HoldExpired("De tijd die we voor u vasthielden is verlopen. Kies opnieuw een tijd.")


def person(asked: Visitor) -> Person:
    """The person in what came over the wire."""
    return Person(
        name=asked.name,
        email=asked.email,
        phone=asked.phone,
        language=asked.language,
        address=asked.address,
        wants_earlier=asked.earlier,
    )
