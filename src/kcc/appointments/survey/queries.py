"""All SQL of the survey."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.survey.models import SurveyAnswer, SurveyChannel, SurveyCount, SurveyInvitation
from kcc.storage.turns import is_sqlite

ALL = ""  # the product under which everything is counted once


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as far as figures go."""

    channel: SurveyChannel
    location: str
    day: date
    products: frozenset[str]
    score: int


async def invitation(session: AsyncSession, key: str) -> SurveyInvitation | None:
    """The invitation with this key."""
    return await session.get(SurveyInvitation, key, populate_existing=True)


async def invite(session: AsyncSession, row: SurveyInvitation) -> None:
    """Keep an invitation, and count it."""
    session.add(row)
    await session.flush()
    await _count(session, row, invited=1)


async def withdraw(session: AsyncSession, row: SurveyInvitation) -> None:
    """The invitation reached nobody: as if it had not been."""
    await session.delete(row)
    await session.flush()
    await _count(session, row, invited=-1)


async def use(session: AsyncSession, row: SurveyInvitation) -> bool:
    """Mark an invitation as answered, and count that. False when it was already: of two at once, one gets True."""
    statement = (
        update(SurveyInvitation)
        .where(col(SurveyInvitation.key) == row.key, col(SurveyInvitation.answered).is_(False))
        .values(answered=True)
        .execution_options(synchronize_session=False)
    )
    done: Any = await session.exec(statement)
    if done.rowcount != 1:
        return False
    await _count(session, row, answered=1)
    return True


async def _count(session: AsyncSession, row: SurveyInvitation, *, invited: int = 0, answered: int = 0) -> None:
    """Add to the counts of an invitation's day, always in one order, so that two at once cannot lock each other out."""
    insert_into: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    of: Any = SurveyCount
    for product in sorted({ALL, *row.products}):
        added = insert_into(SurveyCount).values(
            location=row.location, day=row.day, product=product, invited=invited, answered=answered
        )
        changed = {"invited": of.invited + invited, "answered": of.answered + answered}
        await session.exec(added.on_conflict_do_update(index_elements=["location", "day", "product"], set_=changed))


async def keep_answer(session: AsyncSession, row: SurveyAnswer) -> None:
    """Keep an answer, unless one with its key is kept already."""
    insert_into: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    await session.exec(insert_into(SurveyAnswer).values(**row.model_dump()).on_conflict_do_nothing())


async def counts(
    session: AsyncSession, first: date, last: date, location: str | None, product: str | None
) -> Sequence[SurveyCount]:
    """How many were invited and answered about visits from the first day to the last, of one product or all."""
    query = select(SurveyCount).where(
        SurveyCount.day >= first, SurveyCount.day <= last, SurveyCount.product == (product or ALL)
    )
    if location is not None:
        query = query.where(SurveyCount.location == location)
    return (await session.exec(query)).all()


async def answers(session: AsyncSession, first: date, last: date, location: str | None) -> Sequence[Given]:
    """The answers about visits from the first day to the last, in no order."""
    of: Any = SurveyAnswer
    query: Any = select_columns(of.channel, of.location, of.day, of.products, of.score).where(
        of.day >= first, of.day <= last
    )
    if location is not None:
        query = query.where(of.location == location)
    return [
        Given(SurveyChannel(channel), place, day, frozenset(products), score)
        for channel, place, day, products, score in (await session.exec(query)).all()
    ]


async def remarks(
    session: AsyncSession, first: date, last: date, location: str | None, product: str | None
) -> Sequence[tuple[int, str]]:
    """(score, remark) by mail, worst first and then by the alphabet: their order tells nothing of who wrote them.

    About visits from the first day to the last, of one product or all. For reports to read; `answering.remarks`
    decides whether there are enough answers to show any.
    """
    of: Any = SurveyAnswer
    query: Any = select_columns(of.score, of.remark, of.products).where(
        of.channel == SurveyChannel.MAIL, of.day >= first, of.day <= last, of.remark != ""
    )
    if location is not None:
        query = query.where(of.location == location)
    found = (await session.exec(query.order_by(of.score, of.remark))).all()
    return [(score, remark) for score, remark, products in found if product is None or product in products]


async def purge(session: AsyncSession, invitations_before: date, remarks_before: date) -> None:
    """Remove invitations about visits before a day, and empty what was written about visits before another."""
    await session.exec(delete(SurveyInvitation).where(col(SurveyInvitation.day) < invitations_before))
    await session.exec(
        update(SurveyAnswer)
        .where(col(SurveyAnswer.day) < remarks_before, col(SurveyAnswer.remark) != "")
        .values(remark="")
    )
