"""Goes through the books of a database: what is booked against what is taken, and against the mail about it.

It reads rows and counts on its own; nothing of the booking code takes part but the tables.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from kcc.appointments.models import Appointment, AppointmentProduct, Hold, Location, OccupiedCell, TakenBlock
from kcc.storage.database import Database
from kcc.storage.idempotency import IdempotencyKey
from kcc.storage.outbox import OutboxEntry

CELL_SECONDS = 300
CELLS_IN_A_BLOCK = 60
# What is written in the transaction that it is about, besides the letter.
_LETTERS, _EARLIER = "appointment-letter", "earlier-place"


@dataclass(frozen=True)
class Books:
    """All rows that have to agree with each other, as of one moment."""

    appointments: Sequence[Appointment]
    products: Sequence[AppointmentProduct]
    holds: Sequence[Hold]
    travel: dict[str, int]
    cells: Sequence[OccupiedCell]
    blocks: Sequence[TakenBlock]
    letters: Sequence[OutboxEntry]
    freed: Sequence[OutboxEntry]
    keys: Sequence[IdempotencyKey]


async def books(database: Database) -> Books:
    """Read everything. Nobody should be booking meanwhile."""
    async with database.reading() as session:

        async def rows(query: Any) -> Any:
            return (await session.exec(query)).all()

        return Books(
            appointments=await rows(select(Appointment).order_by(col(Appointment.id))),
            products=await rows(select(AppointmentProduct)),
            holds=await rows(select(Hold)),
            travel=dict(await rows(select(Location.code, Location.travel_minutes))),
            cells=await rows(select(OccupiedCell).order_by(col(OccupiedCell.counter), col(OccupiedCell.cell))),
            blocks=await rows(select(TakenBlock)),
            letters=await rows(select(OutboxEntry).where(OutboxEntry.topic == _LETTERS)),
            freed=await rows(select(OutboxEntry).where(OutboxEntry.topic == _EARLIER)),
            keys=await rows(select(IdempotencyKey)),
        )


async def findings(database: Database) -> list[str]:
    """A sentence for everything that does not add up; none when all is well.

    Holds are expected to be live: others may have taken a part of one that has expired.
    """
    read = await books(database)
    checks = (_double, _cells, _blocks, _holds, _products, _letters, _freed, _keys)
    return [finding for check in checks for finding in check(read)]


def span(row: Appointment) -> range:
    """The cells of an appointment, travel included, from its own times."""
    travel = row.travel_minutes * 60
    return range(_cell(row.starts_at, -travel), -(-_seconds(row.ends_at, travel) // CELL_SECONDS))


def _cell(moment: datetime, more: int = 0) -> int:
    return _seconds(moment, more) // CELL_SECONDS


def _seconds(moment: datetime, more: int) -> int:
    return int(moment.timestamp()) + more


def _double(read: Books) -> Iterator[str]:
    """Two appointments at one counter at one time, whatever the cells say."""
    last: dict[str, Appointment] = {}
    for row in sorted(_booked(read), key=lambda row: span(row).start):
        before = last.get(row.counter)
        if before is not None and span(before).stop > span(row).start:
            yield f"{before.code} and {row.code} are both at {row.counter} at {row.starts_at}"
        if before is None or span(row).stop > span(before).stop:
            last[row.counter] = row


def _cells(read: Books) -> Iterator[str]:
    """A booked appointment has its cells at its counter and no others; a cancelled one has none that count."""
    taken: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for cell in read.cells:
        if cell.appointment is not None and not cell.released:
            taken[cell.appointment].append((cell.counter, cell.cell))
    for row in read.appointments:
        assert row.id is not None
        found = taken.pop(row.id, [])
        expected = [(row.counter, cell) for cell in span(row)] if row.status == "booked" else []
        if found != expected:
            yield f"{row.code} ({row.status}) should have {expected} but has {found}"
    for appointment, found in taken.items():
        yield f"{found} belong to appointment {appointment}, which is not there"


def _blocks(read: Books) -> Iterator[str]:
    """What availability is read from says the same as the cells."""
    masks = Tally({(row.counter, row.block): row.mask for row in read.blocks})
    bits: Tally[tuple[str, int]] = Tally()
    for cell in read.cells:
        if cell.until is None:
            bits[cell.counter, cell.cell // CELLS_IN_A_BLOCK] += 1 << cell.cell % CELLS_IN_A_BLOCK
    for key in masks.keys() | bits.keys():
        if masks[key] != bits[key]:
            yield f"block {key} says {masks[key]:b}, its cells {bits[key]:b}"


def _holds(read: Books) -> Iterator[str]:
    """A hold has one unbroken row of cells at its counter, which begins with the way there."""
    taken: dict[int, list[OccupiedCell]] = defaultdict(list)
    for cell in read.cells:
        if cell.hold is not None:
            taken[cell.hold].append(cell)
    for row in read.holds:
        assert row.id is not None
        found = taken.pop(row.id, [])
        first = _cell(row.starts_at, -60 * read.travel[row.location])
        if [cell.cell for cell in found] != list(range(first, first + len(found))) or not found:
            yield f"hold {row.id} from {first} has {[cell.cell for cell in found]}"
        if any(cell.counter != row.counter or cell.until != row.expires_at for cell in found):
            yield f"hold {row.id} has cells elsewhere, or until another moment"
    for hold in taken:
        yield f"cells belong to hold {hold}, which is not there"


def _products(read: Books) -> Iterator[str]:
    """An appointment is for something."""
    whole = {product.appointment for product in read.products}
    for row in read.appointments:
        if row.id not in whole:
            yield f"{row.code} is for nothing"


def expected_letters(row: Appointment) -> list[tuple[str, int]]:
    """The (letter, sequence) that what happened to an appointment has caused, reminders left out."""
    cancelled = row.status == "cancelled"
    changes = range(1, row.sequence + (0 if cancelled else 1))
    letters = [("confirmation", 0), *(("change", number) for number in changes)]
    return [*letters, ("cancellation", row.sequence)] if cancelled else letters


def _letters(read: Books) -> Iterator[str]:
    """One letter an event, and one reminder each time a start was promised."""
    written: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for entry in read.letters:
        written[entry.key].append((entry.payload["letter"], entry.payload["sequence"]))
    for row in read.appointments:
        found = written.pop(row.code, [])
        events = expected_letters(row) if row.email else []
        reminders = [("reminder", number) for letter, number in events if letter != "cancellation"]
        if Tally(found) != Tally([*events, *reminders]):
            yield f"{row.code} ({row.status}, {row.sequence} changes) has the letters {sorted(found)}"
    for code in written:
        yield f"there are letters about {code}, which is not there"


def _freed(read: Books) -> Iterator[str]:
    """Every place that was left is offered to whoever waits for one, once."""
    left = Tally(entry.key for entry in read.freed if entry.key.startswith("appointment:"))
    for row in read.appointments:
        if left.pop(f"appointment:{row.code}", 0) != row.sequence:
            yield f"{row.code} left a place {row.sequence} times, but that is not what was passed on"
    for key in left:
        yield f"a place was passed on by {key}, which is not there"


def _keys(read: Books) -> Iterator[str]:
    """What a key promises is there."""
    codes = {row.code for row in read.appointments}
    for key in read.keys:
        if not key.result.startswith("{") and key.result not in codes:
            yield f"a key promises {key.result!r}, which is not there"


def _booked(read: Books) -> list[Appointment]:
    return [row for row in read.appointments if row.status == "booked"]
