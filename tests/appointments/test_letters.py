"""The letters: what each tells, in both languages, as text and as HTML."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.availability.touching import Misfit
from kcc.appointments.facts import Letter
from kcc.appointments.letters.words import words
from kcc.appointments.letters.writing import compose
from kcc.web.letters import WIDTH, Composed
from tests.appointments.letter_facts import FACTS, LICENCE, PASSPORT, SENDER, START, facts

OFFER = {"offered_at": START - timedelta(days=8), "offer_until": START - timedelta(days=12), "misfit": Misfit.CLOSED}
LINK = "https://kcc.example/afspraak/beheer?token=abc-_1"
EVERY = pytest.mark.parametrize("letter", list(Letter))
BOTH = pytest.mark.parametrize("language", ["nl", "en"])


def written(letter: Letter, **changes: object) -> Composed:
    """A letter to Sam about an appointment in which something is different."""
    return compose(letter, facts(**{**OFFER, **changes}), SENDER)


def seen(letter: Composed) -> str:
    """The text of the HTML, each run of white space as one space."""
    return " ".join(BeautifulSoup(letter.html, "html.parser").body.get_text(" ").split())


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("letter", "language", "subject"),
    [
        (Letter.CONFIRMATION, "nl", "Uw afspraak op dinsdag 24 november, 10.20 uur"),
        (Letter.CHANGE, "nl", "Uw afspraak is gewijzigd: dinsdag 24 november, 10.20 uur"),
        (Letter.CANCELLATION, "nl", "Afgezegd: uw afspraak op dinsdag 24 november, 10.20 uur"),
        (Letter.REMINDER, "nl", "Herinnering: uw afspraak op dinsdag 24 november, 10.20 uur"),
        (Letter.EARLIER_PLACE, "nl", "Eerdere tijd vrij voor uw afspraak: maandag 16 november, 10.20 uur"),
        (Letter.UNFIT, "nl", "Uw afspraak op dinsdag 24 november, 10.20 uur kan niet doorgaan"),
        (Letter.UNFIT, "en", "Your appointment on Tuesday 24 November, 10:20 cannot take place"),
        (Letter.CONFIRMATION, "en", "Your appointment on Tuesday 24 November, 10:20"),
        (Letter.CHANGE, "en", "Your appointment has changed: Tuesday 24 November, 10:20"),
        (Letter.CANCELLATION, "en", "Cancelled: your appointment on Tuesday 24 November, 10:20"),
        (Letter.REMINDER, "en", "Reminder: your appointment on Tuesday 24 November, 10:20"),
        (Letter.EARLIER_PLACE, "en", "Earlier time free for your appointment: Monday 16 November, 10:20"),
        (Letter.CONFIRMATION, "fy", "Uw afspraak op dinsdag 24 november, 10.20 uur"),
    ],
)
def test_the_subject_tells_the_moment_and_nothing_private(letter: Letter, language: str, subject: str) -> None:
    assert written(letter, language=language).subject == subject


@EVERY
@BOTH
def test_text_and_html_say_the_same(letter: Letter, language: str) -> None:
    one = written(letter, language=language)
    html = seen(one)
    headline, greeting, opening = one.text.split("\n\n")[:3]
    assert html.index(headline) < html.index(greeting) < html.index(flat(opening))
    for fact in ("Stadhuis", "Markt 1, Voorbeeld", "14 0123", "Gemeente Voorbeeld"):
        assert fact in html
        assert fact in one.text


def test_a_confirmation_tells_all_there_is_to_know() -> None:
    text = flat(written(Letter.CONFIRMATION).text)
    assert text.startswith(
        "Uw afspraak staat vast Beste Sam Voorbeeld, Wij verwachten u op dinsdag 24 november 2026 om 10.20 uur. "
        "Wanneer: dinsdag 24 november 2026, 10.20 uur Waar: Stadhuis Markt 1, Voorbeeld Ingang aan het plein. "
        "Waarvoor: Paspoort, 2 personen Rijbewijs, 1 persoon Duur: ongeveer 25 minuten Afspraakcode: K7QP-4M2X "
        "Neem mee Paspoort: - Uw oude paspoort - Een pasfoto Rijbewijs: - Een pasfoto - Uw oude rijbewijs "
        "Kosten - Paspoort: € 83,87 per persoon - Rijbewijs: € 52,10 "
    )
    assert LINK in text
    assert "afspraak.ics" in text


def test_in_english() -> None:
    text = flat(written(Letter.CONFIRMATION, language="en").text)
    assert text.startswith(
        "Your appointment is confirmed Dear Sam Voorbeeld, We expect you on Tuesday 24 November 2026 at 10:20. "
        "When: Tuesday 24 November 2026, 10:20 Where: Stadhuis Markt 1, Voorbeeld Ingang aan het plein. "
        "What for: Paspoort, 2 people Rijbewijs, 1 person Duration: about 25 minutes Appointment code: K7QP-4M2X "
        "Bring with you Paspoort: - Uw oude paspoort"
    )
    assert "https://kcc.example/privacy?lang=en" in text


def test_a_change_says_that_the_earlier_mail_no_longer_counts() -> None:
    assert "nu op dinsdag 24 november 2026 om 10.20 uur. Wat in onze eerdere e-mail staat, geldt niet meer." in flat(
        written(Letter.CHANGE).text
    )


def test_a_cancellation_leaves_nothing_to_bring_pay_or_change() -> None:
    one = written(Letter.CANCELLATION)
    assert "gaat niet door. U hoeft niet te komen." in flat(one.text)
    for gone in ("pasfoto", "€", "token", "K7QP"):
        assert gone not in one.text
        assert gone not in one.html
    assert "https://kcc.example/afspraak\n" in one.text
    assert "https://kcc.example/afspraak?lang=en\n" in written(Letter.CANCELLATION, language="en").text


def test_only_mail_with_an_invitation_speaks_of_the_attachment() -> None:
    speaking = {letter for letter in Letter if "afspraak.ics" in written(letter).text}
    assert speaking == {Letter.CONFIRMATION, Letter.CHANGE}


def test_an_earlier_place_tells_how_long_it_is_kept_and_that_doing_nothing_is_safe() -> None:
    text = flat(written(Letter.EARLIER_PLACE).text)
    assert "maandag 16 november 2026 om 10.20 uur. Wij houden die tijd voor u vast tot donderdag 12 november" in text
    assert "Doet u niets? Dan blijft uw afspraak staan op dinsdag 24 november 2026 om 10.20 uur." in text
    assert LINK in text


@pytest.mark.parametrize("missing", ["offered_at", "offer_until"])
def test_an_earlier_place_needs_an_offer(missing: str) -> None:
    with pytest.raises(ValueError, match="offer"):
        written(Letter.EARLIER_PLACE, **{missing: None})


def test_that_it_cannot_take_place_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="misfit"):
        written(Letter.UNFIT, misfit=None)


@BOTH
@pytest.mark.parametrize("at_home", [True, False])
@pytest.mark.parametrize("why", list(Misfit))
def test_why_it_cannot_take_place_and_what_to_do(why: Misfit, language: str, at_home: bool) -> None:
    one = written(Letter.UNFIT, misfit=why, language=language, is_home_visit=at_home, directions="")
    say = words(language)
    for text in ((say.misfit_home if at_home else say.misfit)[why], LINK, "14 0123", "K7QP-4M2X"):
        assert text in flat(one.text)
    assert one.text.count("{") == 0


@BOTH
@EVERY
def test_at_home_nobody_is_asked_to_come(letter: Letter, language: str) -> None:
    text = written(letter, language=language, is_home_visit=True, address="Lange Laan 2, Voorbeeld").text
    assert ("Bij u thuis" if language == "nl" else "At your home") in text
    assert "Lange Laan 2, Voorbeeld" in text
    for wrong in ("Stadhuis", "verwachten u", "hoeft niet te komen", "expect you", "need to come", "Neem mee", "Bring"):
        assert wrong not in text


@EVERY
def test_what_to_bring_stands_under_the_product_it_is_for(letter: Letter) -> None:
    page = BeautifulSoup(written(letter).html, "html.parser")
    found = {
        heading.get_text(): [item.get_text() for item in heading.find_next_sibling("ul").find_all("li")]
        for heading in page.find_all("h3")
    }
    expected = {"Paspoort": list(PASSPORT.bring), "Rijbewijs": list(LICENCE.bring)}
    assert found == ({} if letter in (Letter.CANCELLATION, Letter.UNFIT) else expected)


def test_of_one_product_what_to_bring_needs_no_name() -> None:
    one = written(Letter.REMINDER, products=(LICENCE,))
    assert "\nNeem mee\n- Een pasfoto\n- Uw oude rijbewijs\n" in one.text
    assert "<h3" not in one.html


def test_what_is_not_there_has_no_heading() -> None:
    bare = (replace(PASSPORT, bring=(), costs=""),)
    one = written(Letter.CONFIRMATION, products=bare, directions="")
    for heading in ("Neem mee", "Kosten"):
        assert heading not in one.text
        assert heading not in one.html


def test_of_one_product_the_costs_need_no_name() -> None:
    assert "\nKosten\n- € 52,10\n" in written(Letter.REMINDER, products=(LICENCE,)).text


@pytest.mark.parametrize("start", ["2027-03-28T07:00", "2027-10-31T08:00"])
def test_nine_o_clock_on_the_days_the_clock_changes(start: str) -> None:
    one = written(Letter.CONFIRMATION, starts_at=datetime.fromisoformat(start).replace(tzinfo=UTC))
    assert "om 9.00 uur" in flat(one.text)
    assert "om 9.00 uur" in seen(one)


@pytest.mark.parametrize(
    "name",
    ["Win nu http://koop.example", "www.koop.example", "koop.example", "Sam\n\nKlik: koop", "a@b.example", "", "  "],
)
@EVERY
def test_a_name_that_is_an_advertisement_is_not_repeated(letter: Letter, name: str) -> None:
    one = written(letter, name=name)
    assert "Beste inwoner," in one.text
    assert "koop" not in one.text + one.html
    assert "Dear resident," in written(letter, name=name, language="en").text


@pytest.mark.parametrize("name", ["J.P. de Boer-Jansen", "Zoë 't Hart", "Sam", "A. Ńowak", "O’Neill"])
def test_a_name_is_greeted_as_it_is(name: str) -> None:
    one = written(Letter.CONFIRMATION, name=name)
    assert f"Beste {name},\n" in one.text
    assert f"Beste {name}," in seen(one)


@EVERY
def test_names_are_escaped_in_html(letter: Letter) -> None:
    evil = '<img src=x onerror="alert(1)">&amp;'
    one = written(
        letter, name="Sam <b>", location=evil, directions=evil, products=(replace(PASSPORT, name=evil, bring=(evil,)),)
    )
    page = BeautifulSoup(one.html, "html.parser")
    assert page.find("img") is None
    assert page.find("b") is None
    assert evil in page.get_text()
    assert evil in one.text


@EVERY
@BOTH
def test_the_html_is_a_whole_page_in_its_language(letter: Letter, language: str) -> None:
    one = written(letter, language=language)
    page = BeautifulSoup(one.html, "html.parser")
    assert one.html.startswith("<!doctype html>")
    assert page.html["lang"] == language
    assert page.title.get_text() == one.subject
    assert len(page.find_all("h1")) == 1
    assert [link["href"] for link in page.find_all("a", class_="button")] == [
        "https://kcc.example/afspraak" + ("?lang=en" if language == "en" else "")
        if letter is Letter.CANCELLATION
        else LINK
    ]
    assert page.find("a", href="tel:140123") is not None
    assert not page.find_all(["script", "img", "link", "table"])
    reader = _Balanced()
    reader.feed(one.html)
    assert reader.open == []


class _Balanced(HTMLParser):
    """Fails on an element that is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@EVERY
