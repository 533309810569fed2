"""SQL of the contact log; that of figures is in `figure_queries`."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.kinds import CallLink, Channel, Outcome, RequesterKind
from kcc.contacts.log.models import Contact, Question, QuestionArticle


@dataclass(slots=True)
class Logged:
    """A contact with its questions in order, and of each by its id the slugs that were opened, the oldest first."""

    contact: Contact
    questions: list[Question] = field(default_factory=list)
    articles: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def open_questions(self) -> list[Question]:
        """Those without an outcome."""
        return [question for question in self.questions if question.outcome is None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contacts: the one with a number, of an agent, begun from one moment up to, not at, another, and so on.

    About topics, by channel, for whom.
    """

    contact: int | None = None
    agent: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    topics: Collection[str] | None = None
    channel: Channel | None = None
    requester: RequesterKind | None = None
    requester_key: str | None = None
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """A question of the same requester in an earlier contact."""

    contact: int
    started_at: datetime
    channel: Channel
    topic: str | None
    outcome: Outcome | None
    same_topic: bool


async def logged(session: AsyncSession, contact: int, *, lock: bool = False) -> Logged | None:
    """A contact with its questions; locked until the end of the transaction when it is going to change."""
    query = select(Contact).where(Contact.id == contact)
    if lock:  # what was read before the lock may be old by now
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.exec(query)).first()
    return (await with_questions(session, [found]))[0] if found else None


async def with_questions(session: AsyncSession, contacts: Sequence[Contact]) -> list[Logged]:
    """These contacts, with their questions as they are now."""
    found = {contact.id: Logged(contact) for contact in contacts}
    asked = select(Question).where(col(Question.contact).in_(found)).order_by(col(Question.position))
    for question in (await session.exec(asked.execution_options(populate_existing=True))).all():
        found[question.contact].questions.append(question)
    articles = (
        select(QuestionArticle, Question.contact)
        .join(Question, col(Question.id) == QuestionArticle.question)
        .where(col(Question.contact).in_(found))
        .order_by(col(QuestionArticle.opened_at), QuestionArticle.slug)
    )
    for article, contact in (await session.exec(articles)).all():
        found[contact].articles[article.question].append(article.slug)
    return list(found.values())


async def of_call(session: AsyncSession, agent: str, call: int) -> Logged | None:
    """The contact that this agent began with a call; the first, of more."""
    query = select(Contact).where(Contact.agent == agent, Contact.call == call).order_by(col(Contact.id))
    found = (await session.exec(query)).first()
    return (await with_questions(session, [found]))[0] if found else None


async def add(session: AsyncSession, *rows: Contact | Question | QuestionArticle) -> None:
    """Insert these rows, which are not there yet."""
    session.add_all(rows)
    await session.flush()


async def remove(session: AsyncSession, question: Question) -> None:
    """Remove a question."""
    await session.delete(question)
    await session.flush()


def _conditions(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = []
    if wanted.contact is not None:
        conditions.append(Contact.id == wanted.contact)
    if wanted.agent is not None:
        conditions.append(Contact.agent == wanted.agent)
    if wanted.begin is not None:
        conditions.append(col(Contact.started_at) >= wanted.begin)
    if wanted.end is not None:
        conditions.append(col(Contact.started_at) < wanted.end)
    if wanted.channel is not None:
        conditions.append(Contact.channel == wanted.channel)
    if wanted.requester is not None:
        conditions.append(Contact.requester == wanted.requester)
    if wanted.requester_key is not None:
        conditions.append(Contact.requester_key == wanted.requester_key)
    if wanted.open_only:
        conditions.append(col(Contact.is_open).is_(True))
    if wanted.topics is not None:
        about = select(Question.contact).where(col(Question.topic).in_(wanted.topics))
        conditions.append(col(Contact.id).in_(about))
    return conditions


async def contacts(session: AsyncSession, wanted: Wanted, limit: int, offset: int) -> tuple[int, list[Logged]]:
    """How many there are, and a part of them, the newest first."""
    conditions = _conditions(wanted)
    count: Any = select_columns(func.count()).select_from(Contact).where(*conditions)
    total = int((await session.exec(count)).scalar_one())
    query = (
        select(Contact)
        .where(*conditions)
        .order_by(col(Contact.started_at).desc(), col(Contact.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return total, await with_questions(session, (await session.exec(query)).all())


async def earlier(
    session: AsyncSession, key: str, since: datetime, before: Contact
) -> Sequence[tuple[Contact, Question]]:
    """What a requester asked in contacts that began from a moment on and before this one, the newest first."""
    query = (
        select(Contact, Question)
        .join(Question, col(Question.contact) == Contact.id)
        .where(
            Contact.requester_key == key,
            col(Contact.started_at) >= since,
            col(Contact.started_at) <= before.started_at,
            Contact.id != before.id,
        )
        .order_by(col(Contact.started_at).desc(), col(Contact.id).desc(), col(Question.position))
        .limit(50)
    )
    return [(contact, question) for contact, question in (await session.exec(query)).all()]


async def known_requesters(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Which of these keys are of requesters who have contacts."""
    if not keys:
        return set()
    query = select(Contact.requester_key).where(col(Contact.requester_key).in_(keys)).distinct()
    return {key for key in (await session.exec(query)).all() if key}


async def look_for_calls_again(session: AsyncSession, agents: Collection[str], since: datetime) -> None:
    """The calls of contacts of these agents, that were not over at a moment, are to be found anew."""
    await session.exec(
        update(Contact)
        .where(
            col(Contact.agent).in_(agents),
            or_(col(Contact.finished_at).is_(None), col(Contact.finished_at) > since),
            col(Contact.call_link) != CallLink.TOLD,
        )
        .values(call_link=CallLink.LOOKING)
    )


async def let_go_of_calls(session: AsyncSession, calls: Collection[int]) -> None:
    """These calls turned out to be none: contacts look for another one."""
    await session.exec(
        update(Contact).where(col(Contact.call).in_(calls)).values(call=None, call_link=CallLink.LOOKING)
    )


async def ids_by_start(session: AsyncSession) -> dict[tuple[str, datetime], int]:
    """All contacts, by agent and beginning: for who just put in many at once."""
    found = await session.exec(select(Contact.agent, Contact.started_at, Contact.id))
    return {(agent, at): number for agent, at, number in found.all() if number is not None}


async def question_ids(session: AsyncSession) -> dict[tuple[int, int], int]:
    """All questions, by contact and place in it."""
    found = await session.exec(select(Question.contact, Question.position, Question.id))
    return {(contact, position): number for contact, position, number in found.all() if number is not None}
