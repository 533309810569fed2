"""`/rapport/terugbelverzoeken`: the promises to call back that a figure of a department was counted from."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.contacts.callbacks.kinds import Closing
from kcc.service_levels.cases.callbacks import Asked, Case, Kept, callbacks
from kcc.service_levels.pages import listing, period
from kcc.service_levels.pages.addresses import CALLBACKS
from kcc.service_levels.pages.chosen import Filters, in_address
from kcc.service_levels.pages.listing import Listing
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.state import LEADS
from kcc.web.dates import date_long
from kcc.web.fields import Day, FilterCode
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.sheets import Cell, Sheet

KEPT: Mapping[Kept, str] = {
    Kept.DUE: "Terug te bellen",
    Kept.CALLED: "Op tijd teruggebeld",
    Kept.LATE: "Te laat, of nog niet gebeld",
    Kept.CLOSED: "Op tijd afgerond",
    Kept.WITHDRAWN: "Op tijd ingetrokken",
}
_CLOSINGS = {Closing.DONE: "Gesproken", Closing.NOT_REACHED: "Niet bereikt", Closing.WITHDRAWN: "Ingetrokken"}
HEADS = ("Beloofd voor", "Afdeling", "Eerste poging", "Afgerond", "Hoe", "Op tijd gebeld", "Op tijd afgerond")


class CallbackFilters(Wire):
    """The fields of the form; one left empty is not given."""

    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    department: FilterCode = Field("", alias="afdeling")
    kept: Kept | Literal[""] = Field("", alias="uitkomst")


@serves(LEADS)
async def callback_list(request: PageRequest) -> Response:
    """The callbacks, those due last first. Raises InvalidInput for a file of what cannot be chosen."""
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        names = await topics.department_names(session)
        asked, filters = _choose(in_address(request), names, clock.today())
        found = await callbacks(session, asked, clock)
    limit, offset = listing.window(request)
    rows = [_row(case, names) for case in found[offset : offset + limit]]
    notes = [
        f"Afdeling: {names[asked.department] if asked.department else 'alle'}. "
        f"Uitkomst: {KEPT[asked.kept].lower() if asked.kept else 'alle'}.",
        "Een terugbelverzoek telt op de dag waarop het beloofd was. Op tijd is een eerste poging voor dat moment. "
        "Wat nog niet zover is, staat er niet bij.",
        *listing.cut_off(len(found)),
    ]
    shown = Listing(
        address=CALLBACKS,
        title="Terugbelverzoeken",
        period=f"{date_long(asked.first)} tot en met {date_long(asked.last)}",
        noun=("terugbelverzoek", "terugbelverzoeken"),
        back=("/rapport/eerste-contact#h-afdelingen", "Naar de vakafdelingen"),
        filters=filters,
        sheet=Sheet(f"terugbelverzoeken-{asked.first}-{asked.last}", HEADS, rows, notes, clock.timezone),
        total=len(found),
    )
    return listing.answer(request, shown)


def _row(case: Case, names: Mapping[str, str]) -> tuple[Cell, ...]:
    row, figures = case.row, case.figures
    how = _CLOSINGS[row.closed_as] if row.closed_as else "Nog open"
    in_time = [("ja" if number else "nee") if figures.due else None for number in (figures.called, figures.closed)]
    department = names.get(row.department, row.department)
    return (row.due_at, department, row.first_attempt_at, row.closed_at, how, *in_time)


def _choose(sent: FormData, names: Mapping[str, str], today: date) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    departments = [("", "Alle afdelingen"), *names.items()]
    kinds = [("", "Alle"), *((str(kept), label) for kept, label in KEPT.items())]
    inputs = [
        Input("van", "Van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        Input("afdeling", "Afdeling", "choice", options=departments, required=True),
        Input("uitkomst", "Uitkomst", "choice", options=kinds, required=True),
    ]
    usual = Asked(*period.usual(today))
    return listing.choose(inputs, sent, usual, lambda body: _read(checked(CallbackFilters, body), names, today))


def _read(filled: CallbackFilters, names: Mapping[str, str], today: date) -> Asked:
    unknown = [period.wrong("afdeling", "deze afdeling is er niet (meer); kies een andere")]
    others = unknown if filled.department not in ("", *names) else []
    first, last = period.days(filled.first, filled.last, today, others)
    return Asked(first, last, filled.department or None, filled.kept or None)


routes = listing.routes(CALLBACKS, callback_list)
