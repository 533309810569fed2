"""Does what the outbox holds for appointments: writes and sends letters, passes on earlier places."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import earlier, misfits, queries, reading
from kcc.appointments.facts import AppointmentFacts, Letter
from kcc.appointments.letters import correspondence
from kcc.appointments.letters.invitation import Method, invitation
from kcc.appointments.letters.writing import compose
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.appointments.planner import Planner
from kcc.appointments.policy import Policy
from kcc.clock import Clock
from kcc.connectors.smtp import Mailer, Message, Undeliverable
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from kcc.storage.worker import Handler
from kcc.web.letters import Sender

# Which letters carry an invitation, and what it says (RFC 5546).
METHODS: Mapping[Letter, Method] = {
    Letter.CONFIRMATION: "REQUEST",
    Letter.CHANGE: "REQUEST",
    Letter.CANCELLATION: "CANCEL",
}


# Which letters say that the resident is expected.
PROMISES = frozenset({Letter.CONFIRMATION, Letter.CHANGE, Letter.REMINDER})


class Correspondent:
    """Sends the letters. An entry of the outbox keeps its Message-ID, so that a repeated one is seen to be the same."""

    def __init__(
        self, database: Database, clock: Clock, planner: Planner, policy: Policy, mailer: Mailer, sender: Sender
    ) -> None:
        self._database = database
        self._clock = clock
        self._planner = planner
        self._policy = policy
        self._mailer = mailer
        self._sender = sender
        self._host = urlsplit(policy.base_url).hostname or "localhost"

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By topic of the outbox."""
        return {correspondence.TOPIC: self.send, earlier.TOPIC: self.offer}

    async def send(self, entry: OutboxEntry) -> None:
        """Write and send the letter about an event.

        Of an appointment that cannot take place any more nothing is promised: the resident hears that, once.
        """
        letter, now = Letter(entry.payload["letter"]), self._clock.now()
        async with self._database.reading() as session:
            appointment = await queries.by_code(session, entry.key)
            if appointment is None or appointment.email is None or _overtaken(letter, appointment, entry, now):
                return
            if letter is Letter.EARLIER_PLACE and not await _still_offered(session, appointment, entry, now):
                return
            plan = await self._planner.plan(session)
            unfit = await reading.misfit_of(session, plan, appointment, now) is not None
            facts = await reading.facts_at(session, plan, self._policy, appointment, entry.payload)
        is_newest = appointment.sequence == entry.payload["sequence"]
        if letter in PROMISES and is_newest and unfit:
            await self._tell_unfit(entry.key)
            return
        if is_newest and appointment.told_at and not unfit:
            await self._forget_told(entry.key)
        if letter is Letter.UNFIT and not unfit:  # the plan was put right meanwhile
            return
        try:
            await self._mailer.send(self._message(letter, facts, appointment.email, entry))
        except Undeliverable:
            # Trying again does not help. The page tells the resident to write down the code.
            return

    async def _tell_unfit(self, code: str) -> None:
        """Raises RuntimeError, so that the letter is tried again, when it fits after all."""
        async with self._database.writing() as session:
            plan, now = await self._planner.plan(session), self._clock.now()
            appointment = await queries.by_code(session, code, lock=True)
            why = await reading.misfit_of(session, plan, appointment, now) if appointment else None
            if appointment is None or why is None:
                raise RuntimeError("changed while its letter was written")
            await misfits.tell(session, appointment, why, now)

    async def _forget_told(self, code: str) -> None:
        """It fits again: should it not once more, its resident hears of it anew."""
        async with self._database.writing() as session:
            appointment = await queries.by_code(session, code, lock=True)
            if appointment is not None:
                appointment.told_misfit = appointment.told_at = None

    async def offer(self, entry: OutboxEntry) -> None:
        """Pass a freed place on to the first who waits for one."""
        async with self._database.writing() as session:
            plan = await self._planner.plan(session)
            await earlier.offer(session, plan, self._policy, self._clock, entry.payload)

    def _message(self, letter: Letter, facts: AppointmentFacts, to: str, entry: OutboxEntry) -> Message:
        composed = compose(letter, facts, self._sender)
        method = METHODS.get(letter)
        calendar = (
            invitation(facts, method, self._clock.now(), self._sender.mail_from, self._sender.name, self._host)
            if method
            else None
        )
        return Message(
            to=to,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            message_id=f"{entry.id}.{facts.code}.{facts.sequence}@{self._host}",
            language=facts.language,
            calendar=calendar,
            calendar_method=method or "REQUEST",
        )


def _overtaken(letter: Letter, appointment: Appointment, entry: OutboxEntry, now: datetime) -> bool:
    """Whether a letter that asks for something is of no use any more: moved or cancelled meanwhile, or too late."""
    if letter not in (Letter.REMINDER, Letter.EARLIER_PLACE, Letter.UNFIT):
        return False
    until = datetime.fromisoformat(entry.payload.get("offerUntil") or entry.payload["startsAt"])
    cancelled = appointment.status is AppointmentStatus.CANCELLED
    return cancelled or appointment.sequence != entry.payload["sequence"] or until <= now


async def _still_offered(session: AsyncSession, appointment: Appointment, entry: OutboxEntry, now: datetime) -> bool:
    """Whether the earlier place is still kept: a change of the plan may have withdrawn it."""
    assert appointment.id is not None
    offered_at = datetime.fromisoformat(entry.payload["offeredAt"])
    return any(hold.starts_at == offered_at for hold in await queries.offers_to(session, appointment.id, now))
