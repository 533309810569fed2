"""The contact panel as it is shown: the contacts that are open, one of them in full, what came before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from pydantic.alias_generators import to_camel
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.links import new_secret
from kcc.catalogue.models import Department, Topic
from kcc.catalogue.topics import path_of
from kcc.clock import Clock
from kcc.contacts.log import reading
from kcc.contacts.log.answering import untouched
from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.contacts.log.labels import CHANNELS, REQUESTERS
from kcc.contacts.log.models import Question
from kcc.contacts.log.queries import Earlier, Logged
from kcc.contacts.log.reading import Reader
from kcc.desk.contact.deeds import current
from kcc.desk.contact.form import Errors, PanelForm
from kcc.desk.contact.merging import as_shown, values_of
from kcc.desk.contact.words import outcome_word

# What the form can hold, by the names it is sent by.
NAMES = [to_camel(name) for name in PanelForm.model_fields]


@dataclass(frozen=True, slots=True)
class Known:
    """What there is in the catalogue, read once for a whole page: topics by code, and departments by name."""

    topics: dict[str, Topic]
    departments: Sequence[Department]

    @property
    def names(self) -> dict[str, str]:
        """The name of each department by code."""
        return {row.code: row.name for row in self.departments}


@dataclass(frozen=True, slots=True)
class Tab:
    """A contact that is open. `address` shows it, with the article that was opened last; a key goes to the next one."""

    contact: int | None
    call: int | None
    name: str
    channel: str
    about: str
    address: str
    is_current: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A question of this contact besides the one that is talked about; an open one has an address."""

    topic: str
    outcome: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What was just logged."""

    contact: int
    lines: Sequence[Line]
    seconds: int


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel shows. `values` by the names of the form; `bsn_asked`: whether a number is a BSN;
    `removable`: whether the question is empty, and can be taken back.
    """

    tabs: Sequence[Tab]
    values: Mapping[str, Any]
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    departments: Sequence[Department]
    contact: int | None = None
    since: datetime | None = None
    now: datetime | None = None
    others: Sequence[Line] = ()
    before: str | None = None
    earlier: Sequence[str] = ()
    set_by_article: bool = False
    removable: bool = False
    done: Done | None = None
    errors: Errors = field(default_factory=list)

    @property
    def error_at(self) -> dict[str, str]:
        """The first error of each field."""
        return dict(reversed(self.errors))

    @property
    def bsn_asked(self) -> bool:
        """Whether the agent has to say that a number is no BSN, or said so."""
        return bool(self.values.get("bsn")) or any("BSN" in text for name, text in self.errors if name == "notitie")

    @property
    def more_open(self) -> bool:
        """Whether something stands in the part that is closed at first."""
        rare = ("name", "email", "phone", "caseNumber", "department", "colleague")
        hidden = ("soort", "eigen-afdeling", "email", "telefoon", "zaaknummer", "afdeling", "naam")
        changed = self.values.get("kind") not in (None, "", RequesterKind.RESIDENT)
        return changed or any(self.values.get(name) for name in rare) or any(name in hidden for name, _ in self.errors)

    @property
    def channel(self) -> str:
        """The name of the contact's channel."""
        return CHANNELS.get(self.values["channel"], "Contact")

    channels = CHANNELS
    requesters = REQUESTERS


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for: a contact (None: the newest; 0: a new one), a question, what was just logged.

    `exactly`: this contact or none.
    """

    contact: int | None = None
    question: int | None = None
    done: int | None = None
    exactly: bool = False


def shown(query: Mapping[str, str]) -> Shown:
    """What is asked for; what is no number is not asked for."""

    def number(name: str) -> int | None:
        text = query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    return Shown(0 if query.get("contact") == "nieuw" else number("contact"), number("vraag"), number("klaar"))


async def panel(
    session: AsyncSession,
    reader: Reader,
    clock: Clock,
    repeat_days: int,
    known: Known,
    asked: Shown,
    article: str | None,
    product: str | None,
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
) -> Panel:
    """The panel for this agent. `article` and its product are on the screen; `typed` goes before what is kept."""
    topics = known.topics
    contacts = await reading.own_open(session, reader.agent)
    logged = _chosen(contacts, asked)
    done = await _done(session, reader, topics, asked.done) if asked.done else None
    values: dict[str, Any] = dict.fromkeys(NAMES) | {"key": new_secret(), "channel": Channel.PHONE, "article": article}
    values["product"] = product
    question = _question(logged, asked) if logged else None
    own = logged.articles[question.id or 0] if logged and question else []
    if done and article not in own:  # it was the answer to what was just logged, not to the contact that goes on
        values |= {"article": None, "product": None}
    if logged:
        kept = values_of(logged, question)
        values |= {to_camel(name): value for name, value in kept.items()} | {"shown": as_shown(kept)}
    before = await reading.earlier(session, logged, repeat_days) if logged else []
    return Panel(
        tabs=_tabs(topics, contacts, logged),
        values=values | dict(typed or {}) | ({} if logged else {"question": None}),
        groups=_groups(topics),
        departments=known.departments,
        contact=logged.contact.id if logged else None,
        since=logged.contact.started_at if logged else None,
        now=clock.now(),
        others=[_line(topics, logged, one) for one in logged.questions if one is not question] if logged else (),
        before=_again(before, clock),
        earlier=[_earlier(topics, item, clock) for item in before],
        set_by_article=bool(
            question and question.topic and logged and logged.articles[question.id or 0] and not errors
        ),
        removable=bool(
            question and logged and logged.questions[1:] and untouched(question, logged.articles[question.id or 0])
        ),
        done=done,
        errors=errors or [],
    )


def _chosen(contacts: Sequence[Logged], asked: Shown) -> Logged | None:
    if asked.contact == 0:
        return None
    for logged in contacts:
        if logged.contact.id == asked.contact:
            return logged
    return contacts[-1] if contacts and not asked.exactly else None


def _question(logged: Logged, asked: Shown) -> Question | None:
    """The question that the panel is about; of a contact that was opened again the last one, to correct it."""
    known = {question.id: question for question in logged.questions}
    return known.get(asked.question) or current(logged) or logged.questions[-1]


def address_of(logged: Logged, question: Question | None = None) -> str:
    """Where a contact, or a question of it, is shown with the article that was opened last."""
    asked = question or current(logged)
    slugs = logged.articles[asked.id or 0] if asked else []
    address = f"/werk?contact={logged.contact.id}"
    if question:
        address += f"&vraag={question.id}"
    return address + (f"&artikel={slugs[-1]}" if slugs else "")


def _tabs(topics: Mapping[str, Topic], contacts: Sequence[Logged], shown: Logged | None) -> list[Tab]:
    following = contacts[(contacts.index(shown) + 1) % len(contacts) if shown in contacts else 0] if contacts else None
    return [_tab(topics, one, one is shown, one is following and one is not shown) for one in contacts]


def _tab(topics: Mapping[str, Topic], logged: Logged, is_current: bool, is_next: bool) -> Tab:
    channel, about = logged.contact.channel, ""
    for question in logged.questions:  # the last one that has a topic
        about = path_of(topics, question.topic)[-1] if question.topic else about
    return Tab(
        contact=logged.contact.id,
        call=logged.contact.call,
        name=CHANNELS[channel],
        channel=channel.value,
        about=about,
        address=address_of(logged),
        is_current=is_current,
        is_next=is_next,
    )


def _line(topics: Mapping[str, Topic], logged: Logged, question: Question) -> Line:
    return Line(
        topic=" › ".join(path_of(topics, question.topic)) if question.topic else "Nog geen onderwerp",
        outcome=outcome_word(question.outcome, reached=question.reached),
        address=address_of(logged, question) if logged.contact.is_open else None,
    )


async def _done(session: AsyncSession, reader: Reader, topics: Mapping[str, Topic], contact: int) -> Done | None:
    page = await reading.own(session, reader, contact)
    if page is None or page.contact.finished_at is None:
        return None
    lasted: timedelta = page.contact.finished_at - page.contact.started_at
    return Done(contact, [_line(topics, page, one) for one in page.questions], int(lasted.total_seconds()))


def _groups(topics: Mapping[str, Topic]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups with their topics; the group itself is first among them."""
    within: dict[str, list[tuple[str, str]]] = {}
    for code, topic in topics.items():
        if topic.parent is None:
            within.setdefault(code, []).insert(0, (code, f"{topic.name} (algemeen)"))
        else:
            within.setdefault(topic.parent, []).append((code, topic.name))
    return [(topics[group].name, members) for group, members in within.items() if group in topics]


def _day(moment: datetime, clock: Clock) -> str:
    day, today = clock.local_date(moment), clock.today()
    if day == today:
        return "vandaag"
    if (today - day).days == 1:
        return "gisteren"
    return format_date(day, "EEEE", locale="nl") if (today - day).days < 7 else format_date(day, "d MMMM", locale="nl")


def _again(found: Sequence[Earlier], clock: Clock) -> str | None:
    """What the agent has to know at once: `Vroeg dinsdag over hetzelfde`."""
    if not found:
        return None
    same = [item for item in found if item.same_topic]
    if same:
        return f"Vroeg {_day(same[0].started_at, clock)} over hetzelfde"
    number = len({item.contact for item in found})
    return f"{number} keer eerder contact, laatst {_day(found[0].started_at, clock)}"


def _earlier(topics: Mapping[str, Topic], item: Earlier, clock: Clock) -> str:
    topic = " › ".join(path_of(topics, item.topic)) if item.topic else "zonder onderwerp"
    how = outcome_word(item.outcome, reached=None).lower()
    return f"{_day(item.started_at, clock)}, {CHANNELS[item.channel].lower()}: {topic}, {how}"
