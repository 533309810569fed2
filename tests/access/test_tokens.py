"""API tokens: what makes one worthless, and how that is told."""

import hashlib
from collections.abc import Awaitable, Callable

import httpx
from sqlmodel import select

from kcc.access.models import ApiToken
from kcc.access.roles import Role
from kcc.storage.database import Database
from tests.conftest import NOW, SetClock

WithToken = Callable[..., Awaitable[httpx.AsyncClient]]
CLOSED = "/api/v1/articles/paspoort-aanvragen/revisions"
PUBLIC = "/api/v1/topics"
NO_TOKENS = [
    "Bearer",
    "Bearer ",
    "Bearer kcc_onzin",
    "Bearer kcc_onzin kcc_onzin",
    "Basic YW5uYTpnZWhlaW0=",
    "Token kcc_onzin",
    "",
    "Bearer \xff\xfe",
    "Bearer " + "x" * 5000,
]


def _is_refused(response: httpx.Response) -> bool:
    assert response.status_code == 401, response.text
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/problem+json"
    return bool(response.json()["type"].endswith("/unauthenticated"))


async def test_a_token_opens_what_its_role_may(kennisbank: None, with_token: WithToken) -> None:
    client = await with_token(Role.EDITOR)
    assert (await client.get(CLOSED)).status_code == 200


async def test_the_scheme_may_be_in_any_case(kennisbank: None, with_token: WithToken) -> None:
    client = await with_token(Role.EDITOR)
    token = client.headers["authorization"].partition(" ")[2]
    assert (await client.get(CLOSED, headers={"Authorization": f"bearer  {token} "})).status_code == 200


async def test_a_right_token_under_another_scheme_is_refused(kennisbank: None, with_token: WithToken) -> None:
    client = await with_token(Role.EDITOR)
    token = client.headers["authorization"].partition(" ")[2]
    for header in (f"Basic {token}", f"Token {token}", token, f"Bearer{token}"):
        for address in (CLOSED, PUBLIC):
            assert _is_refused(await client.get(address, headers={"Authorization": header})), header


async def test_a_token_ends_after_a_year(kennisbank: None, with_token: WithToken, moment: SetClock) -> None:
    client = await with_token(Role.EDITOR)
    moment.move(days=364)
    assert [(await client.get(address)).status_code for address in (CLOSED, PUBLIC)] == [200, 200]
    moment.move(days=1)
    for address in (CLOSED, PUBLIC):
        assert _is_refused(await client.get(address)), address


async def test_a_revoked_token_opens_nothing(kennisbank: None, with_token: WithToken, database: Database) -> None:
    client = await with_token(Role.EDITOR)
    async with database.writing() as session:
        (await session.exec(select(ApiToken))).one().revoked_at = NOW
    for address in (CLOSED, PUBLIC):
        assert _is_refused(await client.get(address)), address


async def test_what_is_no_token_is_told_so_on_closed_and_on_public_routes(
    kennisbank: None, client: httpx.AsyncClient
) -> None:
    for header in NO_TOKENS:
        for address in (CLOSED, PUBLIC, "/api/v1/openapi.json", "/api/v1/articles?q=paspoort"):
            response = await client.get(address, headers={"Authorization": header.encode("latin-1")})
            assert _is_refused(response), (address, header[:50])


async def test_without_a_token_a_closed_route_asks_for_one(client: httpx.AsyncClient) -> None:
    assert _is_refused(await client.get(CLOSED))


async def test_the_database_holds_a_hash_of_the_token_and_not_the_token(
    with_token: WithToken, database: Database
) -> None:
    token = (await with_token(Role.EDITOR)).headers["authorization"].partition(" ")[2]
    async with database.reading() as session:
        row = (await session.exec(select(ApiToken))).one()
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(row.model_dump())
    assert token.startswith("kcc_")
    assert len(token) >= 47  # 256 bits in base64 after the prefix


async def test_what_a_token_shows_is_not_kept_for_who_has_none(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken
) -> None:
    """The same search by an agent and by a resident: each gets their own answer, whoever asked first."""
    agent = await with_token(Role.AGENT)
    address = "/api/v1/articles?q=balie"
    for _ in range(2):
        seen_by_agent = [hit["slug"] for hit in (await agent.get(address)).json()["results"]]
        seen_by_resident = [hit["slug"] for hit in (await client.get(address)).json()["results"]]
        assert "balie-instructie" in seen_by_agent
        assert "balie-instructie" not in seen_by_resident
