"""Figures as a team lead reads them, in Dutch. Pure.

No figure is rounded over its target: what is short of 95 % never reads as 95 %.
"""

import math
from datetime import datetime

from kcc.service_levels.comparison import Comparison
from kcc.service_levels.figures import Targets

NO_DATA = "geen gegevens"
SPACE = "\N{NO-BREAK SPACE}"
# What can be answered to the one question, as it is asked.
OPINIONS = {
    1: "Heel ontevreden",
    2: "Ontevreden",
    3: "Niet tevreden, niet ontevreden",
    4: "Tevreden",
    5: "Heel tevreden",
}


def number(value: float, decimals: int = 1) -> str:
    """`91,0`."""
    return f"{value:.{decimals}f}".replace(".", ",")


def percent(value: float | None, target: float | None = None, decimals: int = 1) -> str:
    """`91,0 %`; `geen gegevens` of nobody."""
    return NO_DATA if value is None else f"{number(_honest(value, target, decimals), decimals)}{SPACE}%"


def target_percent(value: float) -> str:
    """A target as it was set: `95 %`, `97,5 %`."""
    return f"{value:g}".replace(".", ",") + f"{SPACE}%"


def _honest(value: float, target: float | None, decimals: int) -> float:
    """Rounded, but down when rounding would carry it over the target, or to everybody when it was not everybody."""
    rounded = round(value, decimals)
    limits = [limit for limit in (target, 100.0) if limit is not None and value < limit <= rounded]
    return math.floor(value * 10**decimals) / 10**decimals if limits else rounded


def distance(value: float | None, target: float) -> str:
    """How far from the target, in percentage points: `4 punt onder de norm`."""
    if value is None:
        return "Geen gegevens"
    apart = abs(value - target)
    if not apart:
        return "Precies de norm"
    shown = "Minder dan 0,1" if apart < 0.05 else f"{round(apart, 1):g}".replace(".", ",")
    return f"{shown} punt {'boven' if value > target else 'onder'} de norm"


def span(seconds: float | None) -> str:
    """How long: `2 min 5 s`, `45 s`."""
    if seconds is None:
        return NO_DATA
    minutes, rest = divmod(round(seconds), 60)
    parts = [f"{minutes}{SPACE}min" if minutes else "", f"{rest}{SPACE}s" if rest or not minutes else ""]
    return SPACE.join(filter(None, parts))


def minutes(value: float) -> str:
    """`1 minuut`, `5 minuten`."""
    return f"{value:g} {'minuut' if value == 1 else 'minuten'}".replace(".", ",")


def counters(value: int) -> str:
    """`1 loket`, `4 loketten`."""
    return f"{value} {'loket' if value == 1 else 'loketten'}"


def whole(value: int) -> str:
    """`1.240`."""
    return f"{value:,}".replace(",", ".")


def people(value: int, one: str, many: str) -> str:
    """`1 afspraak`, `1.240 afspraken`."""
    return f"{whole(value)} {one if value == 1 else many}"


def punctuality(minutes_late: float | None) -> str:
    """How early or late people come on average."""
    if minutes_late is None:
        return NO_DATA
    rounded = round(abs(minutes_late), 1)
    if not rounded:
        return "precies op tijd"
    shown = f"{rounded:g} {'minuut' if rounded == 1 else 'minuten'}".replace(".", ",")
    return f"{shown} {'na' if minutes_late > 0 else 'voor'} de afspraaktijd"


def score(value: int) -> str:
    """What a score means, with the score itself: `Tevreden (4)`."""
    return f"{OPINIONS[value]} ({value})"


def clock(moment: datetime) -> str:
    """A local time as people write it: `9.00`."""
    return f"{moment.hour}.{moment.minute:02}"


def advice(compared: Comparison, targets: Targets) -> str:
    """What the number of counters does to these appointments, as a person would say it."""
    by_number = dict(compared.rows)
    within = f"binnen {minutes(targets.appointment_seconds / 60)} opgeroepen"

    def share(of: int) -> str:
        decimals = 0 if targets.percent == int(targets.percent) else 1
        return percent(by_number[of].appointments.percent_within, targets.percent, decimals)

    if compared.chosen.appointments.percent_within is None:
        return "Er zijn geen afspraken op deze dag. Er valt dus geen norm te halen."
    if compared.fewest is None:
        most = max(by_number)
        return (
            f"Ook met {counters(most)} wordt de norm niet gehaald: dan wordt {share(most)} {within}. "
            "Er staan te veel afspraken tegelijk."
        )
    enough = f"Met {counters(compared.fewest)} wordt {share(compared.fewest)} {within}"
    if compared.fewest == 1:
        return f"{enough}."
    return f"{enough}; met {compared.fewest - 1} is dat {share(compared.fewest - 1)}."


def spread(compared: Comparison, targets: Targets, hours: tuple[str, str] | None) -> str | None:
    """What an even spread of the same appointments, and these walk-in hours, would make possible; None when nothing."""
    best = compared.advice
    if best is None:
        return None
    inside = f" en inloop van {hours[0]} tot {hours[1]} uur" if hours else ""
    found = percent(best.outcome.appointments.percent_within, targets.percent, 0)
    are = "is" if best.counters == 1 else "zijn"
    return (
        f"Met een begintijd om de {best.spacing_minutes} minuten{inside} {are} {counters(best.counters)} genoeg: "
        f"dan wordt {found} op tijd opgeroepen."
    )
