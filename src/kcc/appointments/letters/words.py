"""The words of letters and invitations, in every language a resident can choose."""

from collections.abc import Mapping
from dataclasses import dataclass

from kcc.appointments.availability.touching import Misfit
from kcc.appointments.facts import Letter


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `{…}` is filled in by the letter; `home` is what differs when the municipality comes along."""

    language: str
    day_pattern: str
    time_pattern: str
    day_and_time: str
    day_at_time: str

    subject: Mapping[Letter, str]
    headline: Mapping[Letter, str]
    opening: Mapping[Letter, str]
    opening_home: Mapping[Letter, str]
    misfit: Mapping[Misfit, str]
    misfit_home: Mapping[Misfit, str]

    greeting: str
    greeting_nameless: str
    when: str
    where: str
    at_home: str
    duration: str
    about_minutes: str
    products: str
    one_person: str
    persons: str
    code: str

    bring: str
    bring_home: str
    costs: str
    calendar: str
    calendar_how: str
    change: str
    change_why: str
    change_link: str
    change_private: str
    again: str
    again_how: str
    again_link: str
    offer: str
    offer_how: str
    offer_link: str
    unfit: str
    unfit_how: str
    unfit_link: str
    questions: str
    questions_call: str
    questions_call_code: str
    privacy: str

    event: str
    event_cancelled: str


NL = Words(
    language="nl",
    day_pattern="EEEE d MMMM",
    time_pattern="H.mm 'uur'",
    day_and_time="{day}, {time}",
    day_at_time="{day} om {time}",
    subject={
        Letter.CONFIRMATION: "Uw afspraak op {moment}",
        Letter.CHANGE: "Uw afspraak is gewijzigd: {moment}",
        Letter.CANCELLATION: "Afgezegd: uw afspraak op {moment}",
        Letter.REMINDER: "Herinnering: uw afspraak op {moment}",
        Letter.EARLIER_PLACE: "Eerdere tijd vrij voor uw afspraak: {moment}",
        Letter.UNFIT: "Uw afspraak op {moment} kan niet doorgaan",
    },
    headline={
        Letter.CONFIRMATION: "Uw afspraak staat vast",
        Letter.CHANGE: "Uw afspraak is gewijzigd",
        Letter.CANCELLATION: "Uw afspraak is afgezegd",
        Letter.REMINDER: "Denk aan uw afspraak",
        Letter.EARLIER_PLACE: "U kunt eerder een afspraak krijgen",
        Letter.UNFIT: "Uw afspraak kan niet doorgaan",
    },
    opening={
        Letter.CONFIRMATION: "Wij verwachten u op {moment}.",
        Letter.CHANGE: "Wij verwachten u nu op {moment}. Wat in onze eerdere e-mail staat, geldt niet meer.",
        Letter.CANCELLATION: "De afspraak op {moment} gaat niet door. U hoeft niet te komen.",
        Letter.REMINDER: "Wij verwachten u op {moment}.",
        Letter.EARLIER_PLACE: "Er is een eerdere tijd vrij: {moment}. Wij houden die tijd voor u vast tot {until}.",
        Letter.UNFIT: "Uw afspraak op {moment} kan niet doorgaan. {why} Kom dan dus niet. Onze excuses.",
    },
    opening_home={
        Letter.CONFIRMATION: "Wij komen bij u langs op {moment}.",
        Letter.CHANGE: "Wij komen nu bij u langs op {moment}. Wat in onze eerdere e-mail staat, geldt niet meer.",
        Letter.CANCELLATION: "De afspraak op {moment} gaat niet door. Wij komen niet bij u langs.",
        Letter.REMINDER: "Wij komen bij u langs op {moment}.",
        Letter.EARLIER_PLACE: (
            "Wij kunnen eerder bij u langskomen: {moment}. Wij houden die tijd voor u vast tot {until}."
        ),
        Letter.UNFIT: "Wij kunnen niet bij u langskomen op {moment}. {why} Onze excuses.",
    },
    misfit={
        Misfit.NO_COUNTER: "De balie waar u zou komen, is er niet meer.",
        Misfit.NOT_HERE: "Wat u wilt regelen, kan niet meer bij deze balie.",
        Misfit.NOT_OFFERED: "Wat u wilt regelen, kan niet meer op die dag.",
        Misfit.CLOSED: "De balie is dan niet open.",
    },
    misfit_home={
        Misfit.NO_COUNTER: "De medewerker die zou komen, werkt dan niet.",
        Misfit.NOT_HERE: "Wat u wilt regelen, kan niet meer bij u thuis.",
        Misfit.NOT_OFFERED: "Wat u wilt regelen, kan niet meer op die dag.",
        Misfit.CLOSED: "Wij komen op die tijd niet meer bij mensen thuis.",
    },
    greeting="Beste {name},",
    greeting_nameless="Beste inwoner,",
    when="Wanneer",
    where="Waar",
    at_home="Bij u thuis",
    duration="Duur",
    about_minutes="ongeveer {minutes} minuten",
    products="Waarvoor",
    one_person="{product}, 1 persoon",
    persons="{product}, {persons} personen",
    code="Afspraakcode",
    bring="Neem mee",
    bring_home="Leg klaar",
    costs="Kosten",
    calendar="In uw agenda",
    calendar_how="Open de bijlage afspraak.ics. Dan staat de afspraak in uw agenda.",
    change="Kunt u niet?",
    change_why="Kies dan een andere tijd, of zeg de afspraak af. Dan kan iemand anders op deze tijd terecht.",
    change_link="Afspraak wijzigen of afzeggen",
    change_private="De link is alleen voor u. Wie de link heeft, kan uw afspraak wijzigen.",
    again="Toch een afspraak nodig?",
    again_how="Maak dan een nieuwe afspraak.",
    again_link="Nieuwe afspraak maken",
    offer="Wilt u deze tijd?",
    offer_how="Kies hem dan op tijd. Doet u niets? Dan blijft uw afspraak staan op {moment}.",
    offer_link="Eerdere tijd bekijken",
    unfit="Kies een andere tijd",
    unfit_how="Dat kan met deze link. Lukt het niet? Bel ons dan: wij zoeken met u een andere tijd.",
    unfit_link="Andere tijd kiezen",
    questions="Hebt u een vraag?",
    questions_call="Bel ons: {phone}.",
    questions_call_code="Bel ons: {phone}. Houd uw afspraakcode bij de hand.",
    privacy="Wat wij met uw gegevens doen",
    event="Afspraak {municipality}",
    event_cancelled="Deze afspraak is afgezegd.",
)

EN = Words(
    language="en",
    day_pattern="EEEE d MMMM",
    time_pattern="H:mm",
    day_and_time="{day}, {time}",
    day_at_time="{day} at {time}",
    subject={
        Letter.CONFIRMATION: "Your appointment on {moment}",
        Letter.CHANGE: "Your appointment has changed: {moment}",
        Letter.CANCELLATION: "Cancelled: your appointment on {moment}",
        Letter.REMINDER: "Reminder: your appointment on {moment}",
        Letter.EARLIER_PLACE: "Earlier time free for your appointment: {moment}",
        Letter.UNFIT: "Your appointment on {moment} cannot take place",
    },
    headline={
        Letter.CONFIRMATION: "Your appointment is confirmed",
        Letter.CHANGE: "Your appointment has changed",
        Letter.CANCELLATION: "Your appointment is cancelled",
        Letter.REMINDER: "Remember your appointment",
        Letter.EARLIER_PLACE: "You can have an earlier appointment",
        Letter.UNFIT: "Your appointment cannot take place",
    },
    opening={
        Letter.CONFIRMATION: "We expect you on {moment}.",
        Letter.CHANGE: "We now expect you on {moment}. What our earlier email says no longer applies.",
        Letter.CANCELLATION: "The appointment on {moment} will not take place. You do not need to come.",
        Letter.REMINDER: "We expect you on {moment}.",
        Letter.EARLIER_PLACE: "An earlier time is free: {moment}. We are keeping it for you until {until}.",
        Letter.UNFIT: "Your appointment on {moment} cannot take place. {why} Please do not come then. We apologise.",
    },
    opening_home={
        Letter.CONFIRMATION: "We will visit you at home on {moment}.",
        Letter.CHANGE: "We will now visit you at home on {moment}. What our earlier email says no longer applies.",
        Letter.CANCELLATION: "The appointment on {moment} will not take place. We will not visit you.",
        Letter.REMINDER: "We will visit you at home on {moment}.",
        Letter.EARLIER_PLACE: "We can visit you earlier: {moment}. We are keeping this time for you until {until}.",
        Letter.UNFIT: "We cannot visit you on {moment}. {why} We apologise.",
    },
    misfit={
        Misfit.NO_COUNTER: "The counter you would come to is no longer there.",
        Misfit.NOT_HERE: "What you want to arrange can no longer be done at this counter.",
        Misfit.NOT_OFFERED: "What you want to arrange can no longer be done on that day.",
        Misfit.CLOSED: "The counter is not open at that time.",
    },
    misfit_home={
        Misfit.NO_COUNTER: "The employee who would visit you does not work at that time.",
        Misfit.NOT_HERE: "What you want to arrange can no longer be done at your home.",
        Misfit.NOT_OFFERED: "What you want to arrange can no longer be done on that day.",
        Misfit.CLOSED: "We no longer make home visits at that time.",
    },
    greeting="Dear {name},",
    greeting_nameless="Dear resident,",
    when="When",
    where="Where",
    at_home="At your home",
    duration="Duration",
    about_minutes="about {minutes} minutes",
    products="What for",
    one_person="{product}, 1 person",
    persons="{product}, {persons} people",
    code="Appointment code",
    bring="Bring with you",
    bring_home="Have ready",
    costs="Costs",
    calendar="In your calendar",
    calendar_how="Open the attachment afspraak.ics to put the appointment in your calendar.",
    change="Cannot make it?",
    change_why="Choose another time, or cancel the appointment. Somebody else can then use this time.",
    change_link="Change or cancel the appointment",
    change_private="The link is only for you. Anyone who has it can change your appointment.",
    again="Still need an appointment?",
    again_how="Then make a new one.",
    again_link="Make a new appointment",
    offer="Do you want this time?",
    offer_how="Then choose it before it is gone. If you do nothing, your appointment stays on {moment}.",
    offer_link="See the earlier time",
    unfit="Choose another time",
    unfit_how="You can do that with this link. If it does not work, call us: we will find another time with you.",
    unfit_link="Choose another time",
    questions="Any questions?",
    questions_call="Call us: {phone}.",
    questions_call_code="Call us: {phone}. Have your appointment code at hand.",
    privacy="What we do with your data",
    event="Appointment {municipality}",
    event_cancelled="This appointment has been cancelled.",
)


def words(language: str) -> Words:
    """The words of a language; Dutch for one we do not have."""
    return EN if language == "en" else NL
