"""What arrives from an exchange, ready to be kept: without the caller's number. Pure but for the key."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from kcc.connectors import queue_log
from kcc.connectors.queue_log import Garbage, LocalTime, QueueEvent, entered
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.steps import OF_CALLS, STARTED, Step, step_of, step_of_log, told_data

# What exchanges write where there is no call.
NO_CALL = frozenset({"", "NONE", "REALTIME", "MANAGER"})


class Arrival(NamedTuple):
    """An event as it is kept. `at_ms` in milliseconds since 1970."""

    key: str
    at_ms: int
    call_id: str
    queue: str
    agent: str
    kind: str
    data: str

    @property
    def starts_queues(self) -> bool:
        """Whether the exchange began anew: nobody waits in it any more."""
        return self.kind == STARTED

    @property
    def step(self) -> Step | None:
        """What it means for a call; None when for none."""
        if self.kind not in OF_CALLS or self.call_id in NO_CALL:
            return None
        return step_of(self.at_ms, self.agent, self.kind, self.data)


class Read(NamedTuple):
    """What lines held: events with their steps, and garbage."""

    events: list[tuple[Arrival, Step | None]]
    garbage: list[Garbage]


def read_log(lines: Iterable[str], first: int, keys: Keys, local_time: LocalTime | None = None) -> Read:
    """The events in these lines of a queue_log, the first of which has this number."""
    found = Read([], [])
    for item in queue_log.read(lines, first, local_time):
        if isinstance(item, Garbage):
            found.garbage.append(item)
            continue
        found.events.append(_from_log(*item, keys))
    return found


def _from_log(line: str, event: QueueEvent, keys: Keys) -> tuple[Arrival, Step | None]:
    at, call_id, queue, agent, kind, data, told = event
    if kind == "ENTERQUEUE":
        caller = keys.caller(told.caller)
        data, told = ["", caller, *data[2:3]], entered(told.position, caller)
    elif kind == "ATTENDEDTRANSFER":  # a target can be the caller's own channel, named by their number
        data = [*map(keys.without_numbers, data[:-3]), *data[-3:]]
        told = told._replace(target=keys.without_numbers(told.target))
    elif kind not in queue_log.KNOWN:
        data = [keys.without_numbers(field) for field in data]
    at_ms = at * 1000
    step = step_of_log(at_ms, agent, kind, told) if call_id not in NO_CALL else None
    return Arrival(keys.of_line(at, line), at_ms, call_id, queue, agent, kind, "|".join(data)), step


class Told(NamedTuple):
    """An event that is told in the names of the API; durations in seconds where they are known."""

    id: str
    call_id: str
    queue: str
    kind: str
    at: datetime
    agent: str = ""
    extension: str = ""
    caller: str = ""
    target: str = ""
    reason: str = ""
    seconds: dict[str, int] = {}  # noqa: RUF012  (never changed)


def arrival_of(told: Told, keys: Keys) -> Arrival:
    """The event as it is kept."""
    caller = keys.caller(told.caller) if told.caller else ""
    data = told_data(told.extension, caller, told.target, told.reason, **told.seconds)
    at_ms = int(told.at.timestamp() * 1000)
    return Arrival(keys.of_id(told.id), at_ms, told.call_id, told.queue, told.agent, told.kind, data)
