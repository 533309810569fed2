"""What the wallboard shows of the facts, in words. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from kcc.service_levels import words
from kcc.service_levels.definitions import COUNTER_WAIT_VERSION, Counting
from kcc.service_levels.live import phrases
from kcc.service_levels.live.agents import Doing
from kcc.service_levels.live.chart import NARROW, WIDE, Chart, below, chart, span_of
from kcc.service_levels.live.facts import Facts, HallNow
from kcc.service_levels.live.outlook import Outlook, Prospect, last_hour, minutes_left, outlook
from kcc.service_levels.live.target import CounterTarget, Target
from kcc.service_levels.phone.levels import Level

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a wallboard is of: a queue and a location, or all (None)."""

    queue: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with what stands above, beside and below it. `kept` is None where there is no target, or no data.

    `since` is a moment from which a wait in `below` ticks on.
    """

    title: str
    figure: str
    unit: str = ""
    below: Sequence[str] = ()
    kept: bool | None = None
    icon: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A queue or a location: how many wait, since when the longest does, and the share in time."""

    name: str
    waiting: int
    since: datetime | None
    percent: str
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Bars:
    """The day by quarter: drawn twice, told in a sentence, and as a table (time, percentage, calls, in time)."""

    charts: Sequence[tuple[str, Chart]]
    said: str
    rows: Sequence[tuple[str, str, int, int]]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the wallboard. `waiting` is the number in its title too."""

    waiting: int
    level: Tile
    prospect: Tile
    queueing: Tile
    agents: Tile
    callbacks: Tile
    warning: str
    bars: Bars | None
    queues: Sequence[Row]
    halls: Sequence[Row]
    within: int
    target: str
    queue_title: str
    hall_title: str
    counters: str
    definition: str
    heard: str
    counter_version: int
    now: datetime


def board(facts: Facts, choice: Choice, now: datetime, zone: ZoneInfo) -> Board:
    """What is shown at a moment. A queue of its own is held against its own target, together against that of all."""
    promised = facts.promised
    target = promised.of_queue(choice.queue)
    levels = _levels(facts, target)
    names = [name for name in levels if choice.queue in (None, name)]
    waiting = [(queue, entered) for queue, entered in facts.waiting if choice.queue in (None, queue)]
    whole, quarters = _together(levels, names, target)
    halls = [one for one in facts.halls if choice.location in (None, one.code)]
    closes = facts.openings[-1][1] if facts.openings else None
    rate = last_hour({start: level.counting for start, level in quarters.items()}, facts.minute, facts.openings)
    left = minutes_left(facts.minute, facts.openings)
    ahead = outlook(whole.counting, rate, left, target.percent) if closes else Outlook(Prospect.NO_DATA)
    return Board(
        waiting=len(waiting),
        level=_level_tile(whole, target),
        prospect=_prospect_tile(ahead, closes, left, target, zone),
        queueing=Tile("Wachten nu", words.whole(len(waiting)), since=waiting[0][1] if waiting else None),
        agents=_agents_tile(facts, choice.queue),
        callbacks=Tile(
            "Terugbellen open",
            words.whole(facts.callbacks),
            below=(f"{words.whole(facts.overdue)} te laat" if facts.overdue else "Geen te laat",),
            kept=False if facts.overdue else None,
            icon="clock" if facts.overdue else "",
        ),
        warning=phrases.warning(ahead, left),
        bars=_bars(quarters, facts, target, zone),
        queues=[_queue_row(name, facts, waiting, promised.of_queue(name)) for name in names],
        queue_title=_title({f"Binnen {promised.of_queue(name).rules.threshold} s" for name in names}),
        halls=[_hall_row(one, promised.of_location(one.code).percent) for one in halls],
        hall_title=_title({_minutes(promised.of_location(one.code)) for one in halls}).capitalize(),
        within=target.rules.threshold,
        target=words.target_percent(target.percent),
        counters=_title({_minutes(promised.of_location(one.code)) for one in halls}).lower(),
        definition=phrases.definition(target),
        heard=phrases.heard(facts.heard_at, zone),
        counter_version=COUNTER_WAIT_VERSION,
        now=now,
    )


def _levels(facts: Facts, target: Target) -> dict[str, dict[datetime, Level]]:
    """The calls of each queue by quarter, queues by name; also of those without calls."""
    names = {*facts.queues, *(queue for queue, _ in facts.waiting), *(row.queue for row in facts.counted)}
    found: dict[str, dict[datetime, Level]] = {name: {} for name in sorted(names, key=str.casefold)}
    for row in facts.counted:
        start = cast(datetime, row.start)
        level = found[row.queue].setdefault(start, Level(start, row.queue, target.rules))
        level.add(row)
    return found


def _together(
    levels: Mapping[str, Mapping[datetime, Level]], names: Sequence[str], target: Target
) -> tuple[Level, dict[datetime, Level]]:
    """All of these queues, of the day and by quarter."""
    whole, quarters = Level(datetime.min, None, target.rules), dict[datetime, Level]()
    for name in names:
        for start, level in levels[name].items():
            whole.join(level)
            quarters.setdefault(start, Level(start, None, target.rules)).join(level)
    return whole, quarters


def _level_tile(whole: Level, target: Target) -> Tile:
    title = f"Binnen {target.rules.threshold} seconden vandaag"
    if whole.percent is None:
        return Tile(title, NOTHING, below=("Nog geen gegevens",))
    kept = whole.percent >= target.percent
    norm = words.target_percent(target.percent)
    apart = words.distance(whole.percent, target.percent)
    said = apart if apart == "Precies de norm" else f"{apart} van {norm}"
    return Tile(title, _figure(whole.percent, target), "%", (said,), kept, "check" if kept else "arrow-down")


def _figure(percent: float, target: Target) -> str:
    decimals = 0 if target.percent == int(target.percent) else 1
    return words.percent(percent, target.percent, decimals).removesuffix(f"{words.SPACE}%")


def _prospect_tile(ahead: Outlook, closes: datetime | None, left: float, target: Target, zone: ZoneInfo) -> Tile:
    if closes is None:
        return Tile("Bij sluiting", NOTHING, below=("Vandaag zijn er geen openingstijden",))
    at = words.clock(closes.astimezone(zone))
    title = f"Om {at} uur, in dit tempo" if left else f"Gesloten sinds {at} uur"
    if ahead.percent is None or ahead.expected is None:
        return Tile(title, NOTHING, below=("Nog te weinig gegevens" if left else "Geen gegevens",))
    kept = ahead.prospect is Prospect.KEPT
    more = f"Nog ongeveer {words.people(ahead.expected, 'gesprek', 'gesprekken')}" if left else ""
    said = [line for line in (phrases.outcome(ahead, left), more) if line]
    return Tile(title, _figure(ahead.percent, target), "%", said, kept, "check" if kept else "warning")


def _agents_tile(facts: Facts, queue: str | None) -> Tile:
    there = Counter(one.doing for one in facts.agents if queue is None or not one.queues or queue in one.queues)
    everybody, talking, unclear = there.total(), there[Doing.TALKING], there[Doing.UNCLEAR]
    if not everybody:
        return Tile("Medewerkers", NOTHING, below=("Onbekend: de centrale vertelt niet wie er is",))
    paused = f"{there[Doing.PAUSED]} in pauze" if there[Doing.PAUSED] else ""
    if not any(one.told for one in facts.agents):
        return Tile("In gesprek", str(talking), below=("Hoeveel medewerkers er zijn, vertelt de centrale niet",))
    of = f"van {everybody}"
    if unclear:
        free = f"{there[Doing.FREE]} vrij" if there[Doing.FREE] else ""
        wrapping = f"{there[Doing.WRAPPING_UP]} in nawerk" if there[Doing.WRAPPING_UP] else ""
        rest = ", ".join(filter(None, (free, wrapping, paused)))
        said = f"{unclear} niet in gesprek: vrij of in nawerk is onbekend"
        return Tile("Medewerkers in gesprek", str(talking), of, tuple(filter(None, (said, rest))))
    rest = ", ".join(filter(None, (f"{talking} in gesprek", f"{there[Doing.WRAPPING_UP]} in nawerk", paused)))
    return Tile("Medewerkers vrij", str(there[Doing.FREE]), of, (rest,))


def _title(found: set[str]) -> str:
    """What is in time, when it is one thing."""
    return found.pop() if len(found) == 1 else "Op tijd"


def _minutes(target: CounterTarget) -> str:
    return f"binnen {words.minutes(target.thresholds.appointment / 60)}"


def _queue_row(name: str, facts: Facts, waiting: Sequence[tuple[str, datetime]], target: Target) -> Row:
    mine = [entered for queue, entered in waiting if queue == name]
    level = Level(datetime.min, name, target.rules)
    for row in facts.counted:
        if row.queue == name:
            level.add(row)
    kept = None if level.percent is None else level.percent >= target.percent
    said = words.percent(level.percent, target.percent, 0)
    return Row(name, len(mine), mine[0] if mine else None, said, kept)


def _hall_row(one: HallNow, target: float) -> Row:
    kept = None if one.percent is None else one.percent >= target
    since = one.since[0] if one.since else None
    return Row(one.name, len(one.since), since, words.percent(one.percent, target, 0), kept)


def _bars(quarters: Mapping[datetime, Level], facts: Facts, target: Target, zone: ZoneInfo) -> Bars | None:
    shares = {start: level.percent for start, level in sorted(quarters.items()) if level.percent is not None}
    if not shares:
        return None
    starts = span_of(shares, facts.openings)
    charts = [
        (name, chart(shares, starts, target.percent, zone, frame))
        for name, frame in (("wide", WIDE), ("narrow", NARROW))
    ]
    rows = []
    for start, percent in shares.items():
        calls: Counting = quarters[start].counting
        at = words.clock(start.astimezone(zone))
        rows.append((at, words.percent(percent, target.percent), calls.of, calls.met))
    said = phrases.day_by_quarter(list(shares), below(shares, target.percent), target, zone)
    return Bars(charts, said, rows)
