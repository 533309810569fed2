"""What articles name in the catalogue, read once for many of them, and what of it does not exist."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import fees, queries
from kcc.catalogue.models import NO_UPL_NAME
from kcc.knowledge.schemas import ArticleContent


class Kind(StrEnum):
    """What an article can name."""

    TOPIC = "topic"
    DEPARTMENT = "department"
    UPL = "upl"
    FEE = "fee"


@dataclass(frozen=True)
class References:
    """What there is to name: topics with the department of each, departments, UPL names, fee codes."""

    topics: Mapping[str, str]
    departments: Set[str]
    upl_names: Set[str]
    fees: Set[str]

    def missing(self, content: ArticleContent) -> list[tuple[Kind, str]]:
        """What the content names and does not exist."""
        found = []
        if content.topic not in self.topics:
            found.append((Kind.TOPIC, content.topic))
        if content.department and content.department not in self.departments:
            found.append((Kind.DEPARTMENT, content.department))
        if content.upl != NO_UPL_NAME and content.upl not in self.upl_names:
            found.append((Kind.UPL, content.upl))
        return found + [(Kind.FEE, code) for code in sorted(fees.missing(content.texts(), self.fees))]

    def department(self, content: ArticleContent) -> str:
        """The content's department, or else its topic's, which must exist."""
        return content.department or self.topics[content.topic]


async def load(session: AsyncSession, contents: Iterable[ArticleContent]) -> References:
    """Read what these contents may name."""
    return References(
        topics={topic.code: topic.department for topic in await queries.topics(session)},
        departments={department.code for department in await queries.departments(session)},
        upl_names=await queries.upl_names_among(session, {content.upl for content in contents}),
        fees=await queries.fee_codes(session),
    )
