"""A call as its row in the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from kcc.contacts.telephony.calls import CallRecord

TRANSFERRED_TO_MAX = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# In the order of CallRecord.
COLUMNS: Final = (
    *("queue", "entered_at", "answered_at", "ended_at", "wrapped_up_at", "wait_seconds", "talk_seconds", "ring_ms"),
    *("agent", "outcome", "reason", "transferred_to", "position", "caller"),
)


def moment(milliseconds: int) -> datetime:
    """Milliseconds since 1970 as an instant."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


@lru_cache(4096)
def _minute(minutes: int) -> str:
    return moment(minutes * 60_000).isoformat(" ")[:17]


def as_sqlite_keeps(milliseconds: int) -> str:
    """The instant in UTC as SQLAlchemy writes it there: `2026-11-24 08:00:00.000000`, in a tenth of its time."""
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{_minute(minutes)}{rest // 1000:02}.{rest % 1000:03}000"


def columns_of(record: CallRecord, as_kept: Callable[[int], Any] = moment) -> tuple[Any, ...]:
    """The values of COLUMNS, the moments among them made by `as_kept`."""
    queue, entered, answered, ended, wrapped_up, wait, talk, ring, agent, outcome, reason, to, position, caller = record
    return (
        queue,
        as_kept(entered),
        None if answered is None else as_kept(answered),
        None if ended is None else as_kept(ended),
        None if wrapped_up is None else as_kept(wrapped_up),
        wait,
        talk,
        ring,
        agent,
        outcome,
        reason,
        None if to is None else to[:TRANSFERRED_TO_MAX],
        position,
        caller,
    )
