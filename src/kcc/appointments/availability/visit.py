"""A visit somebody asks for: products × persons at a place, and what that takes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kcc.appointments.availability.cells import CELL_MINUTES, cells_for
from kcc.appointments.availability.plan import Place, Plan, Terms
from kcc.errors import FieldError, InvalidInput

# A product's code and for how many persons.
Asked = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit takes, in cells of five minutes, and how far ahead it is booked."""

    place: Place
    products: tuple[tuple[str, int, Terms], ...]
    cells: int
    step: int
    travel: int
    notice: timedelta
    horizon: timedelta

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its products."""
        return frozenset(code for code, _, _ in self.products)

    @property
    def minutes(self) -> int:
        """How long it takes, in whole cells."""
        return self.cells * CELL_MINUTES


def place_of(plan: Plan, code: str, where: str = "body") -> Place:
    """The place with this code. Raises InvalidInput when there is none."""
    place = plan.places.get(code)
    if place is None:
        raise _refused(where, "location", "unknown", f"Locatie {code} bestaat niet")
    return place


def visit(
    plan: Plan, place: Place, asked: Asked, day: date, *, staff: bool, max_products: int, where: str = "body"
) -> Visit:
    """What a visit for these products takes on a day.

    Duration is the sum over products of the first person, each further person and the product's own preparation,
    rounded up to whole cells; the step is the smallest of its products' steps.
    Raises InvalidInput for what can never be: no or too many products, a product that is unknown, given twice,
    only for staff, not offered here or not to be combined, and too many persons.
    """
    if not asked:
        raise _refused(where, "products", "missing", "Kies minstens één product")
    if len(asked) > max_products:
        raise _refused(where, "products", "too-many", f"Kies ten hoogste {max_products} producten voor één afspraak")
    products = tuple((code, persons, _terms(plan, code, persons, day, staff, where)) for code, persons in asked)
    codes = [code for code, _, _ in products]
    if len(set(codes)) < len(codes):
        raise _refused(where, "products", "repeated", "Noem elk product één keer, met het aantal personen")
    _check_combination(plan, products, where)
    if not place.offers(frozenset(codes)):
        names = ", ".join(terms.name for code, _, terms in products if not place.offers(frozenset([code])))
        raise _refused(where, "location", "not-offered", f"{names}: dit kan niet op deze locatie ({place.name})")
    if not any(counter.serves(frozenset(codes)) for counter in place.counters):
        raise _refused(where, "products", "not-combinable", "Deze producten kunnen niet aan één balie")
    minutes = sum(
        terms.duration_minutes + (persons - 1) * terms.further_person_minutes + terms.preparation_minutes
        for _, persons, terms in products
    )
    return Visit(
        place=place,
        products=products,
        cells=cells_for(minutes),
        step=min(cells_for(terms.step_minutes or terms.duration_minutes) for _, _, terms in products),
        travel=cells_for(place.travel_minutes) if place.is_home_visit else 0,
        notice=max(timedelta(minutes=terms.notice_minutes) for _, _, terms in products),
        horizon=min(timedelta(days=terms.horizon_days) for _, _, terms in products),
    )


def _terms(plan: Plan, code: str, persons: int, day: date, staff: bool, where: str) -> Terms:
    product = plan.products.get(code)
    terms = product.on(day) if product else None
    if terms is None:
        raise _refused(where, "products", "unknown", f"Product {code} bestaat niet of wordt op die dag niet aangeboden")
    if terms.staff_only and not staff:
        raise _refused(
            where, "products", "staff-only", f"{terms.name}: deze afspraak maakt u telefonisch of aan de balie"
        )
    if not 1 <= persons <= terms.max_persons:
        raise _refused(where, "products", "persons", f"{terms.name}: kies 1 tot en met {terms.max_persons} personen")
    return terms


def _check_combination(plan: Plan, products: Sequence[tuple[str, int, Terms]], where: str) -> None:
    for number, (code, _, terms) in enumerate(products):
        for other, _, other_terms in products[number + 1 :]:
            if other not in plan.products[code].combinable_with:
                raise _refused(
                    where,
                    "products",
                    "not-combinable",
                    f"{terms.name} en {other_terms.name} kunnen niet in één afspraak. Maak er twee afspraken voor.",
                )


def _refused(where: str, name: str, code: str, detail: str) -> InvalidInput:
    location = {"products": "product"}.get(name, name) if where == "query" else f"/{name}"
    return InvalidInput(detail, [FieldError(where, location, code, detail)])
