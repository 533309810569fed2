"""What an administrator should look at, and opening hours as a week. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from kcc.appointments.availability.plan import Place, Plan, Terms
from kcc.appointments.planning.opening_schemas import RuleItem
from kcc.appointments.planning.views import does

# So many days ahead somebody would miss opening hours.
LOOK_AHEAD = 60


def products_nobody_can_book(plan: Plan, today: date) -> list[str]:
    """The codes of products that are offered today but at no location with hours and a counter for them."""
    return [
        product.code
        for product, _ in plan.offered(today)
        if not any(
            does(place, frozenset([product.code])) and _opens(plan, place, frozenset([product.code]), today)
            for place in plan.places.values()
        )
    ]


def places_that_never_open(plan: Plan, today: date) -> list[str]:
    """The codes of locations where no counter opens in the days to come."""
    return [
        place.code
        for place in plan.places.values()
        if (place.open_until is None or place.open_until >= today) and not _opens(plan, place, frozenset(), today)
    ]


def counters_that_never_open(plan: Plan, today: date) -> list[tuple[str, str, str]]:
    """(location, code, name) of counters that stay closed while others of their location open in the days to come."""
    closed = set(places_that_never_open(plan, today))
    return [
        (place.code, counter.code, counter.name)
        for place in plan.places.values()
        if (place.open_until is None or place.open_until >= today) and place.code not in closed
        for counter in place.counters
        if (counter.open_until is None or counter.open_until >= today)
        and not any(counter.code in rows for rows in _open_rows(plan, place, counter.open_from, today))
    ]


def _open_rows(plan: Plan, place: Place, first: date | None, today: date) -> Iterator[set[str]]:
    """Of the days to come, from a first day on, the counters that open."""
    begin = max(today, place.open_from or today, first or today)
    for number in range(LOOK_AHEAD):
        rows = plan.opening(place, begin + timedelta(days=number)).staff_rows
        yield {code for code, row in rows.items() if row}


def coming_changes(plan: Plan, today: date) -> dict[str, list[tuple[str, date]]]:
    """Of each product what changes and when: its minutes, or that something else does."""
    found = {}
    for code, product in plan.products.items():
        terms = product.terms
        found[code] = [
            (_difference(before, after), after.valid_from)
            for before, after in pairwise(terms)
            if after.valid_from > today
        ]
    return {code: changes for code, changes in found.items() if changes}


def _difference(before: Terms, after: Terms) -> str:
    minutes = (after.duration_minutes, after.further_person_minutes)
    if minutes == (before.duration_minutes, before.further_person_minutes):
        return "gewijzigd"
    return f"{minutes[0]} + {minutes[1]} minuten" if minutes[1] else f"{minutes[0]} minuten"


def fixed_counts(rules: Sequence[RuleItem], today: date) -> list[int]:
    """How many counters the opening rules of a location name that hold now or later, each number once."""
    lasting = [rule for day in week(rules, today) for rule in day] + dated(rules, today)
    return sorted({rule.counters for rule in lasting if rule.counters is not None})


def _opens(plan: Plan, place: Place, products: frozenset[str], today: date) -> bool:
    """Whether a counter that serves these products is open on any of the days to come, or from its first day on."""
    first = max(today, place.open_from or today)
    serving = {counter.code for counter in place.counters if counter.serves(products)}
    return any(
        row
        for number in range(LOOK_AHEAD)
        for code, row in plan.opening(place, first + timedelta(days=number)).staff_rows.items()
        if code in serving
    )


def week(rules: Sequence[RuleItem], today: date) -> list[list[RuleItem]]:
    """Of Monday to Sunday the weekly rules that hold now or later."""
    lasting = [rule for rule in rules if rule.valid_until is None or rule.valid_until >= today]
    return [[rule for rule in lasting if rule.weekday == number] for number in range(1, 8)]


def dated(rules: Sequence[RuleItem], today: date) -> list[RuleItem]:
    """The rules for one day, from today on, by date."""
    return sorted((rule for rule in rules if rule.date and rule.date >= today), key=lambda rule: str(rule.date))
