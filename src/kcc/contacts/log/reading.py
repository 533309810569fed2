"""Who sees which contacts: agents their own, team leads all. And what the same requester asked before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.contacts.log import figure_queries, queries
from kcc.contacts.log.queries import Earlier, Logged, Wanted
from kcc.contacts.log.sources import Reachability, reachability
from kcc.errors import Forbidden, NotFound

ALL = 1000


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: an agent by the name they sign in with, and whether they see everybody's contacts."""

    agent: str
    sees_all: bool = False


async def visible(session: AsyncSession, contact: int, reader: Reader, *, lock: bool = False) -> Logged:
    """A contact that this reader may see; locked when it is going to change. Raises NotFound."""
    found = await queries.logged(session, contact, lock=lock)
    if found is None or not (reader.sees_all or found.contact.agent == reader.agent):
        raise NotFound("Dit contact is er niet, of het is van een ander")
    return found


async def page(
    session: AsyncSession, wanted: Wanted, reader: Reader, limit: int, offset: int
) -> tuple[int, list[Logged]]:
    """How many contacts there are that this reader may see, and a part of them, the newest first. Raises Forbidden."""
    if not reader.sees_all:
        if wanted.agent not in (None, reader.agent):
            raise Forbidden("U ziet alleen de contacten die u zelf registreerde")
        wanted = replace(wanted, agent=reader.agent)
    return await queries.contacts(session, wanted, limit, offset)


async def own_open(session: AsyncSession, agent: str) -> list[Logged]:
    """The contacts that an agent has open, the oldest first: what stands at their desk."""
    _, found = await queries.contacts(session, Wanted(agent=agent, open_only=True), ALL, 0)
    return found[::-1]


async def of_call(session: AsyncSession, reader: Reader, call: int) -> Logged | None:
    """The contact that this agent began with a call; the first, of more."""
    return await queries.of_call(session, reader.agent, call)


async def own(session: AsyncSession, reader: Reader, contact: int, *, lock: bool = False) -> Logged | None:
    """A contact of this agent's own, locked when it is going to change; None when it is nobody's or another's."""
    found = await queries.logged(session, contact, lock=lock)
    return found if found and found.contact.agent == reader.agent else None


async def about(session: AsyncSession, code: str) -> set[str]:
    """The codes under which questions about a topic or group were logged. Raises NotFound.

    Its own, those of the topics within it, and of what became part of any of them.
    """
    merges = await catalogue.topic_merges(session)
    target = merges.get(code, code)
    rows = await catalogue.topics(session)
    if all(row.code != target for row in rows):
        raise NotFound(f"Onderwerp {code} bestaat niet")
    within = {target, *(row.code for row in rows if row.parent == target)}
    return within | {merged for merged, into in merges.items() if into in within}


async def earlier(session: AsyncSession, logged: Logged, days: int) -> Sequence[Earlier]:
    """What the same requester asked in the days before this contact, the newest first; nothing of an unknown one.

    It is the same topic when this contact has a question about it too.
    """
    contact = logged.contact
    if contact.requester_key is None:
        return []
    merges = await catalogue.topic_merges(session)
    topics = {merges.get(question.topic, question.topic) for question in logged.questions if question.topic}
    since: datetime = contact.started_at - timedelta(days=days)
    found = []
    for before, question in await queries.earlier(session, contact.requester_key, since, contact):
        assert before.id is not None
        topic = question.topic and merges.get(question.topic, question.topic)
        found.append(
            Earlier(before.id, before.started_at, before.channel, topic, question.outcome, same_topic=topic in topics)
        )
    return found


async def reachable(session: AsyncSession, begin: datetime, end: datetime) -> list[Reachability]:
    """How often each department was reached in contacts that began from one moment up to, not at, another."""
    return reachability(await figure_queries.department_sources(session, begin, end))
