"""Section of the report: do we keep our promise at the counter, today, this month and this year."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels import words
from kcc.service_levels.cases.visits import Went
from kcc.service_levels.definitions import COUNTER_WAIT_VERSION
from kcc.service_levels.pages.addresses import visits_of
from kcc.service_levels.pages.chosen import Chosen
from kcc.service_levels.targets.history import Metric
from kcc.service_levels.targets.wording import promise as worded
from kcc.service_levels.targets.wording import within
from kcc.service_levels.waits import Row

TEMPLATE = "service_levels/_promises.html"
# The bar is so wide, in the units of its drawing.
BAR = 300


@dataclass(frozen=True)
class Promise:
    """A share beside its target, ready to be shown; `kept` is None when there is no share."""

    percent: str | None
    kept: bool | None
    distance: str
    bar: int
    tick: int
    target: str

    @property
    def said(self) -> str:
        """The bar in words."""
        return f"{self.percent or 'geen'} procent, norm {self.target}".replace(f"{words.SPACE}%", " procent")


def promise(value: float | None, target: float) -> Promise:
    """A share in percent beside its target."""
    return Promise(
        percent=None if value is None else words.percent(value, target).removesuffix(f"{words.SPACE}%"),
        kept=None if value is None else value >= target,
        distance=words.distance(value, target),
        bar=round(BAR * (value or 0) / 100),
        tick=round(BAR * target / 100),
        target=words.target_percent(target),
    )


@dataclass(frozen=True)
class Card:
    """A period with its promise, and what stands beside it: (what, how much, where its visits are listed)."""

    id: str
    title: str
    promise: Promise
    visits: str
    address: str | None
    facts: list[tuple[str, str, str | None]]


async def build(session: AsyncSession, chosen: Chosen) -> dict[str, Any]:
    """The cards. One reading of this year serves all three."""
    today = chosen.today
    new_year = today.replace(month=1, day=1)
    found = await chosen.days(session, new_year, today)
    periods: tuple[tuple[str, str, date], ...] = (
        ("vandaag", "Vandaag", today),
        ("maand", "Deze maand", today.replace(day=1)),
        ("jaar", "Dit jaar", new_year),
    )
    cards = [_card(name, title, found.total(first, today), chosen, first) for name, title, first in periods]
    norm, walk_in = (chosen.norm(metric, today) for metric in (Metric.COUNTER_WAIT, Metric.WALK_IN_WAIT))
    return {
        "cards": cards,
        "within": within(norm.threshold or 0),
        "norm": worded(Metric.COUNTER_WAIT, norm),
        "walk_in": worded(Metric.WALK_IN_WAIT, walk_in),
        "changed": [
            f"{name}: {said}"
            for name, metric in (("Afspraken", Metric.COUNTER_WAIT), ("Inloop", Metric.WALK_IN_WAIT))
            if (said := chosen.changed(metric, new_year, today))
        ],
        "version": COUNTER_WAIT_VERSION,
    }


def _card(name: str, title: str, row: Row, chosen: Chosen, first: date) -> Card:
    at = visits_of(chosen, first, chosen.today)
    called = at(row.waits.visits, Went.CALLED)
    walk_ins, norm = row.walk_ins, chosen.norm(Metric.COUNTER_WAIT, chosen.today)
    promised = chosen.norm(Metric.WALK_IN_WAIT, chosen.today)
    of_them = words.percent(walk_ins.percent_within, promised.level)
    if walk_ins.visits:
        of_them += f" ({words.whole(walk_ins.within)} van {words.whole(walk_ins.visits)})"
    if promised.level is not None:
        of_them += f", norm {words.target_percent(promised.level)}"
    return Card(
        id=f"belofte-{name}",
        title=title,
        promise=promise(row.waits.percent_within, norm.level or 0.0),
        visits=words.people(row.waits.visits, "bezoeker met afspraak", "bezoekers met afspraak"),
        address=called,
        facts=[
            ("Gemiddeld gewacht", words.span(row.waits.average_seconds), called),
            ("De helft wachtte ten hoogste", words.span(row.waits.median_seconds), called),
            ("Kwam gemiddeld", words.punctuality(row.minutes_late), called),
            ("Niet verschenen", words.whole(row.no_shows), at(row.no_shows, Went.NO_SHOW)),
            ("Niet gekomen na oproep", words.whole(row.missed), at(row.missed, Went.MISSED)),
            ("Weggegaan voor de oproep", words.whole(row.left_before_called), at(row.left_before_called, Went.LEFT)),
            (f"Inloop binnen {within(promised.threshold or 0)}", of_them, at(walk_ins.visits, Went.WALK_IN)),
            (
                "Inloop niet gekomen na oproep",
                words.whole(row.walk_ins_missed),
                at(row.walk_ins_missed, Went.WALK_IN_MISSED),
            ),
            (
                "Inloop weggegaan voor de oproep",
                words.whole(row.walk_ins_left),
                at(row.walk_ins_left, Went.WALK_IN_LEFT),
            ),
        ],
    )
