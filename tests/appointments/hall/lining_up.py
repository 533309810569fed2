"""Who was first: the order of the hall as it is written down, slowly and plainly, held against what happened.

It takes nothing from the service but the names of what happened. See "Who is called next" in docs/developer/hall.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Happened:
    """Something that happened to a visit; these come in the order in which they were recorded."""

    visit: int
    kind: str
    at: datetime
    counter: str | None = None
    out_of_order: bool = False


@dataclass
class Person:
    """Somebody in the hall. `planned` is None without an appointment; `products` are for now and each transfer's."""

    visit: int
    planned: datetime | None
    products: list[str]
    arrived: datetime | None = None
    waits: bool = False
    first_called: datetime | None = None
    place: datetime | None = None
    counter: str | None = None
    sent_on_by: str | None = None

    def goes_through(self, what: Happened) -> None:
        """What this does to them."""
        self.waits = what.kind in ("arrived", "returned", "transferred")
        if what.kind == "transferred":
            self.sent_on_by = self.counter
        self.counter = what.counter if what.kind in ("called", "recalled", "started", "resumed") else None
        if what.kind == "arrived":
            self.arrived = what.at
        elif what.kind == "called":
            self.first_called = self.first_called or what.at
        elif what.kind == "returned":
            self.first_called = self.place  # as if not called since they were sent on
        elif what.kind == "transferred":
            self.place = self.place or self.first_called
            self.products.pop(0)


@dataclass(frozen=True)
class Line:
    """The hall's rules: what a counter serves, how long a product takes, who is late, and who waits too long.

    All `counters` are open.
    """

    counters: Sequence[str]
    serves: Callable[[str, str], bool]
    minutes: Callable[[str], int]
    late_after: timedelta
    threshold: timedelta

    def fits(self, counter: str, one: Person) -> bool:
        """Whether somebody is for this counter: not for the one that sent them on, while another can help."""
        able = [code for code in self.counters if self.serves(code, one.products[0])]
        return counter in able and (one.sent_on_by != counter or able == [counter])

    def first(self, waiting: Sequence[Person], now: datetime, due: Sequence[datetime]) -> Person:
        """Who is next of these, who all fit the counter. `due`: when appointments begin that were not called yet."""
        too_long = [one for one in waiting if self._waits_too_long(one, now, due)]
        if too_long:
            return min(too_long, key=_by_arrival)
        its_time = [one for one in waiting if one.place is not None or (one.planned is not None and one.planned <= now)]
        if its_time:
            return min(its_time, key=lambda one: (self._turn(one), *_by_arrival(one)))
        walked_in = [one for one in waiting if one.planned is None]
        if walked_in:
            return min(walked_in, key=_by_arrival)
        return min(waiting, key=lambda one: (one.planned, *_by_arrival(one)))

    def _waits_too_long(self, one: Person, now: datetime, due: Sequence[datetime]) -> bool:
        if one.planned is not None or one.place is not None:
            return False
        assert one.arrived is not None
        until = now + timedelta(minutes=self.minutes(one.products[0]))
        return now - one.arrived > self.threshold and not any(now < moment < until for moment in due)

    def _turn(self, one: Person) -> datetime:
        if one.place is not None:
            return one.place
        assert one.planned is not None and one.arrived is not None
        return one.arrived if one.arrived - one.planned > self.late_after else one.planned


def _by_arrival(one: Person) -> tuple[datetime, int]:
    assert one.arrived is not None
    return one.arrived, one.visit


def out_of_turn(
    events: Sequence[Happened], people: Mapping[int, Person], never_came: Sequence[datetime], line: Line
) -> Iterator[str]:
    """A sentence for everybody who was called although another was first, or who was not there to be called.

    `never_came`: when appointments begin that nobody checked in for.
    """
    at_counter: dict[str, int] = {}
    for what in events:
        person = people[what.visit]
        if what.kind in ("called", "resumed") and what.counter in at_counter:
            yield f"visits {at_counter[what.counter]} and {what.visit} were both at {what.counter}"
        if what.kind == "called" and not person.waits:
            yield f"visit {what.visit} was called at {what.at}, but did not wait"
        elif what.kind == "called" and not what.out_of_order:
            yield from _first(what, people, never_came, line)
        at_counter = {counter: visit for counter, visit in at_counter.items() if visit != what.visit}
        person.goes_through(what)
        if what.kind in ("called", "recalled", "started", "resumed"):
            assert what.counter is not None
            at_counter[what.counter] = what.visit


def _first(what: Happened, people: Mapping[int, Person], never_came: Sequence[datetime], line: Line) -> Iterator[str]:
    assert what.counter is not None
    to_come = [one.planned for one in people.values() if one.planned and (one.waits or one.arrived is None)]
    fitting = [one for one in people.values() if one.waits and line.fits(what.counter, one)]
    if not fitting:
        yield f"visit {what.visit} was called to {what.counter}, which does not serve it"
        return
    first = line.first(fitting, what.at, [*to_come, *never_came])
    if first.visit != what.visit:
        yield f"visit {what.visit} was called to {what.counter} at {what.at}, but {first.visit} was first"
