"""How the products are shown to who chooses one: under headings people know, those that are booked most first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries
from kcc.catalogue import topics
from kcc.catalogue.models import Topic
from kcc.clock import Clock

DAYS = 30
# A product counts as booked often from this many appointments on; fewer is chance.
ENOUGH = 10
OFTEN = 4
KEPT = timedelta(minutes=5)


class ProductTopics(Protocol):
    """How many articles there are about each product, by topic: (product, topic, number)."""

    async def __call__(self, session: AsyncSession, today: date) -> Sequence[tuple[str, str, int]]: ...


@dataclass(frozen=True, slots=True)
class Menu:
    """`headings`: of each product its group of topics, in the order of the groups. `often`: the codes of the products
    that are booked most, the first one most."""

    headings: Mapping[str, Topic]
    often: Sequence[str]

    def grouped(self, codes: Sequence[str]) -> list[tuple[Topic | None, list[str]]]:
        """These products as (group, codes): those without a group last."""
        groups: dict[str, Topic | None] = {group.code: group for group in self.headings.values()} | {"": None}
        found: dict[str, list[str]] = {code: [] for code in groups}
        for code in codes:
            group = self.headings.get(code)
            found[group.code if group else ""].append(code)
        return [(groups[code], members) for code, members in found.items() if members]


class MenuKeeper:
    """The menu as it is now. A process works it out anew every few minutes: it is read with every first step."""

    def __init__(self, clock: Clock, product_topics: ProductTopics) -> None:
        self._clock = clock
        self._product_topics = product_topics
        self._menu: Menu | None = None
        self._since: datetime | None = None

    async def menu(self, session: AsyncSession) -> Menu:
        """The menu, at most some minutes old."""
        now = self._clock.now()
        if self._menu is None or self._since is None or now - self._since >= KEPT:
            articles = await self._product_topics(session, self._clock.today())
            booked = await queries.booked_since(session, now - timedelta(days=DAYS))
            self._menu = Menu(headings(await topics.topics(session), articles), often(booked))
            self._since = now
        return self._menu


def headings(known: Iterable[Topic], articles: Iterable[tuple[str, str, int]]) -> dict[str, Topic]:
    """Of each product the group with most articles about it; of equal ones the first. `known`: in order."""
    order = {topic.code: topic for topic in known}
    groups = {code: topic.parent or code for code, topic in order.items()}
    counts: dict[str, Counter[str]] = {}
    for product, topic, number in articles:
        if topic in groups:
            counts.setdefault(product, Counter())[groups[topic]] += number
    places = {code: place for place, code in enumerate(order)}
    chosen = {
        product: min(numbers, key=lambda group: (-numbers[group], places[group])) for product, numbers in counts.items()
    }
    return {product: order[group] for product, group in sorted(chosen.items(), key=lambda item: places[item[1]])}


def often(booked: Mapping[str, int]) -> list[str]:
    """The few products that are booked most, of those that are booked often enough to say so."""
    enough = [code for code, number in booked.items() if number >= ENOUGH]
    return sorted(enough, key=lambda code: (-booked[code], code))[:OFTEN]
