"""Where the cases behind a figure are listed. Pure.

Each makes, of which cases a figure is about, what tells the address of their list: None when there are none.
"""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from kcc.service_levels.cases.callbacks import Asked as Callbacks
from kcc.service_levels.cases.callbacks import Kept
from kcc.service_levels.cases.calls import Asked as Calls
from kcc.service_levels.cases.calls import Ended
from kcc.service_levels.cases.lead_times import Norm
from kcc.service_levels.cases.questions import Asked as Questions
from kcc.service_levels.cases.questions import Counts
from kcc.service_levels.cases.visits import Went
from kcc.service_levels.definitions import ANSWER_WITHIN
from kcc.service_levels.pages.chosen import Chosen

CALLS, QUESTIONS, VISITS = "/rapport/telefoon/gesprekken", "/rapport/vragen/lijst", "/rapport/bezoeken"
CALLBACKS, BOOKINGS, LEAD_TIMES = "/rapport/terugbelverzoeken", "/rapport/boekingen", "/rapport/afspraken"


def _address(page: str, first: date, last: date, **query: str | int | None) -> str:
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{page}?{urlencode({'van': first.isoformat(), 'tot': last.isoformat(), **given})}"


def calls_of(asked: Calls) -> Callable[[int, Ended | None], str | None]:
    """Of a number of calls, by how they ended."""
    norm = None if asked.threshold == ANSWER_WITHIN else asked.threshold

    def address(number: int, ended: Ended | None) -> str | None:
        week = {"weekdag": asked.weekday, "kwartier": asked.quarter}
        query = {"wachtrij": asked.queue, "uitkomst": ended, **week, "norm": norm}
        return _address(CALLS, asked.first, asked.last, **query) if number else None

    return address


def questions_of(asked: Questions) -> Callable[[int, Counts | None], str | None]:
    """Of a number of questions, by how they count."""
    query = {"kanaal": asked.channel, "onderwerp": asked.topic, "vrager": asked.requester}
    query |= {"afdeling": asked.department, "artikel": asked.article}

    def address(number: int, counts: Counts | None) -> str | None:
        return _address(QUESTIONS, asked.first, asked.last, **query, telt=counts) if number else None

    return address


def callbacks_of(asked: Callbacks) -> Callable[[int, Kept], str | None]:
    """Of a number of promises to call back, by how they were kept."""

    def address(number: int, kept: Kept) -> str | None:
        where = {"afdeling": asked.department, "uitkomst": kept}
        return _address(CALLBACKS, asked.first, asked.last, **where) if number else None

    return address


def visits_of(chosen: Chosen, first: date, last: date) -> Callable[[int, Went], str | None]:
    """Of a number of visits on some days, by how they went."""

    def address(number: int, went: Went) -> str | None:
        where = {"locatie": chosen.location, "product": chosen.product}
        return _address(VISITS, first, last, **where, uitkomst=went) if number else None

    return address


def bookings_of(first: date, last: date, product: str | None = None) -> Callable[[int, str], str | None]:
    """Of a number of appointments, all (an empty text) or by who made them, `inwoner` or `medewerker`."""
    return lambda number, how: _address(BOOKINGS, first, last, product=product, hoe=how) if number else None


def appointments_of(first: date, last: date, product: str) -> Callable[[int, Norm | None], str | None]:
    """Of a number of appointments for a product, by whether they are within its target."""
    return lambda number, norm: _address(LEAD_TIMES, first, last, product=product, norm=norm) if number else None
