"""Taking in events: each is kept once, and the calls that it is of are made anew from all there are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.connectors.queue_log import Garbage
from kcc.contacts.log import queries as log
from kcc.contacts.telephony import queries
from kcc.contacts.telephony.arrivals import Arrival
from kcc.contacts.telephony.calls import LOST_AFTER_MS, CallRecord, records
from kcc.contacts.telephony.keys import Keys, struck_out
from kcc.contacts.telephony.models import Call, CallSource
from kcc.contacts.telephony.rows import COLUMNS, columns_of, moment
from kcc.contacts.telephony.steps import Step

QUARTER_SECONDS = 900
Steps = list[tuple[str, Step]]


class TakenIn(NamedTuple):
    """How many events were new, and how many were here already."""

    new: int
    known: int


async def source_of(session: AsyncSession, code: str) -> CallSource:
    """The source with this code, made when it is not there; it is this transaction's turn to change it."""
    found = await queries.source(session, code, lock=True)
    if found is None:
        await queries.add_source(session, code)
        found = await queries.source(session, code, lock=True)
        assert found is not None
    return found


async def take_in(session: AsyncSession, source: CallSource, events: Iterable[tuple[Arrival, Step | None]]) -> TakenIn:
    """Keep the events that are not here yet, and bring calls in step with them.

    The order of events, and how they are spread over transactions, makes no difference in the end.
    `source` must be locked.
    """
    assert source.id is not None
    given = 0
    unique: dict[str, tuple[Arrival, Step | None]] = {}
    for event in events:
        given += 1
        unique[event[0].key] = event
    if not unique:
        return TakenIn(0, 0)
    known = await queries.known_keys(session, source.id, list(unique))
    fresh = [event for key, event in unique.items() if key not in known]
    if fresh:
        await _keep(session, source, fresh)
    return TakenIn(len(fresh), given - len(fresh))


async def _keep(session: AsyncSession, source: CallSource, fresh: Sequence[tuple[Arrival, Step | None]]) -> None:
    assert source.id is not None
    steps: dict[str, Steps] = {}
    names = await queries.renames(session)
    for arrival, step in fresh:
        if step is not None:
            steps.setdefault(arrival.call_id, []).append((names.get(arrival.queue, arrival.queue), step))
    older = await queries.known_call_ids(session, source.id, list(steps)) if steps else set()
    await queries.insert_events(session, source.id, (arrival for arrival, _ in fresh))
    source.newest_ms = max(source.newest_ms, *(arrival.at_ms for arrival, _ in fresh))
    starts = [arrival.at_ms for arrival, _ in fresh if arrival.starts_queues]
    source.started_ms = max([source.started_ms, *starts])
    session.add(source)
    if older:
        for call_id in older:
            steps[call_id] = []
        for arrival in await queries.events_of(session, source.id, older):
            kept = arrival.step
            if kept is not None:
                steps[arrival.call_id].append((names.get(arrival.queue, arrival.queue), kept))
    await _make_calls(session, source, steps, older)
    lost_up_to = source.newest_ms - LOST_AFTER_MS
    lost = await queries.close_lost(session, source.id, moment(source.started_ms), moment(lost_up_to))
    await queries.add_changes(session, {int(entered.timestamp()) // QUARTER_SECONDS for entered in lost})


async def _make_calls(session: AsyncSession, source: CallSource, steps: Mapping[str, Steps], older: set[str]) -> None:
    """Calls of call ids; of those in `older` there may be some already."""
    assert source.id is not None
    there: dict[str, list[Call]] = {}
    if older:
        for call in await queries.calls_of(session, source.id, older):
            there.setdefault(call.call_id, []).append(call)
    new: list[tuple[str, CallRecord]] = []
    gone: list[int] = []
    began = [int((call.answered_at or call.entered_at).timestamp() * 1000) for of in there.values() for call in of]
    changed = {int(call.entered_at.timestamp()) // QUARTER_SECONDS for of in there.values() for call in of}
    for call_id, of in steps.items():
        found = records(of, source.newest_ms, source.started_ms)
        began += [record.entered if record.answered is None else record.answered for record in found]
        changed.update(record.entered // (1000 * QUARTER_SECONDS) for record in found)
        if call_id not in there:
            new += [(call_id, record) for record in found]
            continue
        pairs, surplus = _paired(found, there[call_id])
        for record, kept in pairs:
            if kept is None:
                new.append((call_id, record))
            else:
                _change(kept, record)
        gone += surplus
    _touch(source, began)
    await queries.add_changes(session, changed)
    await session.flush()
    if gone:
        await log.let_go_of_calls(session, gone)
        await queries.delete_calls(session, gone)
    if new:
        new.sort(key=lambda one: one[1].entered)
        await queries.insert_calls(session, source.id, new)


def _touch(source: CallSource, began: Sequence[int]) -> None:
    """Calls changed that were answered, or entered, at these moments: contacts of that time look for theirs anew.

    A call counts for as long as one of which the end was lost can last; and so it cuts short another.
    """
    if began:
        first, last = min(began), max(began) + LOST_AFTER_MS
        source.touched_from_ms = min(first, first if source.touched_from_ms is None else source.touched_from_ms)
        source.touched_to_ms = max(last, source.touched_to_ms or 0)


def _paired(
    found: Sequence[CallRecord], there: Sequence[Call]
) -> tuple[list[tuple[CallRecord, Call | None]], list[int]]:
    """Each record with the call that it was before, so that a call keeps its id; and the ids of those that are left.

    The same queue and moment of entering are the same call; then, in order, the same queue.
    """
    left = list(there)
    pairs: dict[int, Call] = {}
    for exactly in (True, False):
        for number, record in enumerate(found):
            if number in pairs:
                continue
            entered = moment(record.entered)
            for call in left:
                if call.queue == record.queue and (not exactly or call.entered_at == entered):
                    pairs[number] = call
                    left.remove(call)
                    break
    return [(record, pairs.get(number)) for number, record in enumerate(found)], [
        call.id for call in left if call.id is not None
    ]


def _change(call: Call, record: CallRecord) -> None:
    for name, value in zip(COLUMNS, columns_of(record), strict=True):
        if getattr(call, name) != value:
            setattr(call, name, value)


async def keep_unread(
    session: AsyncSession, source: CallSource, file: str, garbage: Sequence[Garbage], keys: Keys
) -> None:
    """Keep lines that could not be read, for who wants to know later what was lost."""
    rows = [
        {
            "source": source.id,
            "key": keys.of_line(0, line),
            "file": file[-200:],
            "number": number,
            "line": struck_out(line.replace("\x00", "␀"))[:500],
            "problem": struck_out(problem)[:200],
        }
        for number, line, problem in garbage
    ]
    if rows:
        await queries.keep_unread(session, rows)
