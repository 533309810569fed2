"""The roster on the page: a table of weekdays and hours, the quarters of each day, advice, and past forecasts. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from kcc.service_levels import words
from kcc.service_levels.pages.roster_words import when
from kcc.service_levels.pages.week import WEEKDAYS, clock
from kcc.service_levels.planning.accuracy import Accuracy
from kcc.service_levels.planning.week import WeekPlan
from kcc.service_levels.staffing.advice import HOUR, Advice, Slot
from kcc.service_levels.staffing.forecast import State, likely
from kcc.service_levels.staffing.needs import Work, level, needed, together
from kcc.service_levels.staffing.requirement import scheduled
from kcc.web.dates import date_long, date_short
from kcc.web.sheets import Cell

# Hours in which hardly anybody calls on any day are not shown.
LEAST_CALLS = 0.5
MINUS, PLUS = "\N{MINUS SIGN}", "+"
NONE = "–"


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a day: calls, agents needed, the same in words, and its shade: how many short (None: no advice)."""

    calls: str
    needed: str
    said: str
    shade: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """From and to which hour calls are expected, and a row for each day of the week that is forecast."""

    hours: Sequence[int]
    rows: Sequence[tuple[date, str, Sequence[Hour | None], str]]


def table(plan: WeekPlan, advice: Sequence[Advice]) -> Table | None:
    """The week; None when nothing is forecast."""
    of_hour = {
        (day, hour): list(slots)
        for (day, hour), slots in groupby(plan.slots, key=lambda slot: (slot.day, slot.quarter // HOUR))
    }
    busy = [hour for (_, hour), slots in of_hour.items() if _calls(slots) >= LEAST_CALLS]
    if not busy:
        return None
    hours = range(min(busy), max(busy) + 1)
    more = {(one.day, quarter // HOUR): one.more for one in advice for quarter in range(one.begin, one.end)}
    rows = []
    for one in plan.expectation.days:
        if one.state is State.FORECAST:
            cells = [
                _hour(one.day, hour, of_hour.get((one.day, hour), []), plan, more.get((one.day, hour), 0))
                for hour in hours
            ]
            rows.append((one.day, _named(one.day), cells, words.whole(round(one.expected or 0))))
    return Table(hours, rows)


def _named(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {date_short(day)}"


def _calls(slots: Iterable[Slot]) -> float:
    return math.fsum(slot.calls for slot in slots)


def _hour(day: date, hour: int, slots: Sequence[Slot], plan: WeekPlan, more: int) -> Hour | None:
    calls = _calls(slots)
    if calls < LEAST_CALLS:
        return None
    agents = together([slot.calls for slot in slots], plan.work) if plan.work else None
    said = f"{WEEKDAYS[day.weekday()]} {hour}.00 uur: {_about(calls)} gesprekken verwacht"
    if agents is not None:
        said += f", {agents} nodig"
    if plan.source is not None:
        said += f", {_agents(math.fsum(slot.agents for slot in slots) / len(slots))} ingeroosterd"
    return Hour(_about(calls), NONE if agents is None else str(agents), said, _shade(more) if plan.source else None)


def _shade(more: int) -> int:
    """As in the week of service levels: the darker, the more are missing."""
    return 5 if more < 0 else 4 if more == 0 else max(0, 3 - more)


def _about(calls: float) -> str:
    return words.number(calls, 0 if calls >= 10 or calls == int(calls) else 1)


def _agents(number: float) -> str:
    return words.number(number, 0 if abs(number - round(number)) < 0.05 else 1)


def advice_rows(found: Sequence[Advice], target: float, absent: int) -> list[dict[str, Any]]:
    """The table of advice, in order of the week."""
    return [
        {
            "when": when(one.day, one.begin, one.end),
            "calls": words.whole(round(one.calls_an_hour)),
            "agents": str(_whole(one.agents)),
            "needed": str(_whole(one.agents) + one.more),
            "rostered": str(scheduled(_whole(one.agents) + one.more, absent)) if absent else None,
            "more": f"{PLUS if one.more > 0 else MINUS} {abs(one.more)}",
            "short": one.more > 0,
            "now": words.percent(one.now, target, 0),
            "then": words.percent(one.then, target, 0),
        }
        for one in found
    ]


def _whole(agents: float) -> int:
    """Of a mean, which an estimate is, so many people."""
    return math.floor(agents + 0.5)


def quarters(plan: WeekPlan, target: float) -> list[tuple[str, list[dict[str, str]]]]:
    """Every day with its quarters in which anybody is expected."""
    by_day = groupby(plan.slots, key=lambda slot: slot.day)
    found = [
        (_named(day), [quarter(slot, plan, target) for slot in slots if slot.calls >= 0.05]) for day, slots in by_day
    ]
    return [(day, rows) for day, rows in found if rows]


def quarter(slot: Slot, plan: WeekPlan, target: float) -> dict[str, str]:
    """A quarter of an hour as people read it."""
    least, most = likely(slot.calls)
    return {
        "start": clock(slot.quarter),
        "calls": words.number(slot.calls),
        "likely": f"{least}–{most}",
        "needed": _needed(slot, plan.work),
        "patient": _needed(slot, plan.work, hang_up=False),
        "agents": _agents(slot.agents) if plan.source else NONE,
        "level": _level(slot, plan, target),
    }


def cells(slot: Slot, plan: WeekPlan) -> list[Cell]:
    """The same as a row to download: not rounded."""
    least, most = likely(slot.calls)
    return [
        slot.day,
        f"{slot.quarter // HOUR:02}:{slot.quarter % HOUR * 15:02}",
        slot.calls,
        least,
        most,
        needed(slot.calls, plan.work) if plan.work else None,
        needed(slot.calls, plan.work, hang_up=False) if plan.work else None,
        slot.agents if plan.source else None,
        level([(slot.calls, slot.agents)], plan.work) if plan.work and plan.source else None,
    ]


def _needed(slot: Slot, work: Work | None, *, hang_up: bool = True) -> str:
    found = needed(slot.calls, work, hang_up=hang_up) if work else None
    return NONE if found is None else str(found)


def _level(slot: Slot, plan: WeekPlan, target: float) -> str:
    if plan.work is None or plan.source is None:
        return NONE
    return words.percent(level([(slot.calls, slot.agents)], plan.work), target, 0)


def accuracy_rows(found: Sequence[Accuracy]) -> list[dict[str, str]]:
    """Past weeks: what was said, what came, and how far apart that was."""
    return [
        {
            "week": f"vanaf {date_short(one.monday)}",
            "days": str(one.days),
            "expected": words.whole(round(one.expected)),
            "came": words.whole(one.came),
            "day_error": _share(one.day_error),
            "error": _share(one.error),
            "chance": _share(one.chance),
            "last_week": _share(one.last_week),
        }
        for one in found
    ]


def accuracy_cells(one: Accuracy) -> list[Cell]:
    """A past week as a row to download."""
    errors = (one.day_error, one.error, one.chance, one.last_week)
    return [
        *(one.monday, one.days, one.expected, one.came),
        *(None if error is None else 100 * error for error in errors),
    ]


def _share(value: float | None) -> str:
    return words.percent(None if value is None else 100 * value, decimals=0)


def special_rows(special: Mapping[date, Sequence[str]]) -> list[str]:
    """Days of the week that are not as usual."""
    return [f"{date_long(day)}: {', '.join(told)}" for day, told in sorted(special.items())]
