"""The service's own worker and correspondent, run by hand: what is due goes out when a test says so."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from icalendar import Calendar, Event

from kcc.appointments.hall.asking import Interviewer
from kcc.appointments.letters.sending import Correspondent
from kcc.appointments.planner import Planner
from kcc.appointments.policy import policy as booking_policy
from kcc.background import sender
from kcc.clock import Clock
from kcc.connectors.smtp import FileMailer, Mailer, Message
from kcc.settings import Settings
from kcc.storage.database import Database
from kcc.storage.worker import OutboxWorker


class Post:
    """Mail goes into files, until `mailer` is another way out."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self.folder: Path = settings.mail_dir
        self.mailer: Mailer = FileMailer(self.folder, settings.mail_from)
        correspondent = Correspondent(
            database, clock, Planner(clock.timezone), booking_policy(settings), self, sender(settings)
        )
        interviewer = Interviewer(
            database,
            clock,
            Planner(clock.timezone),
            self,
            sender(settings),
            settings.resolve_secret_key(),
            enabled=settings.survey,
        )
        self._worker = OutboxWorker(database, clock, {**correspondent.handlers, **interviewer.handlers})
        self._read: set[Path] = set()

    async def send(self, message: Message) -> None:
        """Pass a message on; what the correspondent calls."""
        await self.mailer.send(message)

    async def deliver(self) -> list[EmailMessage]:
        """Do all that is due; returns the mail in the folder that was not there before, oldest first."""
        while await self._worker.drain():
            pass
        new = sorted(set(self.folder.glob("*.eml")) - self._read, key=lambda path: int(path.name.partition(".")[0]))
        self._read.update(new)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]


def subjects(mail: list[EmailMessage]) -> list[str]:
    """What each mail is about, and to whom."""
    return [f"{message['To']}: {message['Subject']}" for message in mail]


def text(message: EmailMessage, kind: str = "plain") -> str:
    """The text of a mail, or its HTML."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def invitation(message: EmailMessage) -> tuple[str, Event]:
    """The method and the event of the invitation in a mail."""
    (attached,) = message.iter_attachments()
    calendar = Calendar.from_ical(attached.get_content())
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event
