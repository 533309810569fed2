"""Where the appointments behind the lead times are listed. Pure."""

from datetime import date
from urllib.parse import urlencode

from kcc.service_levels.cases.lead_times import Norm

ADDRESS = "/rapport/afspraken"


def appointments_of(first: date, last: date, product: str, norm: Norm | None = None) -> str:
    """The address of the list of what was booked on those days for a product."""
    query = {"van": first.isoformat(), "tot": last.isoformat(), "product": product}
    return f"{ADDRESS}?{urlencode(query | ({'norm': norm.value} if norm else {}))}"
