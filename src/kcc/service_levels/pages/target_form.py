"""The form of a target: the fields that fit a metric, from what was typed to the wire, and norms to choose from."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData

from kcc.errors import DomainError, FieldError
from kcc.service_levels.definitions import Variant
from kcc.service_levels.targets import reading
from kcc.service_levels.targets.history import EVERYTHING, THRESHOLDS, Metric, Norm, Scope, ScopeKind, Targets, unit
from kcc.service_levels.targets.reading import Known
from kcc.service_levels.targets.wording import NOUNS, VARIANTS, promise, within
from kcc.web import forms
from kcc.web.forms import Input

ADDRESS = "/rapport/normen"
# Norms in use in municipalities, to choose from; of walk-ins without a share.
IN_USE: Mapping[Metric, Sequence[Norm]] = {
    Metric.SERVICE_LEVEL: (Norm(80, 30), Norm(80, 25), Norm(80, 20)),
    Metric.FIRST_CONTACT: (Norm(80),),
    Metric.COUNTER_WAIT: (Norm(95, 300),),
    Metric.WALK_IN_WAIT: (Norm(None, 600), Norm(None, 900)),
    Metric.CALLBACKS_IN_TIME: (Norm(100),),
}
# What must be known to choose well.
ABOUT = {
    Metric.SERVICE_LEVEL: "Het deel van de gesprekken dat binnen zo veel seconden is opgenomen.",
    Metric.FIRST_CONTACT: "Het deel van de vragen dat meteen is beantwoord, zonder de groepen die niet meetellen.",
    Metric.COUNTER_WAIT: "Het deel van de bezoekers met een afspraak dat op tijd is opgeroepen.",
    Metric.WALK_IN_WAIT: "Het deel van de bezoekers zonder afspraak dat op tijd is opgeroepen.",
    Metric.CALLBACKS_IN_TIME: "Het deel van de terugbelverzoeken waarvoor voor het beloofde moment is gebeld. "
    "Binnen hoeveel tijd u dat belooft, stelt de beheerder van het systeem in (nu {hours} kantooruren). "
    "Veel gemeenten beloven 2 werkdagen.",
    Metric.LEAD_TIME: "Het deel van de boekingen met een afspraak binnen de dagen die bij het product staan. "
    "Die dagen stelt de beheerder bij het product in.",
}


def scope_name(scope: Scope, known: Known) -> str:
    """What a target is for, in words."""
    if scope == EVERYTHING:
        return NOUNS[scope.kind]
    return f"{NOUNS[scope.kind]} {dict(known[scope.kind]).get(scope.code, scope.code)}"


def in_use(metric: Metric, norm: Norm) -> tuple[str, str]:
    """A norm in use: (in words, the rest of the address that fills it in)."""
    filled = {
        "niveau": norm.level,
        "grens": norm.threshold and norm.threshold // unit(metric),
    }
    address = "".join(f"&{name}={value}" for name, value in filled.items() if value is not None)
    said = promise(metric, norm) if norm.level is not None else f"binnen {within(norm.threshold or 0)}"
    return said, f"maatstaf={metric.value}{address}#nieuw"


def form_address(metric: Metric, scope: Scope = EVERYTHING) -> str:
    """The address of the form with the metric, and what the target is for, filled in."""
    chosen = {"maatstaf": metric.value, "voor": scope_value(scope)}
    return f"{ADDRESS}?{urlencode({name: value for name, value in chosen.items() if value})}#nieuw"


def form_inputs(metric: Metric, known: Known) -> list[Input]:
    """The fields that fit a metric."""
    scopes = [(scope_value(scope), scope_name(scope, known)) for scope in reading.choices(metric, known)]
    found = [Input("voor", "Voor", "choice", options=[("", "alles"), *scopes], required=True)]
    if metric in THRESHOLDS:
        lowest, highest = (limit // unit(metric) for limit in THRESHOLDS[metric])
        noun = "seconden" if unit(metric) == 1 else "minuten"
        found.append(Input("grens", f"Binnen ({noun})", "number", f"Van {lowest} tot en met {highest}.", required=True))
    found.append(Input("niveau", "Norm (procent)", "number", "Van 1 tot en met 100.", required=True))
    found.append(Input("vanaf", "Geldt vanaf", "date", "Vandaag of later; de eerste norm ook eerder.", required=True))
    if metric is Metric.SERVICE_LEVEL:
        options = [(variant.value, text) for variant, text in VARIANTS.items()]
        found.append(Input("telling", "Het percentage is het deel", "choice", options=options, required=True))
    return found


def scope_value(scope: Scope) -> str:
    """What a target is for, as the form sends it."""
    return "" if scope == EVERYTHING else f"{scope.kind.value}:{scope.code}"


# Fields of the form by what they are called on the wire.
_FIELDS = {"scope": "voor", "threshold": "grens", "level": "niveau", "variant": "telling", "validFrom": "vanaf"}


def form_body(metric: Metric, inputs: Sequence[Input], sent: FormData) -> dict[str, Any]:
    """What was filled in, as JSON for the wire."""
    typed = forms.body(inputs, sent)
    body = {wire: typed[name] for wire, name in _FIELDS.items() if name in typed}
    if isinstance(body.get("threshold"), int):
        body["threshold"] *= unit(metric)
    kind, _, code = str(body.pop("scope", "")).partition(":")
    return {"metric": metric.value, "scope": {kind: code} if kind else {}, **body}


def form_errors(metric: Metric, error: DomainError) -> dict[str, str]:
    """What is wrong, at the field where it is."""

    def sentence(problem: FieldError) -> str:
        if problem.location == "/threshold":
            lowest, highest = (limit // unit(metric) for limit in THRESHOLDS[metric])
            return f"vul een heel getal van {lowest} tot en met {highest} in"
        if problem.location == "/validFrom" and problem.code == "taken":
            return "vanaf deze dag is er al een norm; trek die eerst in, of kies een andere dag"
        return forms.plain(problem)

    found = forms.at_fields(error, _FIELDS, sentence)
    return {_FIELDS.get(name, name): detail for name, detail in found.items()}


def form_values(metric: Metric, kept: Targets, today: date, inputs: Sequence[Input], sent: FormData) -> dict[str, Any]:
    """What was typed or stands in the address; otherwise what holds now, from tomorrow."""
    kind, _, code = str(sent.get("voor", "")).partition(":")
    norm = kept.on(today, metric, [Scope(ScopeKind(kind), code)] if kind in list(ScopeKind) else []).norm
    usual = {
        "grens": str(norm.threshold // unit(metric)) if norm.threshold else "",
        "niveau": "" if norm.level is None else str(norm.level),
        "telling": (norm.variant or Variant.OFFERED).value,
        "vanaf": (today + timedelta(days=1)).isoformat(),
        "voor": "",
    }
    typed = forms.shown(inputs, sent)
    return {item.name: typed[item.name] if item.name in sent else usual[item.name] for item in inputs}
