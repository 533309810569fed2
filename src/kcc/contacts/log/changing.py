"""A contact that is open changes: further questions, articles that are opened, who asks."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log import queries, references
from kcc.contacts.log.answering import answer, further_question, untouched
from kcc.contacts.log.finishing import to_change
from kcc.contacts.log.kinds import Outcome
from kcc.contacts.log.models import Question
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.reading import Reader
from kcc.contacts.log.references import ArticleTopics, CallbackStanding
from kcc.contacts.log.refusals import AlreadyFinished, CallbackStands, SomethingSaid, refuse
from kcc.contacts.log.requesters import put_requester
from kcc.contacts.log.schemas import ContactChange, QuestionChange
from kcc.errors import FieldError, InvalidInput


async def change(
    session: AsyncSession,
    contact: int,
    version: int | None,
    asked: ContactChange,
    reader: Reader,
    article_topics: ArticleTopics,
    callback_stands: CallbackStanding,
    secret_key: str,
    now: datetime,
) -> Logged:
    """Change version `version` of a contact; the newest one when it is None.

    Raises NotFound, EditedMeanwhile, AlreadyFinished, CallbackStands, UnknownReference, InvalidInput and BsnSuspected.
    """
    logged = await to_change(session, contact, version, reader)
    if logged.contact.finished_at is not None:
        raise AlreadyFinished("Dit contact is al afgerond. Heropen het om het te wijzigen.")
    told = asked.model_fields_set
    if "channel" in told and asked.channel is not None:
        logged.contact.channel = asked.channel
    if "case_number" in told:
        logged.contact.case_number = asked.case_number or None
    requesters = [("/requester", asked.requester)] if asked.requester else []
    known = await references.load(
        session,
        article_topics,
        [(f"/questions/{number}", item) for number, item in enumerate(asked.questions)],
        requesters,
        more_topics=[question.topic for question in logged.questions if question.topic],
    )
    if asked.requester:
        put_requester(logged.contact, asked.requester, secret_key)
    problems: list[FieldError] = []
    for number, item in enumerate(asked.questions):
        where = f"/questions/{number}"
        question = _question(logged, item, where) or await further_question(session, logged, now)
        await _check_promise(session, question, item, callback_stands)
        problems += await answer(session, logged, question, item, known, now, where)
    refuse(problems)
    logged.contact.version += 1
    await session.flush()
    return logged


async def remove_untouched(session: AsyncSession, logged: Logged, question: int | None) -> None:
    """Take back a question that was begun by mistake, of a locked contact with others. Raises SomethingSaid."""
    for one in logged.questions:
        if one.id == question and len(logged.questions) > 1 and untouched(one, logged.articles[one.id or 0]):
            logged.questions.remove(one)
            return await queries.remove(session, one)
    raise SomethingSaid(
        "Alleen een lege vraag naast een andere kan worden weggehaald. Haal eerst de notitie en het onderwerp weg, of "
        "kies hoe de vraag eindigde."
    )


async def _check_promise(
    session: AsyncSession, question: Question, item: QuestionChange, callback_stands: CallbackStanding
) -> None:
    changed = "outcome" in item.model_fields_set and item.outcome is not Outcome.CALLBACK
    if changed and question.outcome is Outcome.CALLBACK and await callback_stands(session, question.id or 0):
        raise CallbackStands(
            "Over deze vraag staat nog een terugbelverzoek open. Rond dat eerst af; daarna kunt u zeggen hoe de vraag "
            "eindigde."
        )


def _question(logged: Logged, item: QuestionChange, where: str) -> Question | None:
    """The question that is meant; None for a further one. Raises InvalidInput for one of another contact."""
    if item.id is None:
        return None
    for question in logged.questions:
        if question.id == item.id:
            return question
    problem = FieldError("body", f"{where}/id", "unknown", "is geen vraag van dit contact")
    raise InvalidInput(f"Vraag {item.id} hoort niet bij dit contact", [problem])
