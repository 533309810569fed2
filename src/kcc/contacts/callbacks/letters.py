"""What is told by mail, as plain text and as HTML. Pure, apart from reading templates.

To a department no question, name or number goes by mail: they stand behind the link.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kcc.contacts.callbacks import wording
from kcc.contacts.callbacks.kinds import Closing, Heard
from kcc.contacts.callbacks.telling import TO_CALLER, Letter
from kcc.web.letters import Composed, Link, Section, Sender, written

# Of a number, so many digits tell whoever has it which it is, and nobody else.
DIGITS_SHOWN = 2
HEARD = {
    Heard.DEPARTMENT: "{department}",
    Heard.DEPARTMENT_LEAD: "de leidinggevende van {department}",
    Heard.CENTRE: "het klantcontactcentrum",
    Heard.TEAM_LEAD: "de teamleider",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A callback as its letters need it. `attempts` is how often was called.

    `heard` is who was told before that it is overdue.
    `url` is where whoever must act sees it: `by_link`, the department by its own link, otherwise the contact centre.
    """

    language: str
    name: str | None
    phone: str
    department: str
    asked_at: datetime
    due_at: datetime
    preferred_at: datetime | None
    preferred_until: datetime | None
    closed_as: Closing | None
    attempts: int
    heard: tuple[Heard, ...]
    url: str
    by_link: bool


def compose(letter: Letter, told: Told, zone: ZoneInfo, municipality: Sender) -> Composed:
    """One letter; to whoever asked in their language, to all others in Dutch."""
    if letter in TO_CALLER:
        return _to_caller(letter, told, zone, municipality)
    return _to_colleague(letter, told, zone, municipality)


def _to_colleague(letter: Letter, told: Told, zone: ZoneInfo, municipality: Sender) -> Composed:
    due = wording.moment(told.due_at, zone)
    called = _called(told.attempts)
    late = f"Deze beller had uiterlijk {due} gebeld moeten zijn. {called}"
    subject, headline, opening = {
        Letter.ASKED: (
            f"Terugbelverzoek: bel uiterlijk {due}",
            "Wilt u iemand terugbellen?",
            f"Iemand heeft een vraag voor {told.department}. Wij hebben beloofd dat u belt."
            if told.by_link
            else f"{told.department} kan hierover niet worden gemaild. Geef dit terugbelverzoek zelf door.",
        ),
        Letter.HANDED_BACK: (
            f"Teruggegeven door {told.department}: terugbelverzoek",
            "Een terugbelverzoek is terug bij het klantcontactcentrum",
            f"{told.department} geeft dit terugbelverzoek terug. Zoek uit wie wel kan bellen, of bel zelf.",
        ),
        Letter.OVERDUE: (f"Te laat: bel alstublieft terug (beloofd: {due})", "Dit terugbelverzoek is te laat", late),
        Letter.DEPARTMENT_LATE: (
            f"Terugbelverzoek bij {told.department} is te laat",
            f"Een terugbelverzoek bij {told.department} is te laat",
            f"{late} {_heard(told)}",
        ),
        Letter.LEAD_LATE: (
            f"Terugbelverzoek bij {told.department} blijft liggen",
            "Een terugbelverzoek blijft liggen",
            f"{late} {_heard(told)}",
        ),
    }[letter]
    wish = wording.window(told.preferred_at, told.preferred_until, zone) if told.preferred_at else "zo snel mogelijk"
    see = Section(
        "De vraag en het telefoonnummer",
        text="Die staan achter deze link. U schrijft daar ook op of het is gelukt.",
        link=Link("Bekijk het terugbelverzoek", told.url),
        note="Stuur deze e-mail niet door: wie de link heeft, ziet het telefoonnummer." if told.by_link else "",
    )
    wrong = Section(
        "Niet voor uw afdeling?", text="Geef het dan met dezelfde link terug. Wij zoeken wie wel kan bellen."
    )
    return written(
        "nl",
        subject=subject,
        headline=headline,
        greeting="Beste collega,",
        opening=opening,
        details=[("Bel uiterlijk", (due,)), ("Wens van de beller", (wish,)), ("Afdeling", (told.department,))],
        sections=[see, *([wrong] if told.by_link else [])],
        privacy=SAY["nl"].privacy,
        municipality=municipality,
    )


