"""The plan: products, places, counters and opening hours as they are now, read once and then only looked at. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from kcc.appointments.availability.opening import Closing, CounterTerm, Opening, Rule, in_force, opening
from kcc.catalogue.holidays import public_holidays


@dataclass(frozen=True, slots=True)
class Terms:
    """A product as it is from a date on. All fields as in `ProductTerms`."""

    valid_from: date
    name: str
    name_en: str
    upl: str | None
    duration_minutes: int
    further_person_minutes: int
    preparation_minutes: int
    step_minutes: int | None
    max_persons: int
    notice_minutes: int
    horizon_days: int
    bring: tuple[str, ...]
    bring_en: tuple[str, ...]
    costs: str
    costs_en: str
    online_url: str | None
    staff_only: bool
    lead_time_days: int | None

    def title(self, language: str) -> str:
        """The name in a language; the Dutch one when there is no other."""
        return self.name_en if language == "en" and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """A product with its terms, oldest first, and the products it may be combined with."""

    code: str
    terms: tuple[Terms, ...]
    combinable_with: frozenset[str]
    withdrawn_from: date | None = None

    def on(self, day: date) -> Terms | None:
        """The terms on a day; None when the product is not offered then."""
        if self.withdrawn_from is not None and day >= self.withdrawn_from:
            return None
        return next((terms for terms in reversed(self.terms) if terms.valid_from <= day), None)


@dataclass(frozen=True, slots=True)
class PlannedCounter(CounterTerm):
    """A counter; `products` are the only ones it serves, every product when empty."""

    name: str = ""
    products: frozenset[str] = frozenset()

    def serves(self, products: frozenset[str]) -> bool:
        """Whether a visit for these products can take place here."""
        return not self.products or products <= self.products


@dataclass(frozen=True, slots=True)
class Place:
    """A location with everything about it. `products` are the only ones it offers, every product when empty."""

    code: str
    name: str
    name_en: str
    is_home_visit: bool
    travel_minutes: int
    directions: str
    directions_en: str
    open_from: date | None
    open_until: date | None
    addresses: tuple[tuple[date, str], ...]
    counters: tuple[PlannedCounter, ...]
    products: frozenset[str]
    rules: tuple[Rule, ...]
    closings: tuple[Closing, ...]
    walk_ins: bool = False

    def title(self, language: str) -> str:
        """The name in a language; the Dutch one when there is no other."""
        return self.name_en if language == "en" and self.name_en else self.name

    def way_there(self, language: str) -> str:
        """The directions in a language; the Dutch ones when there are no others."""
        return self.directions_en if language == "en" and self.directions_en else self.directions

    def address_on(self, day: date) -> str:
        """The address on a day: the newest that holds by then, or the first there will be."""
        valid = [address for since, address in self.addresses if since <= day]
        return valid[-1] if valid else next((address for _, address in self.addresses), "")

    def offers(self, products: frozenset[str]) -> bool:
        """Whether all these products can be done here."""
        return not self.products or products <= self.products

    def moves_on(self, day: date) -> tuple[date, str] | None:
        """The next move after a day: when, and to where."""
        return next(((since, address) for since, address in self.addresses[1:] if since > day), None)


@dataclass(frozen=True)
class Plan:
    """Everything about booking that is not an appointment, as of `version`."""

    version: int
    zone: ZoneInfo
    products: Mapping[str, PlannedProduct]
    places: Mapping[str, Place]
    _days: dict[tuple[str, date], Opening] = field(default_factory=dict, compare=False, repr=False)

    def opening(self, place: Place, day: date) -> Opening:
        """The opening of a place on a local day; worked out once."""
        found = self._days.get((place.code, day))
        if found is None:
            there = in_force(day, place.open_from, place.open_until)
            found = self._days[place.code, day] = opening(
                day,
                self.zone,
                place.counters if there else (),
                place.rules,
                place.closings,
                holiday=day in public_holidays(day.year),
            )
        return found

    def offered(self, day: date) -> list[tuple[PlannedProduct, Terms]]:
        """The products there are on a day, in the order of the catalogue."""
        return [(product, terms) for product in self.products.values() if (terms := product.on(day))]

    def places_for(self, products: frozenset[str], today: date) -> Sequence[Place]:
        """The places where all these products can be done, now or later."""
        return [
            place
            for place in self.places.values()
            if place.offers(products) and (place.open_until is None or place.open_until >= today)
        ]


def days(first: date, last: date) -> list[date]:
    """The days from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
