"""Articles: make, change and read them. Every change leaves a revision and tells the index."""

from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue.models import NO_UPL_NAME
from kcc.errors import Conflict, EditedMeanwhile, FieldError, NotFound
from kcc.knowledge import queries, references
from kcc.knowledge.models import Article, ArticleRevision
from kcc.knowledge.references import Kind, References
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


def _resolved(content: ArticleContent, known: References) -> str:
    """The department, when all that the content names exists. Raises UnknownReference."""
    problems = [_problem(kind, name) for kind, name in known.missing(content)]
    if problems:
        raise UnknownReference("; ".join(problem.detail for problem in problems), problems)
    return known.department(content)


def _problem(kind: Kind, name: str) -> FieldError:
    pointer, detail = {
        Kind.TOPIC: ("/topic", f"onderwerp {name!r} bestaat niet"),
        Kind.DEPARTMENT: ("/department", f"afdeling {name!r} bestaat niet"),
        Kind.UPL: ("/upl", f"{name!r} staat niet in de UPL; gebruik anders {NO_UPL_NAME!r}"),
        Kind.FEE: ("/body", f"tarief {name!r} bestaat niet"),
    }[kind]
    return FieldError("body", pointer, "unknown", detail)


async def create(
    session: AsyncSession,
    slug: str,
    content: ArticleContent,
    author: str,
    now: datetime,
    source_id: str | None = None,
    *,
    known: References | None = None,
) -> Article:
    """Make a new article. Raises Conflict when the slug is taken, DatesOutOfOrder and UnknownReference."""
    await outbox.take_turn(session)
    if await queries.article(session, slug) is not None:
        problem = FieldError("body", "/slug", "taken", "er is al een artikel met deze naam")
        raise Conflict(f"Er is al een artikel {slug!r}", [problem])
    check_dates(content)
    department = _resolved(content, known or await references.load(session, [content]))
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
    session: AsyncSession,
    article: Article,
    content: ArticleContent,
    author: str,
    now: datetime,
    *,
    known: References | None = None,
) -> Outcome:
    """Give an article new content. Nothing happens when it is what was there. Raises as `create`."""
    check_dates(content)
    department = _resolved(content, known or await references.load(session, [content]))
    new = content.model_dump(exclude={"department"}) | {"department": department}
    if all(getattr(article, name) == value for name, value in new.items()):
        return Outcome.UNCHANGED
    # Who reads an article gets its topic's department with it: sent back, it is still the topic's.
    if content.department == article.department and content.topic == article.topic:
        before = await queries.content(session, article)
        if before.get("department") is None:
            content = content.model_copy(update={"department": None})
    for name, value in new.items():
        setattr(article, name, value)
    await _next_version(session, article, content, author, now)
    return Outcome.UPDATED


async def give_department(
    session: AsyncSession, article: Article, content: ArticleContent, department: str, author: str, now: datetime
) -> None:
    """Give an article, whose content says nothing of it, another department: its topic's new one."""
    article.department = department
    await _next_version(session, article, content, author, now)


async def _next_version(
    session: AsyncSession, article: Article, content: ArticleContent, author: str, now: datetime
) -> None:
    article.version += 1
    article.updated_at = now
    await _record(session, article, content, author)


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
