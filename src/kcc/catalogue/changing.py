"""Make, change and remove topics and departments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries
from kcc.catalogue.models import Department, Topic, TopicMerge
from kcc.catalogue.refusals import InUse, taken, unknown, unknown_field
from kcc.catalogue.schemas import DepartmentContent, NewDepartment, NewTopic, TopicContent
from kcc.errors import Conflict, FieldError, NotFound
from kcc.storage import outbox

Row = TypeVar("Row", Topic, Department)


@dataclass
class Moved:
    """What a change means for what is about a topic: in another group, or with another department."""

    topic: Topic
    regrouped: set[str] = field(default_factory=set)
    reassigned: dict[str, str] = field(default_factory=dict)


async def create_topic(session: AsyncSession, new: NewTopic) -> Topic:
    """A new topic or group. Raises Conflict when the code is taken, and UnknownReference."""
    if any(topic.code == new.code for topic in await queries.topics(session, merged=True)):
        raise taken(new.code)
    topics = await _topics(session)
    await _check(session, new, new.code, topics)
    last = max((topic.position for topic in topics.values()), default=0)
    position = last + 1 if new.position is None else new.position
    topic = Topic(**new.model_dump(exclude={"position"}), position=position)
    await queries.add(session, [topic])
    return topic


async def replace_topic(session: AsyncSession, code: str, content: TopicContent) -> Moved:
    """Give a topic or group new content. Raises NotFound, UnknownReference, and Conflict for a group in a group."""
    await outbox.take_turn(session)  # articles follow: what was read of them must still hold
    topics = await _topics(session)
    topic = _found(topics.get(code), "onderwerp", code)
    await _check(session, content, code, topics)
    moved = Moved(topic)
    if topic.parent != content.parent:
        moved.regrouped.add(code)
    if topic.department != content.department:
        moved.reassigned[code] = content.department
    for name, value in content.model_dump(exclude={"position"}).items():
        setattr(topic, name, value)
    topic.position = topic.position if content.position is None else content.position
    await session.flush()
    return moved


async def remove_topic(session: AsyncSession, code: str) -> None:
    """Remove a topic or an empty group. Raises NotFound, and InUse while something is about it."""
    topics = await _topics(session)
    topic = _found(topics.get(code), "onderwerp", code)
    if any(other.parent == code for other in topics.values()):
        raise InUse(f"{topic.name} heeft nog onderwerpen onder zich. Verplaats of verwijder die eerst.")
    await _remove(
        session,
        topic,
        f"Er horen nog artikelen bij {topic.name}, of er is over gebeld of geschreven. Geef de artikelen eerst een "
        "ander onderwerp, of voeg het samen met een ander onderwerp.",
    )


async def merge_topic(session: AsyncSession, code: str, target: str, by: str, now: datetime) -> Topic:
    """Make a topic, or a group without topics, part of another: history counts as about that one from then on.

    What was logged keeps its own code, so that a merge rewrites nothing. Articles follow by the state's `follow_merge`.
    Returns the other. Raises NotFound, UnknownReference, Conflict for the topic itself and for a topic into a group,
    and InUse for a group with topics.
    """
    await outbox.take_turn(session)  # articles follow: what was read of them must still hold
    topics = await _topics(session)
    topic = _found(topics.get(code), "onderwerp", code)
    other = topics.get(target)
    if other is None:
        raise unknown([unknown_field("target", f"het onderwerp {target} bestaat niet")])
    if target == code:
        problem = FieldError("body", "/target", "same", "kies een ander onderwerp")
        raise Conflict("Een onderwerp kan niet in zichzelf opgaan", [problem])
    if any(item.parent == code for item in topics.values()):
        raise InUse(f"{topic.name} heeft nog onderwerpen onder zich. Verplaats of verwijder die eerst.")
    if topic.parent is not None and other.parent is None:
        detail = f"{other.name} is een groep; kies een onderwerp, of verplaats {topic.name} naar die groep"
        raise Conflict(detail, [FieldError("body", "/target", "group", detail)])
    await queries.merge_topic(session, TopicMerge(topic=code, target=target, merged_at=now, merged_by=by))
    return other


async def create_department(session: AsyncSession, new: NewDepartment) -> Department:
    """A new department. Raises Conflict when the code is taken."""
    if await queries.department(session, new.code) is not None:
        raise taken(new.code)
    department = Department(**new.model_dump())
    await queries.add(session, [department])
    return department


async def replace_department(session: AsyncSession, code: str, content: DepartmentContent) -> Department:
    """Give a department another name and other mailboxes. Raises NotFound."""
    row = await department(session, code)
    for name, value in content.model_dump().items():
        setattr(row, name, value)
    await session.flush()
    return row


async def department(session: AsyncSession, code: str) -> Department:
    """A department with its mailboxes. Raises NotFound."""
    return _found(await queries.department(session, code), "vakafdeling", code)


async def remove_department(session: AsyncSession, code: str) -> None:
    """Remove a department. Raises NotFound, and InUse while topics, articles or callbacks name it."""
    row = await department(session, code)
    named = f"Er horen nog onderwerpen, artikelen of terugbelverzoeken bij {row.name}. Geef die eerst een andere."
    await _remove(session, row, named)


async def _topics(session: AsyncSession) -> dict[str, Topic]:
    return {topic.code: topic for topic in await queries.topics(session)}


async def _check(session: AsyncSession, content: TopicContent, code: str, topics: Mapping[str, Topic]) -> None:
    problems = []
    if content.parent is not None and content.parent not in topics:
        problems.append(unknown_field("parent", f"de groep {content.parent} bestaat niet"))
    if await queries.department(session, content.department) is None:
        problems.append(unknown_field("department", f"de vakafdeling {content.department} bestaat niet"))
    if problems:
        raise unknown(problems)
    if content.parent is None:
        return
    if topics[content.parent].parent is not None or content.parent == code:
        raise _no_group(f"{content.parent} is zelf een onderwerp en geen groep; kies een groep")
    if any(topic.parent == code for topic in topics.values()):
        raise _no_group(f"{code} is een groep met onderwerpen; die kan niet in een andere groep")


def _no_group(detail: str) -> Conflict:
    return Conflict(detail, [FieldError("body", "/parent", "no-group", detail)])


def _found(row: Row | None, noun: str, code: str) -> Row:
    if row is None:
        raise NotFound(f"Er is geen {noun} {code}")
    return row


async def _remove(session: AsyncSession, row: Topic | Department, when_in_use: str) -> None:
    # Others refer to it by foreign keys that the catalogue does not know of: the database says whether any does.
    try:
        async with session.begin_nested():
            await session.delete(row)
    except IntegrityError:
        raise InUse(when_in_use) from None
