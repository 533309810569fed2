"""What screens show of visits: what they are for, moments as on a clock, and the last calls."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.floor import Floor

LAST_CALLS = 5


def clock(moment: datetime | None, floor: Floor) -> str:
    """`9.05`, as on the clock of the location."""
    if moment is None:
        return "–"
    local = moment.astimezone(floor.plan.zone)
    return f"{local.hour}.{local.minute:02}"


def what_for(floor: Floor, products: Sequence[Sequence[str | int]]) -> str:
    """`Paspoort aanvragen, 2 personen`: what a visit is for, today's names."""
    parts = []
    for code, persons in products:
        product = floor.plan.products.get(str(code))
        terms = product.on(floor.day) if product else None
        name = terms.name if terms else str(code)
        parts.append(f"{name}, {persons} personen" if int(persons) > 1 else name)
    return " en ".join(parts)


async def calls(session: AsyncSession, floor: Floor) -> list[dict[str, object]]:
    """The last calls, the newest first: number, counter, and a mark that differs for each call. Nothing of people.

    `now`: whoever has this number is still to come to the counter.
    """
    names = {counter.code: counter.name for counter in floor.place.counters}
    return [
        {
            "number": visit.number,
            "counter": names.get(visit.served_at or "", visit.served_at or ""),
            "mark": f"{visit.id}-{visit.calls}-{visit.called_at.timestamp():.0f}",
            "now": visit.state is VisitState.CALLED,
        }
        for visit in await queries.last_calls(session, floor.location, floor.day, LAST_CALLS)
        if visit.called_at is not None
    ]
