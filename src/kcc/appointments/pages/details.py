"""The last steps of booking: who comes, check it, and the appointment that was made."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from pydantic import ValidationError, model_validator
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.contact_details import keyed
from kcc.access.guard import public
from kcc.access.mistyped import suggested_address
from kcc.appointments import cell_queries
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.booking import TooManyAppointments, book, person
from kcc.appointments.holds import HoldExpired, wanted_by
from kcc.appointments.links import hashed, manage_token
from kcc.appointments.models import Hold
from kcc.appointments.pages import journey
from kcc.appointments.pages.draft import draft, keep_draft
from kcc.appointments.pages.journey import Chosen, address, asker, to
from kcc.appointments.pages.own_appointment import appointment_context, shown_appointment
from kcc.appointments.pages.summary import summary
from kcc.appointments.schemas import BSN, Visitor
from kcc.appointments.state import AppointmentState
from kcc.errors import TooManyRequests
from kcc.storage import idempotency
from kcc.web.i18n import language_of
from kcc.web.routing import Route
from kcc.web.templating import render

FIELDS = ("name", "email", "phone", "address")
TEXT_MAX = 2000


class Details(Visitor):
    """What the form asks. Without an account the mail is the only way back to the appointment, so it is needed."""

    home_visit: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> "Details":
        if not self.email:
            raise ValueError("email")
        if self.home_visit and not self.address:
            raise ValueError("address")
        return self


@dataclass(frozen=True, slots=True)
class Kept:
    """The time that is kept for this browser."""

    secret: str
    hold: Hold
    place: Place
    picked: Chosen
    start: datetime
    minutes_left: int


async def _kept(session: AsyncSession, request: Request[AppointmentState], plan: Plan, secret: str) -> Kept | None:
    """The hold of this browser; None when it is gone. An expired one counts: it may still be free."""
    found = await cell_queries.hold_by_hash(session, hashed(secret))
    place = plan.places.get(found.location) if found else None
    if found is None or place is None:
        return None
    start = found.starts_at.astimezone(plan.zone)
    products = []
    for code, persons in wanted_by(found).products:
        terms = plan.products[code].on(start.date()) if code in plan.products else None
        if terms is None:
            return None
        products.append((code, persons, terms))
    seconds = (found.expires_at - request.state["clock"].now()).total_seconds()
    return Kept(secret, found, place, Chosen(tuple(products)), start, max(0, ceil(seconds / 60)))


async def _step(
    request: Request[AppointmentState],
    template: str,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    secret: str | None = None,
    status: int = 200,
) -> Response:
    """The form or the check page for the time that is kept; without one, the page that says what became of it."""
    secret = secret or journey.cookie(request, journey.HOLD)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        kept = await _kept(session, request, plan, secret) if secret else None
        if kept is None:
            booked = await idempotency.result(session, "journey", secret) if secret else None
            gone = "already_made.html" if booked else "expired.html"
            return render(request, f"appointments/{gone}", {"again": address(request, "/afspraak")}, status=status)
        context = {
            "kept": kept,
            "summary": await summary(session, request, plan, kept.picked, kept.place, kept.start),
            "values": values,
            "errors": errors or {},
            "max_open": request.state["policy"].max_open,
            "check": address(request, "/afspraak/controle"),
            "confirm": address(request, "/afspraak/bevestigen"),
            "details": address(request, "/afspraak/gegevens"),
            "meant": suggested_address(values["email"]),
        }
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _values(form: Any) -> dict[str, str]:
    return {name: journey.typed(form.get(name))[:TEXT_MAX] for name in (*FIELDS, "earlier")}


def _checked(values: dict[str, str], language: str, *, home_visit: bool) -> tuple[Details | None, dict[str, str]]:
    """The details, or what is wrong by field: a word for the sentence that the page has for it."""
    data: dict[str, Any] = {name: values[name] for name in FIELDS if values[name]}
    data |= {"language": language, "earlier": bool(values["earlier"]), "homeVisit": home_visit}
    try:
        return Details.model_validate(data), {}
    except ValidationError as error:
        found: dict[str, str] = {}
        for item in error.errors():
            message = item["msg"].removeprefix("Value error, ")
            field = str(item["loc"][0]) if item["loc"] else message
            found.setdefault(field, "bsn" if message == BSN else "missing" if not values.get(field) else "wrong")
        # What the validator of the whole says only when all fields are right.
        for field in ("email", *(["address"] if home_visit else [])):
            if not values[field]:
                found.setdefault(field, "missing")
        return None, {field: found[field] for field in FIELDS if field in found}


@public
async def details_form(request: Request[AppointmentState]) -> Response:
    """Step 4: who comes, as it was typed before."""
    return await _step(request, "appointments/details.html", _values(draft(request)))


@public
async def details_again(request: Request[AppointmentState]) -> Response:
    """The form as it was typed so far, in the other language; with what is wrong when that had been said."""
    values, secret, sent = await _read(request)
    if "checked" not in sent:
        return await _step(request, "appointments/details.html", values, secret=secret)
    _, errors = _checked(values, language_of(request), home_visit=await _home_visit(request, secret))
    return await _step(request, "appointments/details.html", values, errors, secret, 400 if errors else 200)


@public
async def back_to_details(request: Request[AppointmentState]) -> Response:
    """The address that books, asked for by itself."""
    return to(request, "/afspraak/gegevens")


async def _read(request: Request[AppointmentState]) -> tuple[dict[str, str], str | None, frozenset[str]]:
    """What was typed, the secret of the kept time, and the names of all that was sent, the pressed button's too."""
    form = await request.form(max_files=0, max_fields=20)
    secret = form.get("hold")
    return _values(form), secret if isinstance(secret, str) and secret else None, frozenset(form)


