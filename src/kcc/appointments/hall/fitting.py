"""Which counter, with the clerk who has it open, can help whom."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.queueing import Fits, Waiting


@dataclass(frozen=True, slots=True)
class OpenCounters:
    """The counters of a hall that are open; `able` are the only products that a counter's clerk helps with."""

    floor: Floor
    able: dict[str, frozenset[str]]

    def can(self, counter: str, one: Waiting) -> bool:
        """Whether this counter has what the visit needs, and its clerk knows how."""
        able = self.able.get(counter)
        return self.floor.counter(counter).serves(one.products) and (not able or one.products <= able)

    def anybody(self, one: Waiting) -> bool:
        """Whether any open counter can help this visit."""
        return any(self.can(counter, one) for counter in self.able)

    def fits(self, counter: str) -> Fits:
        """Whom this counter calls: whom it can help, but not whom it sent on while another open one can."""

        def fits(one: Waiting) -> bool:
            if not self.can(counter, one):
                return False
            if one.sent_on_by != counter:
                return True
            return not any(self.can(other, one) for other in self.able if other != counter)

        return fits


async def open_counters(session: AsyncSession, floor: Floor) -> OpenCounters:
    """The counters that are open now."""
    opened = await queries.open_sessions(session, [counter.code for counter in floor.place.counters])
    able = await queries.competences(session, {one.clerk for one in opened.values()})
    return OpenCounters(floor, {code: able.get(one.clerk, frozenset()) for code, one in opened.items()})
