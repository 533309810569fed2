"""Events that an exchange tells by the API: each is judged by itself, so that one that is wrong stops no other."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.connectors.queue_log import EARLIEST, LATEST
from kcc.contacts.telephony import queries
from kcc.contacts.telephony.arrivals import Arrival, Told, arrival_of
from kcc.contacts.telephony.intake import take_in
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.models import CallSource
from kcc.contacts.telephony.schemas import OF_AGENTS, Accepted, Rejected, ToldEvent

OTHER_CONTENT = "dit id is al gebruikt voor een andere gebeurtenis; de eerste blijft staan"


async def tell(session: AsyncSession, source: CallSource, events: Sequence[Any], keys: Keys) -> Accepted:
    """Take in the events that can be. The same id with other content is rejected: the first stands."""
    assert source.id is not None
    rejected: list[Rejected] = []
    given: list[tuple[int, Arrival]] = []
    for index, event in enumerate(events):
        try:
            given.append((index, _arrival(event, keys)))
        except ValidationError as error:
            rejected.append(Rejected(index=index, detail=_problem(error)))
        except ValueError as error:
            rejected.append(Rejected(index=index, detail=str(error)))
    there: dict[str, Arrival] = {}
    if given:
        there = await queries.events_by_key(session, source.id, [arrival.key for _, arrival in given])
    fresh: list[Arrival] = []
    duplicates = 0
    for index, arrival in given:
        first = there.setdefault(arrival.key, arrival)
        if first is arrival:
            fresh.append(arrival)
        elif first == arrival:
            duplicates += 1
        else:
            rejected.append(Rejected(index=index, detail=OTHER_CONTENT))
    await take_in(session, source, [(arrival, arrival.step) for arrival in fresh])
    rejected.sort(key=lambda one: one.index)
    return Accepted(accepted=len(fresh), duplicates=duplicates, rejected=rejected)


def _arrival(event: Any, keys: Keys) -> Arrival:
    told = ToldEvent.model_validate(event, by_alias=True, by_name=False)
    if not EARLIEST <= told.at.timestamp() < LATEST:
        raise ValueError("at: kies een moment van 2000 tot 2100")
    if told.kind not in OF_AGENTS and not (told.call_id and told.queue):
        raise ValueError("callId en queue zijn nodig bij een gebeurtenis van een gesprek")
    return arrival_of(
        Told(
            id=told.id,
            call_id=told.call_id,
            queue=told.queue,
            kind=told.kind,
            at=told.at,
            agent=told.agent,
            extension=told.extension,
            caller=told.caller,
            target=told.target,
            reason=told.reason,
        ),
        keys,
    )


def _problem(error: ValidationError) -> str:
    """All that is wrong with one event, in one line."""
    found = []
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in item["loc"])
        found.append(f"{name}: {item['msg']}" if name else item["msg"])
    return "; ".join(found)[:500]