async def _home_visit(request: Request[AppointmentState], secret: str | None) -> bool:
    kept = await _kept_now(request, secret)
    return kept is not None and kept.place.is_home_visit


async def _kept_now(request: Request[AppointmentState], secret: str | None) -> Kept | None:
    """The time that this secret keeps; without one, the cookie's."""
    secret = secret or journey.cookie(request, journey.HOLD)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        return await _kept(session, request, plan, secret) if secret else None


@public
async def send_details(request: Request[AppointmentState]) -> Response:
    """On to the check page, which has an address of its own for Back to return to; or what is wrong."""
    values, secret, _ = await _read(request)
    kept = await _kept_now(request, secret)
    home_visit = kept is not None and kept.place.is_home_visit
    _, errors = _checked(values, language_of(request), home_visit=home_visit)
    if errors or kept is None:
        return await _step(request, "appointments/details.html", values, errors, secret, 400 if errors else 200)
    response = to(request, "/afspraak/controle")
    if not keep_draft(request, response, values):
        return await _step(request, "appointments/check.html", values, secret=secret)
    journey.keep(request, response, journey.HOLD, kept.secret)  # of this form: another tab may keep another time
    return response


@public
async def check(request: Request[AppointmentState]) -> Response:
    """Step 5: everything once more. Without details, or when they no longer do, the form for them."""
    values = _values(draft(request))
    _, errors = _checked(values, language_of(request), home_visit=await _home_visit(request, None))
    return to(request, "/afspraak/gegevens") if errors else await _step(request, "appointments/check.html", values)


@public
async def confirm(request: Request[AppointmentState]) -> Response:
    """Book. Twice is once: the secret of the kept time is the idempotency key."""
    values, secret, _ = await _read(request)
    secret = secret or journey.cookie(request, journey.HOLD)
    details, errors = _checked(values, language_of(request), home_visit=await _home_visit(request, secret))
    if details is None or secret is None:
        return await _step(request, "appointments/details.html", values, errors, secret, 400)
    who, policy, key = asker(request), request.state["policy"], secret

    async def work(session: AsyncSession) -> str:
        known = await idempotency.begin(session, "journey", key, key, who.now)
        if known:
            return known
        plan = await request.state["planner"].plan(session)
        appointment = await book(session, plan, policy, who, key, person(details))
        await idempotency.finish(session, "journey", key, appointment.code)
        return appointment.code

    try:
        await request.state["contact_limit"].count(keyed(policy.secret_key, (details.email or "").casefold()))
        code = await request.state["database"].transact(work)
    except HoldExpired:
        return render(request, "appointments/expired.html", {"again": address(request, "/afspraak")}, status=409)
    except (TooManyAppointments, TooManyRequests) as error:
        return await _step(request, "appointments/details.html", values, {"email": "too-many"}, secret, error.status)
    response = to(request, "/afspraak/gemaakt")
    journey.keep(request, response, journey.MANAGE, manage_token(policy.secret_key, code))
    # The secret stays: it tells whoever goes Back that the appointment has been made.
    journey.keep(request, response, journey.HOLD, secret)
    journey.forget(request, response, journey.DRAFT)
    return response


@public
async def made(request: Request[AppointmentState]) -> Response:
    """The appointment that was just made, to print or to put in a calendar."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        appointment = await shown_appointment(session, request, plan)
        if appointment is None:
            return to(request, "/afspraak/beheer")
        context = await appointment_context(session, request, plan, appointment)
    if context["prevented"]:
        return to(request, "/afspraak/beheer")
    response = render(request, "appointments/made.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


routes = [
    Route("/afspraak/gegevens", details_form),
    Route("/afspraak/gegevens", details_again, methods=["POST"]),
    Route("/afspraak/controle", check),
    Route("/afspraak/controle", send_details, methods=["POST"]),
    Route("/afspraak/bevestigen", back_to_details),
    Route("/afspraak/bevestigen", confirm, methods=["POST"]),
    Route("/afspraak/gemaakt", made),
]
