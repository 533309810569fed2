"""Invitations: the link that somebody is mailed, how long it works, and what is kept of it."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.links import survey_key, survey_token
from kcc.appointments.survey import queries
from kcc.appointments.survey.models import SurveyInvitation

# After the day of the visit.
VALID = timedelta(days=30)
# Of who comes too late it is known for as long again that the link was a good one.
KEPT = 2 * VALID
# A remark may name somebody, whatever we ask.
REMARKS_KEPT = timedelta(days=365)


def until(day: date) -> date:
    """The last day on which a link about a visit on this day works."""
    return day + VALID


async def invite(
    session: AsyncSession, secret_key: str, seed: str, location: str, day: date, products: Sequence[str]
) -> None:
    """Keep an invitation for the token that follows from this seed. Once more changes nothing."""
    key = survey_key(secret_key, survey_token(secret_key, seed))
    if await queries.invitation(session, key) is None:
        row = SurveyInvitation(key=key, location=location, day=day, products=sorted(set(products)))
        await queries.invite(session, row)


async def withdraw(session: AsyncSession, secret_key: str, seed: str) -> None:
    """The link of this seed reached nobody: it does not count as an invitation. An answer that came stays."""
    found = await queries.invitation(session, survey_key(secret_key, survey_token(secret_key, seed)))
    if found is not None and not found.answered:
        await queries.withdraw(session, found)


async def invited(session: AsyncSession, secret_key: str, token: str, today: date) -> SurveyInvitation | None:
    """The invitation of a link that works today or was used; None for one that never did, or does no longer."""
    found = await queries.invitation(session, survey_key(secret_key, token))
    return found if found is not None and today <= until(found.day) else None


async def purge(session: AsyncSession, today: date) -> None:
    """Remove invitations that expired a while ago, and remarks of a year ago. Counts and scores stay."""
    await queries.purge(session, today - KEPT, today - REMARKS_KEPT)
