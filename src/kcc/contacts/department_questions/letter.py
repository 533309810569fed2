"""The mail that asks a department, as plain text and as HTML. Pure, apart from reading templates."""

from datetime import date

from kcc.contacts.department_questions.links import PATH
from kcc.web import dates
from kcc.web.letters import Composed, Link, Section, Sender, page, written

LANGUAGE = "nl"


def compose(*, about: str, question: str, asker: str, token: str, until: date, municipality: Sender) -> Composed:
    """The letter; `about` is the title of the article or topic, `until` the link's last day.

    What somebody typed stands in it as text only.
    """
    lines = tuple(line.strip() for line in question.splitlines() if line.strip())
    answering = Section(
        "Uw antwoord",
        text="Wij gebruiken het om inwoners te helpen, en om het artikel in de kennisbank te verbeteren.",
        link=Link("Beantwoord de vraag", page(f"{PATH}/{token}", municipality, LANGUAGE)),
        note="U hoeft niet in te loggen. Wie de link heeft, kan de vraag lezen en beantwoorden. "
        f"De link werkt tot en met {dates.date_day(until)}.",
    )
    return written(
        LANGUAGE,
        subject=f"Vraag van het KCC over: {about}",
        headline="Kunt u deze vraag beantwoorden?",
        greeting="Beste collega,",
        opening=f"{asker} van het klantcontactcentrum heeft een vraag over: {about}.",
        details=[("De vraag", lines)],
        sections=[answering],
        privacy="Wat wij met uw gegevens doen",
        municipality=municipality,
    )
