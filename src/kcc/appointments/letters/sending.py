"""Does what the outbox holds for appointments: writes and sends letters, passes on earlier places."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from kcc.appointments import earlier, queries, reading
from kcc.appointments.facts import AppointmentFacts, Letter
from kcc.appointments.letters import correspondence
from kcc.appointments.letters.invitation import Method, invitation
from kcc.appointments.letters.writing import Sender, compose
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.appointments.planner import Planner
from kcc.appointments.policy import Policy
from kcc.clock import Clock
from kcc.connectors.smtp import Mailer, Message, Undeliverable
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from kcc.storage.worker import Handler

# Which letters carry an invitation, and what it says (RFC 5546).
METHODS: Mapping[Letter, Method] = {
    Letter.CONFIRMATION: "REQUEST",
    Letter.CHANGE: "REQUEST",
    Letter.CANCELLATION: "CANCEL",
}


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
        """Write and send the letter about an event."""
        letter = Letter(entry.payload["letter"])
        async with self._database.reading() as session:
            appointment = await queries.by_code(session, entry.key)
            if (
                appointment is None
                or appointment.email is None
                or _overtaken(letter, appointment, entry, self._clock.now())
            ):
                return
            plan = await self._planner.plan(session)
            facts = await reading.facts_at(session, plan, self._policy, appointment, entry.payload)
        try:
            await self._mailer.send(self._message(letter, facts, appointment.email, entry))
        except Undeliverable:
            # Trying again does not help. The page tells the resident to write down the code.
            return

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
    """Whether a reminder or an offer is of no use any more: moved or cancelled meanwhile, or it comes too late."""
    if letter not in (Letter.REMINDER, Letter.EARLIER_PLACE):
        return False
    until = datetime.fromisoformat(entry.payload.get("offerUntil") or entry.payload["startsAt"])
    cancelled = appointment.status is AppointmentStatus.CANCELLED
    return cancelled or appointment.sequence != entry.payload["sequence"] or until <= now
