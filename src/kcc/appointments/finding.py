"""Finds free starts: one query for what is taken, the rest is arithmetic on the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import cell_queries
from kcc.appointments.availability.cells import CELLS_A_DAY
from kcc.appointments.availability.offering import Asker, offered
from kcc.appointments.availability.plan import Place, Plan, days
from kcc.appointments.availability.visit import Asked, Visit, visit
from kcc.appointments.occupying import LONGEST_DAY
from kcc.appointments.policy import Policy
from kcc.errors import InvalidInput

# How far `first_free` looks at once.
WINDOW = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Free:
    """How long the visit takes, in minutes, and of each local day the cells at which it can start."""

    minutes: int
    days: list[tuple[date, list[int]]]


async def free(
    session: AsyncSession,
    plan: Plan,
    policy: Policy,
    asker: Asker,
    place: Place,
    asked: Asked,
    first: date,
    last: date,
    *,
    own: int | None = None,
    where: str = "body",
) -> Free:
    """The free starts on the local days from first to last. `own` is an appointment that may move.

    A product's terms are those of the day; on days when one is not offered there are no starts.
    Raises InvalidInput as `visit` does, when the visit is impossible on every one of the days.
    """
    parts = list(_parts(plan, policy, asker, place, asked, days(first, last), where))
    base = plan.opening(place, first).first_cell
    end = base + (last - first).days * CELLS_A_DAY + LONGEST_DAY
    counters = [counter.code for counter in place.counters]
    taken = await cell_queries.taken(session, counters, base, end, asker.now, staff=asker.staff, own=own)
    found: dict[date, list[int]] = {day: [] for day in days(first, last)}
    for part, chosen in parts:
        openings = [(plan.opening(place, day).first_cell, day) for day in chosen]
        number = 0
        for cell in offered(plan, part, asker, chosen, taken, base):
            while number + 1 < len(openings) and cell >= openings[number + 1][0]:
                number += 1
            found[openings[number][1]].append(cell)
    return Free(parts[0][0].minutes, list(found.items()))


async def first_free(
    session: AsyncSession, plan: Plan, policy: Policy, asker: Asker, place: Place, asked: Asked
) -> int | None:
    """The first cell at which the visit can start, up to the horizon of its products; None when all is full."""
    day = asker.today
    furthest = max((terms.horizon_days for code, _ in asked if (terms := plan.products[code].on(day))), default=0)
    last = day + timedelta(days=furthest)
    while day <= last:
        until = min(day + WINDOW, last)
        try:
            found = await free(session, plan, policy, asker, place, asked, day, until)
        except InvalidInput:
            return None
        if start := next((cells[0] for _, cells in found.days if cells), None):
            return start
        day = until + timedelta(days=1)
    return None


def _parts(
    plan: Plan, policy: Policy, asker: Asker, place: Place, asked: Asked, chosen: Sequence[date], where: str
) -> Iterator[tuple[Visit, list[date]]]:
    """The days in groups that share the terms of all products, each with the visit as it is then."""

    def terms(day: date) -> list[object]:
        return [product and product.on(day) for product in (plan.products.get(code) for code, _ in asked)]

    refused: InvalidInput | None = None
    possible = False
    for _, group in groupby(chosen, terms):
        of_group = list(group)
        try:
            found = visit(
                plan, place, asked, of_group[0], staff=asker.staff, max_products=policy.max_products, where=where
            )
        except InvalidInput as error:
            refused = error
            continue
        possible = True
        yield found, of_group
    if refused is not None and not possible:
        raise refused
