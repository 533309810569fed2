"""Sends questions to departments, from the outbox. A repeated attempt is the same mail with the same link."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.connectors.smtp import Mailer, Message, Undeliverable
from kcc.contacts.department_questions import links, queries
from kcc.contacts.department_questions.asking import TOPIC, ArticleFacts, undelivered
from kcc.contacts.department_questions.letter import LANGUAGE, compose
from kcc.contacts.department_questions.reading import about, link_works_until
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from kcc.storage.worker import Handler
from kcc.web.letters import Sender


class DepartmentPost:
    """The handler of questions to departments."""

    def __init__(
        self, database: Database, clock: Clock, mailer: Mailer, sender: Sender, secret_key: str, facts: ArticleFacts
    ) -> None:
        self._database = database
        self._clock = clock
        self._mailer = mailer
        self._sender = sender
        self._secret_key = secret_key
        self._facts = facts
        self._host = urlsplit(sender.base_url).hostname or "localhost"

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By topic of the outbox."""
        return {TOPIC: self.send}

    async def send(self, entry: OutboxEntry) -> None:
        """Mail a question that still waits for an answer; note it when the address takes no mail."""
        number = int(entry.key)
        async with self._database.reading() as session:
            row = await queries.question(session, number)
            if row is None or row.answer is not None or row.closed_at is not None:
                return
            department = await catalogue.department(session, row.department)
            title = (await about(session, [row], self._facts))[number]
        if department is None or not department.email:  # taken away since
            await self._undelivered(number)
            return
        token = links.token(self._secret_key, row.seed)
        until = link_works_until(row, self._clock)
        letter = compose(
            about=title, question=row.question, asker=row.asker, token=token, until=until, municipality=self._sender
        )
        message = Message(
            to=department.email,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            message_id=f"{entry.id}.vraag@{self._host}",
            language=LANGUAGE,
        )
        try:
            await self._mailer.send(message)
        except Undeliverable:
            await self._undelivered(number)

    async def _undelivered(self, number: int) -> None:
        """The asker is told to call."""
        async with self._database.writing() as session:
            await undelivered(session, number, self._clock.now())
