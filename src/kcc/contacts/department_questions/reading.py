"""Questions to departments as people read them: what each is about, in which state, and which are new to somebody."""

from collections.abc import Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.contacts.department_questions import links, queries
from kcc.contacts.department_questions.asking import ArticleFacts, found
from kcc.contacts.department_questions.models import DepartmentQuestion
from kcc.contacts.department_questions.queries import Wanted
from kcc.contacts.department_questions.schemas import QuestionState
from kcc.errors import DomainError, NotFound

ASKING = frozenset({Role.AGENT, Role.COUNTER_CLERK, Role.EDITOR, Role.TEAM_LEAD, Role.ADMINISTRATOR})


def state_of(row: DepartmentQuestion) -> QuestionState:
    """Where a question is in its life."""
    if row.closed_at is not None:
        return QuestionState.CLOSED
    return QuestionState.WAITING if row.answer is None else QuestionState.ANSWERED


async def one(session: AsyncSession, number: int) -> DepartmentQuestion:
    """A question. Raises NotFound."""
    return found(await queries.question(session, number))


async def page(
    session: AsyncSession, wanted: Wanted, limit: int, offset: int
) -> tuple[int, Sequence[DepartmentQuestion]]:
    """How many questions there are, and a part of them, the newest first."""
    return await queries.page(session, wanted, limit, offset)


class LinkEnded(DomainError):
    """The link was good, but works for a number of days only."""

    status = 410
    kind = "link-ended"
    title = "Link verlopen"


async def by_link(session: AsyncSession, token: str, clock: Clock, *, lock: bool = False) -> DepartmentQuestion:
    """The question of a link; locked when it is going to change. Raises NotFound and LinkEnded."""
    row = await queries.by_token(session, links.token_hash(token), lock=lock)
    if row is None:
        raise NotFound("Deze link werkt niet (meer)")
    if clock.today() > link_works_until(row, clock):
        raise LinkEnded("Deze link is verlopen")
    return row


def link_works_until(row: DepartmentQuestion, clock: Clock) -> date:
    """The last day on which the department can answer by its link."""
    return links.last_day(clock.local_date(row.asked_at))


async def about(session: AsyncSession, rows: Sequence[DepartmentQuestion], facts: ArticleFacts) -> dict[int, str]:
    """Of each question by its number what it is about: the title of the article, or the name of the topic."""
    articles = await facts(session, {row.article for row in rows if row.article})
    topics = await catalogue.topics_among(session, {row.topic for row in rows if row.topic})
    names = {topic.code: topic.name for topic in topics}
    return {
        row.id or 0: articles.get(row.article, (row.article, ""))[0] if row.article else names.get(row.topic or "", "")
        for row in rows
    }


async def new_answers(session: AsyncSession, principal: Principal) -> int:
    """How many answers somebody got and did not see."""
    return await queries.new_answers(session, principal.key) if principal.roles & ASKING else 0
