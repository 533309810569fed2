"""A PostgreSQL that cannot be reached, or is not to be reached like this: one sentence that says so."""

import pytest

from tests.cli.conftest import Done, Kcc

COMMANDS = (("serve", "--port", "1"), ("migrate",), ("knowledge", "search", "paspoort"))


def _sentence(done: Done) -> str:
    assert (done.code, done.out) == (2, ""), done
    assert done.err.count("\n") == 1, done.err
    assert done.err.startswith("kcc: the database cannot be ")
    return done.err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://kcc@127.0.0.1:1/kcc", "Connect call failed"),
        ("postgresql://kcc@127.0.0.1:1/kcc?sslmode=require", "Connect call failed"),
        ("postgresql://kcc@127.0.0.1:1/kcc?sslmode=misschien", "sslmode"),
        ("postgresql://kcc@127.0.0.1:1/kcc?kleur=blauw", "kleur"),
    ],
)
def test_a_server_that_does_not_answer(kcc: Kcc, monkeypatch: pytest.MonkeyPatch, address: str, said: str) -> None:
    monkeypatch.setenv("KCC_DATABASE_URL", address)
    for command in COMMANDS:
        assert said in _sentence(kcc(*command)), command
    assert said in kcc("check").out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("/TEMPLATE?", "/bestaat-niet?"), 'database "bestaat-niet" does not exist'),
        (("//kcc@", "//wie@"), 'role "wie" does not exist'),
    ],
)
def test_a_server_that_refuses(
    kcc: Kcc,
    monkeypatch: pytest.MonkeyPatch,
    postgres_server: str,
    postgres_template: str,
    wrong: tuple[str, str],
    said: str,
) -> None:
    wrong_address = postgres_server.replace("/?", "/TEMPLATE?").replace(*wrong)
    address = wrong_address.replace("/TEMPLATE?", f"/{postgres_template}?")
    monkeypatch.setenv("KCC_DATABASE_URL", address)
    for command in COMMANDS:
        assert said in _sentence(kcc(*command)), command


def test_sslmode_is_understood(
    kcc: Kcc, monkeypatch: pytest.MonkeyPatch, postgres_server: str, postgres_template: str
) -> None:
    address = postgres_server.replace("/?", f"/{postgres_template}?")
    monkeypatch.setenv("KCC_DATABASE_URL", address + "&sslmode=prefer")
    assert kcc("migrate").code == 0
