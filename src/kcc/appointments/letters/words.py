"""The words of letters and invitations, in every language a resident can choose."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    },
    headline={
        Letter.CONFIRMATION: "Uw afspraak staat vast",
        Letter.CHANGE: "Uw afspraak is gewijzigd",
        Letter.CANCELLATION: "Uw afspraak is afgezegd",
        Letter.REMINDER: "Denk aan uw afspraak",
        Letter.EARLIER_PLACE: "U kunt eerder een afspraak krijgen",
    },
    opening={
        Letter.CONFIRMATION: "Wij verwachten u op {moment}.",
        Letter.CHANGE: "Wij verwachten u nu op {moment}. Wat in onze eerdere e-mail staat, geldt niet meer.",
        Letter.CANCELLATION: "De afspraak op {moment} gaat niet door. U hoeft niet te komen.",
        Letter.REMINDER: "Wij verwachten u op {moment}.",
        Letter.EARLIER_PLACE: "Er is een eerdere tijd vrij: {moment}. Wij houden die tijd voor u vast tot {until}.",
    },
    opening_home={
        Letter.CONFIRMATION: "Wij komen bij u langs op {moment}.",
        Letter.CHANGE: "Wij komen nu bij u langs op {moment}. Wat in onze eerdere e-mail staat, geldt niet meer.",
        Letter.CANCELLATION: "De afspraak op {moment} gaat niet door. Wij komen niet bij u langs.",
        Letter.REMINDER: "Wij komen bij u langs op {moment}.",
        Letter.EARLIER_PLACE: (
            "Wij kunnen eerder bij u langskomen: {moment}. Wij houden die tijd voor u vast tot {until}."
        ),
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
    },
    headline={
        Letter.CONFIRMATION: "Your appointment is confirmed",
        Letter.CHANGE: "Your appointment has changed",
        Letter.CANCELLATION: "Your appointment is cancelled",
        Letter.REMINDER: "Remember your appointment",
        Letter.EARLIER_PLACE: "You can have an earlier appointment",
    },
    opening={
        Letter.CONFIRMATION: "We expect you on {moment}.",
        Letter.CHANGE: "We now expect you on {moment}. What our earlier email says no longer applies.",
        Letter.CANCELLATION: "The appointment on {moment} will not take place. You do not need to come.",
        Letter.REMINDER: "We expect you on {moment}.",
        Letter.EARLIER_PLACE: "An earlier time is free: {moment}. We are keeping it for you until {until}.",
    },
    opening_home={
        Letter.CONFIRMATION: "We will visit you at home on {moment}.",
        Letter.CHANGE: "We will now visit you at home on {moment}. What our earlier email says no longer applies.",
        Letter.CANCELLATION: "The appointment on {moment} will not take place. We will not visit you.",
        Letter.REMINDER: "We will visit you at home on {moment}.",
        Letter.EARLIER_PLACE: "We can visit you earlier: {moment}. We are keeping this time for you until {until}.",
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
