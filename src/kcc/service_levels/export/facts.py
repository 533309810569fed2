"""The facts of the star schema: which rows, and what their columns mean.

Counts that add up, never percentages; durations in whole seconds; no number, name, address or free text.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from kcc.appointments.hall.models import Visit
from kcc.appointments.models import Appointment, AppointmentProduct
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.models import Callback, CallbackAttempt
from kcc.contacts.log.kinds import Outcome, RequesterKind
from kcc.contacts.log.models import Contact, Question, QuestionArticle
from kcc.contacts.telephony.calls import CallOutcome
from kcc.contacts.telephony.models import Call, CallSource
from kcc.service_levels.definitions import ANSWERED, BROKEN_OFF
from kcc.service_levels.export.columns import Column, DaysBetween, Kind, LocalDate, LocalQuarter, Seconds, Wait
from kcc.service_levels.export.models import AgentAlias, AgentKind
from kcc.service_levels.phone.tallies import NO_QUEUE

TEXT, INTEGER, INSTANT, DATE = Kind.TEXT, Kind.INTEGER, Kind.INSTANT, Kind.DATE


@dataclass(frozen=True, slots=True)
class Fact:
    """A table of facts. `query` tells the columns that do not follow from others, in order of `columns`.

    `when` is the column of the database that decides in which month a row belongs; rows come in order of `order`.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    query: Any
    when: Any
    order: Any


