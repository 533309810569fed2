"""`/rapport/telefoon/gesprekken`: the calls that a figure of `/rapport/telefoon` was counted from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.catalogue.topics import path_of
from kcc.contacts.log.kinds import Outcome
from kcc.contacts.log.labels import OUTCOMES
from kcc.contacts.telephony.calls import CallOutcome
from kcc.service_levels.cases.calls import Asked, Case, Ended, asked_in, calls
from kcc.service_levels.definitions import ANSWER_WITHIN
from kcc.service_levels.pages import listing, period
from kcc.service_levels.pages.addresses import CALLS
from kcc.service_levels.pages.chosen import Filters, in_address
from kcc.service_levels.pages.listing import Listing
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.week import WEEKDAYS, clock
from kcc.service_levels.phone.pattern import QUARTERS
from kcc.service_levels.phone.queries import known_queues
from kcc.service_levels.state import LEADS
from kcc.web.dates import date_long
from kcc.web.fields import WHOLE, Day, says
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.sheets import Cell, Sheet

LONGEST = 86_400
ENDS: Mapping[Ended, str] = {
    Ended.OFFERED: "Aangeboden: opgenomen of opgehangen",
    Ended.ANSWERED: "Opgenomen",
    Ended.IN_TIME: "Binnen de norm opgenomen",
    Ended.LATE: "Na de norm opgenomen",
    Ended.TRANSFERRED: "Doorverbonden",
    Ended.ABANDONED: "Opgehangen voor het opnemen",
    Ended.SHORT: "Opgehangen binnen 5 seconden",
    Ended.GONE: "Opgehangen binnen de norm",
    Ended.SENT_AWAY: "Weggestuurd door de centrale",
    Ended.UNKNOWN: "Einde onbekend",
    Ended.OFFERED_NOT_GONE: "Aangeboden, niet binnen de norm opgehangen",
    Ended.OFFERED_NOT_SHORT: "Aangeboden, niet binnen 5 seconden opgehangen",
    Ended.IN_TIME_OR_GONE: "Binnen de norm opgenomen of opgehangen",
}
_OUTCOMES = {
    CallOutcome.ANSWERED: "Opgenomen",
    CallOutcome.ABANDONED: "Opgehangen",
    CallOutcome.SENT_AWAY: "Weggestuurd",
    CallOutcome.UNKNOWN: "Einde onbekend",
}
HEADS = (
    *("Binnengekomen", "Wachtrij", "Uitkomst", "Gewacht (seconden)", "Gesproken (seconden)", "Doorverbonden"),
    *("Vragen in het contact", "Contact"),
)


class CallFilters(Wire):
    """The fields of the form; one left empty is not given."""

    queue: str = Field("", alias="wachtrij", max_length=80)
    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    ended: Ended | Literal[""] = Field("", alias="uitkomst")
    threshold: Annotated[
        int, Field(strict=True, ge=1, le=LONGEST), WHOLE, says(f"vul een heel getal van 1 tot en met {LONGEST} in")
    ] = Field(ANSWER_WITHIN, alias="norm")
    weekday: Literal["", "0", "1", "2", "3", "4", "5", "6"] = Field("", alias="weekdag")
    quarter: str = Field("", alias="kwartier", pattern=r"^([0-9]|[1-8][0-9]|9[0-5])?$")


@serves(LEADS)
async def call_list(request: PageRequest) -> Response:
    """The calls, the newest first. Raises InvalidInput for a file of what cannot be chosen."""
    clock_, zone = request.state["clock"], request.state["clock"].timezone
    async with request.state["database"].reading() as session:
        asked, filters = _choose(in_address(request), await known_queues(session), clock_.today())
        found, total = await calls(session, asked, zone, *listing.window(request))
        questions = await asked_in(session, found)
        known, merges = await topics.topics_by_code(session), await topics.merges(session)

    def about(topic: str | None, outcome: Outcome | None) -> str:
        name = " – ".join(path_of(known, merges.get(topic, topic))) if topic else "Zonder onderwerp"
        return f"{name}: {OUTCOMES[outcome].lower() if outcome else 'nog open'}"

    said = {call: "; ".join(about(*question) for question in asked_of) for call, asked_of in questions.items()}
    rows = [_row(case, said.get(case.id)) for case in found]
    sheet = Sheet(f"gesprekken-{asked.first}-{asked.last}", HEADS, rows, _notes(asked, total), zone)
    shown = Listing(
        address=CALLS,
        title="Telefoongesprekken",
        period=f"{date_long(asked.first)} tot en met {date_long(asked.last)}",
        noun=("gesprek", "gesprekken"),
        back=("/rapport/telefoon", "Terug naar de telefoon"),
        filters=filters,
        sheet=sheet,
        total=total,
        contacts=len(HEADS) - 1,
    )
    return listing.answer(request, shown)


def _row(case: Case, said: str | None) -> tuple[Cell, ...]:
    spent = (case.wait_seconds, case.talk_seconds, "ja" if case.transferred else "nee")
    return (case.entered_at, case.queue or "geen", _OUTCOMES[case.outcome], *spent, said, case.contact)


def _notes(asked: Asked, total: int) -> list[str]:
    when = [WEEKDAYS[asked.weekday]] if asked.weekday is not None else []
    when += [f"kwartier vanaf {clock(asked.quarter)} uur"] if asked.quarter is not None else []
    told = [
        f"Wachtrij: {asked.queue or 'alle'}. Uitkomst: {ENDS[asked.ended].lower() if asked.ended else 'alle'}. "
        f"Norm: {asked.threshold} seconden.{' Alleen ' + ', '.join(when) + '.' if when else ''}",
        "Een gesprek telt in het kwartier waarin de beller in de wachtrij kwam. Wie nog wacht, staat er niet bij.",
    ]
    return told + listing.cut_off(total)


def _choose(sent: FormData, queues: Sequence[str], today: date) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    inputs = [
        Input("van", "Van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        _choice("wachtrij", "Wachtrij", "Alle wachtrijen", [(queue, queue) for queue in queues]),
        _choice("uitkomst", "Uitkomst", "Alle", [(str(ended), label) for ended, label in ENDS.items()]),
        Input("norm", "Norm (seconden)", "number", required=True),
        _choice("weekdag", "Weekdag", "Alle dagen", [(str(day), name) for day, name in enumerate(WEEKDAYS)]),
        _choice("kwartier", "Kwartier", "Hele dag", [(str(one), f"{clock(one)} uur") for one in range(QUARTERS)]),
    ]
    usual = Asked(*period.usual(today))
    asked, filters = listing.choose(inputs, sent, usual, lambda body: _read(checked(CallFilters, body), queues, today))
    values = {**filters.values, "norm": filters.values["norm"] or str(asked.threshold)}
    return asked, replace(filters, values=values)


def _choice(name: str, label: str, every: str, options: Sequence[tuple[str, str]]) -> Input:
    return Input(name, label, "choice", options=[("", every), *options], required=True)


def _read(filled: CallFilters, queues: Sequence[str], today: date) -> Asked:
    unknown = [period.wrong("wachtrij", "deze wachtrij is er niet; kies een andere")]
    first, last = period.days(filled.first, filled.last, today, unknown if filled.queue not in ("", *queues) else [])
    return Asked(
        first,
        last,
        queue=filled.queue or None,
        ended=filled.ended or None,
        weekday=int(filled.weekday) if filled.weekday else None,
        quarter=int(filled.quarter) if filled.quarter else None,
        threshold=filled.threshold,
    )


routes = listing.routes(CALLS, call_list)
