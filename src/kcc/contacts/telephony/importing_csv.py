"""Importing a CSV: a row is a call, some hundred a transaction."""

from collections.abc import Callable, Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from kcc.connectors.queue_log import Garbage
from kcc.contacts.telephony.arrivals import Read
from kcc.contacts.telephony.calls import CallRecord, records
from kcc.contacts.telephony.csv_rows import CallRow, rows
from kcc.contacts.telephony.importing import Imported, Refusal, store
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.local_times import LocalTimes
from kcc.contacts.telephony.mapping import Mapping
from kcc.storage.database import Database

AT_ONCE = 1000
Show = Callable[[int, CallRecord], None]


async def import_csv(
    database: Database | None,
    code: str,
    path: Path,
    mapping: Mapping,
    times: LocalTimes,
    keys: Keys,
    refuse: Refusal,
    tell: Callable[[int, int], None],
    show: Show,
) -> Imported:
    """Import a CSV into the source with this code; with no database nothing is kept.

    `show` is given each row's line number and its call as it is read. Raises UnusableMapping.
    """
    done = Imported()
    size = path.stat().st_size
    with path.open("rb") as buffer, TextIOWrapper(buffer, mapping.encoding, "replace", newline="") as file:
        found = rows(file, mapping, times, keys)
        while some := list(islice(found, AT_ONCE)):
            read = _read(some, show)
            for garbage in read.garbage:
                refuse(*garbage)
            done.count(read)
            if database is not None:
                taken = await store(database, code, path.name, read, keys)
                done.new += taken.new
                done.known += taken.known
            else:
                done.new += len(read.events)
            tell(min(buffer.tell(), size), size)
    return done


def _read(some: list[CallRow | Garbage], show: Show) -> Read:
    read = Read([], [])
    for row in some:
        if isinstance(row, Garbage):
            read.garbage.append(row)
            continue
        events = [(event, event.step) for event in row.events]
        for record in _calls(row):
            show(row.number, record)
        read.events.extend(events)
    return read


def _calls(row: CallRow) -> Iterator[CallRecord]:
    steps = [(event.queue, step) for event in row.events if (step := event.step) is not None]
    yield from records(steps, max(event.at_ms for event in row.events), 0)
