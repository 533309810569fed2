"""A contact centre that asks departments, and the mail that they get."""

import re
from collections.abc import Awaitable, Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.background import sender
from kcc.catalogue.models import Department
from kcc.clock import Clock
from kcc.connectors.smtp import FileMailer, Message, Undeliverable
from kcc.contacts.department_questions.mailing import DepartmentPost
from kcc.knowledge.queries import article_facts
from kcc.settings import Settings
from kcc.storage.database import Database
from kcc.storage.worker import OutboxWorker

ADDRESS = "/api/v1/department-questions"
ARTICLE = "paspoort-aanvragen"  # of burgerzaken
MAILBOX = "burgerzaken@voorbeeld.example"
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


class Post:
    """The service's own worker, run by hand; mail goes into files."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self.folder: Path = settings.mail_dir
        self.refuses = False
        self._mailer = FileMailer(self.folder, settings.mail_from)
        key = settings.resolve_secret_key()
        post = DepartmentPost(database, clock, self, sender(settings), key, article_facts)
        self._worker = OutboxWorker(database, clock, post.handlers)
        self._read: set[Path] = set()

    async def send(self, message: Message) -> None:
        if self.refuses:
            raise Undeliverable("no such mailbox")
        await self._mailer.send(message)

    async def deliver(self) -> list[EmailMessage]:
        """Do all that is due; returns the mail that was not there before."""
        while await self._worker.drain():
            pass
        new = sorted(set(self.folder.glob("*.eml")) - self._read)
        self._read.update(new)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]


class Asker:
    """Somebody who asks departments by the API."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, **question: Any) -> httpx.Response:
        body = {"article": ARTICLE, "question": "Mag het ook digitaal?"} | question
        return await self.client.post(ADDRESS, json={name: value for name, value in body.items() if value is not None})

    async def asks(self, **question: Any) -> dict[str, Any]:
        response = await self.ask(**question)
        assert response.status_code == 201, response.text
        return dict(response.json())

    async def does(self, item: dict[str, Any], verb: str, body: Any = None) -> httpx.Response:
        return await self.client.post(f"{ADDRESS}/{item['id']}/{verb}", json=body)

    async def reads(self, item: dict[str, Any]) -> dict[str, Any]:
        response = await self.client.get(f"{ADDRESS}/{item['id']}")
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def listed(self, **query: str) -> list[int]:
        response = await self.client.get(ADDRESS, params=query)
        assert response.status_code == 200, response.text
        return [item["id"] for item in response.json()["results"]]


def content(message: EmailMessage, kind: str = "plain") -> str:
    """The text of a mail, or its HTML."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(message: EmailMessage) -> str:
    """The path of the link in a mail, which its HTML has too."""
    (found,) = re.findall(r"http://kcc\.test(/vraag/\S+)", content(message))
    assert f'href="http://kcc.test{found}"' in content(message, "html")
    return str(found)


def soup(response: httpx.Response) -> BeautifulSoup:
    """A page."""
    return BeautifulSoup(response.text, "html.parser")


def said(response: httpx.Response, selector: str = "main") -> str:
    """What a part of a page says."""
    found = soup(response).select_one(selector)
    return " ".join(found.get_text(" ").split()) if found else ""


async def set_mailbox(database: Database, department: str, email: str | None) -> None:
    """Give a department an address, or take it away."""
    async with database.writing() as session:
        (await session.get_one(Department, department)).email = email


@pytest.fixture
async def centre(kennisbank: None, database: Database) -> None:
    """The small kennisbank; one department has a mailbox."""
    await set_mailbox(database, "burgerzaken", MAILBOX)


@pytest.fixture
async def agent(centre: None, as_agent: Any) -> Asker:
    """An agent."""
    return Asker((await as_agent("anna")).client)


@pytest.fixture
async def editor(centre: None, as_agent: Any) -> Asker:
    """An editor."""
    return Asker((await as_agent("redacteur", Role.EDITOR)).client)


@pytest.fixture
def post(database: Database, clock: Clock, settings: Settings) -> Post:
    """What departments are sent."""
    return Post(database, clock, settings)
