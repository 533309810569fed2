"""What there is to choose for an appointment, given what was chosen so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import reading
from kcc.appointments.availability.cells import instant
from kcc.appointments.availability.offering import Asker
from kcc.appointments.availability.plan import Place, Plan, Terms
from kcc.appointments.facts import ProductFacts
from kcc.appointments.finding import first_free
from kcc.appointments.policy import Policy
from kcc.desk.draft import Draft
from kcc.desk.times import Search, Times
from kcc.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A location with its first free start as `di 24 nov, 10.20 uur`; without one it is full, or cannot be."""

    place: Place
    address: str
    first_free: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything the screen offers. Without `times` there is nothing to look for, or `refused` says why not."""

    products: Sequence[tuple[str, Terms]]
    terms: Terms | None
    companions: Sequence[tuple[str, Terms]]
    places: Sequence[PlaceChoice]
    place: Place | None
    times: Times | None
    refused: str | None
    facts: Sequence[ProductFacts]


async def offer(session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, draft: Draft) -> Offer:
    """What there is to choose. What the draft leaves open is filled in; what cannot be is left out of it."""
    today = asker.today
    draft.fit(plan, today)
    draft.first = max(draft.first or today, today)
    codes = frozenset(code for code, _ in draft.asked)
    places = [await _choice(session, plan, policy, asker, draft, place) for place in plan.places_for(codes, today)]
    place = _chosen(places, draft.location) if draft.product else None
    draft.location = place.code if place else ""
    times, refused = None, None
    if place:
        try:
            times = await Search(plan, policy, asker, place, draft.asked).times(session, draft.first)
        except InvalidInput as error:
            refused = error.detail
    day = times.days[0].date if times and times.days else draft.first
    return Offer(
        products=[(product.code, terms) for product, terms in plan.offered(today)],
        terms=draft.terms(plan, today),
        companions=draft.companions(plan, today),
        places=places if draft.product else [],
        place=place,
        times=times,
        refused=refused,
        facts=await reading.product_facts(session, plan, draft.asked, day, "nl"),
    )


async def _choice(
    session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, draft: Draft, place: Place
) -> PlaceChoice:
    cell = await first_free(session, plan, policy, asker, place, draft.asked) if draft.product else None
    local = instant(cell).astimezone(plan.zone) if cell is not None else None
    address = "" if place.is_home_visit else place.address_on(local.date() if local else asker.today)
    return PlaceChoice(place, address, _brief(local) if local else None)


def _chosen(places: Sequence[PlaceChoice], code: str) -> Place | None:
    """The place with this code, else the first where there is a free start, else the first."""
    found = [choice for choice in places if choice.place.code == code]
    found += [choice for choice in places if choice.first_free]
    return next((choice.place for choice in [*found, *places]), None)


def _brief(local: datetime) -> str:
    return format_datetime(local, "EEE d MMM, H.mm 'uur'", locale="nl")
