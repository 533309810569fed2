"""Who is mailed what about a callback."""

from kcc.connectors.smtp import Message, Undeliverable
from tests.conftest import SetClock
from tests.contacts.callbacks.conftest import CENTRE, DEPARTMENT, Callbacks, Mailbag, link_in


def text(mail: object, kind: str = "plain") -> str:
    return str(mail.get_body((kind,)).get_content())  # type: ignore[attr-defined]


async def test_the_department_gets_a_link_and_nothing_about_the_caller(callbacks: Callbacks, mailbag: Mailbag) -> None:
    await callbacks.asked(name="Voorbeeld Inwoner", question="Is de pas er al?")
    (mail,) = await mailbag.deliver()
    assert mail["To"] == DEPARTMENT
    assert mail["Subject"] == "Terugbelverzoek: bel uiterlijk woensdag 25 november om 16.30 uur"
    assert link_in(mail).startswith("/terugbellen/")
    for kind in ("plain", "html"):
        for personal in ("Inwoner", "pas er", "12345678", "06 1234"):
            assert personal not in text(mail, kind)


async def test_the_caller_hears_when_and_that_it_is_done(
    callbacks: Callbacks, mailbag: Mailbag, moment: SetClock
) -> None:
    address = "inwoner@voorbeeld.example"
    made = await callbacks.asked(name="Voorbeeld Inwoner", email=address)
    (promised,) = [mail for mail in await mailbag.deliver() if mail["To"] == address]
    assert promised["Subject"] == "Wij bellen u terug"
    assert "Beste Voorbeeld Inwoner," in text(promised)
    assert "Wij bellen u uiterlijk woensdag 25 november om 16.30 uur." in text(promised)
    assert "het nummer dat eindigt op 78" in text(promised)
    moment.move(hours=1)
    await callbacks.close(made)
    await callbacks.close(made)
    assert await mailbag.to() == [(address, "Uw terugbelverzoek is afgehandeld")]


async def test_in_english_and_with_a_wish(callbacks: Callbacks, mailbag: Mailbag) -> None:
    address, wish = "resident@voorbeeld.example", {"preferredAt": "2026-11-30T07:30:00Z"}
    exact = await callbacks.asked(email=address, language="en", **wish, preferredUntil="2026-11-30T11:00:00Z")
    (promised,) = [mail for mail in await mailbag.deliver() if mail["To"] == address]
    assert (promised["Subject"], promised["Content-Language"]) == ("We will call you back", "en")
    assert "Dear resident," in text(promised)
    assert "We will call you on Monday 30 November between 8:30 and 12:00." in text(promised)
    await callbacks.attempt(exact)
    await callbacks.close(exact, outcome="not-reached")
    assert await mailbag.to() == [(address, "We could not reach you")]
    early = {"preferredAt": "2026-11-24T13:00:00Z", "preferredUntil": "2026-11-24T16:00:00Z"}
    await callbacks.asked(email=address, **early)
    (tried,) = [mail for mail in await mailbag.deliver() if mail["To"] == address]
    assert "Wij proberen u dinsdag 24 november tussen 14.00 en 17.00 uur te bellen." in " ".join(text(tried).split())


async def test_who_no_longer_wants_it_is_not_mailed(callbacks: Callbacks, mailbag: Mailbag) -> None:
    made = await callbacks.asked(email="inwoner@voorbeeld.example")
    await callbacks.close(made, outcome="withdrawn")
    assert await mailbag.to() == []  # nor anything that was to be told before


async def test_what_a_department_cannot_be_told_goes_to_the_contact_centre(
    callbacks: Callbacks, mailbag: Mailbag
) -> None:
    made = await callbacks.asked(department="afval")
    (mail,) = await mailbag.deliver()
    assert mail["To"] == CENTRE
    assert link_in(mail) == f"/werk/terugbellen/{made['id']}"
    assert "Geef dit terugbelverzoek zelf door." in " ".join(text(mail).split())

    files = mailbag.mailer

    class Refusing:
        async def send(self, message: Message) -> None:
            if message.to == DEPARTMENT:
                raise Undeliverable("gone")
            await files.send(message)

    mailbag.mailer = Refusing()
    await callbacks.asked()
    assert [to for to, _ in await mailbag.to()] == [CENTRE]


async def test_another_department_is_mailed_and_the_first_one_no_longer(callbacks: Callbacks, mailbag: Mailbag) -> None:
    made = await callbacks.asked(department="afval")
    await callbacks.post(f"/{made['id']}/hand-over", {"department": "burgerzaken"})
    await callbacks.post(f"/{made['id']}/hand-over", {"department": "burgerzaken"})
    assert [to for to, _ in await mailbag.to()] == [DEPARTMENT]
