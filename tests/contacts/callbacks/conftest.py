"""A contact centre that promises calls; mail goes out when a test says so."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.appointments.plan_queries import closings_everywhere
from kcc.background import sender
from kcc.clock import Clock
from kcc.connectors.smtp import FileMailer, Mailer, Message
from kcc.contacts.callbacks.escalating import Escalator
from kcc.contacts.callbacks.rules import Rules, rules
from kcc.contacts.callbacks.sending import CallbackCorrespondent
from kcc.settings import Settings
from kcc.storage.database import Database
from kcc.storage.worker import OutboxWorker
from tests.conftest import PASSWORD, browser_of
from tests.contacts.conftest import Log, WithToken

DEPARTMENT, LEAD_OF_IT = "burgerzaken@voorbeeld.example", "hoofd@voorbeeld.example"
CENTRE, TEAM_LEAD = "kcc@voorbeeld.example", "teamleider@voorbeeld.example"
LINK = re.compile(r"http://kcc\.test(/\S+)")


class Callbacks:
    """Somebody who works with callbacks by the API."""

    def __init__(self, log: Log) -> None:
        self.client, self.log = log.client, log

    async def post(self, path: str = "", body: Any = None, **headers: str) -> httpx.Response:
        return await self.client.post(f"/api/v1/callbacks{path}", json=body, headers=headers)

    async def ask(self, **body: Any) -> httpx.Response:
        known = {"department": "burgerzaken", "question": "Is de pas er al?", "phone": "0612345678"}
        return await self.post("", {name: value for name, value in (known | body).items() if value is not None})

    async def asked(self, **body: Any) -> dict[str, Any]:
        """A promise that was made."""
        return _good(await self.ask(**body), 201)

    async def attempt(self, callback: dict[str, Any], *, reached: bool = False, **more: Any) -> dict[str, Any]:
        return _good(await self.post(f"/{callback['id']}/attempts", {"reached": reached, **more}), 201)

    async def close(self, callback: dict[str, Any], **body: Any) -> dict[str, Any]:
        return _good(await self.post(f"/{callback['id']}/close", body))

    async def read(self, callback: dict[str, Any]) -> dict[str, Any]:
        return _good(await self.client.get(f"/api/v1/callbacks/{callback['id']}"))

    async def listed(self, **query: str) -> list[int]:
        answer = _good(await self.client.get("/api/v1/callbacks", params=query))
        return [one["id"] for one in answer["results"]]


def _good(response: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["cache-control"] == "no-store"
    return dict(response.json())


class Mailbag:
    """The service's own worker and correspondent, run by hand."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, by: Rules) -> None:
        self.folder: Path = settings.mail_dir
        self.mailer: Mailer = FileMailer(self.folder, settings.mail_from)
        correspondent = CallbackCorrespondent(
            database, clock, by, self, sender(settings), settings.resolve_secret_key()
        )
        self._worker = OutboxWorker(database, clock, correspondent.handlers)
        self._read: set[Path] = set()

    async def send(self, message: Message) -> None:
        await self.mailer.send(message)

    async def deliver(self) -> list[EmailMessage]:
        """Do all that is due; returns the mail that was not there before, oldest first."""
        while await self._worker.drain():
            pass
        new = sorted(set(self.folder.glob("*.eml")) - self._read, key=lambda path: int(path.name.partition(".")[0]))
        self._read.update(new)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]

    async def to(self) -> list[tuple[str, str]]:
        """(to whom, about what) of the mail that is due."""
        return [(str(mail["To"]), str(mail["Subject"])) for mail in await self.deliver()]

    async def link(self, address: str = DEPARTMENT) -> str:
        """The link in the mail to this address that is due."""
        (mail,) = [mail for mail in await self.deliver() if mail["To"] == address]
        return link_in(mail)


def link_in(mail: EmailMessage) -> str:
    """The path of the link in a mail, which its HTML has too."""
    texts = {kind: mail.get_body((kind,)).get_content() for kind in ("plain", "html")}  # type: ignore[union-attr]
    found = next(path for path in LINK.findall(texts["plain"]) if "terugbellen" in path)
    assert f'href="http://kcc.test{found}"' in texts["html"]
    return str(found)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With mailboxes of the contact centre and its team lead."""
    return settings.model_copy(update={"callback_centre_email": CENTRE, "callback_lead_email": TEAM_LEAD})


@pytest.fixture
def callback_rules(settings: Settings, clock: Clock) -> Rules:
    """What these settings say."""
    return rules(settings, clock, closings_everywhere)


@pytest.fixture
async def callbacks(log: Log, with_token: WithToken) -> Callbacks:
    """An agent, where Burgerzaken has mailboxes and Afval has none."""
    administrator = await with_token(Role.ADMINISTRATOR)
    mailboxes = {"name": "Burgerzaken", "email": DEPARTMENT, "leadEmail": LEAD_OF_IT}
    response = await administrator.put("/api/v1/departments/burgerzaken", json=mailboxes)
    assert response.status_code == 200, response.text
    return Callbacks(log)


@pytest.fixture
async def desk(callbacks: Callbacks, database: Database, clock: Clock, app: Any) -> Any:
    """The browser of anna, who also has the token."""
    async with database.writing() as session:
        await put_account(session, "anna", "Anna", PASSWORD, [Role.AGENT], clock.now())
    async with browser_of(app) as browser:
        assert (await browser.post("/inloggen", data={"name": "anna", "password": PASSWORD})).status_code == 303
        yield browser


@pytest.fixture
def mailbag(database: Database, clock: Clock, settings: Settings, callback_rules: Rules) -> Mailbag:
    """What is mailed."""
    return Mailbag(database, clock, settings, callback_rules)


@pytest.fixture
def escalator(database: Database, clock: Clock, callback_rules: Rules) -> Escalator:
    """Escalates when a test says so."""
    return Escalator(database, clock, callback_rules)
