"""Who came by appointment and was served is asked how it was: by mail, a while later, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Visit
from kcc.appointments.links import new_secret, survey_token
from kcc.appointments.planner import Planner
from kcc.appointments.survey import inviting
from kcc.appointments.survey.letter import compose
from kcc.clock import Clock
from kcc.connectors.smtp import Mailer, Message, Undeliverable
from kcc.storage import outbox
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from kcc.storage.worker import Handler
from kcc.web.letters import Sender

TOPIC = "survey"


async def ask(session: AsyncSession, floor: Floor, visit: Visit) -> None:
    """Have a visitor who was just served asked a while later, if there is an address to do so and it was not done."""
    if floor.ask_after is None or visit.appointment is None or visit.survey_asked:
        return
    appointment = await queries.appointment(session, visit.appointment)
    if appointment is None or appointment.email is None:
        return
    visit.survey_asked = True
    where = {"location": visit.location, "day": visit.day.isoformat()}
    await outbox.enqueue(session, TOPIC, str(visit.id), floor.now, (where, floor.now + floor.ask_after))


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is needed to write one letter."""

    email: str
    language: str
    location: str
    day: date
    token: str


class Interviewer:
    """Sends the question, from the outbox.

    What leads from a visit to its link is an entry's `seed`: made just before the mail goes out, so that a repeated
    attempt sends the same link, and forgotten with all the entry's payload when it has. An empty payload was done.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        planner: Planner,
        mailer: Mailer,
        sender: Sender,
        secret_key: str,
        *,
        enabled: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._planner = planner
        self._mailer = mailer
        self._sender = sender
        self._secret_key = secret_key
        self._enabled = enabled
        self._host = urlsplit(sender.base_url).hostname or "localhost"

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By topic of the outbox."""
        return {TOPIC: self.send}

    async def send(self, entry: OutboxEntry) -> None:
        """Invite, mail, and forget which link was whose."""
        letter = await self._database.transact(lambda session: self._prepare(session, entry))
        if letter is None:
            return
        try:
            await self._mailer.send(await self._message(letter, entry))
        except Undeliverable:
            await self._database.transact(lambda session: self._give_up(session, entry))
        else:
            await self._database.transact(lambda session: _forget(session, entry))

    async def _prepare(self, session: AsyncSession, entry: OutboxEntry) -> _Letter | None:
        """The letter, its link kept as an invitation. None when there is nobody to ask (any more), or it was done."""
        stored = await session.get_one(OutboxEntry, entry.id, populate_existing=True)
        if not stored.payload:
            return None
        await queries.take_turn(session, stored.payload["location"], date.fromisoformat(stored.payload["day"]))
        visit = await queries.visit(session, int(stored.key))
        number = visit.appointment if visit else None
        appointment = await queries.appointment(session, number) if number else None
        if visit is None or appointment is None or appointment.email is None or not self._may_ask(visit):
            await self._give_up(session, entry)
            return None
        seed = stored.payload.get("seed") or new_secret()
        stored.payload = {**stored.payload, "seed": seed}
        products = [str(code) for code, _ in visit.products]
        await inviting.invite(session, self._secret_key, seed, visit.location, visit.day, products)
        token = survey_token(self._secret_key, seed)
        return _Letter(appointment.email, appointment.language, visit.location, visit.day, token)

    def _may_ask(self, visit: Visit) -> bool:
        """Served, also by now: a visit that was ended by mistake goes on, and is asked when it ends again."""
        if visit.state is not VisitState.FINISHED or visit.outcome is None:
            visit.survey_asked = False
            return False
        return self._enabled and self._clock.today() <= inviting.until(visit.day)

    async def _give_up(self, session: AsyncSession, entry: OutboxEntry) -> None:
        """Ask nobody, and count no invitation."""
        stored = await session.get_one(OutboxEntry, entry.id, populate_existing=True)
        if seed := stored.payload.get("seed"):
            await inviting.withdraw(session, self._secret_key, seed)
        stored.payload = {}

    async def _message(self, letter: _Letter, entry: OutboxEntry) -> Message:
        async with self._database.reading() as session:
            plan = await self._planner.plan(session)
        place: Any = plan.places.get(letter.location)
        name = place.title(letter.language) if place else letter.location
        until = inviting.until(letter.day)
        composed = compose(letter.language, letter.day, name, until, letter.token, self._sender)
        return Message(
            to=letter.email,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            message_id=f"{entry.id}.enquete@{self._host}",
            language=letter.language,
        )


async def _forget(session: AsyncSession, entry: OutboxEntry) -> None:
    """Which link was in the mail is known to nobody but who got it."""
    stored = await session.get_one(OutboxEntry, entry.id, populate_existing=True)
    stored.payload = {}
