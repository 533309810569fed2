"""What contacts name and others decide: topics, departments, articles. Read once for all that a request names."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.catalogue.refusals import unknown
from kcc.contacts.log.schemas import QuestionContent, Requester
from kcc.errors import FieldError

# The topic of each of these articles by its slug; one that is not there is left out.
ArticleTopics = Callable[[AsyncSession, Collection[str]], Awaitable[Mapping[str, str]]]

# Whether somebody is still to be called back about this question.
CallbackStanding = Callable[[AsyncSession, int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class References:
    """The topics that there are with the department of each, departments, and the topics of articles by slug.

    A topic that became part of another is read as that one.
    """

    topics: Mapping[str, str]
    merges: Mapping[str, str]
    departments: Set[str]
    articles: Mapping[str, str]

    def topic(self, code: str) -> str:
        """The topic that is meant by a code."""
        return self.merges.get(code, code)


async def load(
    session: AsyncSession,
    article_topics: ArticleTopics,
    questions: Iterable[tuple[str, QuestionContent]],
    requesters: Iterable[tuple[str, Requester]] = (),
    more_topics: Iterable[str] = (),
) -> References:
    """Read what is named; each comes with the pointer to it in the body. Raises UnknownReference for all that is not.

    `more_topics` are those that the questions had before.
    """
    asked, about = list(questions), list(requesters)
    merges = await catalogue.topic_merges(session)
    slugs = {slug for _, question in asked for slug in question.articles}
    articles = dict(await article_topics(session, slugs)) if slugs else {}
    named = {question.topic for _, question in asked if question.topic} | set(articles.values()) | set(more_topics)
    rows = await catalogue.topics_among(session, {merges.get(code, code) for code in named})
    topics = {row.code: row.department for row in rows}
    departments = {question.department for _, question in asked} | {requester.department for _, requester in about}
    known = await catalogue.departments_among(session, {code for code in departments if code})
    found = References(topics, merges, known | set(topics.values()), articles)
    problems = [problem for where, question in asked for problem in _missing(found, where, question)]
    problems += [
        _unknown(f"{where}/department", f"de afdeling {requester.department} bestaat niet")
        for where, requester in about
        if requester.department and requester.department not in known
    ]
    if problems:
        raise unknown(problems)
    return found


def _missing(known: References, where: str, question: QuestionContent) -> list[FieldError]:
    problems = []
    if question.topic and known.topic(question.topic) not in known.topics:
        problems.append(_unknown(f"{where}/topic", f"het onderwerp {question.topic} bestaat niet"))
    if question.department and question.department not in known.departments:
        problems.append(_unknown(f"{where}/department", f"de afdeling {question.department} bestaat niet"))
    problems += [
        _unknown(f"{where}/articles/{number}", f"het artikel {slug} bestaat niet")
        for number, slug in enumerate(question.articles)
        if slug not in known.articles
    ]
    return problems


def _unknown(pointer: str, detail: str) -> FieldError:
    return FieldError("body", pointer, "unknown", detail)
