"""An agent at the desk, as tests see one."""

from typing import Any

import httpx
from sqlmodel import col, select

from kcc.contacts.log import queries
from kcc.contacts.log.models import Contact
from kcc.contacts.log.queries import Logged
from kcc.storage.database import Database
from tests.desk.conftest import Page, visit

# A question as it is in the log when the first article was the answer.
SOLVED = ("paspoort", "resolved", "article", ["paspoort-aanvragen"])
HTMX = {"HX-Request": "true", "HX-Target": "div#artikel"}


class Agent:
    """An agent at the desk who fills in the panel that was shown last."""

    def __init__(self, client: httpx.AsyncClient, database: Database) -> None:
        self.client = client
        self.database = database
        self.page: Page | None = None

    async def sit_down(self, **query: str) -> "Agent":
        """Open the desk."""
        self.page = await visit(self.client, "/werk", **query)
        assert self.page.status == 200, self.page.text
        return self

    @property
    def fields(self) -> dict[str, str]:
        """What a browser would send of the panel."""
        assert self.page
        note = self.page.seen.select_one("#notitie")
        fields = self.page.fields("#contactformulier")
        return fields | ({"note": note.get_text()} if note else {})

    async def press(self, do: str, **filled: str) -> "Agent":
        """Press a button of the panel, and go where it leads."""
        sent = Page(self.client, await self.client.post("/werk/contact", data=self.fields | filled | {"do": do}))
        self.page = await sent.follow() if sent.status == 303 else sent
        self.page.location = sent.location
        return self

    async def opens(self, slug: str) -> "Agent":
        """Open an article from the list, with script: the answer brings the panel along."""
        contact = self.fields.get("contact", "")
        answer = await self.client.get("/werk", params={"artikel": slug, "contact": contact}, headers=HTMX)
        assert answer.status_code == 200, answer.text
        self.page = Page(self.client, answer)
        return self

    @property
    def text(self) -> str:
        """The panel as it is read."""
        assert self.page
        panel = self.page.seen.select_one("#contact")
        assert panel
        return " ".join(panel.get_text(" ").split())

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field, sentence) of each error."""
        assert self.page
        return [(str(link["href"])[1:], link.get_text()) for link in self.page.seen.select("#contact [role=alert] a")]

    async def log(self) -> list[dict[str, Any]]:
        """What is in the log, the oldest first."""
        async with self.database.reading() as session:
            contacts = (await session.exec(select(Contact).order_by(col(Contact.id)))).all()
            return [told(one) for one in await queries.with_questions(session, contacts)]


def told(logged: Logged) -> dict[str, Any]:
    contact = logged.contact
    lasted = contact.finished_at - contact.started_at if contact.finished_at else None
    return {
        "channel": contact.channel.value,
        "seconds": lasted.total_seconds() if lasted is not None else None,
        "questions": [
            (
                question.topic,
                question.outcome.value if question.outcome else None,
                question.source.value if question.source else None,
                logged.articles[question.id or 0],
            )
            for question in logged.questions
        ],
    }
