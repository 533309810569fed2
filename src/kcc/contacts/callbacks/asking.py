"""Somebody is promised to be called back."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.bsn import bsn_like
from kcc.catalogue import queries as catalogue
from kcc.catalogue.refusals import unknown, unknown_field
from kcc.contacts.callbacks import promising, queries
from kcc.contacts.callbacks.models import Callback
from kcc.contacts.callbacks.promising import NotThen, Preferred
from kcc.contacts.callbacks.refusals import AlreadyPromised
from kcc.contacts.callbacks.rules import Rules
from kcc.contacts.callbacks.schemas import NewCallback
from kcc.contacts.callbacks.telling import Letter, tell
from kcc.contacts.log import references
from kcc.contacts.log.answering import answer
from kcc.contacts.log.finishing import to_change
from kcc.contacts.log.kinds import Outcome
from kcc.contacts.log.models import Question
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.reading import Reader
from kcc.contacts.log.references import ArticleTopics
from kcc.contacts.log.refusals import AlreadyFinished, refuse, suspected
from kcc.contacts.log.schemas import QuestionContent
from kcc.errors import FieldError, NotFound


async def ask(
    session: AsyncSession, new: NewCallback, reader: Reader, rules: Rules, article_topics: ArticleTopics, now: datetime
) -> Callback:
    """Promise it: the department is mailed, and whoever asked when there is an address; the question is closed so.

    Raises UnknownReference, InvalidInput, BsnSuspected, AlreadyFinished, and AlreadyPromised.
    """
    business = await rules.hours(session)
    problems = list(suspected(new.question, "/question", confirmed=new.bsn_confirmed_not))
    preferred = Preferred(new.preferred_at, new.preferred_until)
    try:
        promising.check(business, now, preferred)
    except NotThen as error:
        problems.append(FieldError("body", f"/{error.field}", "not-then", str(error)))
    if new.department and not await catalogue.departments_among(session, {new.department}):
        raise unknown([unknown_field("department", f"de afdeling {new.department} bestaat niet")])
    logged = await _contact(session, new, reader)
    department = new.department
    if logged and new.question_id is not None:
        question = _question(logged, new.question_id)
        problems += await _mark(session, logged, question, new, article_topics, now)
        department = new.department or question.department
    if department is None and not problems:
        problems.append(FieldError("body", "/department", "missing", "kies de afdeling die terugbelt"))
    refuse(problems)
    assert department is not None
    callback = Callback(
        contact=new.contact,
        question=new.question_id,
        department=department,
        text=new.question,
        bsn_confirmed_not=bool(bsn_like(new.question)),
        phone=new.phone,
        name=new.name,
        email=new.email,
        language=new.language,
        preferred_at=new.preferred_at,
        preferred_until=new.preferred_until,
        agent=reader.agent,
        asked_at=now,
        due_at=promising.due_at(business, now, rules.within, preferred),
    )
    await queries.add(session, callback)
    await tell(session, callback, Letter.ASKED, now)
    await tell(session, callback, Letter.PROMISED, now)
    return callback


async def _contact(session: AsyncSession, new: NewCallback, reader: Reader) -> Logged | None:
    if new.question_id is None and new.reached is not None:
        refuse([FieldError("body", "/reached", "no-question", "hoort bij een vraag: geef ook questionId")])
    if new.contact is None:
        if new.question_id is not None:
            refuse([FieldError("body", "/contact", "missing", "geef ook het contact waar deze vraag bij hoort")])
        return None
    try:
        return await to_change(session, new.contact, None, reader)
    except NotFound as error:
        raise unknown([unknown_field("contact", error.detail[:1].lower() + error.detail[1:])]) from None


def _question(logged: Logged, number: int) -> Question:
    for question in logged.questions:
        if question.id == number:
            return question
    raise unknown([unknown_field("questionId", f"vraag {number} hoort niet bij dit contact")])


async def _mark(
    session: AsyncSession,
    logged: Logged,
    question: Question,
    new: NewCallback,
    article_topics: ArticleTopics,
    now: datetime,
) -> list[FieldError]:
    """Give the question the outcome callback. Returns what is wrong; then the transaction must be broken off."""
    assert question.id is not None
    if await queries.open_about(session, question.id) is not None:
        raise AlreadyPromised("Over deze vraag is al een terugbelverzoek gemaakt.")
    if logged.contact.finished_at is not None:
        if question.outcome is Outcome.CALLBACK:
            return []
        raise AlreadyFinished("Dit contact is al afgerond, met een ander resultaat. Heropen het om het te wijzigen.")
    given: dict[str, object] = {"outcome": Outcome.CALLBACK}
    if "reached" in new.model_fields_set:
        given["reached"] = new.reached
    if new.department:
        given["department"] = new.department
    if new.topic and question.topic is None:
        given["topic"] = new.topic
    content = QuestionContent.model_validate(given)
    before = [question.topic] if question.topic else []
    known = await references.load(session, article_topics, [("", content)], more_topics=before)
    problems = await answer(session, logged, question, content, known, now, "")
    logged.contact.version += 1
    return problems
