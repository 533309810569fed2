"""All SQL of questions to departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.department_questions.models import DepartmentQuestion
from kcc.contacts.department_questions.schemas import QuestionState


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions."""

    state: QuestionState | None = None
    article: str | None = None
    department: str | None = None
    asked_by: str | None = None


async def add(session: AsyncSession, row: DepartmentQuestion) -> None:
    """Insert a question that is not there yet."""
    session.add(row)
    await session.flush()


async def question(session: AsyncSession, number: int, *, lock: bool = False) -> DepartmentQuestion | None:
    """One question; locked until the end of the transaction when it is going to change."""
    return await _one(session, DepartmentQuestion.id == number, lock=lock)


async def by_token(session: AsyncSession, token_hash: str, *, lock: bool = False) -> DepartmentQuestion | None:
    """The question of a link."""
    return await _one(session, DepartmentQuestion.token_hash == token_hash, lock=lock)


async def _one(session: AsyncSession, condition: Any, *, lock: bool) -> DepartmentQuestion | None:
    query = select(DepartmentQuestion).where(condition)
    if lock:  # what was read before the lock may be old by now
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


def _in_state(state: QuestionState) -> list[Any]:
    closed, answered = col(DepartmentQuestion.closed_at), col(DepartmentQuestion.answered_at)
    if state is QuestionState.CLOSED:
        return [closed.is_not(None)]
    return [closed.is_(None), answered.is_(None) if state is QuestionState.WAITING else answered.is_not(None)]


async def page(
    session: AsyncSession, wanted: Wanted, limit: int, offset: int
) -> tuple[int, Sequence[DepartmentQuestion]]:
    """How many there are, and a part of them, the newest first."""
    conditions = _in_state(wanted.state) if wanted.state else []
    conditions += [
        getattr(DepartmentQuestion, name) == value
        for name in ("article", "department", "asked_by")
        if (value := getattr(wanted, name)) is not None
    ]
    count: Any = select_columns(func.count()).select_from(DepartmentQuestion).where(*conditions)
    total = int((await session.exec(count)).scalar_one())
    query = (
        select(DepartmentQuestion)
        .where(*conditions)
        .order_by(col(DepartmentQuestion.asked_at).desc(), col(DepartmentQuestion.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return total, (await session.exec(query)).all()


async def new_answers(session: AsyncSession, asked_by: str) -> int:
    """How many answers somebody got and did not see."""
    count: Any = (
        select_columns(func.count())
        .select_from(DepartmentQuestion)
        .where(
            col(DepartmentQuestion.asked_by) == asked_by,
            col(DepartmentQuestion.answered_at).is_not(None),
            col(DepartmentQuestion.seen_at).is_(None),
        )
    )
    return int((await session.exec(count)).scalar_one())


async def by_article(session: AsyncSession) -> list[tuple[str, int, int, datetime]]:
    """(slug, questions not dealt with, of which answered, the oldest one's moment), the article with most first."""
    number = func.count().label("number")
    oldest = func.min(DepartmentQuestion.asked_at)
    query: Any = (
        select_columns(
            DepartmentQuestion.article,  # type: ignore[call-overload]
            number,
            func.count(col(DepartmentQuestion.answered_at)),
            oldest,
        )
        .where(col(DepartmentQuestion.closed_at).is_(None), col(DepartmentQuestion.article).is_not(None))
        .group_by(DepartmentQuestion.article)
        .order_by(number.desc(), oldest)
    )
    return [(slug, total, answered, since) for slug, total, answered, since in (await session.exec(query)).all()]
