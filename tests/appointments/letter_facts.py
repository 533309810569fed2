"""An appointment that a test of letters and invitations changes where it matters. Sam is made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kcc.appointments.facts import AppointmentFacts, ProductFacts
from kcc.web.letters import Sender

START = datetime(2026, 11, 24, 9, 20, tzinfo=UTC)
SENDER = Sender(
    name="Gemeente Voorbeeld",
    phone="14 0123",
    address="Markt 1, Voorbeeld",
    base_url="https://kcc.example",
    mail_from="afspraken@voorbeeld.example",
)
PASSPORT = ProductFacts("paspoort", "Paspoort", 2, ("Uw oude paspoort", "Een pasfoto"), "€ 83,87 per persoon")
LICENCE = ProductFacts("rijbewijs", "Rijbewijs", 1, ("Een pasfoto", "Uw oude rijbewijs"), "€ 52,10")
FACTS = AppointmentFacts(
    code="K7QP4M2X",
    sequence=0,
    starts_at=START,
    ends_at=START + timedelta(minutes=25),
    zone=ZoneInfo("Europe/Amsterdam"),
    language="nl",
    name="Sam Voorbeeld",
    email="sam@voorbeeld.example",
    location="Stadhuis",
    address="Markt 1, Voorbeeld",
    directions="Ingang aan het plein.",
    products=(PASSPORT, LICENCE),
    manage_url="https://kcc.example/afspraak/beheer?token=abc-_1",
)


def facts(**changes: Any) -> AppointmentFacts:
    """Sam's appointment, with some of it changed; a new start brings the end along."""
    if "starts_at" in changes:
        changes.setdefault("ends_at", changes["starts_at"] + timedelta(minutes=25))
    return replace(FACTS, **changes)
