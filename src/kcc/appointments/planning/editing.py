"""One way through every form of the plan: fill in, check whom it touches, save. Nothing is cancelled silently."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Booked
from kcc.appointments.links import readable
from kcc.appointments.planning.changes import Change, changing
from kcc.appointments.planning.forms import PlanForm, choices, for_form
from kcc.appointments.planning.views import View
from kcc.appointments.state import AppointmentState
from kcc.errors import DomainError, NotFound
from kcc.web import forms
from kcc.web.dates import moment
from kcc.web.requests import checked
from kcc.web.templating import render

PageRequest = Request[AppointmentState]
Work = Callable[[AsyncSession, Change], Any]
FORM_FIELDS_MAX = 2000
DONE = {"opgeslagen": "Opgeslagen", "verwijderd": "Verwijderd"}


@dataclass(frozen=True)
class Place:
    """Where a form stands: its title, the page above it, and what is filled in to begin with."""

    title: str
    back: str
    back_label: str
    preset: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What was done on the form before this page, and how many appointments no longer fit by it."""

    said: str
    touched: int


def done(request: PageRequest) -> Done | None:
    """What the address says was done on a form; None when nothing was."""
    said, touched = DONE.get(request.query_params.get("gelukt", "")), request.query_params.get("geraakt", "")
    known = touched.isascii() and touched.isdigit() and len(touched) <= 6
    return Done(said, int(touched) if known else 0) if said else None


def _back(place: Place, what: str, touched: int) -> Response:
    """Back to the page above, which tells what was done."""
    return RedirectResponse(f"{place.back}?gelukt={what}" + (f"&geraakt={touched}" if touched else ""), 303)


class _Touches(Exception):
    """The change touches appointments that nobody has looked at yet; it is rolled back."""

    def __init__(self, plan: Plan, touched: Sequence[Booked]) -> None:
        self.plan, self.touched = plan, touched


async def view_of(request: PageRequest, session: AsyncSession, **more: Any) -> View:
    """The plan for who manages it."""
    return View(session, await request.state["planner"].plan(session), request.state["clock"], **more)


async def find(form: PlanForm, view: View, key: str) -> Any:
    """The thing with this code or id. Raises NotFound."""
    for item in await form.kind.items(view):
        if str(getattr(item, form.kind.key)) == key:
            return item
    raise NotFound(f"Er is geen {form.noun} {key} (meer)")


async def show(request: PageRequest, form: PlanForm, place: Place, item: Any, plan: Plan, **more: Any) -> Response:
    """The form: empty, or with what is there."""
    inputs = (form.new if item is None else form.change)(choices(plan, item))
    stored = dict(place.preset) | (for_form(item, plan) if item is not None else {}) | more.pop("over", {})
    return _form(request, form, place, inputs, forms.filled(inputs, stored), {}, item=item, **more)


async def save(request: PageRequest, form: PlanForm, place: Place, item: Any, **more: Any) -> Response:
    """Save what was filled in, once whom it touches has been looked at; or show what is wrong with it."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
    inputs = (form.new if item is None else form.change)(choices(plan, item))
    async with request.form(max_files=0, max_fields=FORM_FIELDS_MAX) as sent:
        values = forms.shown(inputs, sent)
        if sent.get("stap") == "terug":
            return _form(request, form, place, inputs, values, {}, item=item, **more)

        async def work(session: AsyncSession, change: Change) -> None:
            if item is None:
                await form.kind.create(session, change, checked(form.asks or form.kind.new, forms.body(inputs, sent)))
            else:
                content = checked(form.asks or form.kind.content, forms.body(inputs, sent))
                await form.kind.replace(session, change, str(getattr(item, form.kind.key)), content)

        try:
            touched = await _do(request, work, sent)
        except _Touches as found:
            question = f"{place.title}: dit raakt afspraken"
            return _check(request, place, question, "Toch opslaan", found.plan, found.touched, sent)
        except NotFound:
            raise
        except DomainError as error:
            errors = forms.errors_by_field(inputs, error)
            return _form(request, form, place, inputs, values, errors, status=error.status, item=item, **more)
    return _back(place, "opgeslagen", touched)


async def remove(request: PageRequest, form: PlanForm, place: Place, key: str) -> Response:
    """Remove something, once somebody has said so on a page that tells whom it touches."""

    async def work(session: AsyncSession, change: Change) -> None:
        await form.kind.remove(session, change, key)

    async with request.form(max_files=0, max_fields=FORM_FIELDS_MAX) as sent:
        try:
            touched = await _do(request, work, sent, ask=True)
        except _Touches as found:
            return _check(request, place, f"{place.title} verwijderen?", "Verwijder", found.plan, found.touched, sent)
    return _back(place, "verwijderd", touched)


async def _do(request: PageRequest, work: Work, sent: FormData, *, ask: bool = False) -> int:
    """Do the work and commit, unless it touches appointments other than those that were shown, or must be asked.

    Returns how many it touches.
    """
    seen, confirmed = set(sent.getlist("gezien[]")), sent.get("stap") == "toch"
    async with request.state["database"].writing() as session:
        async with changing(session, request.state["clock"]) as change:
            await work(session, change)
        fresh = {booked.code for booked in change.touched} - (seen if confirmed else set())
        if fresh or (ask and not confirmed):
            raise _Touches(change.plan, change.touched)
    return len(change.touched)


def _form(
    request: PageRequest,
    form: PlanForm,
    place: Place,
    inputs: Sequence[forms.Input],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
    **more: Any,
) -> Response:
    context = {"form": form, "place": place, "inputs": inputs, "values": values, "errors": errors, "terms": [], **more}
    return render(request, "appointments/plan/form.html", context, status=status)


def _check(
    request: PageRequest,
    place: Place,
    question: str,
    button: str,
    plan: Plan,
    touched: Sequence[Booked],
    sent: FormData,
) -> Response:
    kept = [(name, value) for name, value in sent.multi_items() if name not in ("stap", "gezien[]")]
    context = {
        "place": place,
        "question": question,
        "button": button,
        "touched": touched_rows(plan, touched),
        "kept": kept,
        "removing": button == "Verwijder",
    }
    return render(request, "appointments/plan/check.html", context)


def touched_rows(plan: Plan, touched: Sequence[Booked]) -> list[dict[str, str]]:
    """Touched appointments for people: when, what for, where. Nothing of who comes."""
    rows = []
    for booked in touched:
        names = [
            plan.products[code].terms[-1].name if code in plan.products else code for code in sorted(booked.products)
        ]
        where = plan.places.get(booked.location)
        rows.append(
            {
                "code": booked.code,
                "shown_code": readable(booked.code),
                "when": moment(booked.starts_at.astimezone(plan.zone)),
                "products": ", ".join(names),
                "location": where.name if where else booked.location,
            }
        )
    return rows
