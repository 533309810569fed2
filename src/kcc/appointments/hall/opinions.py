"""What simulated visitors thought of it: the longer they waited, the less. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import VisitKind
from kcc.appointments.survey.models import HIGHEST, LOWEST, SurveyChannel
from kcc.appointments.survey.queries import ALL
from kcc.service_levels.definitions import counter_wait

# Of those served by appointment who gave an address, and of these who answered; and of all who pressed at the kiosk.
INVITED, ANSWERED, PRESSED = 0.7, 0.28, 0.15
REMARKED = 0.2
WAITS_WELL, WAITS_LONG = 300, 900  # seconds
# How often each score is given, the lowest first, by how long somebody waited.
_SCORES = {WAITS_WELL: (1, 2, 8, 39, 50), WAITS_LONG: (4, 10, 26, 40, 20), 0: (18, 27, 30, 18, 7)}
_REMARKS: Mapping[bool, Sequence[str]] = {
    True: (
        "Snel geholpen en duidelijk uitgelegd.",
        "Op tijd aan de beurt.",
        "Vriendelijk, en alles in één keer klaar.",
        "Online een tijd kiezen ging makkelijk.",
    ),
    False: (
        "Ik moest lang wachten terwijl ik een afspraak had.",
        "Het was mij niet duidelijk dat ik een pasfoto mee moest nemen.",
        "Er was maar een balie open.",
        "De eerste vrije tijd was pas volgende week.",
    ),
}
_SIMULATED = "Gesimuleerd: "


def opinions(visits: Iterable[Mapping[str, Any]], today: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of `SurveyCount` and of `SurveyAnswer` about these visits, rows of `Visit`, of the days before today."""
    chance = Random(_SIMULATED)  # noqa: S311  (a demonstration)
    counts: Counter[tuple[str, date, str, str]] = Counter()
    answers = []
    for visit in visits:
        if visit["state"] is not VisitState.FINISHED or visit["day"] == today:
            continue
        products = sorted(code for code, _ in visit["products"])
        if visit["kind"] is VisitKind.APPOINTMENT and chance.random() < INVITED:
            told = ["invited"]
            if chance.random() < ANSWERED:
                told.append("answered")
                answers.append(_answer(visit, chance, SurveyChannel.MAIL, products))
            counts.update((visit["location"], visit["day"], of, what) for of in (ALL, *products) for what in told)
        if chance.random() < PRESSED:
            answers.append(_answer(visit, chance, SurveyChannel.KIOSK, []))
    rows = [
        {"location": place, "day": day, "product": of} | {what: counts[place, day, of, what] for what in _COUNTED}
        for place, day, of in sorted({key[:-1] for key in counts})
    ]
    return rows, sorted(answers, key=lambda row: str(row["key"]))


_COUNTED = ("invited", "answered")


def _answer(
    visit: Mapping[str, Any], chance: Random, channel: SurveyChannel, products: Sequence[str]
) -> dict[str, Any]:
    waited = counter_wait(visit["planned_at"], visit["arrived_at"], visit["first_called_at"])
    weights = _SCORES[next((longest for longest in (WAITS_WELL, WAITS_LONG) if waited <= longest), 0)]
    score = chance.choices(range(LOWEST, HIGHEST + 1), weights)[0]
    remark = _SIMULATED + chance.choice(_REMARKS[score > LOWEST + 2]) if chance.random() < REMARKED else ""
    return {
        "key": f"{chance.getrandbits(256):064x}",
        "channel": channel,
        "location": visit["location"],
        "day": visit["day"],
        "products": products,
        "score": score,
        "remark": remark if channel is SurveyChannel.MAIL else "",
    }
