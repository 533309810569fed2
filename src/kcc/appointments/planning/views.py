"""The plan as its administrators, and everyone who asks the API, read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import plan_queries
from kcc.appointments.availability.cells import CELL_MINUTES, cell_at, cells_for
from kcc.appointments.availability.plan import Place, Plan, PlannedProduct
from kcc.appointments.availability.touching import Booked
from kcc.appointments.models import ClosingDay, Counter, CounterProduct, Location, OpeningRule, Product
from kcc.appointments.planning.opening_schemas import Break, ClosingItem, RuleItem, clock_time
from kcc.appointments.planning.place_schemas import Address, CounterItem, LocationItem
from kcc.appointments.planning.product_schemas import ProductItem, TouchedAppointment
from kcc.catalogue import fees
from kcc.clock import Clock


@dataclass(frozen=True)
class View:
    """What is read, through which transaction. `on`: the day as of which products are shown, without it today."""

    session: AsyncSession
    plan: Plan
    clock: Clock
    staff: bool = True
    on: date | None = None

    async def products(self) -> list[ProductItem]:
        """All products; for others than staff without those that were withdrawn."""
        today = self.clock.today()
        rows = await plan_queries.everything(self.session, Product, col(Product.position), Product.code)
        values = {language: await fees.current(self.session, today, language) for language in ("nl", "en")}
        return [
            product_item(self.plan, product, row.position, self.on or today, today, values)
            for row in rows
            if (product := self.plan.products[row.code]).terms
            and (self.staff or product.withdrawn_from is None or product.withdrawn_from > today)
        ]

    async def locations(self) -> list[LocationItem]:
        """All locations; for others than staff without those that have closed for good."""
        rows = await plan_queries.everything(self.session, Location, col(Location.position), Location.code)
        return [
            _location_item(self.plan, row, self.clock)
            for row in rows
            if self.staff or row.open_until is None or row.open_until >= self.clock.today()
        ]

    async def counters(self) -> list[CounterItem]:
        """All counters, by location."""
        rows = await plan_queries.everything(
            self.session, Counter, Counter.location, col(Counter.position), Counter.code
        )
        served: dict[str, list[str]] = {}
        for link in await plan_queries.everything(self.session, CounterProduct, CounterProduct.product):
            served.setdefault(link.counter, []).append(link.product)
        return [
            CounterItem(**row.model_dump(include=set(CounterItem.model_fields)), products=served.get(row.code, []))
            for row in rows
        ]

    async def rules(self) -> list[RuleItem]:
        """All opening rules, by location, day and time: the weekly ones first."""
        rows: Sequence[OpeningRule] = await plan_queries.everything(self.session, OpeningRule)
        return [rule_item(row) for row in sorted(rows, key=_order)]

    async def closings(self) -> list[ClosingItem]:
        """All closing days, by date."""
        rows = await plan_queries.everything(self.session, ClosingDay, col(ClosingDay.day), col(ClosingDay.id))
        return [
            ClosingItem.model_validate(
                row.model_dump(include={"id", "location", "reason"})
                | {"date": row.day, "begins": clock_time(row.opens_until), "ends": clock_time(row.opens_again)}
            )
            for row in rows
        ]


def touched_items(touched: Sequence[Booked]) -> list[TouchedAppointment]:
    """Touched appointments as the API tells of them: nothing of who comes."""
    return [TouchedAppointment(code=item.code, starts_at=item.starts_at, location=item.location) for item in touched]


def product_item(
    plan: Plan, product: PlannedProduct, position: int, on: date, today: date, values: Mapping[str, Mapping[str, str]]
) -> ProductItem:
    """A product by its terms on a day; by the first ones when there are none yet.

    `values` are fees ready to read, by language.
    """
    terms = next((terms for terms in reversed(product.terms) if terms.valid_from <= on), product.terms[0])
    only = frozenset([product.code])
    return ProductItem(
        code=product.code,
        name=terms.name,
        name_en=terms.name_en,
        upl=terms.upl,
        duration_minutes=terms.duration_minutes,
        further_person_minutes=terms.further_person_minutes,
        preparation_minutes=terms.preparation_minutes,
        step_minutes=cells_for(terms.step_minutes or terms.duration_minutes) * CELL_MINUTES,
        max_persons=terms.max_persons,
        notice_minutes=terms.notice_minutes,
        horizon_days=terms.horizon_days,
        bring=list(terms.bring),
        bring_en=list(terms.bring_en),
        costs=fees.fill(terms.costs, values["nl"]),
        costs_en=fees.fill(terms.costs_en, values["en"], "en"),
        costs_template=terms.costs,
        costs_template_en=terms.costs_en,
        online_url=terms.online_url,
        staff_only=terms.staff_only,
        lead_time_days=terms.lead_time_days,
        combinable_with=sorted(product.combinable_with),
        locations=[place.code for place in plan.places_for(only, today) if does(place, only)],
        withdrawn_from=product.withdrawn_from,
        valid_from=terms.valid_from,
        position=position,
    )


def does(place: Place, products: frozenset[str]) -> bool:
    """Whether a visit for these products can take place here, at one of the counters."""
    return place.offers(products) and any(counter.serves(products) for counter in place.counters)


def open_counters(plan: Plan, place: Place, clock: Clock) -> int:
    """How many counters are open at this moment, those only for walk-ins and agents' bookings included."""
    opened = plan.opening(place, clock.today())
    bit = cell_at(clock.now()) - opened.first_cell
    return sum(row >> bit & 1 for row in opened.staff_rows.values())


def _location_item(plan: Plan, row: Location, clock: Clock) -> LocationItem:
    place = plan.places[row.code]
    return LocationItem(
        **row.model_dump(include=set(LocationItem.model_fields)),
        address=place.address_on(clock.today()),
        addresses=[Address(valid_from=since, address=text) for since, text in place.addresses],
        open_counters=open_counters(plan, place, clock),
        products=sorted(place.products),
    )


def rule_item(row: OpeningRule) -> RuleItem:
    """An opening rule as it crosses the wire."""
    return RuleItem.model_validate(
        row.model_dump(exclude={"only_on"})
        | {
            "date": row.only_on,
            "opens": clock_time(row.opens),
            "closes": clock_time(row.closes),
            "breaks": [Break(begins=clock_time(begins), ends=clock_time(ends)) for begins, ends in row.breaks],
        }
    )


def _order(row: OpeningRule) -> tuple[str, int, date, int, int]:
    return (row.location, row.weekday or 8, row.only_on or date.min, row.opens, row.id or 0)
