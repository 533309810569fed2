"""What an administrator should look at, and opening hours as a week. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from kcc.appointments.availability.plan import Place, Plan
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
