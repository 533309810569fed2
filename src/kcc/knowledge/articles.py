"""Articles: make, change and read them. Every change leaves a revision and tells the index."""

from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import fees
from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import NO_UPL_NAME
from kcc.errors import Conflict, EditedMeanwhile, FieldError, NotFound
from kcc.knowledge import queries
from kcc.knowledge.models import Article, ArticleRevision
from kcc.knowledge.schemas import ArticleContent
from kcc.storage import outbox

# Topic of the outbox entries that the index of each host follows.
CHANGES = "knowledge.article"


class Outcome(StrEnum):
    """What putting an article did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class UnknownReference(Conflict):
    """The content names a topic, department, UPL name or fee that does not exist."""

    kind = "unknown-reference"
    title = "Verwijst naar iets dat niet bestaat"


class DatesOutOfOrder(Conflict):
    """The article would end before it begins. Well formed as far as the OpenAPI document can say, so a conflict."""

    kind = "dates-out-of-order"
    title = "Einde ligt vóór begin"


def check_dates(content: ArticleContent) -> None:
    """Raise DatesOutOfOrder."""
    if not content.dates_in_order:
        problem = FieldError("body", "/validUntil", "order", "ligt vóór validFrom")
        raise DatesOutOfOrder("validUntil ligt vóór validFrom", [problem])


async def check_references(session: AsyncSession, content: ArticleContent) -> str:
    """See to it that what the content names exists. Returns the department. Raises UnknownReference."""
    problems = []
    topic = await catalogue.topic(session, content.topic)
    if topic is None:
        problems.append(FieldError("body", "/topic", "unknown", f"onderwerp {content.topic!r} bestaat niet"))
    known = {department.code for department in await catalogue.departments(session)}
    if content.department and content.department not in known:
        problems.append(FieldError("body", "/department", "unknown", f"afdeling {content.department!r} bestaat niet"))
    if content.upl != NO_UPL_NAME and await catalogue.upl_uri(session, content.upl) is None:
        detail = f"{content.upl!r} staat niet in de UPL; gebruik anders {NO_UPL_NAME!r}"
        problems.append(FieldError("body", "/upl", "unknown", detail))
    missing = fees.missing(content.texts(), await catalogue.fee_codes(session))
    problems += [FieldError("body", "/body", "unknown", f"tarief {code!r} bestaat niet") for code in sorted(missing)]
    if problems or topic is None:
        raise UnknownReference("; ".join(problem.detail for problem in problems), problems)
    return content.department or topic.department


async def create(
    session: AsyncSession,
    slug: str,
    content: ArticleContent,
    author: str,
    now: datetime,
    source_id: str | None = None,
) -> Article:
    """Make a new article. Raises Conflict when the slug is taken, DatesOutOfOrder and UnknownReference."""
    await outbox.take_turn(session)
    if await queries.article(session, slug) is not None:
        problem = FieldError("body", "/slug", "taken", "er is al een artikel met deze naam")
        raise Conflict(f"Er is al een artikel {slug!r}", [problem])
    check_dates(content)
    department = await check_references(session, content)
    article = Article(
        **content.model_dump(exclude={"department"}),
        department=department,
        slug=slug,
        source_id=source_id,
        created_at=now,
        updated_at=now,
    )
    session.add(article)
    await session.flush()
    await _record(session, article, content, author)
    return article


async def update(
    session: AsyncSession, article: Article, content: ArticleContent, author: str, now: datetime
) -> Outcome:
    """Give an article new content. Nothing happens when it is what was there. Raises as `create`."""
    check_dates(content)
    department = await check_references(session, content)
    new = content.model_dump(exclude={"department"}) | {"department": department}
    if all(getattr(article, name) == value for name, value in new.items()):
        return Outcome.UNCHANGED
    for name, value in new.items():
        setattr(article, name, value)
    article.version += 1
    article.updated_at = now
    await _record(session, article, content, author)
    return Outcome.UPDATED


async def _record(session: AsyncSession, article: Article, content: ArticleContent, author: str) -> None:
    assert article.id is not None
    session.add(
        ArticleRevision(
            article_id=article.id,
            version=article.version,
            content=content.model_dump(mode="json", by_alias=True),
            changed_at=article.updated_at,
            changed_by=author,
        )
    )
    await outbox.append(session, CHANGES, article.slug, article.updated_at)


async def change(
    session: AsyncSession, slug: str, version: int, content: ArticleContent, author: str, now: datetime
) -> Article:
    """An editor's change to version `version`. Raises NotFound, EditedMeanwhile, and as `create`."""
    await outbox.take_turn(session)  # of two who change the same version, the second sees the first one's
    article = await queries.article(session, slug)
    if article is None:
        raise NotFound(f"Er is geen artikel {slug!r}")
    if article.version != version:
        raise EditedMeanwhile(
            f"Versie {version} is niet de nieuwste (dat is {article.version}). Haal het artikel opnieuw op."
        )
    await update(session, article, content, author, now)
    return article
