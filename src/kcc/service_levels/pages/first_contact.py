"""`/rapport/eerste-contact`: is a question settled in the first contact, and do departments answer when it is not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.contacts.log.figure_queries import first_began
from kcc.contacts.log.kinds import Channel
from kcc.contacts.log.reading import reachable
from kcc.contacts.log.sources import Reachability
from kcc.errors import DomainError
from kcc.service_levels import callbacks, words
from kcc.service_levels.cases.callbacks import Asked as Promises
from kcc.service_levels.cases.callbacks import Kept
from kcc.service_levels.cases.questions import Asked as Behind
from kcc.service_levels.cases.questions import Counts
from kcc.service_levels.definitions import FIRST_CONTACT_VERSION, InTime, share
from kcc.service_levels.first_contact import Asked, Row, rows
from kcc.service_levels.pages import period
from kcc.service_levels.pages.addresses import callbacks_of, questions_of
from kcc.service_levels.pages.chosen import Filters, in_address
from kcc.service_levels.pages.listing import file, table_of
from kcc.service_levels.pages.promises import promise
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.target_form import form_address
from kcc.service_levels.periods import By
from kcc.service_levels.state import LEADS
from kcc.service_levels.targets.history import Metric, Targets
from kcc.service_levels.targets.judging import day_judged
from kcc.service_levels.targets.reading import targets
from kcc.service_levels.targets.wording import changed, origin
from kcc.web import forms
from kcc.web.fields import Day
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.routing import Route
from kcc.web.sheets import Cell, Format, Sheet
from kcc.web.templating import render

ADDRESS = "/rapport/eerste-contact"
HEADS: Mapping[str, Sequence[str]] = {
    "perioden": (
        *("Vanaf", "In één keer (%)", "Vragen", "Afgehandeld", "Met alle groepen (%)", "Alle vragen"),
        *("Alle afgehandeld", "Vroeg niet opnieuw (%)", "Van bekende vragers", "Niet opnieuw gevraagd"),
    ),
    "afdelingen": (
        *("Afdeling", "Gebeld", "Bereikt", "Bereikt (%)"),
        *("Terugbelverzoeken", "Op tijd gebeld", "Op tijd gebeld (%)"),
    ),
}
NOTES = {
    "perioden": "Een vraag telt op de dag waarop het contact begon.",
    "afdelingen": "Op alle kanalen. Een terugbelverzoek telt op de dag waarop uiterlijk gebeld moest zijn.",
}
Addresses = Callable[[int, Counts | None], str | None]
CHANNELS = {"": "Telefoon", "alle": "Alle kanalen"}


class FirstContactFilters(Wire):
    """The fields of the form; one left empty is not given."""

    channel: Literal["", "alle"] = Field("", alias="kanaal")
    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    by: Literal["day", "week", "month"] = Field("week", alias="per")


@dataclass(slots=True)
class Sums:
    """Questions of a period: eligible and resolved as marked, without the groups that are left out and with them.

    Of those with a known requester, `followed` are of long enough ago; of those `stayed` were not asked again.
    """

    eligible: int = 0
    resolved: int = 0
    all_eligible: int = 0
    all_resolved: int = 0
    known: int = 0
    followed: int = 0
    stayed: int = 0

    def add(self, row: Row) -> "Sums":
        """An interval more."""
        self.eligible += row.marked.eligible
        self.resolved += row.marked.resolved
        self.all_eligible += row.all_marked.eligible
        self.all_resolved += row.all_marked.resolved
        self.known += row.seen.known
        self.followed += row.seen.followed
        self.stayed += row.seen.resolved
        return self

    @property
    def percent(self) -> float | None:
        """As marked, without the groups that are left out."""
        return share(self.resolved, self.eligible)

    @property
    def percent_all(self) -> float | None:
        """As marked, of all."""
        return share(self.all_resolved, self.all_eligible)

    @property
    def percent_seen(self) -> float | None:
        """As seen from who came back."""
        return share(self.stayed, self.followed)


@serves(LEADS)
async def first_contact(request: PageRequest) -> Response:
    """First-contact resolution of a period against the target, and the departments behind what was not resolved."""
    state, clock = request.state, request.state["clock"]
    days, today = state["settings"].repeat_days, clock.today()
    asked, filters = _choose(in_address(request), today)
    async with state["database"].reading() as session:
        kept = await targets(session, state["settings"])
        found = await figures(session, asked, kept, clock, days)
    context: dict[str, Any] = {
        "filters": filters,
        "chosen": urlencode({name: value for name, value in filters.values.items() if value}),
        "asked": asked,
        "channel": CHANNELS["alle" if asked.channel is None else ""].lower(),
        **found,
    }
    return render(request, "service_levels/first_contact.html", context, status=400 if filters.errors else 200)


async def figures(session: AsyncSession, asked: Asked, kept: Targets, clock: Clock, days: int) -> dict[str, Any]:
    """What the page says of the questions that were asked for, and of the departments behind them, in words."""
    found, excluded = await rows(session, asked, clock, days)
    whole = _sum(found)
    earlier, began = _before(asked), await first_began(session)
    comparable = began is not None and clock.local_date(began) <= earlier.first
    before = _sum((await rows(session, earlier, clock, days))[0]).percent if comparable else None
    groups = [row.name for row in await catalogue.topics(session) if row.code in excluded and row.parent is None]
    judged_on = day_judged(asked.first, asked.last, clock.today())
    held = kept.on(judged_on, Metric.FIRST_CONTACT)
    target = held.norm.level
    behind = Behind(asked.first, asked.last, asked.channel)
    lasts = period.lasts([row.start for row in found], asked.last)
    return {
        "promise": promise(whole.percent, float(target or 0)),
        "origin": origin(Metric.FIRST_CONTACT, held),
        "target": form_address(Metric.FIRST_CONTACT),
        "facts": _facts(whole, days, questions_of(behind)),
        "summary": _summary(whole, before, target, groups, days),
        "changed": changed(Metric.FIRST_CONTACT, kept.during(asked.first, judged_on, Metric.FIRST_CONTACT)),
        "groups": _listed(groups) if groups else "",
        "rows": [
            (
                period.interval(row.start, asked.by),
                _shown(_sum([row]), target, questions_of(replace(behind, first=row.start, last=last))),
            )
            for row, last in reversed(list(zip(found, lasts, strict=True)))
            if row.all_marked.eligible
        ],
        "interval": period.INTERVALS[asked.by],
        "departments": [_department(one, asked) for one in await _departments(session, asked, clock)],
        "days": days,
        "version": FIRST_CONTACT_VERSION,
    }


def _sum(found: Sequence[Row]) -> Sums:
    whole = Sums()
    for row in found:
        whole.add(row)
    return whole


def _before(asked: Asked) -> Asked:
    first, last = period.before(asked.first, asked.last)
    return replace(asked, first=first, last=last, by=By.MONTH)


def _choose(sent: FormData, today: date) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    inputs = [Input("kanaal", "Kanaal", "choice", options=list(CHANNELS.items()), required=True), *period.inputs()]
    asked = Asked(*period.usual(today), By.WEEK)
    errors: Mapping[str, str] = {}
    try:
        asked = _read(checked(FirstContactFilters, forms.body(inputs, sent)), today)
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    values = period.filled(forms.shown(inputs, sent), asked.first, asked.last, asked.by)
    return asked, Filters(inputs, values, errors)


def _read(chosen: FirstContactFilters, today: date) -> Asked:
    first, last = period.days(chosen.first, chosen.last, today)
    return Asked(first, last, By(chosen.by), None if chosen.channel else Channel.PHONE)


@dataclass(frozen=True, slots=True)
class Department:
    """A department that was needed: how often it answered, and whether it called back in time; None when not asked."""

    code: str
    name: str
    tried: Reachability | None
    promised: InTime | None

    @property
    def called(self) -> int:
        """How often it was called for a resident."""
        return self.tried.reached + self.tried.not_reached if self.tried else 0

    @property
    def due(self) -> int:
        """How many callbacks were due."""
        return self.promised.due if self.promised else 0


async def _departments(session: AsyncSession, asked: Asked, clock: Clock) -> list[Department]:
    """The departments that were needed, by name."""
    names = {row.code: row.name for row in await catalogue.departments(session)}
    tried = {row.department: row for row in await reachable(session, *clock.bounds(asked.first, asked.last))}
    promised = {
        row.department: row.figures
        for row in await callbacks.rows(session, asked.first, asked.last, By.YEAR, None, clock)
        if row.figures.due
    }
    codes = sorted({*tried, *promised}, key=lambda code: str(names.get(code, code)).lower())
    return [Department(code, names.get(code, code), tried.get(code), promised.get(code)) for code in codes]


def _department(one: Department, asked: Asked) -> dict[str, Any]:
    due = callbacks_of(Promises(asked.first, asked.last, one.code))(one.due, Kept.DUE)
    called = questions_of(Behind(asked.first, asked.last, department=one.code))(one.called, Counts.DEPARTMENT_CALLED)
    return {
        "name": one.name,
        "tried": (words.whole(one.called), called),
        "reached": (words.percent(one.tried.percent) if one.tried and one.called else "–", called),
        "due": (words.whole(one.due), due),
        "in_time": (words.percent(one.promised.percent_called) if one.promised else "–", due),
    }


def _facts(whole: Sums, days: int, at: Addresses) -> list[tuple[str, str, str | None]]:
    everybody = at(whole.all_eligible, Counts.ALL_ELIGIBLE)
    share_known = words.percent(share(whole.known, whole.eligible))
    stayed = words.percent(whole.percent_seen)
    return [
        ("Vragen die meetellen", words.whole(whole.eligible), at(whole.eligible, Counts.ELIGIBLE)),
        ("In het eerste contact afgehandeld", words.whole(whole.resolved), at(whole.resolved, Counts.RESOLVED)),
        ("Met de uitgezonderde groepen", words.percent(whole.percent_all), everybody),
        ("Van de vragers is bekend wie het was", share_known, at(whole.known, Counts.KNOWN)),
        (f"Van hen vroeg binnen {days} dagen niet opnieuw", stayed, at(whole.followed, Counts.FOLLOWED)),
    ]


def _summary(whole: Sums, before: float | None, target: int | None, groups: Sequence[str], days: int) -> list[str]:
    """What the page says, in a few sentences; `before` is the percentage of as many days just before."""
    if whole.percent is None:
        return []
    asked = words.people(whole.eligible, "vraag", "vragen")
    apart = "" if target is None else f": {words.distance(whole.percent, target).lower()}"
    said = [f"Van {asked} is {words.percent(whole.percent, target)} in het eerste contact afgehandeld{apart}."]
    if groups and whole.percent_all is not None:
        said.append(f"Telt {_listed(groups)} mee, dan is het {words.percent(whole.percent_all)}.")
    if before is not None:
        said.append(period.compared(whole.percent - before))
    if whole.percent_seen is not None:
        again = 100 - whole.percent_seen
        said.append(
            f"Van wie we weten wie het was, vroeg {words.percent(again)} binnen {days} dagen opnieuw naar hetzelfde."
        )
    return said


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"


def _shown(sums: Sums, target: int | None, at: Addresses) -> dict[str, Any]:
    """A figure is (text, address of the questions it was counted from); a percentage has those it is a part of."""
    counting, everybody = at(sums.eligible, Counts.ELIGIBLE), at(sums.all_eligible, Counts.ALL_ELIGIBLE)
    followed = at(sums.followed, Counts.FOLLOWED)
    return {
        "percent": (words.percent(sums.percent, target) if sums.eligible else "–", counting),
        "kept": None if sums.percent is None or target is None else sums.percent >= target,
        "percent_all": (words.percent(sums.percent_all), everybody),
        "eligible": (words.whole(sums.eligible), counting),
        "resolved": (words.whole(sums.resolved), at(sums.resolved, Counts.RESOLVED)),
        "all": (words.whole(sums.all_eligible), everybody),
        "seen": (words.percent(sums.percent_seen) if sums.followed else "–", followed),
        "followed": (words.whole(sums.followed), followed),
    }


@serves(LEADS)
async def first_contact_table(request: PageRequest) -> Response:
    """One of the tables of the page, to download. Raises InvalidInput for what cannot be chosen."""
    clock, table = request.state["clock"], table_of(request, HEADS)
    asked, filters = _choose(in_address(request), clock.today())
    cells: Sequence[Sequence[Cell]]
    async with request.state["database"].reading() as session:
        if table == "afdelingen":
            cells = [_department_cells(one) for one in await _departments(session, asked, clock)]
        else:
            found, _ = await rows(session, asked, clock, request.state["settings"].repeat_days)
            cells = [_cells(row) for row in found]
    channel = CHANNELS["alle" if asked.channel is None else ""].lower()
    notes = [f"{NOTES[table]} Leeg: geen gegevens."]
    if table == "perioden":
        notes = [f"{notes[0]} Kanaal: {channel}. Definitie: first-contact, versie {FIRST_CONTACT_VERSION}."]
    name = f"eerste-contact-{table}-{asked.first}-{asked.last}"
    return file(request, Sheet(name, HEADS[table], cells, notes, clock.timezone), filters)


def _department_cells(one: Department) -> tuple[Cell, ...]:
    tried, promised = one.tried, one.promised
    return (
        *(one.name, one.called, tried.reached if tried else 0, tried.percent if tried else None),
        *(one.due, promised.called if promised else 0, promised.percent_called if promised else None),
    )


def _cells(row: Row) -> tuple[Cell, ...]:
    sums = _sum([row])
    counting = (sums.percent, sums.eligible, sums.resolved)
    everybody = (sums.percent_all, sums.all_eligible, sums.all_resolved)
    return (row.start, *counting, *everybody, sums.percent_seen, sums.followed, sums.stayed)


routes = [Route(ADDRESS, first_contact), *(Route(f"{ADDRESS}.{how}", first_contact_table) for how in Format)]
