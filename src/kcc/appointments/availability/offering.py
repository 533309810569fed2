"""Which starts are offered, and whether one that is asked for can be had. Pure: given the plan and what is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kcc.appointments.availability.cells import cell_at, instant, is_aligned
from kcc.appointments.availability.opening import Opening
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.starts import block, positions, starts, unusable_gap
from kcc.appointments.availability.visit import Visit
from kcc.errors import DomainError, FieldError, InvalidInput

# Of each counter the cells that are taken: bit 0 is the first cell of the time asked for.
Taken = Mapping[str, int]


class SlotTaken(DomainError):
    """A start that is well formed but not to be had."""

    status = 409
    kind = "slot-taken"
    title = "Deze tijd is niet vrij"


@dataclass(frozen=True, slots=True)
class Asker:
    """From when and for whom: staff see what is kept for them and need no notice."""

    now: datetime
    today: date
    staff: bool


def offered(plan: Plan, visit: Visit, asker: Asker, chosen: Sequence[date], taken: Taken, base: int) -> list[int]:
    """The cells at which the visit can start on these local days, in order. `base` is the cell of bit 0 of `taken`.

    Not before the notice of its products, nor past their horizon.
    """
    last_day = asker.today + visit.horizon
    rows: dict[str, int] = {counter.code: 0 for counter in visit.place.counters if counter.serves(visit.codes)}
    stretches: list[tuple[int, int]] = []
    within = 0
    for day in chosen:
        if day > last_day:
            continue
        opened = plan.opening(visit.place, day)
        shift = opened.first_cell - base
        for code, row in (opened.staff_rows if asker.staff else opened.rows).items():
            if code in rows:
                rows[code] |= row << shift
        of_day = [(first + shift, end + shift) for first, end in _stretches(opened, asker)]
        stretches += of_day
        if of_day:
            # A visit does not go on past midnight, even if the next day opens then.
            begins, ends = min(first for first, _ in of_day), max(end for _, end in of_day)
            within |= block(begins + visit.travel, ends - visit.cells - visit.travel + 1)
    bits = within & starts(
        (row & ~taken.get(code, 0) for code, row in rows.items()),
        stretches,
        cells=visit.cells,
        step=visit.step,
        travel=visit.travel,
    )
    too_soon = max(0, _earliest(visit, asker) - base)
    return [base + bit for bit in positions(bits >> too_soon << too_soon)]


def _stretches(opened: Opening, asker: Asker) -> tuple[tuple[int, int], ...]:
    # Staff are offered what residents are, and the starts counted from hours that only staff see.
    return (*opened.stretches, *opened.staff_stretches) if asker.staff else opened.stretches


def _earliest(visit: Visit, asker: Asker) -> int:
    """The first cell that may be booked."""
    moment = asker.now if asker.staff else asker.now + visit.notice
    cell = cell_at(moment)
    return cell if instant(cell) >= moment else cell + 1


def check_start(plan: Plan, visit: Visit, asker: Asker, starts_at: datetime, day: date) -> int:
    """The cell of a start on a local day, when it is one at which this visit could ever begin.

    Raises InvalidInput for a start in the past, off the 5-minute cells or off the step; SlotTaken before the
    notice, past the horizon, and when the location is closed.
    """
    if not is_aligned(starts_at):
        raise _never("unaligned", "Een afspraak begint op een veelvoud van 5 minuten")
    if starts_at < asker.now:
        raise _never("past", "Deze tijd is al voorbij. Kies een tijd die nog komt.")
    cell = cell_at(starts_at)
    if cell < _earliest(visit, asker):
        raise SlotTaken("Deze tijd is te kort dag voor deze afspraak. Kies een latere tijd.")
    if day > asker.today + visit.horizon:
        raise SlotTaken("Zo ver vooruit kunt u deze afspraak nog niet maken. Kies een eerdere dag.")
    opened = plan.opening(visit.place, day)
    bit = cell - opened.first_cell
    around = [(first, end) for first, end in _stretches(opened, asker) if first <= bit < end]
    if not around:
        raise SlotTaken("De locatie is dan niet open. Kies een andere tijd.")
    if all((bit - first) % visit.step for first, _ in around):
        raise _never("off-step", f"Deze afspraak begint om de {visit.step * 5} minuten. Kies een tijd uit de lijst.")
    return cell


def counters_for(plan: Plan, visit: Visit, asker: Asker, day: date, cell: int, taken: Taken) -> list[str]:
    """The counters where the visit can start at this cell, best first: those that leave the smallest unusable gap.

    A gap is of no use when it is shorter than the visit's step. Bit 0 of `taken` is the first cell of the day.
    """
    opened = plan.opening(visit.place, day)
    rows = opened.staff_rows if asker.staff else opened.rows
    first = cell - opened.first_cell - visit.travel
    end = first + visit.cells + 2 * visit.travel
    found = []
    for counter in visit.place.counters:
        free = rows.get(counter.code, 0) & ~taken.get(counter.code, 0)
        if first >= 0 and counter.serves(visit.codes) and free & block(first, end) == block(first, end):
            found.append((unusable_gap(free, first, end, visit.step), counter.code))
    return [code for _, code in sorted(found, key=lambda item: item[0])]


def _never(code: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, [FieldError("body", "/startsAt", code, detail)])
