"""What residents ask most: measured when there is enough to measure, the editors' pick until then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.knowledge import queries, reading
from kcc.knowledge.models import Article

SHOWN = 6
DAYS = 90
# An article counts as much asked from this many resolved contacts on; fewer is chance.
ENOUGH = 20
# Shown until use has taught better; those that a municipality doesn't have are skipped.
EDITORS_PICK = (
    "paspoort-aanvragen",
    "rijbewijs-verlengen",
    "verhuizing-doorgeven",
    "uittreksel-brp",
    "grofvuil",
    "parkeervergunning-bewoner",
)
OFTEN_SEARCHED = ("paspoort", "verhuizen", "grofvuil")


@dataclass(frozen=True, slots=True)
class Popular:
    """An article on the start page, with how it is done."""

    slug: str
    title: str
    hint: str


def _hint(article: Article) -> str:
    if article.form:
        return "Kan online"
    return "Aanvragen op afspraak" if article.product else ""


def pick(measured: Sequence[str], readable: Mapping[str, Article], number: int = SHOWN) -> list[Popular]:
    """The first `number` articles: what was measured, filled up with the editors' pick, then by title."""
    order = dict.fromkeys([*measured, *EDITORS_PICK, *readable])
    chosen = [readable[slug] for slug in order if slug in readable][:number]
    return [Popular(article.slug, article.title, _hint(article)) for article in chosen]


async def most_asked(session: AsyncSession, today: date) -> list[Popular]:
    """What is asked most, of the public articles."""
    counts = await queries.popular(session, today - timedelta(days=DAYS), SHOWN)
    measured = [slug for slug, count in counts if count >= ENOUGH]
    wanted = [*measured, *EDITORS_PICK]
    readable = {article.slug: article for article in await reading.public_among(session, wanted, today)}
    return pick(measured, readable)
