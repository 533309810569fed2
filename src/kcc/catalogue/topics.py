"""Topics and departments by name, for every capability that shows them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries
from kcc.catalogue.models import Department, Topic


async def topics(session: AsyncSession) -> Sequence[Topic]:
    """All topics, each group before its topics; none that became part of another."""
    return await queries.topics(session)


async def topics_by_code(session: AsyncSession) -> dict[str, Topic]:
    """All topics and groups by code, in the order of the catalogue."""
    return {topic.code: topic for topic in await queries.topics(session)}


async def departments(session: AsyncSession) -> Sequence[Department]:
    """All departments by name."""
    return await queries.departments(session)


async def department_names(session: AsyncSession) -> dict[str, str]:
    """The name of each department by code."""
    return {department.code: department.name for department in await queries.departments(session)}


async def merges(session: AsyncSession) -> dict[str, str]:
    """Of each topic that became part of another the code of that one."""
    return await queries.topic_merges(session)


def path_of(known: Mapping[str, Topic], code: str) -> list[str]:
    """The names of a topic's group and of the topic itself; the code when nobody knows it."""
    topic = known.get(code)
    if topic is None:
        return [code]
    group = known.get(topic.parent or "")
    return [group.name, topic.name] if group else [topic.name]


def told_apart(known: Mapping[str, Topic], codes: Collection[str]) -> dict[str, str]:
    """The name of each of these topics; with its group where two of them have the same name."""
    names = {code: known[code].name if code in known else code for code in codes}
    often = Counter(names.values())
    return {code: name if often[name] == 1 else " – ".join(path_of(known, code)) for code, name in names.items()}
