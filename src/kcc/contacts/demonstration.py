"""A year and a bit of simulated calls and contacts, until now: the same every time, and labelled as simulated.

The calls come from the simulated exchange; the contacts are what agents would have logged of them. Shares are those of
municipal contact centres: two in three calls are answered within 30 seconds; half of the questions is settled in the
first contact, few of the social domain's are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.catalogue.holidays import public_holidays
from kcc.catalogue.models import Topic
from kcc.contacts import demonstration_callbacks as callbacks
from kcc.contacts.callbacks.rules import Rules
from kcc.contacts.log import queries as log
from kcc.contacts.log.kinds import CallLink, Channel, Outcome, RequesterKind
from kcc.contacts.log.models import Contact, Question, QuestionArticle
from kcc.contacts.log.sources import source_of
from kcc.contacts.telephony import queries as telephony
from kcc.contacts.telephony.arrivals import read_log
from kcc.contacts.telephony.calls import CallOutcome
from kcc.contacts.telephony.intake import source_of as exchange
from kcc.contacts.telephony.intake import take_in
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.models import Call
from kcc.contacts.telephony.seats import phone_name, sit_down
from kcc.contacts.telephony.simulating import Away, Plan, queue_log
from kcc.storage.rows import insert_rows

SOURCE = "simulatie"
# Of the callers: who withhold their number, and who called about the same in the days before.
WITHHELD, AGAIN, AGAIN_WITHIN = 0.14, 0.16, timedelta(days=6)
NOTE = "Gesimuleerd contact, voor de demonstratie."
SEED, CALLS_A_DAY, TALK_SECONDS = 5, 72, 435.0
# For most of the year there were too few agents; so many days ago one came besides.
AGENTS, AGENTS_BEFORE, MORE_SINCE = 3, 2, 60
# On Tuesday mornings all but one are in a meeting: that is where callers wait, and what a team lead should see.
MEETING = 1, 9 * 60, 11 * 60
# From which to which (month, day) it is busier or quieter: tax bills come, passports are wanted, people are away.
SEASONS = (
    ((1, 2), (1, 9), 1.1),
    ((2, 25), (3, 18), 1.25),
    ((6, 1), (7, 10), 1.15),
    ((7, 20), (8, 28), 0.8),
    ((12, 21), (12, 31), 0.75),
)
# Every year more people call, and so fewer of them are answered in time.
GROWTH = 1.1
# Some call in the last minutes, so that there is somebody to see on the wallboard: so many seconds ago.
RUSH = (200, 170, 140, 70, 25)
FIRST_PHONE = 101
LOGGED = 0.95  # of the calls that were answered
QUESTIONS = ((1, 85), (2, 12), (3, 3))
REQUESTERS = ((RequesterKind.RESIDENT, 88), (RequesterKind.BUSINESS, 9), (RequesterKind.OWN_ORGANISATION, 3))
OTHER_CHANNELS = ((Channel.EMAIL, 55), (Channel.COUNTER, 25), (Channel.WHATSAPP, 15), (Channel.SOCIAL_MEDIA, 5))
OTHERS_A_CALL = 0.15
OUTCOMES = (
    *((Outcome.RESOLVED, 38), (Outcome.APPOINTMENT_MADE, 5), (Outcome.REFERRED, 5)),
    *((Outcome.TRANSFERRED, 31), (Outcome.CALLBACK, 17), (Outcome.DISCONNECTED, 4)),
)
# Where no answer can be given at the first contact, and how many questions are of that.
APART_SHARE = 0.27
OUTCOMES_APART = ((Outcome.RESOLVED, 16), (Outcome.REFERRED, 4), (Outcome.TRANSFERRED, 48), (Outcome.CALLBACK, 32))
REACHED = 0.65
# Of the callbacks, how often the department was called first.
TRIED = 0.4
COLLEAGUE = 0.1
# How often an article was opened before it ended so.
ARTICLES = {Outcome.RESOLVED: 0.7, Outcome.APPOINTMENT_MADE: 0.6, Outcome.REFERRED: 0.5, Outcome.DISCONNECTED: 0.0}
ARTICLES_ELSE = 0.25
# Of the questions without one, how often words were searched.
SEARCHED = 0.4
Weighted = Sequence[tuple[Any, float]]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What people ask about, some of it far more often; the articles about each topic."""

    topics: Sequence[Topic]
    articles: Mapping[str, Sequence[str]]
    weights: Sequence[float]

    @classmethod
    def of(cls, topics: Sequence[Topic], articles: Sequence[tuple[str, str]], apart: set[str]) -> "Subjects":
        """The topics within groups that there are articles (slug, topic) about, the first ones most often.

        `apart` are the topics and groups in which no answer can be given at the first contact.
        """
        about: dict[str, list[str]] = {}
        for slug, topic in sorted(articles):
            about.setdefault(topic, []).append(slug)
        within = [topic for topic in topics if topic.parent is not None and topic.code in about]
        weights = [1 / (3 + rank) for rank in range(len(within))]
        shares = {True: APART_SHARE, False: 1 - APART_SHARE}
        is_apart = [bool({topic.code, topic.parent} & apart) for topic in within]
        totals = {kind: sum(w for w, one in zip(weights, is_apart, strict=True) if one == kind) for kind in shares}
        return cls(within, about, [shares[kind] * w / totals[kind] for w, kind in zip(weights, is_apart, strict=True)])


