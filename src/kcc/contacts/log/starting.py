"""A contact begins; small questions are logged at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log import queries, references
from kcc.contacts.log.answering import answer, further_question
from kcc.contacts.log.finishing import close
from kcc.contacts.log.kinds import CallLink
from kcc.contacts.log.models import Contact
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.references import ArticleTopics, References
from kcc.contacts.log.refusals import refuse
from kcc.contacts.log.requesters import put_requester
from kcc.contacts.log.schemas import NewContact, QuestionContent, QuickQuestion
from kcc.errors import FieldError


async def start(
    session: AsyncSession,
    new: NewContact,
    agent: str,
    article_topics: ArticleTopics,
    secret_key: str,
    now: datetime,
    caller_key: str | None = None,
    since: datetime | None = None,
) -> Logged:
    """Begin a contact; with `finish` it ends at once. `since`: it began then already, and is written down now.

    `new.call_id` is the id of a call that there is, `caller_key` that of the number that called, as `requester_key`
    makes it. Raises UnknownReference, InvalidInput,
    BsnSuspected, and QuestionsOpen when it is to end with a question without outcome.
    """
    asked = [(f"/questions/{number}", question) for number, question in enumerate(new.questions)]
    known = await references.load(session, article_topics, asked, [("/requester", new.requester)])
    logged, problems = await _begin(session, new, agent, known, secret_key, since or now, caller_key)
    refuse(problems)
    if new.finish:
        await close(session, logged, now)
    return logged


async def quick(
    session: AsyncSession,
    items: Sequence[QuickQuestion],
    agent: str,
    article_topics: ArticleTopics,
    secret_key: str,
    now: datetime,
) -> list[Logged]:
    """Log small questions that were answered, each as a finished contact of one question. Raises as `start`."""
    contacts = [
        NewContact(
            channel=item.channel,
            requester=item.requester,
            questions=[QuestionContent(topic=item.topic, outcome=item.outcome)],
        )
        for item in items
    ]
    known = await references.load(
        session,
        article_topics,
        [(f"/questions/{number}", contact.questions[0]) for number, contact in enumerate(contacts)],
        [(f"/questions/{number}/requester", contact.requester) for number, contact in enumerate(contacts)],
    )
    made = []
    for contact in contacts:
        logged, problems = await _begin(session, contact, agent, known, secret_key, now, None)
        refuse(problems)
        await close(session, logged, now)
        made.append(logged)
    return made


async def _begin(
    session: AsyncSession,
    new: NewContact,
    agent: str,
    known: References,
    secret_key: str,
    now: datetime,
    caller_key: str | None,
) -> tuple[Logged, list[FieldError]]:
    assert not isinstance(new.call_id, str)
    contact = Contact(
        agent=agent,
        channel=new.channel,
        call=new.call_id,
        call_link=CallLink.LOOKING if new.call_id is None else CallLink.TOLD,
        requester=new.requester.kind,
        requester_key=caller_key,
        case_number=new.case_number or None,
        started_at=now,
    )
    put_requester(contact, new.requester, secret_key)
    await queries.add(session, contact)
    logged, problems = Logged(contact), []
    for number, content in enumerate(new.questions):
        question = await further_question(session, logged, now)
        problems += await answer(session, logged, question, content, known, now, f"/questions/{number}")
    if not new.questions:
        await further_question(session, logged, now)
    return logged, problems
