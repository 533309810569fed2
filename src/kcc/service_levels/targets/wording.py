"""Targets as a team lead reads them, in Dutch. Pure."""

from collections.abc import Sequence
from datetime import date

from kcc.service_levels import words
from kcc.service_levels.definitions import Variant
from kcc.service_levels.targets.history import THRESHOLDS, Held, Metric, Norm, ScopeKind, unit
from kcc.web.dates import date_day

NAMES = {
    Metric.SERVICE_LEVEL: "Telefoon op tijd opgenomen",
    Metric.FIRST_CONTACT: "In eerste contact afgehandeld",
    Metric.COUNTER_WAIT: "Afspraken op tijd opgeroepen",
    Metric.WALK_IN_WAIT: "Inloop op tijd opgeroepen",
    Metric.CALLBACKS_IN_TIME: "Op tijd teruggebeld",
    Metric.LEAD_TIME: "Snel genoeg een afspraak",
}
NOUNS = {
    ScopeKind.ALL: "alles",
    ScopeKind.QUEUE: "wachtrij",
    ScopeKind.TOPIC: "onderwerpgroep",
    ScopeKind.DEPARTMENT: "vakafdeling",
    ScopeKind.PRODUCT: "product",
    ScopeKind.LOCATION: "locatie",
}
# What is divided by what.
VARIANTS = {
    Variant.OFFERED: "van de gesprekken die zijn opgenomen of waarbij de beller ophing",
    Variant.ANSWERED: "van de gesprekken die zijn opgenomen",
    Variant.DROP_ABANDONED_WITHIN_THRESHOLD: "van alle gesprekken, zonder wie binnen die tijd ophing",
    Variant.DROP_SHORT_ABANDONED: "van alle gesprekken, zonder wie binnen 5 seconden ophing",
    Variant.ABANDONED_WITHIN_THRESHOLD_MET: "van alle gesprekken; wie binnen die tijd ophing, telt als op tijd",
}
_RULES = {
    Metric.FIRST_CONTACT: "in het eerste contact",
    Metric.CALLBACKS_IN_TIME: "voor het beloofde moment",
    Metric.LEAD_TIME: "binnen de dagen van het product",
}
# What municipalities use, as far as they publish it: where the defaults come from.
_USUAL = {
    Metric.SERVICE_LEVEL: "gangbaar is 80 % binnen 30 seconden",
    Metric.FIRST_CONTACT: "gangbaar is dat het contactcentrum 80 % zelf afhandelt",
    Metric.COUNTER_WAIT: "gangbaar is binnen 5 minuten",
    Metric.WALK_IN_WAIT: "gangbaar is binnen 10 tot 15 minuten",
    Metric.CALLBACKS_IN_TIME: "gangbaar is terugbellen binnen 2 werkdagen, en een belofte geldt voor iedereen",
}
NONE = "geen norm"


def within(threshold: int) -> str:
    """A threshold in seconds: `30 seconden`, `5 minuten`."""
    if threshold < 120 and threshold != 60:
        return f"{threshold} {'seconde' if threshold == 1 else 'seconden'}"
    return words.minutes(threshold / 60) if threshold % 60 == 0 else f"{threshold} seconden"


def promise(metric: Metric, norm: Norm) -> str:
    """What is promised: `80 % binnen 30 seconden`."""
    share = words.target_percent(norm.level) if norm.level is not None else None
    rule = f"binnen {within(norm.threshold)}" if norm.threshold is not None else _RULES.get(metric, "")
    if share is None:
        return f"{rule}, zonder percentage" if norm.threshold is not None else NONE
    if norm.variant not in (None, Variant.OFFERED):
        rule += f", {VARIANTS[norm.variant]}"
    return f"{share} {rule}".strip()


def origin(metric: Metric, held: Held) -> str | None:
    """That a target is a default, and where it comes from; None when somebody set it, or there is none."""
    if held.since is not None or held.norm == Norm():
        return None
    return f"Standaard uit de instellingen: {_USUAL[metric]}."


def short(norm: Norm) -> str:
    """The same for a column: `80 % in 30 s`, `95 % in 5 min`; a dash when there is none."""
    share = words.target_percent(norm.level) if norm.level is not None else ""
    rule = f"in {words.span(norm.threshold)}" if norm.threshold is not None else ""
    return " ".join(filter(None, (share, rule))).replace(" ", words.SPACE) or "–"


def changed(metric: Metric, parts: Sequence[tuple[date, date, Held]]) -> str | None:
    """That the target changed in a period, with what held when; None when what is promised stayed the same."""
    different = [
        (first, held.norm)
        for number, (first, _, held) in enumerate(parts)
        if number == 0 or held.norm != parts[number - 1][2].norm
    ]
    if len(different) < 2:
        return None
    (_, earliest), *later = different
    said = [f"tot {date_day(later[0][0])} {promise(metric, earliest)}"]
    said += [f"vanaf {date_day(day)} {promise(metric, norm)}" for day, norm in later]
    return f"De norm veranderde in deze periode: {', '.join(said)}."


def threshold_problem(metric: Metric, threshold: int | None) -> str | None:
    """What is wrong with a threshold in seconds for a metric; None when nothing is."""
    limits = THRESHOLDS.get(metric)
    if limits is None:
        return None if threshold is None else "deze norm heeft geen grens in de tijd; laat dit leeg"
    if threshold is None:
        return "vul in binnen hoeveel tijd"
    lowest, highest = limits
    if lowest <= threshold <= highest and not threshold % unit(metric):
        return None
    if unit(metric) == 1:
        return f"kies van {lowest} tot en met {highest} seconden"
    return f"kies van {lowest} tot en met {highest} seconden, in hele minuten (een veelvoud van 60)"