def _heard(told: Told) -> str:
    names = [HEARD[one].format(department=told.department) for one in told.heard]
    if not names:
        return "Niemand kreeg hierover eerder bericht: er zijn geen e-mailadressen ingevuld."
    who = " en ".join(names)
    return f"{who[:1].upper()}{who[1:]} {'kreeg' if len(names) == 1 else 'kregen'} hierover eerder bericht."


def _called(attempts: int) -> str:
    if not attempts:
        return "Er is nog niet gebeld."
    return f"Er is {'één keer' if attempts == 1 else f'{attempts} keer'} gebeld."


@dataclass(frozen=True, slots=True)
class Say:
    """The words to whoever asked, of one language."""

    greeting: str
    greeting_nameless: str
    promised: str
    promised_then: str
    promised_by: str
    promised_try: str
    when: str
    number: str
    number_ends: str
    done: str
    done_opening: str
    missed: str
    missed_opening: str
    again: str
    again_how: str
    questions: str
    questions_call: str
    privacy: str


SAY = {
    "nl": Say(
        greeting="Beste {name},",
        greeting_nameless="Beste inwoner,",
        promised="Wij bellen u terug",
        promised_then="Wij bellen u {window}.",
        promised_by="Wij bellen u uiterlijk {due}.",
        promised_try="Wij proberen u {window} te bellen. Lukt dat niet, dan bellen wij uiterlijk {due}.",
        when="Wij bellen uiterlijk",
        number="Op telefoonnummer",
        number_ends="het nummer dat eindigt op {end}",
        done="Uw terugbelverzoek is afgehandeld",
        done_opening="Wij hebben uw vraag behandeld. Daarmee is uw terugbelverzoek afgehandeld.",
        missed="Wij konden u niet bereiken",
        missed_opening="Wij wilden u terugbellen, maar hebben u niet bereikt. Wij proberen het nu niet meer.",
        again="Wilt u ons nog spreken?",
        again_how="Bel ons: {phone}. Dan spreken we een nieuw moment met u af.",
        questions="Vragen, of komt het niet uit?",
        questions_call="Bel ons: {phone}.",
        privacy="Wat wij met uw gegevens doen",
    ),
    "en": Say(
        greeting="Dear {name},",
        greeting_nameless="Dear resident,",
        promised="We will call you back",
        promised_then="We will call you on {window}.",
        promised_by="We will call you by {due} at the latest.",
        promised_try="We will try to call you on {window}. If that does not work, we will call by {due} at the latest.",
        when="We will call by",
        number="On telephone number",
        number_ends="the number that ends in {end}",
        done="Your request for a call has been dealt with",
        done_opening="We have dealt with your question. Your request for a call is now closed.",
        missed="We could not reach you",
        missed_opening="We wanted to call you back, but could not reach you. We will not try again.",
        again="Would you still like to speak to us?",
        again_how="Call us: {phone}. We will agree on a new time with you.",
        questions="Any questions, or not a good time?",
        questions_call="Call us: {phone}.",
        privacy="What we do with your data",
    ),
}


def _to_caller(letter: Letter, told: Told, zone: ZoneInfo, municipality: Sender) -> Composed:
    say = SAY[told.language]
    due = wording.moment(told.due_at, zone, told.language)
    again = Section(say.again, text=say.again_how.format(phone=municipality.phone))
    questions = Section(say.questions, text=say.questions_call.format(phone=municipality.phone))
    details: list[tuple[str, tuple[str, ...]]] = []
    if letter is Letter.PROMISED:
        headline, opening, section = say.promised, _promise(say, told, due, zone), questions
        details = [(say.when, (due,)), (say.number, (say.number_ends.format(end=told.phone[-DIGITS_SHOWN:]),))]
    elif told.closed_as is Closing.NOT_REACHED:
        headline, opening, section = say.missed, say.missed_opening, again
    else:
        headline, opening, section = say.done, say.done_opening, again
    return written(
        told.language,
        subject=headline,
        headline=headline,
        greeting=say.greeting.format(name=told.name) if told.name else say.greeting_nameless,
        opening=opening,
        details=details,
        sections=[section],
        privacy=say.privacy,
        municipality=municipality,
    )


def _promise(say: Say, told: Told, due: str, zone: ZoneInfo) -> str:
    if told.preferred_at is None:
        return say.promised_by.format(due=due)
    window = wording.window(told.preferred_at, told.preferred_until, zone, told.language)
    exact = told.due_at == told.preferred_until
    return (say.promised_then if exact else say.promised_try).format(window=window, due=due)
