"""Answers to the one question: by a link, once; or at the kiosk, by whoever stands there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.bsn import contains_bsn
from kcc.access.mentions import mentions_email, mentions_phone
from kcc.appointments.links import new_secret, survey_key
from kcc.appointments.survey import queries
from kcc.appointments.survey.inviting import invited
from kcc.appointments.survey.models import HIGHEST, LOWEST, REMARK_MAX, SurveyAnswer, SurveyChannel
from kcc.errors import FieldError, InvalidInput, NotFound

# With fewer answers by mail than this, a remark could be told to be somebody's.
REMARKS_FROM = 5


@dataclass(frozen=True, slots=True)
class Opinion:
    """A score, 1 for very dissatisfied up to 5 for very satisfied, and what somebody wants to say with it."""

    score: int
    remark: str = ""


def opinion(score: str, remark: str = "") -> Opinion:
    """What was sent by a form.

    Raises InvalidInput with, for each field, one of the codes missing, too-long, bsn, email, phone.
    """
    errors = []
    text = remark.replace("\r\n", "\n").strip()
    if score not in {str(number) for number in range(LOWEST, HIGHEST + 1)}:
        errors.append(FieldError("body", "/score", "missing", f"kies een van de {HIGHEST} antwoorden"))
    if len(text) > REMARK_MAX:
        errors.append(FieldError("body", "/remark", "too-long", f"gebruik ten hoogste {REMARK_MAX} tekens"))
    elif contains_bsn(text):
        errors.append(FieldError("body", "/remark", "bsn", "haal het burgerservicenummer weg"))
    elif mentions_email(text):
        errors.append(FieldError("body", "/remark", "email", "haal het e-mailadres weg"))
    elif mentions_phone(text):
        errors.append(FieldError("body", "/remark", "phone", "haal het telefoonnummer weg"))
    if errors:
        raise InvalidInput("Dit antwoord klopt niet", errors)
    return Opinion(int(score), text)


async def answer(session: AsyncSession, secret_key: str, token: str, given: Opinion, today: date) -> bool:
    """Answer by a link. False, and nothing is kept, when it was used already. Raises NotFound when it does not work."""
    found = await invited(session, secret_key, token, today)
    if found is None:
        raise NotFound("Deze link werkt niet (meer)")
    if not await queries.use(session, found):
        return False
    row = SurveyAnswer(
        key=survey_key(secret_key, new_secret()),  # of nothing: a key that tells nothing
        channel=SurveyChannel.MAIL,
        location=found.location,
        day=found.day,
        products=found.products,
        score=given.score,
        remark=given.remark,
    )
    await queries.keep_answer(session, row)
    return True


async def answer_at_kiosk(
    session: AsyncSession, secret_key: str, page: str, location: str, given: Opinion, today: date
) -> None:
    """Answer at the kiosk. `page` is the secret of the page that was shown: of one page, one answer counts."""
    row = SurveyAnswer(
        key=survey_key(secret_key, page),
        channel=SurveyChannel.KIOSK,
        location=location,
        day=today,
        score=given.score,
        remark=given.remark,
    )
    await queries.keep_answer(session, row)


async def remarks(
    session: AsyncSession, first: date, last: date, location: str | None = None, product: str | None = None
) -> Sequence[tuple[int, str]]:
    """(score, remark) about visits from the first day to the last, of one location or product, or of all.

    None when few answered by mail, for all to stay unknown: a press at the kiosk has no remark, and hides nobody.
    """
    given = [
        one
        for one in await queries.answers(session, first, last, location)
        if one.channel is SurveyChannel.MAIL and (product is None or product in one.products)
    ]
    return await queries.remarks(session, first, last, location, product) if len(given) >= REMARKS_FROM else []
