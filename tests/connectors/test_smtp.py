"""Mail against real servers: plain, STARTTLS, TLS, with a password, and ones that refuse."""

from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.connectors.smtp import FileMailer, NotSent, SmtpMailer, Undeliverable, make_mailer, parse_smtp_url
from tests.connectors.mail_server import CERTIFICATE, PASSWORD, USER, mail_server
from tests.connectors.test_mail import CALENDAR, SENDER, message

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system trusts the server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.mark.parametrize(
    ("url", "host", "port", "implicit_tls", "must_encrypt"),
    [
        ("smtp://localhost", "localhost", 25, False, False),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, False, False),
        ("smtp://[::1]:2525", "::1", 2525, False, False),
        ("smtp://mail.voorbeeld.example", "mail.voorbeeld.example", 25, False, True),
        ("smtp://u:p@mail.voorbeeld.example", "mail.voorbeeld.example", 587, False, True),
        ("smtp://u:p@localhost/", "localhost", 587, False, True),
        ("smtps://mail.voorbeeld.example", "mail.voorbeeld.example", 465, True, True),
        ("SMTPS://u:p@mail.voorbeeld.example:4465", "mail.voorbeeld.example", 4465, True, True),
    ],
)
def test_a_url_names_a_server(url: str, host: str, port: int, implicit_tls: bool, must_encrypt: bool) -> None:
    server = parse_smtp_url(url)
    assert (server.host, server.port) == (host, port)
    assert (server.implicit_tls, server.must_encrypt) == (implicit_tls, must_encrypt)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "begin with"),
        ("mail.voorbeeld.example", "begin with"),
        ("http://mail.voorbeeld.example", "begin with"),
        ("smtp://", "names no server"),
        ("smtp://host:0", "names no server"),
        ("smtp://host:99999", "cannot be read"),
        ("smtp://u:geheim/1@host", "cannot be read"),
        ("smtp://u:1/geheim@host", "goes on after"),
        ("smtp://u:geheim@[::1", "cannot be read"),
        ("smtp://u:geheim%ff@host", "cannot be read"),
        ("smtp://host/?geheim=1", "goes on after"),
        ("smtp://u:1#geheim@host", "goes on after"),
        ("smtp://u@host", "both"),
        ("smtp://:geheim@host", "both"),
        ("smtp://u:geheim@ho st", "line break"),
        ("smtp://u:geheim@host\n", "line break"),
    ],
)
def test_a_malformed_url_is_explained_without_the_password(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        parse_smtp_url(url)
    assert "geheim" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_user_and_password_can_be_written(user: str, password: str) -> None:
    server = parse_smtp_url(f"smtp://{quote(user, safe='')}:{quote(password, safe='')}@host")
    assert (server.user, server.password) == (user, password)


def test_a_server_is_shown_without_its_password() -> None:
    assert "geheim" not in repr(parse_smtp_url("smtp://u:geheim@host"))


def test_a_malformed_sender_is_refused_at_the_start(tmp_path: Path) -> None:
    for url in (None, "smtp://localhost"):
        with pytest.raises(ValueError, match="address"):
            make_mailer(url, tmp_path, "Gemeente Voorbeeld")


async def test_a_server_on_this_machine_takes_it_as_it_is() -> None:
    async with mail_server() as inbox:
        await SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER).send(message(calendar=CALENDAR))
    assert inbox.senders == ["afspraken@voorbeeld.example"]
    assert inbox.recipients == ["sam@voorbeeld.example"]
    assert inbox.encrypted == [False]
    (email,) = inbox.messages
    assert email["Message-ID"] == "<12.K7QP4M2X.0@kcc.example>"
    body = email.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["Tot dan, één keer."]


async def test_starttls_is_used_where_offered_also_with_a_home_made_certificate_on_this_machine() -> None:
    async with mail_server(starttls=True) as inbox:
        await SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER).send(message())
    assert inbox.encrypted == [True]


@pytest.mark.usefixtures("trusted")
async def test_a_password_goes_over_starttls() -> None:
    async with mail_server(starttls=True, login=True) as inbox:
        await SmtpMailer(f"smtp://{LOGIN}@localhost:{inbox.port}", SENDER).send(message())
    assert inbox.encrypted == [True]
    assert inbox.logins == [PASSWORD.encode()]


