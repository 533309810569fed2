"""The letters about an appointment: what each says, as plain text and as HTML. Pure, apart from reading templates."""

import re
import textwrap
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from kcc.appointments.facts import AppointmentFacts, Letter
from kcc.appointments.letters import wording
from kcc.appointments.letters.words import Words, words
from kcc.appointments.links import readable

WIDTH = 72
# Somebody can book with an advertisement for a name and another's address: what looks like a link is not repeated.
_LIKE_A_LINK = re.compile(r"[/@:]|www\.|\w{2}\.[a-z]{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sender:
    """The municipality as its letters show it. `base_url` has no slash at the end."""

    name: str
    phone: str
    address: str
    base_url: str
    mail_from: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter, ready to go into a mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go, and what one can do there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lists or a paragraph under it, then perhaps a link and a note on it.

    `lists` holds (its own heading or nothing, items) of each list.
    """

    heading: str
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    text: str = ""
    link: Link | None = None
    note: str = ""


def compose(letter: Letter, facts: AppointmentFacts, municipality: Sender) -> Composed:
    """One letter in the resident's language; for a language we do not have, in Dutch.

    Raises ValueError for EARLIER_PLACE when `facts` has no offer, and for UNFIT when it has no misfit.
    """
    say = words(facts.language)
    start, until = facts.starts_at, ""
    if letter is Letter.EARLIER_PLACE:
        if facts.offered_at is None or facts.offer_until is None:
            raise ValueError("an offer of an earlier place needs offered_at and offer_until")
        start, until = facts.offered_at, wording.moment_in_sentence(facts, facts.offer_until)
    if letter is Letter.UNFIT and facts.misfit is None:
        raise ValueError("that an appointment cannot take place needs a misfit")
    why = (say.misfit_home if facts.is_home_visit else say.misfit)[facts.misfit] if facts.misfit else ""
    opening = (say.opening_home if facts.is_home_visit else say.opening)[letter]
    subject = say.subject[letter].format(moment=wording.moment_short(facts, start))
    content = {
        "language": say.language,
        "subject": subject,
        "headline": say.headline[letter],
        "greeting": _greeting(facts.name, say),
        "opening": opening.format(moment=wording.moment_in_sentence(facts, start), until=until, why=why),
        "details": _details(letter, facts, wording.moment(facts, start), say),
        "sections": _sections(letter, facts, municipality, say),
        "privacy": Link(say.privacy, _page("/privacy", municipality, say)),
        "municipality": municipality,
    }
    text = _environment.get_template("letter.txt").render(content)
    return Composed(subject, _wrapped(text), _environment.get_template("letter.html").render(content))


def _greeting(name: str, say: Words) -> str:
    plain = " ".join(name.split())
    return say.greeting_nameless if not plain or _LIKE_A_LINK.search(plain) else say.greeting.format(name=plain)


def _details(letter: Letter, facts: AppointmentFacts, moment: str, say: Words) -> list[tuple[str, tuple[str, ...]]]:
    """What a reader looks for, as label and lines."""
    directions = (facts.directions,) if facts.directions else ()
    minutes = int((facts.ends_at - facts.starts_at).total_seconds()) // 60
    if letter in (Letter.CANCELLATION, Letter.UNFIT):
        code = [(say.code, (readable(facts.code),))] if letter is Letter.UNFIT else []
        return [
            (say.when, (moment,)),
            (say.where, wording.place(facts)),
            (say.products, wording.products(facts)),
            *code,
        ]
    return [
        (say.when, (moment,)),
        (say.where, (*wording.place(facts), *directions)),
        (say.products, wording.products(facts)),
        (say.duration, (say.about_minutes.format(minutes=minutes),)),
        (say.code, (readable(facts.code),)),
    ]


def _sections(letter: Letter, facts: AppointmentFacts, municipality: Sender, say: Words) -> list[Section]:
    call = say.questions_call if letter is Letter.CANCELLATION else say.questions_call_code
    questions = Section(say.questions, text=call.format(phone=municipality.phone))
    if letter is Letter.CANCELLATION:
        new = Link(say.again_link, _page("/afspraak", municipality, say))
        return [Section(say.again, text=say.again_how, link=new), questions]
    if letter is Letter.UNFIT:
        link = Link(say.unfit_link, facts.manage_url)
        return [Section(say.unfit, text=say.unfit_how, link=link, note=say.change_private), questions]
    things, amounts = wording.bring_by_product(facts), wording.costs(facts)
    preparation = [
        *([Section(say.bring_home if facts.is_home_visit else say.bring, lists=things)] if things else []),
        *([Section(say.costs, lists=(("", amounts),))] if amounts else []),
    ]
    if letter is Letter.EARLIER_PLACE:
        how = say.offer_how.format(moment=wording.moment_in_sentence(facts, facts.starts_at))
        offer = Section(say.offer, text=how, link=Link(say.offer_link, facts.manage_url), note=say.change_private)
        return [offer, *preparation, questions]
    change = Section(
        say.change, text=say.change_why, link=Link(say.change_link, facts.manage_url), note=say.change_private
    )
    with_invitation = letter in {Letter.CONFIRMATION, Letter.CHANGE}
    calendar = [Section(say.calendar, text=say.calendar_how)] if with_invitation else []
    return [*preparation, change, *calendar, questions]


def _page(path: str, municipality: Sender, say: Words) -> str:
    """The address of a page in the language of the letter."""
    return f"{municipality.base_url}{path}" + ("" if say.language == "nl" else f"?lang={say.language}")


def _wrapped(text: str) -> str:
    """Lines of at most WIDTH characters; further lines of an item stand under its first, and links stay whole."""
    lines: list[str] = []
    for line in text.splitlines():
        hang = " " * (len(line) - len(line.lstrip(" ")) + (2 if line.lstrip(" ").startswith("- ") else 0))
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False) or [
            ""
        ]
    return "\n".join(lines).strip() + "\n"


def _phone_link(phone: str) -> str:
    """`tel:` with digits and a plus only."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)


_environment = Environment(
    loader=PackageLoader("kcc.appointments", "templates/letters"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["phone_link"] = _phone_link