@BOTH
def test_text_is_wrapped_and_has_no_holes(letter: Letter, language: str) -> None:
    thing = "Een pasfoto van minder dan zes maanden oud, in kleur, en volgens alle eisen van de Rijksoverheid"
    url = "https://kcc.example/afspraak/beheer?token=" + "a-b_" * 30
    text = written(letter, language=language, products=(replace(PASSPORT, bring=(thing,)),), manage_url=url).text
    assert max(len(line) for line in text.splitlines() if url not in line) <= WIDTH
    assert letter is Letter.CANCELLATION or f"\n{url}\n" in text
    assert "\n\n\n" not in text
    assert not any(line != line.rstrip() for line in text.splitlines())
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_name_is_the_rest_of_the_letter_stays(name: str, location: str) -> None:
    one = compose(Letter.CONFIRMATION, replace(FACTS, name=name, location=location), SENDER)
    plain = compose(Letter.CONFIRMATION, FACTS, SENDER)
    tags = [element.name for element in BeautifulSoup(plain.html, "html.parser").find_all()]
    # A location without a name has one line less.
    assert [element.name for element in BeautifulSoup(one.html, "html.parser").find_all()] in (
        tags,
        tags[: tags.index("dd") + 2] + tags[tags.index("dd") + 3 :],
    )
    assert one.subject == plain.subject
    assert one.text.endswith(plain.text[plain.text.index("Waarvoor") :])