async def load(
    session: AsyncSession,
    rules: Rules,
    secret_key: str,
    agent: str,
    articles: Sequence[tuple[str, str]],
    now: datetime,
    days: int,
) -> bool:
    """Put the calls of so many days until `now` into the database, and the contacts and callbacks about them.

    `agent` sits at the first telephone. Does nothing, and returns False, when they are there or nothing can be asked
    about.
    """
    topics = await catalogue.topics(session)
    apart = {topic.code for topic in topics if not topic.counts_for_first_contact}
    subjects = Subjects.of(topics, articles, apart)
    if await telephony.source(session, SOURCE) is not None or not subjects.topics:
        return False
    business = await rules.hours(session)
    plans = list(_plans(now, business.zone, days))
    second = int(now.timestamp())
    lines = (line for plan in plans for line in queue_log(plan))
    until_now = (line for line in lines if int(line.partition("|")[0]) <= second)
    source = await exchange(session, SOURCE)
    await take_in(session, source, read_log(until_now, 1, Keys(secret_key)).events)
    agents = {str(FIRST_PHONE + number): f"simulatie-{number + 1}" for number in range(AGENTS)}
    agents[str(FIRST_PHONE)] = agent
    since = datetime.combine(plans[0].first, datetime.min.time(), business.zone)
    for phone, name in agents.items():
        await sit_down(session, name, phone, since)
    assert source.id is not None
    calls = await telephony.calls_of_source(session, source.id, CallOutcome.ANSWERED)
    source.touched_from_ms = source.touched_to_ms = None  # every contact is made with its call
    contacts = [one for one in _contacts(calls, agents, subjects, apart) if one[0]["finished_at"] <= now]
    questions = await _keep(session, contacts)
    promised = {number: row for number, row in questions.items() if row["outcome"] is Outcome.CALLBACK}
    await callbacks.load(session, business, rules.within, promised, now, Random(SEED))  # noqa: S311  (a demonstration)
    return True


def _plans(now: datetime, zone: ZoneInfo, days: int) -> Iterator[Plan]:
    """The time with too few agents, when there is any of it, and the time since."""
    today, second = now.astimezone(zone).date(), int(now.timestamp())
    weekday, begins, ends = MEETING
    recent = min(days, MORE_SINCE)
    for ago, number, agents in ((days, days - recent, AGENTS_BEFORE), (recent, recent + 1, AGENTS)):
        if number:
            yield Plan(
                first=today - timedelta(days=ago),
                days=number,
                seed=SEED,
                zone=zone,
                calls=CALLS_A_DAY,
                agents=agents,
                away=(Away(weekday, begins, ends, agents - 1),),
                talk=TALK_SECONDS,
                volume=lambda day: volume(day, today),
                rush=tuple(second - ago for ago in RUSH),
            )


def volume(day: date, today: date) -> float:
    """The share of an ordinary day's calls that there are on a day, as seen from `today`; none on a holiday."""
    if day in public_holidays(day.year):
        return 0.0
    at = day.month, day.day
    season = next((factor for first, last, factor in SEASONS if first <= at <= last), 1.0)
    return float(season * GROWTH ** ((day - today).days / 365))


def _contacts(
    calls: Sequence[Call], agents: Mapping[str, str], subjects: Subjects, apart: set[str]
) -> Iterator[tuple[dict[str, Any], list[tuple[dict[str, Any], list[str]]]]]:
    """Each contact with its questions, and the articles that were opened for each."""
    chance = Random(SEED)  # noqa: S311  (a demonstration)
    callers = _Callers()
    for number, call in enumerate(calls):
        if call.answered_at is None or call.ended_at is None:
            continue
        began = call.answered_at + timedelta(seconds=chance.uniform(-2, 8), microseconds=number)
        ended = max(call.ended_at, began) + timedelta(seconds=chance.uniform(1, 30))
        agent = agents[phone_name(call.agent)]
        if chance.random() < LOGGED:
            contact, questions = _contact(chance, subjects, apart, agent, Channel.PHONE, began, ended)
            key = callers.key(call.caller or None, questions[0][0]["topic"], began)
            yield contact | {"call": call.id, "call_link": CallLink.FOUND, "requester_key": key}, questions
        if chance.random() < OTHERS_A_CALL:
            later = began + timedelta(minutes=chance.uniform(5, 50))
            until = later + timedelta(minutes=chance.uniform(1, 9))
            yield _contact(chance, subjects, apart, agent, _one(chance, OTHER_CHANNELS), later, until)


