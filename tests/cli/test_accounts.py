"""Accounts and tokens made on the command line work in the service."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.roles import Role
from tests.cli.conftest import Done, Kcc
from tests.conftest import browser_of

PASSWORD = "een heel goed wachtwoord"


def add(kcc: Kcc, *arguments: str, password: str = PASSWORD) -> Done:
    return kcc("user", "add", *arguments, "--password-stdin", stdin=f"{password}\n")


async def log_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> int:
    return (await client.post("/inloggen", data={"name": name, "password": password})).status_code


async def test_an_added_account_can_log_in_and_do_its_work(installed: Kcc, client: httpx.AsyncClient) -> None:
    done = await asyncio.to_thread(add, installed, "Jan ", "--role", "agent", "--role", "team-lead")
    assert done == Done(0, "", "added: Jan  (agent, team-lead)\n")
    assert await log_in(client, "jan") == 303
    desk = await client.get("/werk")
    assert "KCC-medewerker, teamleider" in desk.text
    assert (await client.get("/redactie")).status_code == 200


async def test_adding_it_again_changes_password_and_roles_and_ends_sessions(
    installed: Kcc, app: Starlette, client: httpx.AsyncClient
) -> None:
    await asyncio.to_thread(add, installed, "jan", "--role", "editor", "--display-name", "Jan Jansen")
    assert await log_in(client, "jan") == 303
    assert "Jan Jansen" in (await client.get("/redactie")).text
    again = await asyncio.to_thread(add, installed, "jan", "--role", "agent", password="een ander goed wachtwoord")
    assert again == Done(0, "", "changed: jan (agent)\n")
    assert (await client.get("/redactie")).status_code == 303
    assert await log_in(client, "jan") == 401
    async with browser_of(app) as other:
        assert await log_in(other, "jan", "een ander goed wachtwoord") == 303
        assert (await other.get("/redactie")).status_code == 403


@pytest.mark.parametrize(
    ("name", "password"),
    [("jan", ""), ("jan", "kort"), ("jan", "x" * 201), ("", PASSWORD), ("   ", PASSWORD), ("x" * 81, PASSWORD)],
)
def test_an_account_that_cannot_be_is_refused(installed: Kcc, name: str, password: str) -> None:
    done = add(installed, name, "--role", "agent", password=password)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kcc: ")
    assert PASSWORD not in done.err


@pytest.mark.parametrize("name", ["x" * 121, "Jan\nJansen", "\x00"])
def test_a_name_for_on_screens_that_cannot_be_is_refused(installed: Kcc, name: str) -> None:
    done = add(installed, "jan", "--role", "agent", "--display-name", name)
    assert (done.code, done.out) == (2, "")


def test_a_role_given_twice_is_given_once(installed: Kcc) -> None:
    assert add(installed, "jan", "--role", "agent", "--role", "agent").code == 0


def test_an_account_without_a_role_or_with_one_that_is_none_is_refused(installed: Kcc) -> None:
    for arguments in (["jan"], ["jan", "--role", "baas"]):
        done = add(installed, *arguments)
        assert (done.code, done.out) == (2, "")
        assert "--role" in done.err


async def test_a_token_is_alone_on_stdout_and_works(installed: Kcc, app: Starlette) -> None:
    done = await asyncio.to_thread(installed, "token", "create", "website", "--role", "editor")
    assert done.code == 0
    token = done.out.removesuffix("\n")
    assert token and not set(token) & set(" \n\t")
    assert token not in done.err
    assert "valid for a year" in done.err
    async with browser_of(app, Authorization=f"Bearer {token}") as machine:
        answer = await machine.get("/api/v1/articles/bestaat-niet/revisions")
        assert answer.status_code == 404  # and not 401 or 403: an editor was let in
    async with browser_of(app, Authorization=f"Bearer {token}x") as other:
        assert (await other.get("/api/v1/articles")).status_code == 401


def test_every_token_is_another(installed: Kcc) -> None:
    tokens = {installed("token", "create", "website", "--role", role).out for role in Role for _ in range(2)}
    assert len(tokens) == 2 * len(Role)


@pytest.mark.parametrize("arguments", [["website"], ["--role", "agent"], ["website", "--role", "baas"]])
def test_a_token_that_cannot_be_is_refused(installed: Callable[..., Done], arguments: list[str]) -> None:
    done = installed("token", "create", *arguments)
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("name", ["", "x" * 500, "\x00"])
def test_a_token_needs_a_name_that_can_be_kept(installed: Kcc, name: str) -> None:
    done = installed("token", "create", name, "--role", "agent")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kcc: ")
