"""Reads the plan out of the database, and keeps it in memory until somebody changes it."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import plan_queries
from kcc.appointments.availability.opening import Closing, Rule
from kcc.appointments.availability.plan import Place, Plan, PlannedCounter, PlannedProduct, Terms
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

Rows = Mapping[type[SQLModel], Sequence[Any]]


class Planner:
    """The plan as it is now. A process reads it anew when its version in the database has changed."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._plan: Plan | None = None

    async def plan(self, session: AsyncSession) -> Plan:
        """The plan as this transaction sees it."""
        version = await plan_queries.plan_version(session)
        if self._plan is None or self._plan.version != version:
            self._plan = build(await plan_queries.plan_rows(session), version, self._zone)
        return self._plan


def build(rows: Rows, version: int, zone: ZoneInfo) -> Plan:
    """The plan that these rows make."""
    return Plan(version, zone, _products(rows), _places(rows))


def _products(rows: Rows) -> dict[str, PlannedProduct]:
    combinations: dict[str, set[str]] = {}
    for pair in rows[ProductCombination]:
        combinations.setdefault(pair.first, set()).add(pair.second)
        combinations.setdefault(pair.second, set()).add(pair.first)
    terms: dict[str, list[Terms]] = {}
    for row in rows[ProductTerms]:
        values = row.model_dump(exclude={"product"})
        terms.setdefault(row.product, []).append(
            Terms(**values | {"bring": tuple(row.bring), "bring_en": tuple(row.bring_en)})
        )
    return {
        row.code: PlannedProduct(
            code=row.code,
            terms=tuple(terms.get(row.code, ())),
            combinable_with=frozenset(combinations.get(row.code, ())),
            withdrawn_from=row.withdrawn_from,
        )
        for row in rows[Product]
    }


def _places(rows: Rows) -> dict[str, Place]:
    served = _grouped(rows[CounterProduct], "counter")
    offered = _grouped(rows[LocationProduct], "location")
    counters, addresses, rules = (
        _grouped(rows[Counter], "location"),
        _grouped(rows[LocationAddress], "location"),
        _grouped(rows[OpeningRule], "location"),
    )
    places = {}
    for row in rows[Location]:
        places[row.code] = Place(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            is_home_visit=row.kind == LocationKind.HOME_VISIT,
            travel_minutes=row.travel_minutes,
            directions=row.directions,
            directions_en=row.directions_en,
            open_from=row.open_from,
            open_until=row.open_until,
            walk_ins=row.walk_ins,
            addresses=tuple((item.valid_from, item.address) for item in addresses.get(row.code, ())),
            counters=tuple(
                PlannedCounter(
                    code=item.code,
                    open_from=item.open_from,
                    open_until=item.open_until,
                    name=item.name,
                    products=frozenset(link.product for link in served.get(item.code, ())),
                )
                for item in counters.get(row.code, ())
            ),
            products=frozenset(link.product for link in offered.get(row.code, ())),
            rules=tuple(_rule(item) for item in rules.get(row.code, ())),
            closings=tuple(
                Closing(item.day, item.opens_until, item.opens_again)
                for item in rows[ClosingDay]
                if item.location in (None, row.code)
            ),
        )
    return places


def _rule(row: OpeningRule) -> Rule:
    values = row.model_dump(exclude={"id", "location"})
    return Rule(**values | {"breaks": tuple((begins, ends) for begins, ends in row.breaks)})


def _grouped(rows: Sequence[Any], by: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found
