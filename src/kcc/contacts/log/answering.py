"""What is said of a question: its topic, the articles that were opened, the note, how it ended."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.bsn import bsn_like
from kcc.contacts.log import queries
from kcc.contacts.log.kinds import WITH_DEPARTMENT, Outcome
from kcc.contacts.log.models import Question, QuestionArticle
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.references import References
from kcc.contacts.log.refusals import suspected
from kcc.contacts.log.schemas import QuestionContent
from kcc.contacts.log.sources import source_of
from kcc.errors import FieldError


def untouched(question: Question, articles: Sequence[str]) -> bool:
    """Whether nothing was said of it yet."""
    return not (question.topic or question.outcome or question.note or question.department or articles)


async def further_question(session: AsyncSession, logged: Logged, now: datetime) -> Question:
    """The question that is open and of which nothing was said yet; a new one when there is none."""
    for question in logged.questions:
        if untouched(question, logged.articles[question.id or 0]):
            return question
    assert logged.contact.id is not None
    last = max((question.position for question in logged.questions), default=0)
    question = Question(contact=logged.contact.id, position=last + 1, asked_at=now)
    await queries.add(session, question)
    logged.questions.append(question)
    return question


async def use_articles(
    session: AsyncSession, logged: Logged, question: Question, slugs: Iterable[str], topic: str | None, now: datetime
) -> None:
    """Note that articles were opened while this question was open; it gets their `topic` when it has none."""
    assert question.id is not None
    opened = logged.articles[question.id]
    new = [slug for slug in dict.fromkeys(slugs) if slug not in opened]
    opened += new
    question.topic = question.topic or topic
    # A microsecond apart, so that they can be told in their order.
    moments = (now + timedelta(microseconds=number) for number in range(len(new)))
    rows = [
        QuestionArticle(question=question.id, slug=slug, opened_at=at) for slug, at in zip(new, moments, strict=True)
    ]
    await queries.add(session, *rows)


async def answer(
    session: AsyncSession,
    logged: Logged,
    question: Question,
    given: QuestionContent,
    known: References,
    now: datetime,
    where: str,
) -> list[FieldError]:
    """Put on a question what is given of it. Returns what is wrong; then the transaction must be broken off.

    `where` is the pointer to it in the body. An outcome closes the question, and null opens it again.
    """
    told = given.model_fields_set
    problems = list(_note(question, given, where)) if "note" in told else []
    if "topic" in told:
        question.topic = known.topic(given.topic) if given.topic else None
    if given.articles:
        topic = known.topic(known.articles[given.articles[0]])
        await use_articles(session, logged, question, given.articles, topic, now)
    if "department" in told:
        question.department = given.department
    if "asked_colleague" in told:
        question.colleague = given.asked_colleague
    question.searched = question.searched or given.searched
    if "outcome" in told:
        question.outcome = given.outcome
        question.closed_at = (question.closed_at or now) if given.outcome else None
    problems += _ending(question, given, known, where)
    if problems:
        if question in session:  # as it is now the database would not take it
            session.expunge(question)
        return problems
    _set_source(question, articles=bool(logged.articles[question.id or 0]))
    await session.flush()
    return []


def _note(question: Question, given: QuestionContent, where: str) -> Iterator[FieldError]:
    # A note that is written on, with a number that was asked about before, is not asked about again.
    before = question.note if question.bsn_confirmed_not else ""
    problems = list(suspected(given.note, f"{where}/note", confirmed=given.bsn_confirmed_not, before=before))
    if not problems:
        question.note, question.bsn_confirmed_not = given.note, bool(bsn_like(given.note))
    yield from problems


def _ending(question: Question, given: QuestionContent, known: References, where: str) -> Iterator[FieldError]:
    outcome = question.outcome
    if outcome not in (None, Outcome.DISCONNECTED) and question.topic is None:
        yield FieldError("body", f"{where}/topic", "missing", "kies een onderwerp, of open een artikel")
    elif outcome in WITH_DEPARTMENT and question.department is None:
        question.department = known.topics[known.topic(question.topic or "")]
    before = question.department_reached
    question.reached, question.tried = None, False
    if outcome is Outcome.TRANSFERRED:
        question.reached = next(one for one in (given.reached, before, True) if one is not None)
    elif outcome is Outcome.CALLBACK and given.reached is not True:
        # That nobody answered stays true when the department calls back instead.
        question.tried = (given.reached if "reached" in given.model_fields_set else before) is False
    elif given.reached is not None:
        detail = "hoort alleen bij transferred, en false ook bij callback"
        yield FieldError("body", f"{where}/reached", "no-transfer", detail)


def _set_source(question: Question, *, articles: bool) -> None:
    outcome = question.outcome
    question.source = (
        source_of(outcome, articles=articles, colleague=question.colleague, reached=question.reached)
        if outcome
        else None
    )
