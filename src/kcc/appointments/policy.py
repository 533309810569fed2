"""How this municipality books: the settings that verbs need."""

from dataclasses import dataclass
from datetime import timedelta

from kcc.settings import Settings


@dataclass(frozen=True, slots=True)
class Policy:
    """Times and maxima of booking, and what makes links unguessable."""

    secret_key: str
    base_url: str
    hold: timedelta
    offer: timedelta
    earlier_gain: timedelta
    release_delay: int
    max_open: int
    max_products: int


def policy(settings: Settings) -> Policy:
    """The policy in these settings."""
    return Policy(
        secret_key=settings.resolve_secret_key(),
        base_url=settings.base_url,
        hold=timedelta(minutes=settings.hold_minutes),
        offer=timedelta(minutes=settings.offer_minutes),
        earlier_gain=timedelta(minutes=settings.earlier_gain_minutes),
        release_delay=settings.release_delay,
        max_open=settings.max_open_appointments,
        max_products=settings.max_products,
    )
