"""The letters about an appointment: what each says."""

import re

from kcc.appointments.facts import AppointmentFacts, Letter
from kcc.appointments.letters import wording
from kcc.appointments.letters.words import Words, words
from kcc.appointments.links import readable
from kcc.web.letters import Composed, Link, Section, Sender, page, written

# Somebody can book with an advertisement for a name and another's address: what looks like a link is not repeated.
_LIKE_A_LINK = re.compile(r"[/@:]|www\.|\w{2}\.[a-z]{2}", re.IGNORECASE)


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
    return written(
        say.language,
        subject=subject,
        headline=say.headline[letter],
        greeting=_greeting(facts.name, say),
        opening=opening.format(moment=wording.moment_in_sentence(facts, start), until=until, why=why),
        details=_details(letter, facts, wording.moment(facts, start), say),
        sections=_sections(letter, facts, municipality, say),
        privacy=say.privacy,
        municipality=municipality,
    )


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
        new = Link(say.again_link, page("/afspraak", municipality, say.language))
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
