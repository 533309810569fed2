"""Make, change and remove opening rules and closing days."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.models import ClosingDay, OpeningRule
from kcc.appointments.planning import queries
from kcc.appointments.planning.changes import Change, delete, refused, unknown_location
from kcc.appointments.planning.opening_schemas import ClosingContent, NewRule, RuleContent, clock_time, minutes
from kcc.catalogue.refusals import unknown
from kcc.errors import NotFound


async def create_rules(session: AsyncSession, change: Change, new: NewRule) -> str:
    """A rule for each of its weekdays, or one for its date; returns their ids with commas. Raises UnknownReference."""
    await _check_location(session, new.location)
    rows = [OpeningRule(**_rule(new), weekday=day) for day in new.days()]
    session.add_all(rows)
    await session.flush()
    return ",".join(str(row.id) for row in rows)


async def replace_rule(session: AsyncSession, change: Change, key: str, content: RuleContent) -> None:
    """Give a rule new content. Raises NotFound and UnknownReference."""
    row = await _rule_row(session, key)
    await _check_location(session, content.location)
    row.sqlmodel_update(_rule(content) | {"weekday": content.weekday})
    await session.flush()


async def remove_rule(session: AsyncSession, change: Change, key: str) -> None:
    """Remove a rule. Raises NotFound."""
    await delete(session, await _rule_row(session, key), "")


async def create_closing(session: AsyncSession, change: Change, new: ClosingContent) -> str:
    """A closing day; returns its id. Raises UnknownReference, and Conflict when it is closed already."""
    await _check_location(session, new.location)
    row = ClosingDay(**_closing(new))
    await _check_open(session, row)
    session.add(row)
    await session.flush()
    return str(row.id)


async def replace_closing(session: AsyncSession, change: Change, key: str, content: ClosingContent) -> None:
    """Give a closing day new content. Raises NotFound, UnknownReference, and Conflict when it is closed already."""
    row = await _closing_row(session, key)
    await _check_location(session, content.location)
    await _check_open(session, ClosingDay(**_closing(content)), instead_of=row.id)
    row.sqlmodel_update(_closing(content))
    await session.flush()


async def remove_closing(session: AsyncSession, change: Change, key: str) -> None:
    """Remove a closing day. Raises NotFound."""
    await delete(session, await _closing_row(session, key), "")


async def _check_open(session: AsyncSession, new: ClosingDay, instead_of: int | None = None) -> None:
    """Raises Conflict when another closing says the same.

    Two of one location (or two of all) may not overlap. Beside a closing of all locations one of them may close for
    longer, and beside that of one all may close.
    """
    for other in await queries.closings_on(session, new.day):
        if other.id == instead_of:
            continue
        overlap = other.opens_until < new.opens_again and new.opens_until < other.opens_again
        within = other.opens_until <= new.opens_until and new.opens_again <= other.opens_again
        if overlap if other.location == new.location else within and other.location is None:
            times = "" if within else f" van {clock_time(other.opens_until)} tot {clock_time(other.opens_again)} uur"
            where = "" if other.location == new.location else ", op alle locaties"
            detail = f"deze dag is al gesloten{times}{where}; wijzig die sluitingsdag als dat nodig is"
            raise refused("date", "taken", detail)


def _rule(content: NewRule | RuleContent) -> dict[str, Any]:
    values = content.model_dump(exclude={"date", "weekday", "weekdays"})
    return values | {
        "only_on": content.date,
        "opens": minutes(content.opens),
        "closes": minutes(content.closes),
        "breaks": [[minutes(item.begins), minutes(item.ends)] for item in content.breaks],
    }


def _closing(content: ClosingContent) -> dict[str, Any]:
    return {
        "location": content.location,
        "day": content.date,
        "reason": content.reason,
        "opens_until": minutes(content.begins),
        "opens_again": minutes(content.ends),
    }


async def _check_location(session: AsyncSession, location: str | None) -> None:
    problems = await unknown_location(session, location)
    if problems:
        raise unknown(problems)


async def _rule_row(session: AsyncSession, key: str) -> OpeningRule:
    row = await session.get(OpeningRule, int(key))
    if row is None:
        raise NotFound(f"Er is geen openingstijd {key}")
    return row


async def _closing_row(session: AsyncSession, key: str) -> ClosingDay:
    row = await session.get(ClosingDay, int(key))
    if row is None:
        raise NotFound(f"Er is geen sluitingsdag {key}")
    return row
