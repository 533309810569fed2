"""Signing in: passwords, answers that give nothing away, and where one goes next."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import argon2
import httpx
import pytest
from sqlmodel import select

from kcc.access.accounts import put_account
from kcc.access.models import Account
from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.errors import InvalidInput
from kcc.storage.database import Database
from tests.conftest import PASSWORD, SetClock

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/werk\r\nSet-Cookie: kcc=x",
    "//[",
    "http://[",
    " //evil.example",
]


@pytest.fixture
async def name(database: Database, clock: Clock) -> str:
    """The name of an agent's account."""
    async with database.writing() as session:
        await put_account(session, "anna", "Anna Agent", PASSWORD, [Role.AGENT], clock.now())
    return "anna"


async def _stored_hash(database: Database) -> str:
    async with database.reading() as session:
        return (await session.exec(select(Account))).one().password_hash


async def test_passwords_are_kept_as_argon2id(database: Database, database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kcc", "user", "add", "anna", "--role", "agent", "--password-stdin"]
    environment = os.environ | {"KCC_DATABASE_URL": database_url, "KCC_DATA_DIR": str(tmp_path)}
    subprocess.run(command, input=PASSWORD + "\n", text=True, env=environment, check=True, capture_output=True)
    stored = await _stored_hash(database)
    parameters = argon2.extract_parameters(stored)
    assert parameters.type is argon2.Type.ID
    assert parameters.memory_cost >= 19_456  # KiB; OWASP's least, with two passes
    assert parameters.time_cost >= 2
    assert argon2.PasswordHasher().verify(stored, PASSWORD)


async def test_the_same_password_is_kept_differently_each_time(database: Database, name: str, clock: Clock) -> None:
    before = await _stored_hash(database)
    async with database.writing() as session:
        await put_account(session, name, "Anna Agent", PASSWORD, [Role.AGENT], clock.now())
    assert await _stored_hash(database) != before


async def test_a_name_is_known_however_it_is_typed(client: httpx.AsyncClient, name: str) -> None:
    for typed in ("anna", " Anna ", "ANNA"):
        response = await client.post("/inloggen", data={"name": typed, "password": PASSWORD})
        assert response.status_code == 303, typed


async def test_a_password_must_be_right_to_the_letter(client: httpx.AsyncClient, name: str) -> None:
    for wrong in (PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], "x" * 10_000):
        response = await client.post("/inloggen", data={"name": name, "password": wrong})
        assert response.status_code == 401, wrong[:50]


async def test_the_answer_does_not_tell_whether_an_account_exists(
    client: httpx.AsyncClient, database: Database, name: str, clock: Clock
) -> None:
    async with database.writing() as session:
        await put_account(session, "oude", "Oud Account", PASSWORD, [Role.AGENT], clock.now())
        (await session.exec(select(Account).where(Account.name == "oude"))).one().active = False
    wrong_password = await client.post("/inloggen", data={"name": name, "password": "verkeerd wachtwoord"})
    unknown = await client.post("/inloggen", data={"name": "nina", "password": "verkeerd wachtwoord"})
    stopped = await client.post("/inloggen", data={"name": "oude", "password": PASSWORD})
    assert wrong_password.status_code == unknown.status_code == stopped.status_code == 401
    assert wrong_password.text.replace("anna", "NAME") == unknown.text.replace("nina", "NAME")
    assert wrong_password.text.replace("anna", "NAME") == stopped.text.replace("oude", "NAME")
    ignored = {"x-request-id", "content-length"}
    headers = [{key: value for key, value in found.headers.items() if key not in ignored}
               for found in (wrong_password, unknown, stopped)]  # fmt: skip
    assert headers[0] == headers[1] == headers[2]


async def test_a_form_that_is_not_filled_in_is_bad_input(client: httpx.AsyncClient, name: str) -> None:
    for data in ({}, {"name": "anna"}, {"password": PASSWORD}, {"name": "  ", "password": PASSWORD}):
        response = await client.post("/inloggen", data=data)
        assert response.status_code == 400, data
        assert "Vul uw gebruikersnaam en wachtwoord in" in response.text


