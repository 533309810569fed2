"""A wallboard, and the telephone of which it tells."""

import math
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from kcc.access.roles import Role
from kcc.service_levels.live import facts
from tests.service_levels.phone.conftest import Phone, phone

__all__ = ["phone"]
PAGE = "/rapport/live"
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


class Wall:
    """Somebody who looks at the wallboard."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    async def ask(self, path: str, **options: Any) -> httpx.Response:
        """Each time signed in anew: hours may have gone by."""
        return await (await self._sign_in(Role.TEAM_LEAD)).get(path, **options)

    async def look(self, status: int = 200, **query: str) -> "Seen":
        answer = await self.ask(PAGE, params=query)
        assert answer.status_code == status, answer.text
        return Seen(answer.text)


class Seen:
    """A wallboard as it was at a moment."""

    def __init__(self, html: str) -> None:
        self.page = BeautifulSoup(html, "html.parser")

    def part(self, name: str) -> Tag:
        (found,) = self.page.select(f'[data-part="{name}"]')
        return found

    def said(self, name: str) -> str:
        """The words of a part."""
        return " ".join(self.part(name).text.split())

    def rows(self, name: str) -> list[list[str]]:
        """The rows of the table in a part."""
        return [
            [" ".join(cell.text.split()) for cell in row.select("th, td")] for row in self.part(name).select("tbody tr")
        ]


@pytest.fixture
def wall(phone: Phone, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Wall:
    """A team lead before the wallboard, which looks at everything each time."""
    monkeypatch.setattr(facts, "AGENTS_SHARE", math.inf)
    return Wall(sign_in)
