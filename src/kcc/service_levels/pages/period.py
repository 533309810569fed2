"""The days that a page of the report shows, as they are chosen in its form and told on it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kcc.errors import FieldError, InvalidInput
from kcc.service_levels import words
from kcc.service_levels.pages.chosen import MOST_DAYS, TOO_FAR, USUAL_DAYS
from kcc.service_levels.periods import EARLIEST, LATEST, By
from kcc.web.dates import date_long, date_short, month_name
from kcc.web.forms import Input

INTERVALS = {By.DAY: "dag", By.WEEK: "week", By.MONTH: "maand"}


def inputs() -> list[Input]:
    """The fields for the first and the last day, and the interval."""
    return [
        Input("van", "Van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        Input("per", "Per", "choice", options=[(str(by), name) for by, name in INTERVALS.items()], required=True),
    ]


def usual(today: date) -> tuple[date, date]:
    """The days that are shown when nobody chose any."""
    return today - timedelta(days=USUAL_DAYS - 1), today


def days(first: date | None, last: date | None, today: date, others: Sequence[FieldError] = ()) -> tuple[date, date]:
    """The first and the last day that were chosen; one that is empty is the usual.

    Raises InvalidInput with what is wrong with them, and with what was wrong with `others`.
    """
    problems = [*others]
    problems += [
        wrong(name, TOO_FAR)
        for name, day in (("van", first), ("tot", last))
        if day is not None and not EARLIEST <= day <= LATEST
    ]
    until = last or today
    since = first or until - timedelta(days=USUAL_DAYS - 1)
    if not problems and until < since:
        problems.append(wrong("tot", "deze dag ligt voor de eerste dag; kies een latere"))
    if not problems and (until - since).days >= MOST_DAYS:
        problems.append(wrong("tot", f"kies ten hoogste {MOST_DAYS} dagen tegelijk"))
    if problems:
        raise InvalidInput("Deze keuze kan niet", problems)
    return since, until


def wrong(name: str, detail: str) -> FieldError:
    """What is wrong with a field of the form."""
    return FieldError("body", f"/{name}", "impossible", detail)


def filled(values: Mapping[str, Any], first: date, last: date, by: By) -> dict[str, Any]:
    """What the fields show: what was typed, and where nothing was, what is shown."""
    shown = {"van": first.isoformat(), "tot": last.isoformat(), "per": str(by)}
    return {**values, **{name: values[name] or value for name, value in shown.items()}}


def before(first: date, last: date) -> tuple[date, date]:
    """As many days just before."""
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def compared(points: float) -> str:
    """How much better a percentage is than in those days, in percentage points."""
    if abs(points) < 0.05:
        return "Dat is gelijk aan evenveel dagen ervoor."
    better = "beter" if points > 0 else "slechter"
    return f"Dat is {words.number(abs(points))} punt {better} dan in evenveel dagen ervoor."


def interval(start: date, by: By) -> str:
    """An interval in words."""
    if by is By.MONTH:
        return f"{month_name(start)} {start.year}"
    return date_long(start) if by is By.DAY else f"vanaf {date_short(start)}"


def lasts(begins: Sequence[date], last: date) -> list[date]:
    """The last day of each of these consecutive intervals, of which the final one ends on `last`."""
    return [*(following - timedelta(days=1) for following in begins[1:]), last]
