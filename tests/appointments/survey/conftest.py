"""A town hall where people come by appointment, are helped, and are asked how it was."""

import re
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import col, select

from kcc.access.roles import Role
from kcc.appointments.survey.models import SurveyAnswer, SurveyCount, SurveyInvitation
from kcc.storage.database import Database
from tests.appointments.conftest import Desk, Hall, combinable, place, product
from tests.appointments.hall.test_hall_api import Clerk, minutes_to
from tests.appointments.post import Post, text
from tests.conftest import SetClock

ASKED = ("Hoe tevreden bent u over uw bezoek?", "How satisfied are you with your visit?")


class Town:
    """Books, comes and is helped, in one go."""

    def __init__(self, clerk: Clerk, desk: Desk, post: Post, moment: SetClock, database: Database) -> None:
        self.clerk, self.desk, self.post, self.moment, self.database = clerk, desk, post, moment, database

    async def at_counter(self, start: str = "9:20", *products: str, **visitor: Any) -> int:
        """Somebody with an appointment, called to the counter; returns the visit."""
        booked = await self.desk.book(start, *products, **visitor)
        assert booked.status_code == 201, booked.text
        visit = await self.clerk.arrives(booked)
        await self.clerk.good(f"visits/{visit['id']}/call", counter="stadhuis-1")
        return int(visit["id"])

    async def served(self, start: str = "9:20", *products: str, **visitor: Any) -> int:
        """Somebody who was helped."""
        visit = await self.at_counter(start, *products, **visitor)
        await self.clerk.good(f"visits/{visit}/finish", outcome="done")
        return visit

    async def mail(self, minutes: float = 60) -> list[EmailMessage]:
        """The questions that are sent within so many minutes from now."""
        self.moment.move(minutes=minutes)
        return [message for message in await self.post.deliver() if message["Subject"] in ASKED]

    async def link(self, start: str = "9:20", *products: str, **visitor: Any) -> str:
        """The link that somebody got who was helped."""
        await self.served(start, *products, **visitor)
        (asked,) = await self.mail()
        return link_in(asked)

    async def answers(self) -> Sequence[SurveyAnswer]:
        async with self.database.reading() as session:
            return (await session.exec(select(SurveyAnswer).order_by(col(SurveyAnswer.score)))).all()

    async def counts(self) -> dict[str, tuple[int, int]]:
        """(invited, answered) by product, all of them together under the empty name."""
        async with self.database.reading() as session:
            return {row.product: (row.invited, row.answered) for row in (await session.exec(select(SurveyCount))).all()}

    async def invitations(self) -> Sequence[SurveyInvitation]:
        async with self.database.reading() as session:
            return (await session.exec(select(SurveyInvitation))).all()


def link_in(message: EmailMessage) -> str:
    """The path and query of the link in a mail, which its HTML has too."""
    (found,) = re.findall(r"http://kcc\.test(/enquete/\S+)", text(message))
    assert f'href="http://kcc.test{found}"' in text(message, "html")
    return str(found)


def said(answer: httpx.Response) -> str:
    """What the main part of a page says."""
    main = BeautifulSoup(answer.text, "html.parser").select_one("main")
    assert main is not None
    return main.get_text(" ", strip=True)


@pytest.fixture
async def town(
    hall: Hall, with_token: Any, desk: Desk, post: Post, moment: SetClock, database: Database, options: dict[str, Any]
) -> Town:
    """At 9:10, with a counter that is open."""
    await hall(product("paspoort"), product("rijbewijs"), combinable("paspoort", "rijbewijs"))
    await hall(place(walk_ins=True, name_en="Town hall"))
    clerk = Clerk(await with_token(Role.COUNTER_CLERK))
    moment.move(minutes=minutes_to("9:10"))
    await clerk.opens(1)
    return Town(clerk, desk, post, moment, database)
