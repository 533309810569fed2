"""What the buttons of the panel do, each in one transaction: the log's verbs, one after another."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import topics
from kcc.contacts.log import changing, finishing, reading, starting
from kcc.contacts.log.kinds import Outcome
from kcc.contacts.log.models import Question
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.reading import Reader, visible
from kcc.contacts.log.references import ArticleTopics, CallbackStanding
from kcc.contacts.log.refusals import AlreadyFinished
from kcc.contacts.log.schemas import ContactChange, QuestionChange
from kcc.contacts.log.state import CallNamed
from kcc.desk.contact import form as forms
from kcc.desk.contact.form import PanelForm
from kcc.desk.contact.merging import KeptElsewhere, adds_nothing, merged
from kcc.desk.contact.words import Deed, outcome_word
from kcc.storage import idempotency
from kcc.storage.turns import take_turn

TURN = 0xCA11


@dataclass(frozen=True, slots=True)
class Desk:
    """Who logs, and what the log asks others: topics of articles, calls, callbacks, the key of requesters, the time."""

    reader: Reader
    article_topics: ArticleTopics
    named_call: CallNamed
    callback_stands: CallbackStanding
    secret_key: str
    now: datetime


def current(logged: Logged, chosen: int | None = None) -> Question | None:
    """The question that is talked about: the chosen one while it is open, else the last one that is."""
    still_open = {question.id: question for question in logged.open_questions}
    return still_open.get(chosen) or (logged.open_questions[-1] if still_open else None)


def meant(logged: Logged, chosen: int | None) -> Question | None:
    """The question that is talked about; of an open contact in which all ended already, the chosen one anew."""
    if question := current(logged, chosen):
        return question
    return next((one for one in logged.questions if one.id == chosen and is_open(logged)), None)


def is_open(logged: Logged) -> bool:
    """Whether the contact goes on."""
    return logged.contact.finished_at is None


async def do(session: AsyncSession, desk: Desk, form: PanelForm) -> Logged:
    """Keep what stands in the panel, and do what its button says.

    A contact ends with the last of its questions. Sent twice, it is done once. Raises what the log raises, and
    KeptElsewhere when another window kept something else.
    """
    if form.contact is None:
        return await _from_nothing(session, desk, form)
    logged = await visible(session, form.contact, desk.reader, lock=True)
    question = next((one for one in logged.questions if one.id == form.question), None)
    if not is_open(logged):
        if form.do.outcome and adds_nothing(form, logged, question):  # kept by the first of two clicks
            return logged
        ended = question or logged.questions[-1]
        raise AlreadyFinished(
            f"Dit contact is al afgerond: {outcome_word(ended.outcome, reached=ended.reached).lower()}. Wat u daarna "
            "typte, is niet bewaard en staat hier nog. Heropen het contact bij ‘Contacten’, of begin een nieuw contact."
        )
    if form.do is Deed.REMOVE_QUESTION and form.question and question is None:
        return logged  # by the first of two clicks
    asked = forms.change(await _merged(session, form, logged, question))
    if form.do is Deed.NEXT_QUESTION:
        asked.questions.append(QuestionChange())
    logged = await _change(session, desk, form.contact, asked)
    if form.do is Deed.REMOVE_QUESTION:
        await changing.remove_untouched(session, logged, form.question)
    if form.do.outcome:
        await finishing.close_when_answered(session, logged, desk.now)
    return logged


async def _merged(session: AsyncSession, form: PanelForm, logged: Logged, question: Question | None) -> PanelForm:
    """The form as `merged` has it; names are read only where it raises KeptElsewhere."""
    with suppress(KeptElsewhere):
        return merged(form, logged, question)
    known, departments = await topics.topics_by_code(session), await topics.department_names(session)
    paths = {code: " › ".join(topics.path_of(known, code)) for code in known}
    return merged(form, logged, question, {"topic": paths, "department": departments, "own_department": departments})


async def _from_nothing(session: AsyncSession, desk: Desk, form: PanelForm) -> Logged:
    """A contact begins with what stands in the panel."""
    new, scope = forms.new_contact(form), f"desk-contacts {desk.reader.agent}"
    key = form.key
    if key and (known := await idempotency.begin(session, scope, key, "", desk.now)):
        return await _begun_before(session, desk, form, int(known))
    caller = None
    if form.call:
        await take_turn(session, TURN)  # two windows hear of the same call at the same moment
        if begun := await reading.of_call(session, desk.reader, form.call):
            return begun  # in another window, or by the call itself
        _, caller = await desk.named_call(session, form.call, None)
    since = desk.now - timedelta(seconds=form.seconds)
    logged = await starting.start(
        session, new, desk.reader.agent, desk.article_topics, desk.secret_key, desk.now, caller, since
    )
    if key:
        await idempotency.finish(session, scope, key, str(logged.contact.id))
    return logged


async def _begun_before(session: AsyncSession, desk: Desk, form: PanelForm, contact: int) -> Logged:
    """The form was sent before and its answer lost: what was typed and pressed since then counts."""
    logged = await visible(session, contact, desk.reader)
    question = current(logged)
    if not is_open(logged) or question is None:
        return logged
    return await do(session, desk, form.model_copy(update={"contact": contact, "question": question.id, "shown": None}))


async def _change(session: AsyncSession, desk: Desk, contact: int, asked: ContactChange) -> Logged:
    return await changing.change(
        session,
        contact,
        None,
        asked,
        desk.reader,
        desk.article_topics,
        desk.callback_stands,
        desk.secret_key,
        desk.now,
    )


async def opened(session: AsyncSession, desk: Desk, contact: int, asked: int | None, slug: str) -> Logged | None:
    """An article was opened while this question is on the screen: it is the question's, and sets the topic.

    None when the contact is another's or over, or everything that was asked has an outcome.
    """
    logged = await visible(session, contact, desk.reader)
    if logged.contact.agent != desk.reader.agent:
        return None
    question = current(logged, asked) if is_open(logged) else None
    if question is None:
        return None
    if slug in logged.articles[question.id or 0]:
        return logged
    noted = ContactChange(questions=[QuestionChange(id=question.id, articles=[slug])])
    return await _change(session, desk, contact, noted)


async def appointment_made(session: AsyncSession, desk: Desk, contact: int, asked: int | None, article: str) -> None:
    """The question that is talked about ended with an appointment; `article` is the one it was made from, if any.

    The appointment stands all the same when the contact is over, or its question has no topic yet: then it stays open.
    """
    logged = await reading.own(session, desk.reader, contact, lock=True)
    if logged is None or not is_open(logged):
        return
    question = meant(logged, asked)
    used = list(await desk.article_topics(session, [article])) if article else []
    if question is None or not (question.topic or used) or question.outcome is Outcome.CALLBACK:
        return
    ended = QuestionChange(id=question.id, articles=used, outcome=Outcome.APPOINTMENT_MADE)
    logged = await _change(session, desk, contact, ContactChange(questions=[ended]))
    await finishing.close_when_answered(session, logged, desk.now)
