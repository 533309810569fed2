"""The mail that asks how a visit was, as plain text and as HTML. Pure, apart from reading templates."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from kcc.appointments.letters.words import Words, words
from kcc.web.letters import Composed, Link, Section, Sender, page, written


@dataclass(frozen=True, slots=True)
class Asking:
    """The words of one language. `{…}` is filled in by the letter."""

    subject: str
    headline: str
    opening: str
    question: str
    anonymous: str
    link: str
    once: str


NL = Asking(
    subject="Hoe tevreden bent u over uw bezoek?",
    headline="Hoe tevreden bent u over uw bezoek?",
    opening="U was op {day} bij ons: {place}. Wij horen graag hoe u dat vond.",
    question="Eén vraag",
    anonymous="Wij stellen één vraag. Uw antwoord is anoniem: wij bewaren niet wie het gaf.",
    link="Geef uw mening",
    once="De link werkt één keer, tot en met {until}. U krijgt hierover geen andere e-mails.",
)
EN = Asking(
    subject="How satisfied are you with your visit?",
    headline="How satisfied are you with your visit?",
    opening="You visited us on {day}: {place}. We would like to know what you thought of it.",
    question="One question",
    anonymous="We ask one question. Your answer is anonymous: we do not keep who gave it.",
    link="Give your opinion",
    once="The link works once, up to and including {until}. You will not get any other emails about this.",
)


def compose(language: str, day: date, place: str, until: date, token: str, municipality: Sender) -> Composed:
    """The letter about a visit on a local day, without anything about the person; Dutch for a language we lack."""
    say = words(language)
    asking = EN if say.language == "en" else NL
    question = Section(
        asking.question,
        text=asking.anonymous,
        link=Link(asking.link, page(f"/enquete/{token}", municipality, say.language)),
        note=asking.once.format(until=_day(until, say)),
    )
    return written(
        say.language,
        subject=asking.subject,
        headline=asking.headline,
        greeting=say.greeting_nameless,
        opening=asking.opening.format(day=_day(day, say), place=place),
        details=[],
        sections=[question, Section(say.questions, text=say.questions_call.format(phone=municipality.phone))],
        privacy=say.privacy,
        municipality=municipality,
    )


def _day(day: date, say: Words) -> str:
    return format_date(day, say.day_pattern, locale=say.language)