async def test_a_password_is_not_told_to_a_server_without_starttls() -> None:
    async with mail_server(login=True) as inbox:
        with pytest.raises(NotSent):
            await SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{inbox.port}", SENDER).send(message())
    assert inbox.logins == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_password_is_not_told_to_a_server_nobody_vouches_for(scheme: str) -> None:
    async with mail_server(starttls=scheme == "smtp", tls=scheme == "smtps", login=True) as inbox:
        with pytest.raises(NotSent):
            await SmtpMailer(f"{scheme}://{LOGIN}@127.0.0.1:{inbox.port}", SENDER).send(message())
    assert inbox.logins == []


@pytest.mark.usefixtures("trusted")
async def test_tls_from_the_first_byte() -> None:
    async with mail_server(tls=True) as inbox:
        await SmtpMailer(f"smtps://localhost:{inbox.port}", SENDER).send(message())
    assert len(inbox.messages) == 1


@pytest.mark.usefixtures("trusted")
async def test_a_wrong_password_is_worth_another_try() -> None:
    """It says something about our settings, nothing about the message."""
    async with mail_server(starttls=True, login=True) as inbox:
        with pytest.raises(NotSent, match="535") as refused:
            await SmtpMailer(f"smtp://{USER}:onjuist@localhost:{inbox.port}", SENDER).send(message())
    assert not isinstance(refused.value, Undeliverable)
    assert inbox.messages == []


@pytest.mark.parametrize("at", ["refusals", "data_refusals"])
async def test_a_server_that_is_busy_takes_it_the_next_time(at: str) -> None:
    async with mail_server() as inbox:
        getattr(inbox, at).append("450 Try again later")
        mailer = SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER)
        with pytest.raises(NotSent, match="450") as refused:
            await mailer.send(message())
        assert not isinstance(refused.value, Undeliverable)
        assert inbox.messages == []
        await mailer.send(message())
    assert [email["Message-ID"] for email in inbox.messages] == ["<12.K7QP4M2X.0@kcc.example>"]


async def test_an_address_refused_for_good_is_undeliverable_and_not_repeated() -> None:
    async with mail_server() as inbox:
        inbox.refusals.append("550 <{address}> user unknown")
        with pytest.raises(Undeliverable, match="550") as refused:
            await SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER).send(message())
    assert "sam@" not in str(refused.value)
    assert refused.value.__suppress_context__


async def test_a_message_refused_for_good_is_undeliverable() -> None:
    async with mail_server() as inbox:
        inbox.data_refusals.append("554 No thanks")
        with pytest.raises(Undeliverable, match="554"):
            await SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER).send(message())


async def test_a_server_that_is_away_is_worth_another_try() -> None:
    async with mail_server() as inbox:
        pass
    with pytest.raises(NotSent) as refused:
        await SmtpMailer(f"smtp://127.0.0.1:{inbox.port}", SENDER).send(message())
    assert not isinstance(refused.value, Undeliverable)


async def test_without_a_server_the_same_message_is_one_file(tmp_path: Path) -> None:
    mailer = make_mailer(None, tmp_path / "mail", SENDER)
    await mailer.send(message(subject="Een"))
    await mailer.send(message(subject="Twee"))
    await mailer.send(message(message_id="13.K7QP4M2X.1@kcc.example"))
    files = sorted(path.name for path in (tmp_path / "mail").iterdir())
    assert files == ["12.K7QP4M2X.0.eml", "13.K7QP4M2X.1.eml"]
    email = message_from_bytes((tmp_path / "mail" / files[0]).read_bytes(), policy=policy.default)
    assert email["Subject"] == "Twee"
    assert email["To"] == "sam@voorbeeld.example"


async def test_a_disk_that_refuses_is_worth_another_try(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("not a folder")
    with pytest.raises(NotSent) as refused:
        await FileMailer(tmp_path / "mail", SENDER).send(message())
    assert not isinstance(refused.value, Undeliverable)


async def test_a_file_that_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "12.K7QP4M2X.0.eml").mkdir()
    with pytest.raises(NotSent):
        await FileMailer(tmp_path, SENDER).send(message())
    assert [path.name for path in tmp_path.iterdir()] == ["12.K7QP4M2X.0.eml"]
