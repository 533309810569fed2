"""`/werk/toestel`: an agent says where they sit."""

from collections.abc import Awaitable, Callable

import httpx
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.contacts.telephony.exchange import Exchange, event

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


def shown(response: httpx.Response) -> tuple[str, str]:
    """The number in the field, and what is said."""
    page = BeautifulSoup(response.text, "html.parser")
    field = page.select_one("#toestel")
    said = page.select_one("[role=status] .kcc-strong, #fouten li")
    assert field is not None
    return str(field.get("value", "")), said.get_text() if said else ""


async def sit(client: httpx.AsyncClient, extension: str) -> httpx.Response:
    return await client.post("/werk/toestel", data={"extension": extension}, follow_redirects=True)


async def test_where_somebody_sits(kennisbank: None, sign_in: SignIn) -> None:
    anna, bas = await sign_in(Role.AGENT), await sign_in(Role.AGENT)
    assert shown(await anna.get("/werk/toestel")) == ("", "")
    assert shown(await sit(anna, " 101 ")) == ("101", "U zit nu aan toestel 101.")
    assert shown(await anna.get("/werk/toestel")) == ("101", "")
    assert shown(await sit(bas, "PJSIP/101")) == ("101", "U zit nu aan toestel 101.")
    assert shown(await anna.get("/werk/toestel")) == ("", "")
    assert shown(await sit(bas, "")) == ("", "U zit nu aan geen toestel.")


async def test_what_is_no_telephone_is_refused_and_kept(kennisbank: None, sign_in: SignIn) -> None:
    anna = await sign_in(Role.AGENT)
    await sit(anna, "101")
    response = await sit(anna, "9" * 61)
    assert response.status_code == 400
    typed, said = shown(response)
    assert typed == "9" * 61
    assert "1 tot 60 tekens" in said
    assert shown(await anna.get("/werk/toestel")) == ("101", "")


def advised(response: httpx.Response) -> bool:
    """Whether the desk says that its agent sits at no telephone, with the way to change that."""
    line = BeautifulSoup(response.text, "html.parser").select_one("#geen-toestel")
    return line is not None and line.select_one('a[href="/werk/toestel"]') is not None


async def test_who_sits_at_no_telephone_is_told(kennisbank: None, sign_in: SignIn) -> None:
    anna, bas, editor = await sign_in(Role.AGENT), await sign_in(Role.AGENT), await sign_in(Role.EDITOR)
    assert not advised(await anna.get("/werk"))  # nobody has a telephone here
    await sit(bas, "101")
    assert [advised(await one.get("/werk")) for one in (anna, bas, editor)] == [True, False, False]
    await sit(anna, "101")
    assert [advised(await one.get("/werk")) for one in (anna, bas)] == [False, True]


async def test_who_works_without_a_telephone_says_so_once(kennisbank: None, sign_in: SignIn) -> None:
    anna, bas = await sign_in(Role.AGENT), await sign_in(Role.AGENT)
    await sit(bas, "101")
    for _ in range(2):
        without = await anna.post("/werk/toestel", data={"extension": "103", "without": "1"}, follow_redirects=True)
        assert shown(without) == ("", "U zit nu aan geen toestel.")
        assert not advised(await anna.get("/werk"))
    await sit(anna, "103")
    await sit(bas, "103")  # pushed aside, anna never chose to be without
    assert advised(await anna.get("/werk"))


async def test_calls_alone_are_telephony_too(kennisbank: None, sign_in: SignIn, exchange: Exchange) -> None:
    anna = await sign_in(Role.AGENT)
    assert not advised(await anna.get("/werk"))
    await exchange.send(event(1, "entered"))
    assert advised(await anna.get("/werk"))
