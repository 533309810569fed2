"""`/rapport/gesprekken-zonder-contact`: calls that nobody logged, and contacts by phone without a call."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.access.queries import accounts
from kcc.contacts.joining import queries
from kcc.contacts.joining.queries import MOST_WAITED
from kcc.contacts.log.kinds import CallLink
from kcc.contacts.telephony import seat_queries
from kcc.contacts.telephony.models import Call, PhoneSeat
from kcc.contacts.telephony.reading import bounds
from kcc.contacts.telephony.seats import phone_name
from kcc.errors import FieldError, InvalidInput
from kcc.service_levels import words
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.periods import EARLIEST, LATEST
from kcc.service_levels.state import LEADS
from kcc.web import forms
from kcc.web.dates import date_short, time_of_day
from kcc.web.fields import Day
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.routing import Route
from kcc.web.templating import render

INPUTS = (Input("van", "Van", "date", required=True), Input("tot", "Tot en met", "date", required=True))
USUAL_DAYS = 7
SHOWN = 100


class ChosenDays(Wire):
    """The fields of the form; one left empty is not given."""

    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")


@serves(LEADS)
async def unjoined(request: PageRequest) -> Response:
    """Both lists of a period, the last week when none was chosen."""
    clock = request.state["clock"]
    last = clock.today()
    first, errors = last - timedelta(days=USUAL_DAYS - 1), {}
    begin, end = bounds(first, last, clock.timezone)
    given = {name: request.query_params.get(name, "") for name in ("van", "tot")}
    try:
        chosen = checked(ChosenDays, {name: text for name, text in given.items() if text})
        first, last = _days(chosen, last)
        begin, end = bounds(first, last, clock.timezone)
    except InvalidInput as refused:
        errors = forms.errors_by_field(INPUTS, refused)
        first, last = clock.today() - timedelta(days=USUAL_DAYS - 1), clock.today()
    async with request.state["database"].reading() as session:
        contacts, contacts_total = await queries.contacts_without_call(session, begin, end, SHOWN, 0)
        seats = await seat_queries.seats_between(session, begin, end + MOST_WAITED)
        names = {account.name: account.display_name for account in await accounts(session)}
        calls, calls_total = await queries.calls_without_contact(session, begin, end, SHOWN, 0)
    context = {
        "inputs": INPUTS,
        "values": given if errors else {"van": first.isoformat(), "tot": last.isoformat()},
        "errors": errors,
        "first": first,
        "last": last,
        "contacts": [
            {
                "id": contact.id,
                "agent": names.get(contact.agent, contact.agent),
                "at": _moment(contact.started_at, clock.timezone),
                "tie": contact.call_link is CallLink.TIE,
            }
            for contact in contacts
        ],
        "contacts_total": contacts_total,
        "calls": [
            {
                "agent": _who(call, seats, names),
                "queue": call.queue,
                "talked": words.span(call.talk_seconds),
                "at": _moment(call.answered_at or call.entered_at, clock.timezone),
            }
            for call, _ in calls
        ],
        "calls_total": calls_total,
        "shown": SHOWN,
    }
    return render(request, "service_levels/unjoined.html", context, status=400 if errors else 200)


def _who(call: Call, seats: Sequence[PhoneSeat], names: Mapping[str, str]) -> str:
    """The name of who answered: of the agent that the exchange names, or who sat at the telephone then."""
    phone, at = phone_name(call.agent or ""), call.answered_at or call.entered_at
    if not phone or phone in names:
        return names.get(phone, "onbekend")
    for seat in seats:
        if seat.phone == phone and seat.since <= at and (seat.until is None or at < seat.until):
            return names.get(seat.agent, seat.agent)
    return f"toestel {phone}"


def _days(chosen: ChosenDays, today: date) -> tuple[date, date]:
    """The first and last day. Raises InvalidInput at the field where it is wrong."""
    problems = [
        FieldError("body", f"/{name}", "impossible", f"kies een dag van {EARLIEST.year} tot en met {LATEST.year}")
        for name, day in (("van", chosen.first), ("tot", chosen.last))
        if day is not None and not EARLIEST <= day <= LATEST
    ]
    if problems:
        raise InvalidInput("Deze periode kan niet", problems)
    last = chosen.last or today
    first = chosen.first or last - timedelta(days=USUAL_DAYS - 1)
    if last < first:
        problems.append(FieldError("body", "/tot", "impossible", "deze dag ligt voor de eerste dag; kies een latere"))
        raise InvalidInput("Deze periode kan niet", problems)
    return first, last


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{date_short(local)}, {time_of_day(local)}"


routes = [Route("/rapport/gesprekken-zonder-contact", unjoined)]
