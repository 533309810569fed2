"""Section of the report: what visitors answered to the one question, by mail and at the kiosk, and what they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.survey.answering import REMARKS_FROM, remarks
from kcc.service_levels import words
from kcc.service_levels.definitions import SATISFACTION_VERSION, SCORES, Satisfaction, share
from kcc.service_levels.pages.chosen import Chosen
from kcc.service_levels.satisfaction import Kiosk, Row, total
from kcc.service_levels.waits import Asked

TEMPLATE = "service_levels/_satisfaction.html"
# The bar is so wide, in the units of its drawing.
BAR = 200
# A year of remarks is more than anybody reads on one page.
MOST_REMARKS = 200


@dataclass(frozen=True)
class Answers:
    """One way of answering, ready to be shown; `mean` is None, and `scores` is empty, when nobody did.

    Each of `scores` is (what it means, how often it was given, its share, the width of its bar), the best first.
    """

    id: str
    title: str
    mean: str | None
    scores: list[tuple[str, str, str, int]]
    facts: list[tuple[str, str]]


async def build(session: AsyncSession, chosen: Chosen) -> dict[str, Any]:
    """The figures of the chosen period, and its remarks when enough people answered by mail."""
    asked = Asked(chosen.first, chosen.last, location=chosen.location, product=chosen.product)
    found = await total(session, chosen.plan, asked)
    written = await remarks(session, chosen.first, chosen.last, chosen.location, chosen.product)
    return {
        "mail": _by_mail(found),
        "kiosk": _at_kiosk(found.kiosk) if found.kiosk else None,
        "remarks": [(words.score(score), remark) for score, remark in written[:MOST_REMARKS]],
        "more": words.whole(len(written)) if len(written) > MOST_REMARKS else None,
        "enough": found.given.answered >= REMARKS_FROM,
        "remarks_from": REMARKS_FROM,
        "version": SATISFACTION_VERSION,
    }


def _by_mail(found: Row) -> Answers:
    return Answers(
        id="tevreden-mail",
        title="Per e-mail",
        mean=_mean(found.given),
        scores=_scores(found.given),
        facts=[
            ("Uitgenodigd", words.whole(found.invited)),
            ("Geantwoord", words.whole(found.answered)),
            ("Respons", words.percent(found.percent)),
        ],
    )


def _at_kiosk(kiosk: Kiosk) -> Answers:
    return Answers(
        id="tevreden-kiosk",
        title="Aan de kiosk",
        mean=_mean(kiosk.given),
        scores=_scores(kiosk.given),
        facts=[
            ("Afgeronde bezoeken", words.whole(kiosk.visits)),
            ("Antwoorden", words.whole(kiosk.given.answered)),
            ("Antwoorden per 100 bezoeken", words.NO_DATA if kiosk.percent is None else words.number(kiosk.percent)),
        ],
    )


def _mean(given: Satisfaction) -> str | None:
    return None if given.mean is None else words.number(given.mean)


def _scores(given: Satisfaction) -> list[tuple[str, str, str, int]]:
    if not given.answered:
        return []
    counted: Sequence[tuple[int, int]] = list(zip(SCORES, given.distribution, strict=True))
    return [
        (words.score(score), words.whole(number), words.percent(share(number, given.answered)), _bar(number, given))
        for score, number in reversed(counted)
    ]


def _bar(number: int, given: Satisfaction) -> int:
    return round(BAR * number / given.answered)
