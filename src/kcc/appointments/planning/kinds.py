"""The kinds of things the plan is made of: what each is called and which verbs make, change and remove it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.planning import examples, openings, places, products
from kcc.appointments.planning.changes import Change
from kcc.appointments.planning.opening_schemas import (
    ClosingChanged,
    ClosingContent,
    ClosingItem,
    ClosingList,
    ClosingQuery,
    NewRule,
    RuleChanged,
    RuleContent,
    RuleItem,
    RuleList,
)
from kcc.appointments.planning.place_schemas import (
    CounterChanged,
    CounterContent,
    CounterItem,
    CounterList,
    LocationChanged,
    LocationContent,
    LocationItem,
    LocationList,
    NewCounter,
    NewLocation,
    OfLocation,
)
from kcc.appointments.planning.product_schemas import (
    NewProduct,
    ProductChanged,
    ProductContent,
    ProductItem,
    ProductList,
)
from kcc.appointments.planning.views import View
from kcc.web.paging import Page
from kcc.web.requests import Wire


@dataclass(frozen=True)
class Kind:
    """One kind. `key` is the field that names one; what a verb makes is returned by name, with commas when several."""

    name: str
    noun: str
    nouns: str
    key: str
    is_public: bool
    new: type[Wire]
    content: type[Wire]
    item: type[Wire]
    changed: type[Wire]
    listing: type[Wire]
    query: type[Page]
    example: dict[str, Any]
    content_example: dict[str, Any]
    items: Callable[[View], Awaitable[Sequence[Any]]]
    create: Callable[[AsyncSession, Change, Any], Awaitable[str]]
    replace: Callable[[AsyncSession, Change, str, Any], Awaitable[None]]
    remove: Callable[[AsyncSession, Change, str], Awaitable[None]]


PRODUCTS = Kind(
    name="products",
    noun="a product",
    nouns="products",
    key="code",
    is_public=True,
    new=NewProduct,
    content=ProductContent,
    item=ProductItem,
    changed=ProductChanged,
    listing=ProductList,
    query=Page,
    example=examples.PRODUCT,
    content_example=examples.PRODUCT_CONTENT,
    items=View.products,
    create=products.create,
    replace=products.replace,
    remove=products.remove,
)
LOCATIONS = Kind(
    name="locations",
    noun="a location",
    nouns="locations",
    key="code",
    is_public=True,
    new=NewLocation,
    content=LocationContent,
    item=LocationItem,
    changed=LocationChanged,
    listing=LocationList,
    query=Page,
    example=examples.LOCATION,
    content_example=examples.LOCATION_CONTENT,
    items=View.locations,
    create=places.create_location,
    replace=places.replace_location,
    remove=places.remove_location,
)
COUNTERS = Kind(
    name="counters",
    noun="a counter",
    nouns="counters",
    key="code",
    is_public=False,
    new=NewCounter,
    content=CounterContent,
    item=CounterItem,
    changed=CounterChanged,
    listing=CounterList,
    query=OfLocation,
    example=examples.COUNTER,
    content_example=examples.COUNTER_CONTENT,
    items=View.counters,
    create=places.create_counter,
    replace=places.replace_counter,
    remove=places.remove_counter,
)
RULES = Kind(
    name="opening-rules",
    noun="an opening rule",
    nouns="opening rules",
    key="id",
    is_public=False,
    new=NewRule,
    content=RuleContent,
    item=RuleItem,
    changed=RuleChanged,
    listing=RuleList,
    query=OfLocation,
    example=examples.RULE,
    content_example=examples.RULE_CONTENT,
    items=View.rules,
    create=openings.create_rules,
    replace=openings.replace_rule,
    remove=openings.remove_rule,
)
CLOSINGS = Kind(
    name="closing-days",
    noun="a closing day",
    nouns="closing days",
    key="id",
    is_public=False,
    new=ClosingContent,
    content=ClosingContent,
    item=ClosingItem,
    changed=ClosingChanged,
    listing=ClosingList,
    query=ClosingQuery,
    example=examples.CLOSING,
    content_example=examples.CLOSING_CONTENT,
    items=View.closings,
    create=openings.create_closing,
    replace=openings.replace_closing,
    remove=openings.remove_closing,
)
KINDS = (PRODUCTS, LOCATIONS, COUNTERS, RULES, CLOSINGS)