class _Callers:
    """Who calls: some withhold their number, and some called about the same topic some days before."""

    def __init__(self) -> None:
        self._chance = Random(NOTE)  # noqa: S311  (a demonstration)
        self._last: dict[str, tuple[datetime, str]] = {}

    def key(self, caller: str | None, topic: str, at: datetime) -> str | None:
        """Of who calls from this number: their key, or that of who asked about this topic before them."""
        if caller is None or self._chance.random() < WITHHELD:
            return None
        before, key = self._last.get(topic, (at, caller))
        if at - before > AGAIN_WITHIN or self._chance.random() >= AGAIN:
            key = caller
        self._last[topic] = at, key
        return key


def _contact(
    chance: Random, subjects: Subjects, apart: set[str], agent: str, channel: Channel, began: datetime, ended: datetime
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], list[str]]]]:
    questions = [
        _question(chance, subjects, apart, place, began, ended) for place in range(1, 1 + _one(chance, QUESTIONS))
    ]
    requester = _one(chance, REQUESTERS)
    own = requester is RequesterKind.OWN_ORGANISATION
    contact = {
        "agent": agent,
        "channel": channel,
        "call": None,
        "call_link": CallLink.NONE,
        "requester_key": None,
        "requester": requester,
        "department": chance.choice(subjects.topics).department if own else None,
        "started_at": began,
        "finished_at": ended,
        "is_open": False,
        "version": 1,
    }
    return contact, questions


def _question(
    chance: Random, subjects: Subjects, apart: set[str], place: int, began: datetime, ended: datetime
) -> tuple[dict[str, Any], list[str]]:
    topic = chance.choices(subjects.topics, subjects.weights)[0]
    outcome = _one(chance, OUTCOMES_APART if {topic.code, topic.parent} & apart else OUTCOMES)
    slugs = subjects.articles[topic.code]
    opened = [chance.choice(slugs)] if chance.random() < ARTICLES.get(outcome, ARTICLES_ELSE) else []
    reached = chance.random() < REACHED if outcome is Outcome.TRANSFERRED else None
    tried = outcome is Outcome.CALLBACK and chance.random() < TRIED
    colleague = chance.random() < COLLEAGUE
    searched = bool(opened) or chance.random() < SEARCHED
    question = {
        "contact_is_open": False,
        "position": place,
        "topic": topic.code,
        "outcome": outcome,
        "department": topic.department if outcome in (Outcome.TRANSFERRED, Outcome.CALLBACK) else None,
        "reached": reached,
        "tried": tried,
        "colleague": colleague,
        "searched": searched,
        "source": source_of(outcome, articles=bool(opened), colleague=colleague, reached=reached),
        "note": NOTE,
        "bsn_confirmed_not": False,
        "asked_at": began,
        "closed_at": ended,
    }
    return question, opened


def _one(chance: Random, among: Weighted) -> Any:
    return chance.choices([one for one, _ in among], [weight for _, weight in among])[0]


async def _keep(
    session: AsyncSession, made: Sequence[tuple[dict[str, Any], list[tuple[dict[str, Any], list[str]]]]]
) -> dict[int, dict[str, Any]]:
    """Returns the questions by id, each with its `contact` and the contact's `agent`."""
    await insert_rows(session, Contact, [contact for contact, _ in made])
    ids = await log.ids_by_start(session)
    questions = [
        (question | {"contact": ids[contact["agent"], contact["started_at"]]}, contact["agent"], opened)
        for contact, asked in made
        for question, opened in asked
    ]
    await insert_rows(session, Question, [question for question, _, _ in questions])
    numbers = await log.question_ids(session)
    kept = {
        numbers[question["contact"], question["position"]]: (question, agent, opened)
        for question, agent, opened in questions
    }
    rows = [
        {"question": number, "slug": slug, "opened_at": question["asked_at"]}
        for number, (question, _, opened) in kept.items()
        for slug in opened
    ]
    await insert_rows(session, QuestionArticle, rows)
    return {number: question | {"agent": agent} for number, (question, agent, _) in kept.items()}
