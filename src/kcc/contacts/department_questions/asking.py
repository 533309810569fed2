"""Ask a department, take its answer, and close the question."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.bsn import bsn_like
from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import Department
from kcc.catalogue.refusals import unknown, unknown_field
from kcc.contacts.department_questions import links, queries
from kcc.contacts.department_questions.models import DepartmentQuestion
from kcc.contacts.department_questions.schemas import NewAnswer, NewQuestion
from kcc.contacts.log.refusals import AlreadyClosed, refuse, suspected
from kcc.errors import Conflict, FieldError, Forbidden, NotFound
from kcc.storage import outbox

TOPIC = "department-question"
# The title and the department of each of these articles by its slug; one that is not there is left out.
ArticleFacts = Callable[[AsyncSession, Collection[str]], Awaitable[Mapping[str, tuple[str, str]]]]


class NoAddress(Conflict):
    """A department without an e-mail address cannot be asked."""

    kind = "no-address"
    title = "Geen e-mailadres"


class AlreadyAnswered(Conflict):
    """Somebody answered before, perhaps a colleague with the same link."""

    kind = "already-answered"
    title = "Al beantwoord"


async def ask(
    session: AsyncSession, new: NewQuestion, asker: Principal, facts: ArticleFacts, secret_key: str, now: datetime
) -> DepartmentQuestion:
    """Ask a department; the mail goes out once this is committed.

    Raises UnknownReference, NoAddress, and BsnSuspected.
    """
    department = await _department(session, new, facts)
    if not department.email:
        problem = FieldError("body", "/department", "no-address", "deze afdeling heeft nog geen e-mailadres")
        raise NoAddress(
            f"{department.name} heeft nog geen e-mailadres. Vraag een beheerder om het toe te voegen, of bel.",
            [problem],
        )
    refuse(list(suspected(new.question, "/question", confirmed=new.bsn_confirmed_not)))
    seed = links.new_seed()
    row = DepartmentQuestion(
        article=new.article,
        topic=None if new.article else (await catalogue.topic_merges(session)).get(new.topic or "", new.topic),
        department=department.code,
        question=new.question,
        asked_by=asker.key,
        asker=asker.name,
        asked_at=now,
        seed=seed,
        token_hash=links.token_hash(links.token(secret_key, seed)),
        bsn_confirmed_not=bool(bsn_like(new.question)),
    )
    await queries.add(session, row)
    await outbox.enqueue(session, TOPIC, str(row.id), now, ({}, now))
    return row


async def _department(session: AsyncSession, new: NewQuestion, facts: ArticleFacts) -> Department:
    """Whom to ask. Raises UnknownReference for all that is named and does not exist."""
    problems, own = [], None
    if new.article:
        known = (await facts(session, [new.article])).get(new.article)
        own = known[1] if known else None
        if known is None:
            problems.append(unknown_field("article", f"het artikel {new.article} bestaat niet"))
    else:
        code = new.topic or ""
        topic = await catalogue.topic(session, (await catalogue.topic_merges(session)).get(code, code))
        own = topic.department if topic else None
        if topic is None:
            problems.append(unknown_field("topic", f"het onderwerp {code} bestaat niet"))
    wanted = new.department or own
    found = await catalogue.department(session, wanted) if wanted else None
    if wanted and found is None:
        problems.append(unknown_field("department", f"de afdeling {wanted} bestaat niet"))
    if problems or found is None:
        raise unknown(problems)
    return found


async def answer(
    session: AsyncSession, row: DepartmentQuestion, given: NewAnswer, answered_by: str, now: datetime
) -> None:
    """Keep the department's answer; the very same once more changes nothing. `row` is locked.

    Raises AlreadyClosed, AlreadyAnswered and BsnSuspected.
    """
    if row.answer is not None and row.answer == given.answer:
        return
    if row.closed_at is not None:
        raise AlreadyClosed("Deze vraag is afgesloten. Een antwoord is niet meer nodig.")
    if row.answer is not None:
        raise AlreadyAnswered(f"{row.answered_by} heeft deze vraag al beantwoord")
    refuse(list(suspected(given.answer, "/answer", confirmed=given.bsn_confirmed_not, before=row.question)))
    row.answer, row.answered_by, row.answered_at = given.answer, answered_by, now
    row.bsn_confirmed_not = row.bsn_confirmed_not or bool(bsn_like(given.answer))
    await session.flush()


async def undelivered(session: AsyncSession, number: int, now: datetime) -> None:
    """The mail could not be delivered, if the question is still there."""
    row = await queries.question(session, number, lock=True)
    if row is not None:
        row.undelivered_at = now
        await session.flush()


async def see(session: AsyncSession, number: int, reader: Principal, now: datetime) -> None:
    """The asker has seen the answer. Raises NotFound for who did not ask it."""
    row = await locked(session, number)
    if row.asked_by != reader.key:
        raise NotFound("Deze vraag is er niet, of is van een ander")
    if row.answer is not None and row.seen_at is None:
        row.seen_at = now
        await session.flush()


async def close(session: AsyncSession, number: int, closer: Principal, now: datetime) -> DepartmentQuestion:
    """Nothing is to be done about it any more; twice is once. Raises NotFound, and Forbidden for who may not."""
    row = await locked(session, number)
    if not may_close(row, closer):
        raise Forbidden("Alleen wie de vraag stelde, een redacteur of een teamleider sluit hem af")
    if row.closed_at is None:
        row.closed_at, row.closed_by = now, closer.name
        if row.asked_by == closer.key and row.answer is not None and row.seen_at is None:
            row.seen_at = now
        await session.flush()
    return row


def may_close(row: DepartmentQuestion, closer: Principal) -> bool:
    """The asker, and who sees to articles or to the team."""
    return row.asked_by == closer.key or closer.may(Role.EDITOR, Role.TEAM_LEAD)


async def locked(session: AsyncSession, number: int) -> DepartmentQuestion:
    """A question that is going to change. Raises NotFound."""
    return found(await queries.question(session, number, lock=True))


def found(row: DepartmentQuestion | None) -> DepartmentQuestion:
    """The question. Raises NotFound when there is none."""
    if row is None:
        raise NotFound("Deze vraag is er niet (meer)")
    return row
