"""`/rapport/afspraken`: the appointments that the lead times were counted from."""

from datetime import date
from typing import Literal

from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments.availability.plan import Plan
from kcc.appointments.models import AppointmentStatus
from kcc.service_levels.cases.lead_times import Ahead, Asked, Norm, appointments
from kcc.service_levels.pages import listing, period
from kcc.service_levels.pages.addresses import LEAD_TIMES
from kcc.service_levels.pages.chosen import Filters, in_address, product_name
from kcc.service_levels.pages.listing import Listing
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.state import LEADS
from kcc.web.dates import date_long
from kcc.web.fields import Day, FilterCode
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.sheets import Cell, Sheet

NORMS = {Norm.PROMISED: "Met een norm", Norm.WITHIN: "Binnen de norm", Norm.BEYOND: "Buiten de norm"}
HEADS = (
    *("Geboekt", "Product", "Locatie", "Afspraaktijd"),
    *("Dagen vooruit", "Norm in dagen", "Binnen de norm", "Afgezegd"),
)


class LeadTimeFilters(Wire):
    """The fields of the form; one left empty is not given."""

    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    product: FilterCode = ""
    norm: Norm | Literal[""] = ""


@serves(LEADS)
async def lead_time_list(request: PageRequest) -> Response:
    """The appointments, those booked last first. Raises InvalidInput for a file of what cannot be chosen."""
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        asked, filters = _choose(in_address(request), plan, clock.today())
        found = await appointments(session, plan, asked)
    limit, offset = listing.window(request)
    notes = [
        f"Product: {product_name(plan, asked.product) if asked.product else 'alle'}. "
        f"Norm: {NORMS[asked.norm].lower() if asked.norm else 'alle'}.",
        "Een afspraak telt op de dag waarop zij is geboekt, ook als zij later is afgezegd, en bij elk van haar "
        "producten. De norm is die van het product op die dag.",
        *listing.cut_off(len(found)),
    ]
    shown = Listing(
        address=LEAD_TIMES,
        title="Tijd tot de afspraak",
        period=f"{date_long(asked.first)} tot en met {date_long(asked.last)}",
        noun=("afspraak", "afspraken"),
        back=("/rapport", "Naar het rapport"),
        filters=filters,
        sheet=Sheet(
            name=f"afspraken-{asked.first}-{asked.last}",
            heads=HEADS,
            rows=[_row(one, plan) for one in found[offset : offset + limit]],
            notes=notes,
            zone=clock.timezone,
        ),
        total=len(found),
    )
    return listing.answer(request, shown)


def _row(one: Ahead, plan: Plan) -> tuple[Cell, ...]:
    booked = one.booked
    place = plan.places[booked.location].name if booked.location in plan.places else booked.location
    within = None if one.target is None else "ja" if one.is_one_of(Norm.WITHIN) else "nee"
    cancelled = "ja" if booked.status is AppointmentStatus.CANCELLED else "nee"
    name = product_name(plan, booked.product)
    return booked.created_at, name, place, booked.starts_at, one.days, one.target, within, cancelled


def _choose(sent: FormData, plan: Plan, today: date) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    products = [(code, product_name(plan, code)) for code in plan.products]
    norms = [("", "Alle"), *((norm.value, name) for norm, name in NORMS.items())]
    inputs = [
        Input("van", "Geboekt van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        Input("product", "Product", "choice", options=[("", "Alle producten"), *products], required=True),
        Input("norm", "Norm", "choice", options=norms, required=True),
    ]
    usual = Asked(*period.usual(today))
    return listing.choose(inputs, sent, usual, lambda body: _read(checked(LeadTimeFilters, body), plan, today))


def _read(filled: LeadTimeFilters, plan: Plan, today: date) -> Asked:
    unknown = [period.wrong("product", "dit product is er niet (meer); kies een ander")]
    others = unknown if filled.product not in ("", *plan.products) else []
    first, last = period.days(filled.first, filled.last, today, others)
    return Asked(first, last, filled.product or None, filled.norm or None)


routes = listing.routes(LEAD_TIMES, lead_time_list)
