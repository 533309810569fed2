"""What there is to tell about an appointment, to its resident and in letters."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.contact_details import keyed
from kcc.appointments import queries
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Booked, Misfit, misfit
from kcc.appointments.facts import AppointmentFacts, ProductFacts
from kcc.appointments.links import hashed, manage_url, typed_code
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.appointments.policy import Policy
from kcc.catalogue import fees

Products = Sequence[tuple[str, int]]
# An appointment with its products, for in a list.
Listed = tuple[Appointment, Products]
# How far back appointments are found of whoever calls about one that is over.
PAST = timedelta(days=28)

# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})


async def by_token(session: AsyncSession, token: str, today: date, plan: Plan) -> Appointment | None:
    """The appointment whose link has this token, through the day itself; None for a forged or expired one."""
    found = await queries.by_token(session, hashed(token))
    return found if found and found.starts_at.astimezone(plan.zone).date() >= today else None


async def by_code(session: AsyncSession, code: str) -> Appointment | None:
    """The appointment with this code, however it was typed."""
    return await queries.by_code(session, typed_code(code))


async def of_resident(
    session: AsyncSession, policy: Policy, now: datetime, *, email: str | None = None, phone: str | None = None
) -> list[Listed]:
    """The appointments to come, and of the last weeks, with this e-mail address or phone number; by time.

    Both as `contact_details` writes them.
    """
    email_key = keyed(policy.secret_key, email.casefold()) if email else None
    return await _listed(session, await queries.of_resident(session, now - PAST, email_key=email_key, phone=phone))


async def of_name(session: AsyncSession, plan: Plan, location: str, day: date, name: str) -> list[Listed]:
    """The appointments at a location on a local day of whoever has each of these words in their name; by time.

    Spaces, hyphens, apostrophes, accents and capitals do not count: `obrien` finds O’Brien, `vandijk` Van Dijk.
    """
    begin, end = (
        datetime.combine(midnight, time(), plan.zone).astimezone(UTC) for midnight in (day, day + timedelta(days=1))
    )
    found = await queries.between(session, location, begin, end)
    words = [word for typed in name.split() if (word := _plain(typed))]
    if not words:
        return []
    return await _listed(session, [item for item in found if all(word in _plain(item.name) for word in words)])


def _plain(name: str) -> str:
    """The letters of a name without capitals and accents: people spell them as they hear them."""
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS)
    return "".join(sign for sign in letters if sign.isalnum())


async def _listed(session: AsyncSession, found: Sequence[Appointment]) -> list[Listed]:
    products = await queries.products_of_all(session, [item.id for item in found if item.id is not None])
    return [(item, products.get(item.id or 0, [])) for item in found]


def booked(appointment: Appointment, products: Iterable[str]) -> Booked:
    """An appointment for these products as far as the plan is concerned."""
    return Booked(
        code=appointment.code,
        location=appointment.location,
        counter=appointment.counter,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        travel_minutes=appointment.travel_minutes,
        products=frozenset(products),
    )


async def misfit_of(session: AsyncSession, plan: Plan, appointment: Appointment, now: datetime) -> Misfit | None:
    """Why an appointment to come cannot take place as it stands; None when it can, or need not."""
    if appointment.status is not AppointmentStatus.BOOKED or appointment.starts_at <= now:
        return None
    assert appointment.id is not None
    products = await queries.products_of(session, appointment.id)
    return misfit(plan, booked(appointment, (code for code, _ in products)))


async def facts(
    session: AsyncSession, plan: Plan, policy: Policy, appointment: Appointment, language: str | None = None
) -> AppointmentFacts:
    """An appointment as it is now, in its own language or another."""
    assert appointment.id is not None
    products = await queries.products_of(session, appointment.id)
    event = {
        "sequence": appointment.sequence,
        "location": appointment.location,
        "startsAt": appointment.starts_at.isoformat(),
        "endsAt": appointment.ends_at.isoformat(),
        "products": products,
    }
    return await facts_at(session, plan, policy, appointment, event, language)


async def facts_at(
    session: AsyncSession,
    plan: Plan,
    policy: Policy,
    appointment: Appointment,
    event: Mapping[str, Any],
    language: str | None = None,
) -> AppointmentFacts:
    """An appointment as it was at an event (`correspondence` writes them): where and when may have changed since.

    What to bring, fees and the address are those of the day of the appointment.
    """
    starts_at = datetime.fromisoformat(event["startsAt"])
    day = starts_at.astimezone(plan.zone).date()
    place = plan.places.get(event["location"])
    language = language or appointment.language
    return AppointmentFacts(
        code=appointment.code,
        sequence=event["sequence"],
        starts_at=starts_at,
        ends_at=datetime.fromisoformat(event["endsAt"]),
        zone=plan.zone,
        language=language,
        name=appointment.name,
        email=appointment.email,
        location=place.title(language) if place else event["location"],
        address=appointment.address or (place.address_on(day) if place else ""),
        directions=place.way_there(language) if place else "",
        products=await product_facts(session, plan, event["products"], day, language),
        manage_url=manage_url(policy.base_url, policy.secret_key, appointment.code),
        is_home_visit=bool(appointment.address),
        offered_at=_moment(event.get("offeredAt")),
        offer_until=_moment(event.get("offerUntil")),
        misfit=Misfit(event["misfit"]) if "misfit" in event else None,
    )


async def product_facts(
    session: AsyncSession, plan: Plan, products: Products, day: date, language: str
) -> tuple[ProductFacts, ...]:
    """Name, what to bring and costs of each product on a day, in a language."""
    amounts = await fees.current(session, day, language)
    found = []
    for code, persons in products:
        product = plan.products.get(code)
        # A product that is withdrawn keeps its last name for who booked it.
        terms = product and (product.on(day) or product.terms[-1])
        if not terms:
            found.append(ProductFacts(code, code, persons))
            continue
        english = language == "en"
        bring = terms.bring_en if english and terms.bring_en else terms.bring
        costs = terms.costs_en if english and terms.costs_en else terms.costs
        found.append(
            ProductFacts(
                code=code,
                name=terms.title(language),
                persons=persons,
                bring=tuple(fees.fill(line, amounts, language) for line in bring),
                costs=fees.fill(costs, amounts, language),
            )
        )
    return tuple(found)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