def _flag(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _alias(kind: AgentKind, name: Any) -> Any:
    known = select(AgentAlias.alias).where(AgentAlias.kind == kind, AgentAlias.name == name)
    return known.correlate_except(AgentAlias).scalar_subquery()


def _day(instant: str) -> tuple[Column, Column]:
    return (
        Column("date", DATE, f"local date of {instant}; joins dim_date", LocalDate(instant)),
        Column("quarter", INTEGER, f"local quarter of {instant}, 0 to 95; joins dim_quarter", LocalQuarter(instant)),
    )


_of: Any = Call
CALLS = Fact(
    "fact_call",
    "One visit of a call to a queue, that has ended",
    (
        Column("call", INTEGER, "number of this visit"),
        Column("entered_at", INSTANT, "when it entered the queue"),
        *_day("entered_at"),
        Column("queue", TEXT, "joins dim_queue"),
        Column("agent", TEXT, "pseudonym of who answered; joins dim_agent"),
        Column("outcome", TEXT, "answered, abandoned, sent-away, or unknown when its end was lost"),
        Column("reason", TEXT, "why it was sent away"),
        Column("answered_at", INSTANT, ""),
        Column("ended_at", INSTANT, ""),
        Column("wrapped_up_at", INSTANT, "end of the work after the call"),
        Column("wait_seconds", INTEGER, "in the queue until answered, abandoned or sent away"),
        Column("talk_seconds", INTEGER, ""),
        Column("wrap_up_seconds", INTEGER, "work after the call", Seconds("ended_at", "wrapped_up_at")),
        Column("transferred", INTEGER, "1: put through to somebody else"),
        Column("source", TEXT, "the exchange; simulated calls have one of their own"),
    ),
    select_columns(
        _of.id.label("call"),
        _of.entered_at,
        case((_of.queue == "", NO_QUEUE), else_=_of.queue).label("queue"),
        _alias(AgentKind.TELEPHONE, _of.agent).label("agent"),
        _of.outcome,
        _of.reason,
        _of.answered_at,
        _of.ended_at,
        _of.wrapped_up_at,
        _of.wait_seconds,
        _of.talk_seconds,
        _flag(_of.transferred_to.is_not(None)).label("transferred"),
        col(CallSource.code).label("source"),
    )
    .join_from(Call, CallSource, col(CallSource.id) == _of.source)
    .where(_of.outcome != CallOutcome.WAITING),
    _of.entered_at,
    _of.id,
)

_contact: Any = Contact
_questions: Any = select(func.count()).where(Question.contact == _contact.id)
_with_article: Any = (
    select(QuestionArticle.question)
    .join(Question, col(Question.id) == QuestionArticle.question)
    .where(Question.contact == _contact.id)
)
CONTACTS = Fact(
    "fact_contact",
    "One conversation, on any channel",
    (
        Column("contact", INTEGER, "number of the contact"),
        Column("started_at", INSTANT, ""),
        *_day("started_at"),
        Column("finished_at", INSTANT, "empty while it is open"),
        Column("handle_seconds", INTEGER, "from start to finish", Seconds("started_at", "finished_at")),
        Column("channel", TEXT, ""),
        Column("requester", TEXT, "resident, business or own-organisation"),
        Column("department", TEXT, "of a requester of the own organisation; joins dim_department"),
        Column("agent", TEXT, "pseudonym; joins dim_agent"),
        Column("call", INTEGER, "the call it was about; joins fact_call"),
        Column("questions", INTEGER, "questions in it"),
        Column("with_article", INTEGER, "1: an article of the kennisbank was used"),
    ),
    select_columns(
        _contact.id.label("contact"),
        _contact.started_at,
        _contact.finished_at,
        _contact.channel,
        _contact.requester,
        _contact.department,
        _alias(AgentKind.ACCOUNT, _contact.agent).label("agent"),
        _contact.call,
        _questions.correlate(Contact).scalar_subquery().label("questions"),
        _flag(_with_article.correlate(Contact).exists()).label("with_article"),
    ),
    _contact.started_at,
    _contact.id,
)

_question: Any = Question
_articles: Any = select(func.count()).where(QuestionArticle.question == _question.id)
_eligible = and_(
    _contact.requester != RequesterKind.OWN_ORGANISATION,
    _question.outcome.is_not(None),
    _question.outcome != Outcome(BROKEN_OFF),
)
_resolved = and_(_eligible, _question.outcome.in_(sorted(map(Outcome, ANSWERED))))
QUESTIONS = Fact(
    "fact_question",
    "One thing that was asked in a contact: what first-contact resolution counts",
    (
        Column("question", INTEGER, "number of the question"),
        Column("contact", INTEGER, "joins fact_contact"),
        Column("started_at", INSTANT, "when its contact began"),
        *_day("started_at"),
        Column("channel", TEXT, ""),
        Column("requester", TEXT, ""),
        Column("topic", TEXT, "as it was logged; joins dim_topic"),
        Column("outcome", TEXT, "empty while it is open"),
        Column("answer_from", TEXT, "where the answer came from, or what happened instead"),
        Column("department", TEXT, "where it went; joins dim_department"),
        Column("tried", INTEGER, "1: the department calls back since it was called in vain"),
        Column("articles", INTEGER, "articles that were opened for it"),
        Column("eligible", INTEGER, "1: counts for first-contact resolution, but for its topic and channel"),
        Column("resolved", INTEGER, "1: eligible, and answered at the first contact, as the agent marked it"),
    ),
    select_columns(
        _question.id.label("question"),
        _question.contact,
        _contact.started_at,
        _contact.channel,
        _contact.requester,
        _question.topic,
        _question.outcome,
        _question.source.label("answer_from"),
        _question.department,
        _flag(_question.tried).label("tried"),
        _articles.correlate(Question).scalar_subquery().label("articles"),
        _flag(_eligible).label("eligible"),
        _flag(_resolved).label("resolved"),
    ).join_from(Question, Contact, _contact.id == _question.contact),
    _contact.started_at,
    _question.id,
)

_callback: Any = Callback
_attempts = (
    select_columns(
        col(CallbackAttempt.callback),
        func.min(CallbackAttempt.at).label("first_attempt_at"),
        func.count().label("attempts"),
    )
    .group_by(col(CallbackAttempt.callback))
    .subquery("attempt")
)
_withdrawn = and_(_callback.closed_as == Closing.WITHDRAWN, _callback.closed_at <= _callback.due_at)
CALLBACKS = Fact(
    "fact_callback",
    "One promise that somebody is called back",
    (
        Column("callback", INTEGER, "number of the callback"),
        Column("asked_at", INSTANT, ""),
        Column("due_at", INSTANT, "when somebody should have called"),
        *_day("due_at"),
        Column("department", TEXT, "who calls; joins dim_department"),
        Column("contact", INTEGER, "joins fact_contact"),
        Column("question", INTEGER, "joins fact_question"),
        Column("attempts", INTEGER, "times that somebody called"),
        Column("first_attempt_at", INSTANT, ""),
        Column("closed_at", INSTANT, ""),
        Column("closed_as", TEXT, "done, not-reached or withdrawn"),
        Column("called_in_time", INTEGER, "1: first attempt before or at the due moment"),
        Column("closed_in_time", INTEGER, "1: closed before or at the due moment"),
        Column("withdrawn_in_time", INTEGER, "1: withdrawn before it was due: in no figure"),
    ),
    select_columns(
        _callback.id.label("callback"),
        _callback.asked_at,
        _callback.due_at,
        _callback.department,
        _callback.contact,
        _callback.question,
        func.coalesce(_attempts.c.attempts, literal(0)).label("attempts"),
        _attempts.c.first_attempt_at,
        _callback.closed_at,
        _callback.closed_as,
        _flag(_attempts.c.first_attempt_at <= _callback.due_at).label("called_in_time"),
        _flag(_callback.closed_at <= _callback.due_at).label("closed_in_time"),
        _flag(_withdrawn).label("withdrawn_in_time"),
    ).join_from(Callback, _attempts, _attempts.c.callback == _callback.id, isouter=True),
    _callback.due_at,
    _callback.id,
)

_visit: Any = Visit
VISITS = Fact(
    "fact_visit",
    "One visitor in a hall, by appointment or not",
    (
        Column("visit", INTEGER, "number of the visit"),
        Column("date", DATE, "local date; joins dim_date"),
        Column("location", TEXT, "joins dim_location"),
        Column("counter", TEXT, "where it was served"),
        Column("kind", TEXT, "appointment or walk-in"),
        Column("state", TEXT, "where the visitor is, or how the visit ended"),
        Column("outcome", TEXT, "done, partly or not-possible"),
        Column("product", TEXT, "the first; joins dim_product"),
        Column("products", INTEGER, "how many"),
        Column("appointment", INTEGER, "joins fact_appointment"),
        Column("planned_at", INSTANT, "empty for a walk-in"),
        Column("arrived_at", INSTANT, ""),
        *_day("arrived_at")[1:],
        Column("first_called_at", INSTANT, ""),
        Column("started_at", INSTANT, ""),
        Column("finished_at", INSTANT, ""),
        Column(
            "early_seconds", INTEGER, "from the arrival to the planned start", Seconds("arrived_at", "planned_at", 0)
        ),
        Column("wait_seconds", INTEGER, "from the planned start, or a later arrival, to the first call", Wait()),
        Column(
            "total_wait_seconds", INTEGER, "from arrival to first call", Seconds("arrived_at", "first_called_at", 0)
        ),
        Column("served_seconds", INTEGER, "at a counter, without parked time"),
    ),
    select_columns(
        _visit.id.label("visit"),
        _visit.day.label("date"),
        _visit.location,
        _visit.served_at.label("counter"),
        _visit.kind,
        _visit.state,
        _visit.outcome,
        _visit.products[(0, 0)].as_string().label("product"),
        func.json_array_length(_visit.products).label("products"),
        _visit.appointment,
        _visit.planned_at,
        _visit.arrived_at,
        _visit.first_called_at,
        _visit.started_at,
        _visit.finished_at,
        _visit.served_seconds,
    ),
    _visit.day,
    _visit.id,
)

_appointment: Any = Appointment
_of_it: Any = select(AppointmentProduct.product).where(AppointmentProduct.appointment == _appointment.id)
_persons: Any = select(func.sum(AppointmentProduct.persons)).where(AppointmentProduct.appointment == _appointment.id)
_came: Any = select(Visit.id).where(Visit.appointment == _appointment.id)
APPOINTMENTS = Fact(
    "fact_appointment",
    "One booked visit, also when nobody came",
    (
        Column("appointment", INTEGER, "number of the appointment"),
        Column("starts_at", INSTANT, ""),
        *_day("starts_at"),
        Column("ends_at", INSTANT, ""),
        Column("created_at", INSTANT, "when it was booked"),
        Column("lead_days", INTEGER, "calendar days from booking to the visit", DaysBetween("created_at", "starts_at")),
        Column("location", TEXT, "joins dim_location"),
        Column("product", TEXT, "the first; joins dim_product"),
        Column("persons", INTEGER, "of all products together"),
        Column("status", TEXT, "booked or cancelled"),
        Column("cancelled_at", INSTANT, ""),
        Column("booked_by_staff", INTEGER, "1: by an agent"),
        Column("came", INTEGER, "1: there is a visit"),
    ),
    select_columns(
        _appointment.id.label("appointment"),
        _appointment.starts_at,
        _appointment.ends_at,
        _appointment.created_at,
        _appointment.location,
        _of_it.order_by(col(AppointmentProduct.position))
        .limit(1)
        .correlate(Appointment)
        .scalar_subquery()
        .label("product"),
        _persons.correlate(Appointment).scalar_subquery().label("persons"),
        _appointment.status,
        _appointment.cancelled_at,
        _flag(_appointment.booked_by_staff).label("booked_by_staff"),
        _flag(_came.correlate(Appointment).exists()).label("came"),
    ),
    _appointment.starts_at,
    _appointment.id,
)

FACTS = (CALLS, CONTACTS, QUESTIONS, CALLBACKS, VISITS, APPOINTMENTS)
