"""A contact ends, and can be opened again for a while. It never ends by itself."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log import queries, references
from kcc.contacts.log.answering import answer, untouched
from kcc.contacts.log.kinds import CallLink
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.reading import Reader, visible
from kcc.contacts.log.references import ArticleTopics
from kcc.contacts.log.refusals import AlreadyFinished, QuestionsOpen, TooLate, refuse
from kcc.contacts.log.schemas import Finish
from kcc.errors import EditedMeanwhile, FieldError


async def to_change(session: AsyncSession, contact: int, version: int | None, reader: Reader) -> Logged:
    """A contact, locked, in this version or, of None, in the newest. Raises NotFound and EditedMeanwhile."""
    logged = await visible(session, contact, reader, lock=True)
    _check_version(logged, version)
    return logged


def _check_version(logged: Logged, version: int | None) -> None:
    newest = logged.contact.version
    if version not in (None, newest):
        raise EditedMeanwhile(f"Versie {version} is niet de nieuwste (dat is {newest}). Haal het contact opnieuw op.")


async def finish(
    session: AsyncSession,
    contact: int,
    version: int | None,
    given: Finish,
    reader: Reader,
    article_topics: ArticleTopics,
    now: datetime,
) -> Logged:
    """End a contact; what is given is about the one question that is still open.

    Finishing once more changes nothing. Raises NotFound, EditedMeanwhile, QuestionsOpen, UnknownReference,
    InvalidInput, BsnSuspected, and AlreadyFinished when it ended in another way.
    """
    logged = await visible(session, contact, reader, lock=True)
    if logged.contact.finished_at is not None:
        _same_again(logged, given)
        return logged
    _check_version(logged, version)
    if given.model_fields_set:
        await _answer_the_open_one(session, logged, given, article_topics, now)
    await close(session, logged, now)
    logged.contact.version += 1
    await session.flush()
    return logged


def _same_again(logged: Logged, given: Finish) -> None:
    if given.outcome not in {None, *(question.outcome for question in logged.questions)}:
        raise AlreadyFinished("Dit contact is al afgerond, met een ander resultaat. Heropen het om het te wijzigen.")


async def _answer_the_open_one(
    session: AsyncSession, logged: Logged, given: Finish, article_topics: ArticleTopics, now: datetime
) -> None:
    questions = logged.open_questions
    if len(questions) > 1:  # one nobody said anything of is not meant
        questions = [one for one in questions if not untouched(one, logged.articles[one.id or 0])]
    if len(questions) != 1:
        raise QuestionsOpen(
            f"Er staan {len(questions)} vragen open: zeg van elke hoe die afliep."
            if questions
            else "Er staat geen vraag open waarvan dit het resultaat kan zijn."
        )
    question = questions[0]
    known = await references.load(
        session, article_topics, [("", given)], more_topics=[question.topic] if question.topic else []
    )
    refuse(await answer(session, logged, question, given, known, now, ""))


async def close(session: AsyncSession, logged: Logged, now: datetime) -> None:
    """End a contact of which every question has an outcome; one that nobody said anything of is left out.

    Raises QuestionsOpen.
    """
    for question in logged.open_questions:
        if len(logged.questions) > 1 and untouched(question, logged.articles[question.id or 0]):
            logged.questions.remove(question)
            await queries.remove(session, question)
    problems = [
        FieldError("body", f"/questions/{number}/outcome", "open", "kies hoe deze vraag afliep")
        for number, question in enumerate(logged.questions)
        if question.outcome is None
    ]
    if problems:
        raise QuestionsOpen("Zeg eerst van elke vraag hoe die afliep.", problems)
    logged.contact.finished_at, logged.contact.is_open = now, False
    await session.flush()


async def close_when_answered(session: AsyncSession, logged: Logged, now: datetime) -> None:
    """End a contact with the last of its questions, when somebody just said how that one ended."""
    if all(untouched(one, logged.articles[one.id or 0]) for one in logged.open_questions):
        await close(session, logged, now)


async def reopen(session: AsyncSession, contact: int, reader: Reader, within: timedelta, now: datetime) -> Logged:
    """Open a contact again that was finished at most so long ago; team leads always can. An open one stays as it is.

    Its questions keep their outcomes. Raises NotFound and TooLate.
    """
    logged = await to_change(session, contact, None, reader)
    finished = logged.contact.finished_at
    if finished is None:
        return logged
    if not reader.sees_all and now - finished > within:
        minutes = int(within.total_seconds() // 60)
        raise TooLate(f"Een contact kan tot {minutes} minuten na het afronden worden heropend. Vraag uw teamleider.")
    logged.contact.finished_at, logged.contact.is_open = None, True
    if logged.contact.call_link is not CallLink.TOLD:
        logged.contact.call_link = CallLink.LOOKING
    logged.contact.version += 1
    await session.flush()
    return logged