async def test_any_name_at_all_is_just_wrong(client: httpx.AsyncClient, name: str) -> None:
    for typed in ("an%00na", "%ed%a0%80", "%ff%fe", "a" * 5000, "%3Cscript%3E", "%27+OR+1%3D1+--", "%F0%9F%98%80"):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        response = await client.post("/inloggen", content=f"name={typed}&password=onzin", headers=form)
        assert response.status_code == 401, typed[:50]
        assert "<script>" not in response.text


async def test_what_was_typed_stays_in_the_form_but_not_the_password(client: httpx.AsyncClient, name: str) -> None:
    response = await client.post("/inloggen", data={"name": name, "password": "verkeerd wachtwoord"})
    assert 'value="anna"' in response.text
    assert "verkeerd wachtwoord" not in response.text


async def test_everyone_begins_where_they_work(client: httpx.AsyncClient, database: Database, clock: Clock) -> None:
    homes: list[tuple[list[Role], str]] = [
        ([Role.AGENT], "/werk"),
        ([Role.EDITOR], "/redactie"),
        ([Role.EDITOR, Role.AGENT], "/werk"),
        ([Role.ADMINISTRATOR], "/beheer"),
        ([Role.ADMINISTRATOR, Role.EDITOR], "/beheer"),
        ([Role.ADMINISTRATOR, Role.AGENT], "/werk"),
        ([Role.TEAM_LEAD], "/rapport"),
        ([Role.TEAM_LEAD, Role.ADMINISTRATOR], "/rapport"),
        ([Role.TEAM_LEAD, Role.AGENT], "/werk"),
        ([Role.DEVICE], "/"),
        ([], "/"),
    ]
    for roles, home in homes:
        async with database.writing() as session:
            await put_account(session, "wie", "Wie", PASSWORD, roles, clock.now())
        response = await client.post("/inloggen", data={"name": "wie", "password": PASSWORD})
        assert response.headers["location"] == home, roles


async def test_one_comes_back_to_the_page_that_asked_to_log_in(client: httpx.AsyncClient, name: str) -> None:
    away = await client.get("/werk?q=pas+kwijt")
    form = await client.get(away.headers["location"])
    assert 'name="next" value="/werk?q=pas+kwijt"' in form.text
    back = await client.post("/inloggen", data={"name": name, "password": PASSWORD, "next": "/werk?q=pas+kwijt"})
    assert back.headers["location"] == "/werk?q=pas+kwijt"


async def test_the_way_back_survives_a_wrong_password(client: httpx.AsyncClient, name: str) -> None:
    data = {"name": name, "password": "verkeerd wachtwoord", "next": "/redactie"}
    response = await client.post("/inloggen", data=data)
    assert 'name="next" value="/redactie"' in response.text


async def test_a_log_in_link_never_leads_to_another_site(client: httpx.AsyncClient, name: str) -> None:
    for target in ELSEWHERE:
        form = await client.get("/inloggen", params={"next": target})
        assert form.status_code == 200, target
        assert 'name="next"' not in form.text, target
        response = await client.post("/inloggen", data={"name": name, "password": PASSWORD, "next": target})
        assert response.status_code == 303, target
        assert response.headers["location"] == "/werk", target


async def test_a_password_has_twelve_to_two_hundred_characters(database: Database, moment: SetClock) -> None:
    async with database.writing() as session:
        for password in ("", "elf tekens.", "x" * 201):
            with pytest.raises(InvalidInput, match="12 tot 200"):
                await put_account(session, "anna", "Anna", password, [Role.AGENT], moment.now())
        assert await put_account(session, "anna", "Anna", "twaalf teken", [Role.AGENT], moment.now())


async def test_an_account_needs_a_readable_name(database: Database, moment: SetClock) -> None:
    async with database.writing() as session:
        for account in ("", "   ", "x" * 81, "\x00\n"):
            with pytest.raises(InvalidInput, match="1 tot 80"):
                await put_account(session, account, "Anna", PASSWORD, [Role.AGENT], moment.now())
