"""`/rapport/boekingen`: the appointments that the digital share was counted from."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments.availability.plan import Plan
from kcc.appointments.models import AppointmentStatus
from kcc.service_levels.cases.bookings import Asked, bookings
from kcc.service_levels.channel_queries import Booked
from kcc.service_levels.pages import listing, period
from kcc.service_levels.pages.addresses import BOOKINGS
from kcc.service_levels.pages.chosen import Filters, in_address, product_name
from kcc.service_levels.pages.listing import Listing
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.state import LEADS
from kcc.web.dates import date_long
from kcc.web.fields import Day, FilterCode
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.sheets import Cell, Sheet

HOW: Mapping[str, bool | None] = {"": None, "inwoner": False, "medewerker": True}
BOOKED_BY = {False: "Door de inwoner", True: "Door een medewerker"}
HEADS = ("Geboekt", "Product", "Hoe", "Afspraaktijd", "Locatie", "Afgezegd")


class BookingFilters(Wire):
    """The fields of the form; one left empty is not given."""

    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    product: FilterCode = ""
    how: Literal["", "inwoner", "medewerker"] = Field("", alias="hoe")


@serves(LEADS)
async def booking_list(request: PageRequest) -> Response:
    """The appointments, those booked last first. Raises InvalidInput for a file of what cannot be chosen."""
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        asked, filters = _choose(in_address(request), plan, clock.today())
        found = await bookings(session, plan, asked, clock)
    limit, offset = listing.window(request)
    notes = [
        f"Product: {product_name(plan, asked.product) if asked.product else 'alle die ook online kunnen'}. "
        f"Hoe: {'alle' if asked.by_staff is None else BOOKED_BY[asked.by_staff].lower()}.",
        "Een afspraak telt op de dag waarop zij is geboekt, ook als zij later is afgezegd, en bij elk product dat op "
        "die dag ook online kon. Hoe vaak de online weg is gekozen, wordt alleen geteld: daar is geen lijst van.",
        *listing.cut_off(len(found)),
    ]
    shown = Listing(
        address=BOOKINGS,
        title="Geboekte afspraken",
        period=f"{date_long(asked.first)} tot en met {date_long(asked.last)}",
        noun=("afspraak", "afspraken"),
        back=("/rapport/kanalen", "Naar de kanalen"),
        filters=filters,
        sheet=Sheet(
            name=f"boekingen-{asked.first}-{asked.last}",
            heads=HEADS,
            rows=[_row(one, plan) for one in found[offset : offset + limit]],
            notes=notes,
            zone=clock.timezone,
        ),
        total=len(found),
    )
    return listing.answer(request, shown)


def _row(one: Booked, plan: Plan) -> tuple[Cell, ...]:
    place = plan.places[one.location].name if one.location in plan.places else one.location
    cancelled = "ja" if one.status is AppointmentStatus.CANCELLED else "nee"
    return one.created_at, product_name(plan, one.product), BOOKED_BY[one.by_staff], one.starts_at, place, cancelled


def _choose(sent: FormData, plan: Plan, today: date) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    online = [
        (code, product_name(plan, code))
        for code, product in plan.products.items()
        if any(terms.online_url for terms in product.terms)
    ]
    ways = [("", "Alle"), ("inwoner", BOOKED_BY[False]), ("medewerker", BOOKED_BY[True])]
    inputs = [
        Input("van", "Geboekt van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        Input("product", "Product", "choice", options=[("", "Alle die ook online kunnen"), *online], required=True),
        Input("hoe", "Hoe", "choice", options=ways, required=True),
    ]
    usual = Asked(*period.usual(today))
    return listing.choose(inputs, sent, usual, lambda body: _read(checked(BookingFilters, body), dict(online), today))


def _read(filled: BookingFilters, online: Mapping[str, str], today: date) -> Asked:
    unknown = [period.wrong("product", "dit product kan niet online; kies een ander")]
    others = unknown if filled.product not in ("", *online) else []
    first, last = period.days(filled.first, filled.last, today, others)
    return Asked(first, last, filled.product or None, HOW[filled.how])


routes = listing.routes(BOOKINGS, booking_list)
