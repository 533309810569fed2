"""The sentences of the wallboard, in Dutch. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kcc.service_levels import words
from kcc.service_levels.definitions import SERVICE_LEVEL_VERSION, Variant
from kcc.service_levels.live.outlook import Outlook, Prospect
from kcc.service_levels.live.target import Target
from kcc.service_levels.periods import QUARTER

FORMULAS: Final = {
    Variant.OFFERED: "opgenomen binnen {t} s, gedeeld door opgenomen plus opgehangen",
    Variant.ANSWERED: "opgenomen binnen {t} s, gedeeld door opgenomen",
    Variant.DROP_ABANDONED_WITHIN_THRESHOLD: "opgenomen binnen {t} s, gedeeld door opgenomen plus opgehangen na {t} s",
    Variant.DROP_SHORT_ABANDONED: "opgenomen binnen {t} s, gedeeld door opgenomen plus opgehangen na {s} s",
    Variant.ABANDONED_WITHIN_THRESHOLD_MET: (
        "opgenomen of opgehangen binnen {t} s, gedeeld door opgenomen plus opgehangen"
    ),
}


def outcome(ahead: Outlook, left: float) -> str:
    """What is to be expected, or after closing time what came of it."""
    if ahead.prospect is Prospect.KEPT:
        return "De norm wordt gehaald" if left else "De norm is gehaald"
    return "De norm wordt niet gehaald" if left else "De norm is niet gehaald"


def warning(ahead: Outlook, left: float) -> str:
    """What to know while something can still be done; empty when all goes well, or nothing is known."""
    if not left or ahead.prospect in (Prospect.KEPT, Prospect.NO_DATA):
        return ""
    if ahead.prospect is Prospect.LOST or ahead.may_be_late is None:
        return "De norm van vandaag is niet meer te halen."
    if not ahead.may_be_late:
        return "De norm van vandaag wordt alleen nog gehaald als geen gesprek meer te laat is."
    return (
        f"Er {'kan' if ahead.may_be_late == 1 else 'kunnen'} nog "
        f"{words.people(ahead.may_be_late, 'gesprek', 'gesprekken')} te laat zijn. "
        "In dit tempo worden het er meer."
    )


def definition(target: Target) -> str:
    """What the service level is."""
    rules = target.rules
    formula = FORMULAS[rules.variant].format(t=rules.threshold, s=rules.short)
    return (
        f"Binnen {rules.threshold} seconden = {formula}. Definitie ‘{rules.variant}’, versie {SERVICE_LEVEL_VERSION}."
    )


def heard(at: datetime | None, zone: ZoneInfo) -> str:
    """When an exchange last told something."""
    if at is None:
        return "De telefooncentrale heeft vandaag nog niets gemeld."
    return f"Laatste bericht van de telefooncentrale: {words.clock(at.astimezone(zone))} uur."


def day_by_quarter(
    starts: Sequence[datetime], below: Sequence[tuple[datetime, datetime]], target: Target, zone: ZoneInfo
) -> str:
    """The chart in a sentence; `starts` are the quarters with calls, one or more, in order."""

    def at(moment: datetime) -> str:
        return words.clock(moment.astimezone(zone))

    norm = words.target_percent(target.percent).replace(f"{words.SPACE}%", " procent")
    period = f"van {at(starts[0])} tot {at(starts[-1] + QUARTER)} uur"
    said = f"Binnen {target.rules.threshold} seconden per kwartier, {period}."
    if not below:
        return f"{said} Nergens onder de norm van {norm}."
    parts = [f"tussen {at(begin)} en {at(end)} uur" for begin, end in below]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"
    return f"{said} Onder de norm van {norm} {listed}."
