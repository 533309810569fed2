"""Where the visits behind a figure are listed. Pure."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from kcc.service_levels.cases.visits import Went
from kcc.service_levels.pages.chosen import Chosen

ADDRESS = "/rapport/bezoeken"


def visits_of(chosen: Chosen, first: date, last: date) -> Callable[[int, Went], str | None]:
    """Of a number of visits on some days the address of their list; None when there are none."""
    place = {"locatie": chosen.location, "product": chosen.product}
    query = {name: code for name, code in place.items() if code}
    query |= {"van": first.isoformat(), "tot": last.isoformat()}
    return lambda number, went: f"{ADDRESS}?{urlencode({**query, 'uitkomst': went})}" if number else None
