"""The plan of the demonstration municipality: made up, and put only where there is no plan yet."""

import tomllib
from collections.abc import Iterator
from datetime import date, time, timedelta
from importlib import resources
from itertools import combinations
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import plan_queries
from kcc.appointments.models import (
    ClosingDay,
    Counter,
    CounterProduct,
    Location,
    LocationAddress,
    LocationKind,
    LocationProduct,
    OpeningRule,
    Product,
    ProductCombination,
    ProductTerms,
)

# Before any day to which a simulated clock is likely to be set.
SINCE = date(2020, 1, 1)
Entry = dict[str, Any]


async def load(session: AsyncSession, today: date) -> None:
    """Put the demonstration's products, places, counters and opening hours into the database.

    Its dates are counted from `today`. Does nothing when there is any location or product already.
    """
    if await plan_queries.everything(session, Location) or await plan_queries.everything(session, Product):
        return
    await plan_queries.next_plan_version(session)
    for of_table in rows(today).values():
        session.add_all(of_table)
        await session.flush()


def rows(today: date) -> dict[type[SQLModel], list[SQLModel]]:
    """The rows of each of the plan's tables; a table comes after those it refers to."""
    file = tomllib.loads(resources.files("kcc.appointments").joinpath("data/demonstration.toml").read_text("utf-8"))
    products = [file["defaults"] | entry for entry in file["products"]]
    places: list[Entry] = file["locations"]
    return {
        Product: [Product(code=entry["code"], position=number) for number, entry in enumerate(products)],
        ProductTerms: [_terms(entry) for entry in products],
        ProductCombination: _combinations(file["combinations"].values()),
        Location: [_location(entry, number, today) for number, entry in enumerate(places)],
        LocationAddress: [row for entry in places for row in _addresses(entry, today)],
        LocationProduct: [
            LocationProduct(location=entry["code"], product=code)
            for entry in places
            for code in entry.get("products", ())
        ],
        Counter: [
            Counter(code=counter["code"], location=entry["code"], name=counter["name"], position=number)
            for entry in places
            for number, counter in enumerate(entry["counters"])
        ],
        CounterProduct: [
            CounterProduct(counter=counter["code"], product=code)
            for entry in places
            for counter in entry["counters"]
            for code in counter.get("products", ())
        ],
        OpeningRule: [row for entry in places for hours in entry["hours"] for row in _rules(entry["code"], hours)],
        ClosingDay: [_closing(entry, today) for entry in file["closings"]],
    }


def _terms(entry: Entry) -> ProductTerms:
    values = {name: value for name, value in entry.items() if name != "code"}
    return ProductTerms(product=entry["code"], valid_from=SINCE, **values)


def _combinations(groups: Any) -> list[SQLModel]:
    pairs = {pair for group in groups for pair in combinations(sorted(group), 2)}
    return [ProductCombination(first=first, second=second) for first, second in sorted(pairs)]


def _location(entry: Entry, position: int, today: date) -> Location:
    columns = ("code", "name", "name_en", "travel_minutes", "directions", "directions_en", "walk_ins")
    values = {name: entry[name] for name in columns if name in entry}
    dates: Entry = {name: _day(today, entry[name]) for name in ("open_from", "open_until") if name in entry}
    kind = LocationKind(entry.get("kind", LocationKind.PERMANENT))
    return Location(position=position, kind=kind, **values, **dates)


def _addresses(entry: Entry, today: date) -> Iterator[LocationAddress]:
    yield LocationAddress(location=entry["code"], valid_from=SINCE, address=entry["address"])
    for move in entry.get("moves", ()):
        yield LocationAddress(location=entry["code"], valid_from=_day(today, move["on"]), address=move["to"])


def _rules(location: str, hours: Entry) -> Iterator[OpeningRule]:
    for weekday in hours["weekdays"]:
        yield OpeningRule(
            location=location,
            weekday=weekday,
            opens=_minutes(hours["opens"]),
            closes=_minutes(hours["closes"]),
            breaks=[[_minutes(begins), _minutes(ends)] for begins, ends in hours.get("breaks", ())],
            counters=hours.get("counters"),
            staff_only=hours.get("staff_only", False),
        )


def _closing(entry: Entry, today: date) -> ClosingDay:
    day = _day(today, entry["on"])
    return ClosingDay(day=day + timedelta(days=(entry["weekday"] - day.isoweekday()) % 7), reason=entry["reason"])


def _day(today: date, after: int) -> date:
    return today + timedelta(days=after)


def _minutes(clock: str) -> int:
    """Minutes after midnight of a time as `08:30`."""
    at = time.fromisoformat(clock)
    return at.hour * 60 + at.minute
