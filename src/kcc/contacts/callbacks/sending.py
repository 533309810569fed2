"""Does what the outbox holds for callbacks: writes and sends letters."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.connectors.smtp import Mailer, Message, Undeliverable
from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.addressing import Address, addresses
from kcc.contacts.callbacks.kinds import Heard
from kcc.contacts.callbacks.letters import Told, compose
from kcc.contacts.callbacks.links import token
from kcc.contacts.callbacks.models import Callback
from kcc.contacts.callbacks.queries import Promise
from kcc.contacts.callbacks.rules import Rules
from kcc.contacts.callbacks.telling import LETTERS, TO_CALLER, TOPIC, Letter
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from kcc.storage.worker import Handler
from kcc.web.letters import Sender


class CallbackCorrespondent:
    """Sends the letters. An entry of the outbox keeps its Message-ID, so that a repeated one is seen to be the same."""

    def __init__(
        self, database: Database, clock: Clock, rules: Rules, mailer: Mailer, sender: Sender, secret_key: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules
        self._mailer = mailer
        self._sender = sender
        self._secret_key = secret_key
        self._host = urlsplit(sender.base_url).hostname or "localhost"

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By topic of the outbox."""
        return {TOPIC: self.send}

    async def send(self, entry: OutboxEntry) -> None:
        """Write and send the letter about an event, unless it is of no use any more.

        What a department's mailbox refuses for good goes to the contact centre's: nobody else would know of it.
        """
        letter = Letter(entry.payload["letter"])
        async with self._database.reading() as session:
            promise = await queries.promise(session, int(entry.key.partition(":")[0]))
            if promise is None or _overtaken(letter, promise.callback, entry):
                return
            department = await catalogue.department(session, promise.callback.department)
        assert department is not None
        for address in addresses(letter, promise.callback, department, self._rules):
            try:
                await self._mailer.send(self._message(letter, promise, department.name, address, entry))
            except Undeliverable:
                continue
            return

    def _message(
        self, letter: Letter, promise: Promise, department: str, address: Address, entry: OutboxEntry
    ) -> Message:
        callback = promise.callback
        assert callback.id is not None
        path = (
            f"/terugbellen/{token(self._secret_key, callback.id, callback.department)}"
            if address.by_link
            else f"/werk/terugbellen/{callback.id}"
        )
        told = Told(
            language=callback.language,
            name=callback.name,
            phone=callback.phone,
            department=department,
            asked_at=callback.asked_at,
            due_at=callback.due_at,
            preferred_at=callback.preferred_at,
            preferred_until=callback.preferred_until,
            closed_as=callback.closed_as,
            attempts=len(promise.attempts),
            heard=_heard_before(letter, promise),
            url=f"{self._sender.base_url}{path}",
            by_link=address.by_link,
        )
        composed = compose(letter, told, self._clock.timezone, self._sender)
        return Message(
            to=address.email,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            message_id=f"{entry.id}.terugbellen@{self._host}",
            language=callback.language if letter in TO_CALLER else "nl",
        )


def _heard_before(letter: Letter, promise: Promise) -> tuple[Heard, ...]:
    found = [one.told for one in promise.alerts_now if one.told is not None and LETTERS[one.alert] is not letter]
    return tuple(dict.fromkeys(found))


def _overtaken(letter: Letter, callback: Callback, entry: OutboxEntry) -> bool:
    """Whether there is nothing left to do for who would read it: it is over, or with another department."""
    if letter is Letter.ENDED:
        return False
    if callback.closed_at is not None:
        return True
    return letter not in TO_CALLER and callback.department != entry.payload["department"]
