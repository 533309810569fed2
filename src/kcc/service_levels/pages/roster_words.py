"""What the page of the roster says, as a person would say it. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from kcc.service_levels import words
from kcc.service_levels.pages.week import WEEKDAYS, clock
from kcc.service_levels.planning.causes import PastWeek
from kcc.service_levels.planning.week import Source
from kcc.service_levels.staffing.advice import Advice, Change, Effect
from kcc.service_levels.staffing.decompose import Cause
from kcc.web.dates import date_short

MOST_TOLD: Final = 3
NUMBERS: Final = ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")
CAUSES: Final = {
    Cause.VOLUME: "Meer gesprekken dan verwacht",
    Cause.HANDLING: "Langere gesprekken",
    Cause.STAFFING: "Minder medewerkers aan de telefoon",
    Cause.ABANDONMENT: "Bellers die minder lang wachtten",
}
REVERSED: Final = {
    Cause.VOLUME: "Minder gesprekken dan verwacht",
    Cause.HANDLING: "Kortere gesprekken",
    Cause.STAFFING: "Meer medewerkers aan de telefoon",
    Cause.ABANDONMENT: "Bellers die langer wachtten",
}
# Parts of so few points are chance.
NEGLIGIBLE: Final = 0.05


def week_of(monday: date, today: date) -> str:
    """`Volgende week`."""
    weeks = (monday - today + timedelta(days=today.weekday())).days // 7
    return {0: "Deze week", 1: "Volgende week", -1: "Vorige week"}.get(weeks, f"In de week van {date_short(monday)}")


def agents(number: float) -> str:
    """`twee medewerkers`."""
    return f"{_count(number)} {'medewerker' if number == 1 else 'medewerkers'}"


def _count(number: float) -> str:
    if number == int(number) and 0 <= number < len(NUMBERS):
        return NUMBERS[int(number)]
    return words.number(number, 0 if number == int(number) else 1)


def when(day: date, begin: int, end: int) -> str:
    """`dinsdag van 9.00 tot 11.00 uur`."""
    return f"{WEEKDAYS[day.weekday()]} van {clock(begin)} tot {clock(end)} uur"


def summary(found: Sequence[Advice], week: str, whole: float | None, target: float, source: Source) -> list[str]:
    """Where it goes wrong most, what helps, and where there are too many."""
    short = sorted((one for one in found if one.more > 0), key=lambda one: (-one.missing, one.day, one.begin))
    said = []
    for number, one in enumerate(short[:MOST_TOLD]):
        share = f"{words.percent(one.now, target, 0)} wordt dan op tijd opgenomen"
        then = f"met {_count(one.more)} meer is dat {words.percent(one.then, target, 0)}"
        opening = f"{week} komt u" if number == 0 else "Ook komt u" if number == 1 else "En u komt"
        said.append(f"{opening} {when(one.day, one.begin, one.end)} {agents(one.more)} tekort: {share}, {then}.")
    rest = len(short) - MOST_TOLD
    if rest > 0:
        said.append(f"Nog {rest} andere {'tijd staat' if rest == 1 else 'tijden staan'} in het advies hieronder.")
    if not short:
        said.append(f"{week} zijn er elk uur genoeg medewerkers voor de norm.")
    spare = sorted((one for one in found if one.more < 0), key=lambda one: (one.more * (one.end - one.begin), one.day))
    if spare:
        one = spare[0]
        said.append(f"Op {when(one.day, one.begin, one.end)} zijn er {agents(-one.more)} meer dan nodig.")
    if whole is not None:
        apart = words.distance(whole, target).lower()
        said.append(
            f"Over de hele week wordt naar verwachting {words.percent(whole, target, 0)} op tijd opgenomen: {apart}."
        )
    if source is Source.ESTIMATED:
        said.append("Er is geen rooster ingevuld: dit gaat uit van wie de afgelopen weken gesprekken aannam.")
    return said


def considered(change: Change, effect: Effect, target: float) -> str:
    """`Eén medewerker meer op dinsdag van 9.00 tot 11.00 uur: 66 % wordt 74 % …`."""
    what = f"{agents(abs(change.more))} {'meer' if change.more > 0 else 'minder'}".replace("één", "eén")
    stretch = f"{WEEKDAYS[change.weekday]} van {clock(change.begin)} tot {clock(change.end)} uur"
    before, after, all_before, all_after = (
        words.percent(value, target, 0) for value in (effect.before, effect.after, effect.all_before, effect.all_after)
    )
    return (
        f"{what[:1].upper()}{what[1:]} op {stretch}: {before} → {after} op tijd. "
        f"Over de hele week: {all_before} → {all_after}."
    )


def cause_rows(past: PastWeek) -> list[tuple[str, str]]:
    """What each cause took or gave, in points."""
    if past.shortfall is None:
        return []
    plan = "Het rooster zelf" if past.source is Source.TYPED else "Naar boven afronden op hele medewerkers"
    rows = [(plan, past.shortfall.plan)]
    rows += [((CAUSES if part >= 0 else REVERSED)[cause], part) for cause, part in past.shortfall.parts.items()]
    rows.append(("Wat het rekenmodel niet verklaart", past.shortfall.unexplained))
    return [(name, _points(part)) for name, part in rows]


def _points(part: float) -> str:
    if abs(part) < NEGLIGIBLE:
        return "geen verschil"
    return f"{words.number(abs(part))} punt {'eraf' if part > 0 else 'erbij'}"


def cause_summary(past: PastWeek, target: float) -> str | None:
    """Whether the target was kept, and what cost most."""
    if past.shortfall is None:
        return None
    measured = past.shortfall.measured
    said = f"Vorige week werd {words.percent(measured, target)} op tijd opgenomen: "
    said += f"{words.distance(measured, target).lower()}."
    cause, most = max(past.shortfall.parts.items(), key=lambda item: item[1])
    if measured < target and most >= NEGLIGIBLE:
        said += f" Het meest kostte: {CAUSES[cause][:1].lower()}{CAUSES[cause][1:]} ({words.number(most)} punt)."
    return said
